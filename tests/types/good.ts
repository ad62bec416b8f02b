/**
 * Code of users that must compile. It is in one file to save starts of compilers. It is compiled as an ES module and as a CommonJS
 * module, so it has no top-level `await`. It is never executed.
 */
import {
  ApiError,
  checkRunIds,
  InvalidOptionsError,
  InvalidResponseError,
  InvalidRunIdsError,
  NetworkError,
  planBatches,
  TimeoutError,
  TranslationResultsClient,
  TranslationResultsError,
  WasmUnavailableError,
} from "translation-results";
import type {
  AnyFetch,
  AnyTranslationResultsError,
  BatchOf,
  BulkOptions,
  BulkOutcome,
  BulkProgress,
  ClientEvent,
  ClientOptions,
  ConcurrencyEvent,
  EndEvent,
  ErrorCode,
  FetchLike,
  FetchResponse,
  PartialResults,
  RequestEvent,
  RequestOptions,
  ResponseEvent,
  RetryEvent,
  RunFailure,
  RunId,
  RunIdBatch,
  RunIdProblem,
  StreamItem,
  TranslationResult,
  TranslationResults,
} from "translation-results";
import * as slim from "translation-results/slim";
import { createProxy } from "translation-results/proxy";
import type { ProxyOptions } from "translation-results/proxy";
import wasm from "translation-results/translation_results.wasm";

/** True if two types are exactly the same. A test by assignability would accept `any`. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_yes: Same<A, B>): void {}

export const client = new TranslationResultsClient({ apiKey: "key", baseUrl: "http://localhost:8080/apis" });

/* Results. */

export async function literalIds() {
  const results = await client.getResults([12345, 6789]);
  // No `!` and no `?.` are needed: each requested id is known to be there.
  const texts: string[] = results[12345].texts;
  same<typeof results, { 12345: TranslationResult; 6789: TranslationResult }>(true);
  same<keyof typeof results, 12345 | 6789>(true);
  return texts.concat(results[6789].texts);
}

export async function oneRun(ids: number[]) {
  const { texts } = await client.getResult(12345);
  same<typeof texts, string[]>(true);
  const { signal } = new AbortController();
  const options: RequestOptions = { signal, deadlineMs: 1000, timeoutMs: 500, maxRetries: 0, headers: { "x-tenant": "a" } };
  const rows: PromiseSettledResult<TranslationResult>[] =
    await Promise.allSettled(ids.map((id) => client.getResult(id, options)));
  return rows;
}

export async function upToFive() {
  await client.getResults([1, 2, 3]);
  await client.getResults([1, 2, 3, 4]);
  const results = await client.getResults([1, 2, 3, 4, 5]);
  return results[5].texts;
}

export async function anyList(ids: number[], frozen: readonly number[]) {
  const results = await client.getResults(ids);
  same<typeof results, TranslationResults<number>>(true);
  for (const id of ids) results[id]?.texts.map((text) => text.length);
  await client.getResults(frozen);
  await client.getResults(ids.slice(0, 5));
  await client.getResults([...new Set(ids)]);
}

export async function batches(batch: RunIdBatch, ids: Iterable<RunId>) {
  await client.getResults(batch);
  const pair: RunIdBatch = [1, 2];
  const five: RunIdBatch = [1, 2, 3, 4, 5];
  const constant = [7, 8, 9] as const;
  const { 7: first } = await client.getResults(constant);
  for (const planned of planBatches(ids)) await client.getResults(planned);
  same<ReturnType<typeof planBatches>, RunId[][]>(true);
  planBatches([1, 2, 3]);
  planBatches(new Set([1, 2, 3]));
  return [pair, five, first.texts];
}

export async function tuple(first: number, second: number) {
  const results = await client.getResults([first, second]);
  return results[first]?.texts;
}

/* Wrappers. */

export function wrapper<const Ids extends readonly RunId[]>(ids: Ids & BatchOf<Ids>) {
  return client.getResults(ids);
}
export function wrapperThatNames<const Ids extends readonly RunId[]>(
  ids: Ids & BatchOf<Ids>,
): Promise<TranslationResults<Ids[number]>> {
  return client.getResults<Ids>(ids, { timeoutMs: 1000 });
}
export function wrapperOfBatches<const Ids extends RunIdBatch>(ids: Ids) {
  return client.getResults(ids);
}
/** Its argument is checked at the call, like a `number[]`. */
export function wrapperOfLists<const Ids extends readonly RunId[]>(ids: Ids) {
  return client.getResults(ids);
}
export class Wrapper {
  results = async <const Ids extends readonly RunId[]>(ids: Ids & BatchOf<Ids>) => ({ ...(await client.getResults(ids)) });
}
export async function wrapped(ids: number[], batch: RunIdBatch) {
  for (const results of [await wrapper([1, 2]), await wrapperThatNames([1, 2]), await wrapperOfBatches([1, 2])]) {
    same<typeof results, { 1: TranslationResult; 2: TranslationResult }>(true);
  }
  await wrapper(ids);
  await wrapper(batch);
  await wrapperThatNames(batch);
  await wrapperOfBatches(batch);
  await wrapperOfLists(ids);
  return (await new Wrapper().results([1, 2, 3]))[3].texts;
}
same<BatchOf<readonly [1, 2]>, readonly [1, 2]>(true);
same<BatchOf<number[]>, number[]>(true);
same<BatchOf<[1]>, "getResults takes 2 to 5 run ids; getAllResults takes any number">(true);

/* Functions in place of `fetch`. */

const mine: FetchLike = async (url, init) => {
  const response = await fetch(url, init);
  console.log(url.length, init.method, response.statusText);
  return new Response(await response.text(), response);
};
const double: AnyFetch = async (url, { method, headers, body, redirect, signal }) => {
  same<typeof redirect, "manual">(true);
  signal.throwIfAborted();
  const response: FetchResponse = { status: 200, headers: { get: () => null }, text: async () => `${url}${method}${body}` };
  return Object.keys(headers).length > 0 ? response : new Response("{}");
};
export function withLog(options: ClientOptions): ClientOptions {
  const inner = options.fetch ?? fetch;
  return { ...options, fetch: (url, init) => inner(url, init) };
}
export function fetches(binding: { fetch: typeof fetch }) {
  same<FetchLike, (url: string, init: RequestInit) => Promise<Response>>(true);
  const any: AnyFetch = mine;
  for (const fetch of [any, double, globalThis.fetch]) createProxy({ apiKey: "key", authorize: "everybody", fetch });
  return [
    new TranslationResultsClient({ fetch }),
    new TranslationResultsClient({ fetch: mine }),
    new TranslationResultsClient({ fetch: double }),
    new TranslationResultsClient({ fetch: (input, init) => binding.fetch(input, init) }),
    new TranslationResultsClient({ fetch: (input: string, init: RequestInit) => fetch(input, { ...init, keepalive: true }) }),
    new TranslationResultsClient({ fetch: async () => Response.json({}) }),
  ];
}

/* Options. */

export const everyClientOption: ClientOptions = {
  apiKey: "key",
  baseUrl: new URL("https://example.com/apis"),
  dangerouslyAllowBrowser: true,
  fetch: (input, init) => globalThis.fetch(input, init),
  headers: { traceparent: "00-1-2-01" },
  timeoutMs: 10_000,
  maxRetries: 0,
  maxResponseBytes: 1024,
  onEvent: (event) => console.log(event.type, event),
};

// Even with exactOptionalPropertyTypes, an option may be undefined.
export const noClientOption: ClientOptions = {
  apiKey: undefined,
  baseUrl: undefined,
  dangerouslyAllowBrowser: undefined,
  fetch: undefined,
  headers: undefined,
  timeoutMs: undefined,
  maxRetries: undefined,
  maxResponseBytes: undefined,
  onEvent: undefined,
};

export const everyRequestOption: RequestOptions = {
  signal: AbortSignal.timeout(1000),
  deadlineMs: 1000,
  timeoutMs: 500,
  maxRetries: 1,
  headers: { traceparent: undefined, tracestate: "a" },
};
export const headers: ClientOptions = { headers: new Headers() };
export const noRequestOption: RequestOptions = {
  signal: undefined,
  deadlineMs: undefined,
  timeoutMs: undefined,
  maxRetries: undefined,
  headers: undefined,
};

export function clients() {
  new TranslationResultsClient();
  new TranslationResultsClient({});
  new TranslationResultsClient({ fetch });
  new TranslationResultsClient(everyClientOption);
  return client.getResults([1, 2], { signal: new AbortController().signal });
}

/* Events. */

same<ClientEvent, RequestEvent | ResponseEvent | RetryEvent | EndEvent | ConcurrencyEvent>(true);

export function describe(event: ClientEvent): string {
  switch (event.type) {
    case "request":
      same<typeof event.runIds, number[]>(true);
      return `${event.runIds.join()} ${event.attempt} ${event.url}`;
    case "response":
      same<typeof event.requestId, string | undefined>(true);
      return `${event.status} ${event.durationMs.toFixed()} ${event.requestId?.length}`;
    case "retry":
      same<typeof event.code, ErrorCode>(true);
      return `${event.code} ${event.delayMs.toFixed()}`;
    case "end":
      same<typeof event, EndEvent>(true);
      same<typeof event.outcome, "ok" | "failed" | "cancelled">(true);
      same<typeof event.code, ErrorCode | undefined>(true);
      return `${event.outcome} ${event.code?.length} ${event.durationMs.toFixed()}`;
    case "concurrency":
      return event.limit.toFixed();
    default:
      return event satisfies never;
  }
}

/* Errors. */

export function explain(error: unknown): string {
  if (!TranslationResultsError.is(error)) return String(error);
  same<typeof error, AnyTranslationResultsError>(true);
  const asError: Error = error;
  const { name, code, message, attempts, status, missing } = error.toJSON();
  same<typeof code, ErrorCode>(true);
  same<typeof status, number | undefined>(true);
  same<typeof missing, number[] | undefined>(true);
  same<typeof error.code, ErrorCode>(true);
  same<typeof error.attempts, number>(true);
  if (error instanceof InvalidOptionsError) return error.option.trim();
  if (error instanceof InvalidRunIdsError) return error.problems.map(problem).join();
  if (error instanceof ApiError) {
    same<typeof error.body, unknown>(true);
    same<typeof error.retryAfterMs, number | undefined>(true);
    const fields = error.detail.map(({ loc, msg, type }) => `${loc.join(".")}: ${msg.trim()} (${type.trim()})`);
    return `${error.status.toFixed()} ${error.requestId?.trim()} ${fields.join()}`;
  }
  if (error instanceof NetworkError) {
    same<typeof error.cause, unknown>(true);
    return String(error.cause);
  }
  if (error instanceof TimeoutError) return error.timeoutMs.toFixed();
  if (error instanceof InvalidResponseError) {
    same<typeof error.missing, number[]>(true);
    same<typeof error.results, PartialResults>(true);
    const kept = error.missing.map((id) => error.results[id]?.texts.join());
    return `${error.path.join(".")} ${error.expected.trim()} ${error.received.trim()} ${kept.join()}`;
  }
  return `${name} ${code} ${message} ${attempts.toFixed()} ${asError.stack}`;
}

/** Narrows to each class by its codes. */
export function byCode(error: AnyTranslationResultsError): string {
  switch (error.code) {
    case "INVALID_OPTIONS":
      return error.option;
    case "INVALID_RUN_IDS":
      return error.problems.map(problem).join();
    case "NOT_FOUND":
      same<typeof error, ApiError>(true);
      return error.status.toFixed();
    case "RATE_LIMITED":
      return String(error.retryAfterMs);
    case "NETWORK":
    case "WASM_UNAVAILABLE":
      same<typeof error, NetworkError | WasmUnavailableError>(true);
      return String(error.cause);
    case "TIMEOUT":
      return error.timeoutMs.toFixed();
    case "INVALID_RESPONSE":
    case "MISSING_RESULT":
      return error.missing.join() + error.path.join();
    default:
      same<typeof error, ApiError>(true);
      return error.detail.join();
  }
}

export function byCodeOfOutcome({ failures, results }: BulkOutcome): string[] {
  // `Object.values` needs no check for undefined.
  for (const { texts } of Object.values(results)) texts.map((text) => text.trim());
  return failures.map(({ error }) => (error.code === "NOT_FOUND" ? `${error.status}` : error.message));
}

/* Errors for test doubles. */

export const doubles: AnyTranslationResultsError[] = [
  new ApiError("no such run", { code: "NOT_FOUND", status: 404 }),
  new ApiError("later", { code: "RATE_LIMITED", status: 429, attempts: 4, retryAfterMs: 5, body: null, detail: [] }),
  new NetworkError("lost", { code: "NETWORK" }, { cause: new TypeError("fetch failed") }),
  new TimeoutError("late", { code: "TIMEOUT", timeoutMs: 5 }),
  new InvalidResponseError("missing", { code: "MISSING_RESULT", missing: [1], results: {} }),
  new InvalidOptionsError("no", { code: "INVALID_OPTIONS", option: "timeoutMs" }),
  new InvalidRunIdsError("no", { code: "INVALID_RUN_IDS", problems: [] }),
  new WasmUnavailableError("no", { code: "WASM_UNAVAILABLE" }),
];
export const base: TranslationResultsError = new TranslationResultsError("any", { code: "NETWORK", more: 5 });

export function handles(code: ErrorCode): "again" | "no" {
  switch (code) {
    case "RATE_LIMITED":
    case "SERVER_ERROR":
    case "NETWORK":
    case "TIMEOUT":
      return "again";
    case "INVALID_OPTIONS":
    case "INVALID_RUN_IDS":
    case "WASM_UNAVAILABLE":
    case "BAD_REQUEST":
    case "UNAUTHORIZED":
    case "PAYMENT_REQUIRED":
    case "FORBIDDEN":
    case "NOT_FOUND":
    case "UNPROCESSABLE":
    case "UNEXPECTED_STATUS":
    case "REDIRECTED":
    case "INVALID_RESPONSE":
    case "MISSING_RESULT":
      return "no";
    default:
      return code satisfies never;
  }
}

/* Problems of run ids. */

export function problem(found: RunIdProblem): string {
  switch (found.problem) {
    case "not_an_array":
      return "";
    case "too_few":
      same<typeof found.min, 2>(true);
      return `${found.count.toFixed()} < ${found.min}`;
    case "too_many":
      same<typeof found.max, 5>(true);
      return `${found.count.toFixed()} > ${found.max}`;
    case "duplicate":
      return `${found.index.toFixed()} = ${found.firstIndex.toFixed()}`;
    case "not_an_integer":
    case "not_positive":
    case "too_large":
      return found.index.toFixed();
    default:
      return found satisfies never;
  }
}

export function check(anything: unknown) {
  const problems = checkRunIds(anything);
  same<typeof problems, RunIdProblem[]>(true);
  return problems.length === 0;
}

/* Any number of runs. */

export async function bulk(client: TranslationResultsClient, signal: AbortSignal) {
  const options: BulkOptions = {
    concurrency: 10,
    deadlineMs: 60_000,
    signal,
    onItem: (item) => same<typeof item, StreamItem>(true),
    onProgress: (progress) => same<typeof progress, BulkProgress>(true),
  };
  const outcome = await client.getAllResults(new Set([1, 2, 3]), options);
  same<typeof outcome, BulkOutcome>(true);
  const texts: string[] | undefined = outcome.results[1]?.texts;
  const failures: RunFailure[] = outcome.failures;
  await client.getAllResults([]);
  return [texts, failures.map(({ runId, error }) => `${runId.toFixed()} ${error.code}`), outcome.stats.total.toFixed()];
}

export async function stream(client: TranslationResultsClient, ids: AsyncIterable<RunId>) {
  for await (const item of client.streamResults(ids, { concurrency: 2 })) {
    if (item.ok) same<typeof item.texts, string[]>(true);
    else same<typeof item.error, AnyTranslationResultsError>(true);
  }
  const items: AsyncIterableIterator<StreamItem> = client.streamResults([1, 2, 3]);
  return items.next();
}

export const pending = (error: TranslationResultsError): RunId[] => error.partial?.pending ?? [];

/* The slim entry. */

export async function slimEntry(bytes: Uint8Array, buffer: ArrayBuffer) {
  same<typeof wasm, object>(true);
  await slim.init(wasm);
  await slim.init("/translation_results.wasm");
  await slim.init(new URL("https://example.com/translation_results.wasm"));
  await slim.init(fetch("/translation_results.wasm"));
  await slim.init(bytes);
  await slim.init(buffer);
  await slim.init(Promise.resolve(bytes));
  const source: slim.ModuleSource = new Response();
  const ready = slim.init(source);
  same<typeof ready, Promise<void>>(true);

  same<typeof slim.TranslationResultsClient, typeof TranslationResultsClient>(true);
  same<typeof slim.TranslationResultsError, typeof TranslationResultsError>(true);
  same<slim.ClientOptions, ClientOptions>(true);
  const results = await new slim.TranslationResultsClient().getResults([12345, 6789]);
  return results[12345].texts.concat(slim.planBatches([1, 2, 3]).join());
}

/* The proxy. */

export function proxies(options: ProxyOptions) {
  const proxy = createProxy({ apiKey: "key", authorize: (request) => request.headers.has("cookie") });
  same<typeof proxy, (request: Request) => Promise<Response>>(true);
  createProxy({ apiKey: "key", authorize: "everybody", baseUrl: new URL("https://example.com"), timeoutMs: 1, fetch });
  createProxy({ ...options, authorize: async () => new Response(null, { status: 403 }) });
  return proxy;
}
