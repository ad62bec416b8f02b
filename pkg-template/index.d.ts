/**
 * Fetches the finished texts of translation runs. Follows the service's documentation of `POST /translation-results` and
 * `GET /translation-result/{run_id}`. Start at {@link TranslationResultsClient}. Every error of the package is a
 * {@link TranslationResultsError}. All types are in this one file, because editors open it.
 * @module translation-results
 */

/** A run id: an integer from 1 to Number.MAX_SAFE_INTEGER. */
export type RunId = number;

/** The run ids of one request: two to five. */
export type RunIdBatch =
  | readonly [RunId, RunId]
  | readonly [RunId, RunId, RunId]
  | readonly [RunId, RunId, RunId, RunId]
  | readonly [RunId, RunId, RunId, RunId, RunId];

/**
 * The type of a list that may be a batch. A literal list of fewer than two or more than five ids does not compile, and the
 * compiler's message says why. A `number[]` compiles and is checked at the call. A generic wrapper compiles too:
 *
 * @example
 * ```ts
 * const texts = async <const Ids extends readonly RunId[]>(ids: Ids & BatchOf<Ids>) =>
 *   Object.values(await client.getResults(ids));
 * ```
 */
export type BatchOf<Ids extends readonly RunId[]> = {
  fits: Ids;
  unfit: "getResults takes 2 to 5 run ids; getAllResults takes any number";
}[BatchFit<Ids["length"]>];

/**
 * Whether a list of this length can be a batch, as far as the compiler knows. {@link BatchOf} uses it as a member name: with a
 * conditional type in its place, a generic wrapper would not compile.
 */
export type BatchFit<Length extends number> =
  Length extends RunIdBatch["length"] ? "fits" : number extends Length ? "fits" : "unfit";

/** The output of one run. */
export interface TranslationResult {
  /** Translated texts, in the order of the texts that the run was given. */
  texts: string[];
}

/**
 * Results by run id: a plain object, fit for JSON, with exactly the requested runs. With literal ids the compiler knows every key.
 * Objects list integer keys in ascending order; for the requested order, iterate over your own list of ids.
 */
export type TranslationResults<Id extends RunId = RunId> = { [K in Id]: TranslationResult };

/**
 * Results by run id, of which some may be absent. `Object.values` gives the runs that are there. With
 * `noUncheckedIndexedAccess`, `results[id]` is `TranslationResult | undefined`; without it, check with `id in results`.
 */
export type PartialResults = { [runId: RunId]: TranslationResult };

/** A function with the global `fetch`'s parameters and result. Any is an {@link AnyFetch}. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/** A `fetch` that the client can use: the global one, Bun's, undici's, node-fetch's, a test double. */
export type AnyFetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** The second argument that the client passes to `fetch`. Every `fetch` takes it. */
export interface FetchInit {
  /** GET or POST. */
  method: string;
  /** All headers, with the API key and those of the options. */
  headers: Record<string, string>;
  /** Absent for GET. */
  body?: string;
  /** Following a redirect would carry the API key along. */
  redirect: "manual";
  /** Aborts the attempt. It is not the caller's signal. */
  signal: AbortSignal;
}

/** The members of a response that the client uses. Every `Response` has them. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: {
    /** Returns a header, or `null` if the response lacks it. */
    get(name: string): string | null;
  };
  /** A web stream or a Node stream is read piece by piece. Anything else is read with `text`. */
  readonly body?: unknown;
  /** Reads the whole body. */
  text(): Promise<string>;
}

/** Options of a {@link TranslationResultsClient}. Any other name is refused, so that a misspelt option is noticed. */
export interface ClientOptions {
  /**
   * Sent as `x-api-key`. Default in Node, Deno and Bun: `CAMB_API_KEY`, for the default `baseUrl` only. Required with the
   * default `baseUrl`; leave it out when `baseUrl` is your proxy, which adds it.
   */
  apiKey?: string | undefined;
  /** Default "https://client.camb.ai/apis". A relative URL is resolved against the page. */
  baseUrl?: string | URL | undefined;
  /** Allows `apiKey` in a page or a browser's worker. Default false, because every visitor can read a key in a page. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Used instead of the global `fetch`: a test double, an undici agent, a Workers service binding. */
  fetch?: AnyFetch | undefined;
  /**
   * Added to every request, such as `traceparent`. `x-api-key`, `content-type` and headers that HTTP sets, such as
   * `content-length`, are refused.
   */
  headers?: Record<string, string | undefined> | Headers | undefined;
  /** Time for one attempt, body included, in ms, 1 to 2^31 - 1. Default 60_000. */
  timeoutMs?: number | undefined;
  /** Further attempts after the first, 0 to 20. Default 3. */
  maxRetries?: number | undefined;
  /** The largest body, decoded, in bytes, from 1. Default 64 MiB. A larger body is an InvalidResponseError and is not buffered. */
  maxResponseBytes?: number | undefined;
  /** Called for every request, response, retry, end of a request and change of pace. If it throws, the call goes on. */
  onEvent?: ((event: ClientEvent) => void) | undefined;
}

/** An option of the wrong type, out of range, or unknown is refused by name with InvalidOptionsError. */
export interface RequestOptions {
  /** Ends the call: it rejects with the signal's own reason, and sends nothing more. */
  signal?: AbortSignal | null | undefined;
  /** Time for the whole call in ms, waits included, 1 to 2^31 - 1. Then the call fails with TimeoutError. Default none. */
  deadlineMs?: number | undefined;
  /** Time for one attempt, body included, in ms, 1 to 2^31 - 1. Default: the client's. */
  timeoutMs?: number | undefined;
  /** Further attempts after the first, 0 to 20. Default: the client's. */
  maxRetries?: number | undefined;
  /** Added to this call's requests. The same names are refused as in {@link ClientOptions.headers}. */
  headers?: Record<string, string | undefined> | Headers | undefined;
}

/** Options of {@link TranslationResultsClient.getAllResults} and {@link TranslationResultsClient.streamResults}. */
export interface BulkOptions extends RequestOptions {
  /** The most requests in flight at once, 1 to 64. Default 6. A server that limits its rate gets fewer. */
  concurrency?: number | undefined;
  /**
   * As in RequestOptions, but the call resolves: each run that is not fetched by then is a failure with TimeoutError. A stream
   * ends, and ids that it has not read by then are not reported.
   */
  deadlineMs?: number | undefined;
  /** Called for every run as it arrives. Keep the runs here if they must survive an abort. If it throws, the call goes on. */
  onItem?: ((item: StreamItem) => void) | undefined;
  /**
   * Called after every answer and every failed request, once its runs are counted, and at the end of the call. If it throws, the
   * call goes on.
   */
  onProgress?: ((progress: BulkProgress) => void) | undefined;
}

/** The progress of a bulk call, and its statistics at the end. */
export interface BulkProgress {
  /** Distinct run ids requested. For a stream, the ids read from the source so far. */
  total: number;
  /** Runs with a result. */
  succeeded: number;
  /** Runs that failed. */
  failed: number;
  /** Requests sent, further attempts included. */
  requests: number;
  /** Further attempts among `requests`. */
  retries: number;
  /** The time since the call began, in ms. */
  elapsedMs: number;
}

/** A run that gave no result. */
export interface RunFailure {
  /** The run that failed. */
  runId: RunId;
  /** Why; `switch (error.code)` narrows to the class. */
  error: AnyTranslationResultsError;
}

/** The outcome of {@link TranslationResultsClient.getAllResults}. */
export interface BulkOutcome {
  /** The runs that succeeded, by run id. */
  results: PartialResults;
  /** Runs that gave no result, in the requested order. Every requested run id is in `results` or here. */
  failures: RunFailure[];
  /** The statistics of the call. */
  stats: BulkProgress;
}

/** One run as it arrives: its texts, or its error. */
export type StreamItem =
  | { ok: true; runId: RunId; texts: string[] }
  | { ok: false; runId: RunId; error: AnyTranslationResultsError };

/**
 * Fetches results from the service. All calls of a client share its options and its pace, so make one client and keep it.
 *
 * @example
 * ```ts
 * const client = new TranslationResultsClient({ apiKey: process.env.CAMB_API_KEY });
 * ```
 */
export class TranslationResultsClient {
  /**
   * Checks the options. Sends nothing. If the WebAssembly runs out of memory later, every call under way is rejected with the
   * code `WASM_UNAVAILABLE`, and later calls work. Runs that `onItem` or a stream has delivered are not lost.
   * @throws {@link InvalidOptionsError}
   * @throws {@link WasmUnavailableError} if the page's Content Security Policy or the engine forbids WebAssembly.
   */
  constructor(options?: ClientOptions);

  /**
   * Fetches one run. Calls made in the same task share requests of three to five ids, if their `headers`, `timeoutMs` and
   * `maxRetries` are equal. Calls made while such a request waits to be sent join it too. A pending run is not requested again.
   * Nothing is cached after a call has settled.
   *
   * Each caller settles alone: an abort, a deadline or an error of one run never affects another. A request is cancelled once no
   * caller waits for its runs. Rejects with the error that `getAllResults` reports in `failures` or rejects with.
   *
   * @example
   * ```ts
   * const rows = await Promise.allSettled(ids.map((id) => client.getResult(id))); // 20 ids: 4 requests
   * ```
   */
  getResult(runId: RunId, options?: RequestOptions): Promise<TranslationResult>;

  /**
   * Fetches two to five distinct run ids with one POST /translation-results.
   * Resolves only if every requested run is in the answer and well-formed.
   * Rejects with {@link InvalidOptionsError} or {@link InvalidRunIdsError} (nothing was sent), {@link ApiError},
   * {@link NetworkError}, {@link TimeoutError}, {@link InvalidResponseError}, or after an abort the signal's own reason.
   * Like every call of the client, it waits while the service limits its rate.
   *
   * @example
   * ```ts
   * const results = await client.getResults([12345, 6789]);
   * results[12345].texts; // string[]
   * ```
   */
  getResults<const Ids extends readonly RunId[]>(
    runIds: Ids & BatchOf<Ids>,
    options?: RequestOptions,
  ): Promise<TranslationResults<Ids[number]>>;

  /**
   * Fetches any number of run ids. Requests repeated ids once. Plans requests of three to five ids, each a
   * `POST /translation-results`. One id alone is a `GET /translation-result/{run_id}`. At most `concurrency` requests are in
   * flight, fewer if the server limits its rate. One bad run fails alone. An empty list resolves to an empty outcome.
   *
   * Rejects only if no further run can be fetched: invalid input, 401, 402, a 403 for every run, a service that keeps refusing or
   * asks for a wait of more than a minute, an abort. An error of this package then has `partial`, with the runs fetched so far.
   * An abort rejects with the signal's reason, so keep runs in `onItem` if they must survive an abort.
   *
   * @example
   * ```ts
   * const { results, failures, stats } = await client.getAllResults(ids, { concurrency: 10 });
   * for (const { runId, error } of failures) console.error(runId, error.code);
   * ```
   */
  getAllResults(runIds: Iterable<RunId>, options?: BulkOptions): Promise<BulkOutcome>;

  /**
   * Yields one item for each distinct run id as it arrives, with the requests of {@link getAllResults}. Starts at the first
   * `next()`. Leaving the loop cancels the requests in flight and closes the source.
   *
   * Reads at most 5 × `concurrency` ids ahead of the items taken. Sends a batch of fewer than three ids only if the source has
   * ended or has given no new id for 20 ms. An invalid id ends the loop with InvalidRunIdsError, after the runs before it were
   * delivered. Errors of the source are thrown, and errors that stop `getAllResults`. Memory is bounded, except for the set of ids
   * seen.
   *
   * @example
   * ```ts
   * for await (const item of client.streamResults(ids)) {
   *   if (item.ok) await save(item.runId, item.texts);
   *   else console.error(item.runId, item.error.code);
   * }
   * ```
   */
  streamResults(runIds: Iterable<RunId> | AsyncIterable<RunId>, options?: BulkOptions): AsyncIterableIterator<StreamItem>;
}

/**
 * Splits any number of run ids into balanced batches of 3 to 5 ids, where the count allows. Keeps their order, and drops repeats.
 * Sends nothing.
 * @throws {@link InvalidRunIdsError} if a value is not a run id.
 *
 * @example
 * ```ts
 * planBatches([1, 2, 3, 4, 5, 6, 7]); // [[1, 2, 3, 4], [5, 6, 7]]
 * ```
 */
export function planBatches(runIds: Iterable<RunId>): RunId[][];

/**
 * Returns the problems for which {@link TranslationResultsClient.getResults} would refuse a list: none if it is valid. Sends
 * nothing.
 *
 * @example
 * ```ts
 * checkRunIds([12345, 12345]); // [{ problem: "duplicate", index: 1, firstIndex: 0 }]
 * ```
 */
export function checkRunIds(runIds: unknown): RunIdProblem[];

/** A problem of a list of run ids. `index` is the position of the invalid id, from 0. */
export type RunIdProblem =
  | { problem: "not_an_array" }
  | { problem: "too_few"; count: number; min: 2 }
  | { problem: "too_many"; count: number; max: 5 }
  | { problem: "not_an_integer"; index: number }
  | { problem: "not_positive"; index: number }
  | { problem: "too_large"; index: number }
  | { problem: "duplicate"; index: number; firstIndex: number };

/** The kinds of errors. An {@link ApiError} has the codes for HTTP statuses, and the status itself in `status`. */
export type ErrorCode =
  | "INVALID_OPTIONS" | "INVALID_RUN_IDS" | "WASM_UNAVAILABLE"
  | "BAD_REQUEST" | "UNAUTHORIZED" | "PAYMENT_REQUIRED" | "FORBIDDEN" | "NOT_FOUND" | "UNPROCESSABLE"
  | "RATE_LIMITED" | "SERVER_ERROR" | "UNEXPECTED_STATUS" | "REDIRECTED"
  | "NETWORK" | "TIMEOUT" | "INVALID_RESPONSE" | "MISSING_RESULT";

/** Fields of every error of the package. The classes add fields of their own. */
export interface ErrorFields<Code extends ErrorCode = ErrorCode> {
  code: Code;
  /** Attempts made. Default 0. */
  attempts?: number;
}

/**
 * Base of every error that this package makes. `code` and `TranslationResultsError.is` work across copies of the package,
 * `instanceof` within one copy. `import` and `require` share a copy in Node from 20.19 and 22.12, in Deno and in Bun.
 */
export class TranslationResultsError extends Error {
  /** For test doubles. Every field becomes a property of the error. */
  constructor(message: string, fields: ErrorFields & { [field: string]: unknown }, options?: { cause?: unknown });
  /** Returns whether a value is an error of any copy of this package. */
  static is(value: unknown): value is AnyTranslationResultsError;
  /** The kind of error, for programs to tell apart. Messages may change. */
  readonly code: ErrorCode;
  /** The number of attempts, 0 if nothing was sent. */
  readonly attempts: number;
  /** Set if an error stops `getAllResults`: the outcome so far, and the run ids that are still pending. */
  readonly partial?: BulkOutcome & { pending: RunId[] };
  /** Returns the fields that are safe and useful in a log. */
  toJSON(): {
    name: string;
    code: ErrorCode;
    message: string;
    attempts: number;
    status?: number;
    requestId?: string;
    retryAfterMs?: number;
    missing?: RunId[];
  };
}

/**
 * Every error of the package; `switch (error.code)` narrows to the class.
 *
 * @example
 * ```ts
 * if (TranslationResultsError.is(error) && error.code === "RATE_LIMITED") await sleep(error.retryAfterMs ?? 1_000);
 * ```
 */
export type AnyTranslationResultsError =
  | InvalidOptionsError
  | InvalidRunIdsError
  | ApiError
  | NetworkError
  | TimeoutError
  | InvalidResponseError
  | WasmUnavailableError;

/** WebAssembly is forbidden here (Content-Security-Policy), or its instance ran out of memory. */
export class WasmUnavailableError extends TranslationResultsError {
  /** For test doubles. */
  constructor(message: string, fields: ErrorFields<WasmUnavailableError["code"]>, options?: { cause?: unknown });
  readonly code: "WASM_UNAVAILABLE";
  /** The error that the engine threw. */
  readonly cause: unknown;
}
/** An option is of the wrong type, out of range or unknown. Nothing was sent. */
export class InvalidOptionsError extends TranslationResultsError {
  /** For test doubles. */
  constructor(
    message: string,
    fields: ErrorFields<InvalidOptionsError["code"]> & { option: string },
    options?: { cause?: unknown },
  );
  readonly code: "INVALID_OPTIONS";
  /** The name of the option. */
  readonly option: string;
}
/** The list of run ids is invalid. Nothing was sent. */
export class InvalidRunIdsError extends TranslationResultsError {
  /** For test doubles. */
  constructor(
    message: string,
    fields: ErrorFields<InvalidRunIdsError["code"]> & { problems?: RunIdProblem[] },
    options?: { cause?: unknown },
  );
  readonly code: "INVALID_RUN_IDS";
  /** The problems, as {@link checkRunIds} returns them. */
  readonly problems: RunIdProblem[];
}
/**
 * The server refused or redirected the request. Codes: BAD_REQUEST (400), UNAUTHORIZED (401), PAYMENT_REQUIRED (402), FORBIDDEN
 * (403), NOT_FOUND (404), UNPROCESSABLE (422), RATE_LIMITED (429), SERVER_ERROR (5xx), REDIRECTED (3xx), UNEXPECTED_STATUS.
 */
export class ApiError extends TranslationResultsError {
  /** For test doubles. */
  constructor(
    message: string,
    fields: ErrorFields<ApiError["code"]> & {
      status: number;
      body?: unknown;
      detail?: ApiError["detail"];
      requestId?: string;
      retryAfterMs?: number;
    },
    options?: { cause?: unknown },
  );
  readonly code:
    | "BAD_REQUEST" | "UNAUTHORIZED" | "PAYMENT_REQUIRED" | "FORBIDDEN" | "NOT_FOUND" | "UNPROCESSABLE"
    | "RATE_LIMITED" | "SERVER_ERROR" | "UNEXPECTED_STATUS" | "REDIRECTED";
  /** The HTTP status. It is 0 for a redirect in a page, because browsers hide it, or for one that a custom `fetch` has followed. */
  readonly status: number;
  /** The parsed JSON body, or the first 2,000 characters if it is not JSON. An echoed key is masked. */
  readonly body: unknown;
  /** The field errors of a 422, as the server sent them. */
  readonly detail: ReadonlyArray<{ loc: ReadonlyArray<string | number>; msg: string; type: string }>;
  /** The header `x-request-id`, or else `cf-ray`. In a page, only if the server exposes the header. */
  readonly requestId?: string;
  /** The wait that the server asked for, in ms. */
  readonly retryAfterMs?: number;
}
/** There was no answer: the connection failed or was lost, or CORS refused it in a page. */
export class NetworkError extends TranslationResultsError {
  /** For test doubles. */
  constructor(message: string, fields: ErrorFields<NetworkError["code"]>, options?: { cause?: unknown });
  readonly code: "NETWORK";
  /** The error that `fetch` rejected with, unchanged. `toJSON` leaves it out. */
  readonly cause: unknown;
}
/** An attempt took longer than `timeoutMs`, or the call longer than `deadlineMs`. */
export class TimeoutError extends TranslationResultsError {
  /** For test doubles. */
  constructor(
    message: string,
    fields: ErrorFields<TimeoutError["code"]> & { timeoutMs: number },
    options?: { cause?: unknown },
  );
  readonly code: "TIMEOUT";
  /** The limit that ran out, in ms. */
  readonly timeoutMs: number;
}
/** The answer is not as documented (INVALID_RESPONSE), or lacks a requested run (MISSING_RESULT). */
export class InvalidResponseError extends TranslationResultsError {
  /** For test doubles. */
  constructor(
    message: string,
    fields: ErrorFields<InvalidResponseError["code"]> & {
      path?: ReadonlyArray<string | number>;
      expected?: string;
      received?: string;
      missing?: RunId[];
      results?: PartialResults;
    },
    options?: { cause?: unknown },
  );
  readonly code: "INVALID_RESPONSE" | "MISSING_RESULT";
  /** The place in the body that is wrong, such as `["12345", "texts", 3]`. */
  readonly path: ReadonlyArray<string | number>;
  /** The expected value, in words. */
  readonly expected: string;
  /** The received value, in words. */
  readonly received: string;
  /** Requested runs that the answer lacks, or has as `null`. */
  readonly missing: RunId[];
  /** Runs of the same answer that were well-formed. */
  readonly results: PartialResults;
}

/** Events for {@link ClientOptions.onEvent}. Every request has one `request` and one `end` event. */
export type ClientEvent = RequestEvent | ResponseEvent | RetryEvent | EndEvent | ConcurrencyEvent;

/** A request is about to be sent. */
export interface RequestEvent {
  type: "request";
  /** The runs that it asks for. */
  runIds: RunId[];
  /** From 1. */
  attempt: number;
  /** The URL of the request. */
  url: string;
}
/** The headers of an answer have arrived. */
export interface ResponseEvent {
  type: "response";
  /** The runs that were asked for. */
  runIds: RunId[];
  /** From 1. */
  attempt: number;
  /** The HTTP status. */
  status: number;
  /** Since the request, in ms. */
  durationMs: number;
  /** See {@link ApiError.requestId}. */
  requestId?: string;
}
/** A failed request will be retried. */
export interface RetryEvent {
  type: "retry";
  /** The runs that it asks for. */
  runIds: RunId[];
  /** The attempt that failed, from 1. */
  attempt: number;
  /** The wait before the next attempt, in ms. */
  delayMs: number;
  /** How the attempt failed. */
  code: ErrorCode;
}
/** A request has ended: its runs arrived, it failed with this code, or it was cancelled. */
export interface EndEvent {
  type: "end";
  /** The runs that were asked for. */
  runIds: RunId[];
  /** From 1. */
  attempt: number;
  /** How the request ended. */
  outcome: "ok" | "failed" | "cancelled";
  /** How the request failed. Its answer may still have had some of the runs. */
  code?: ErrorCode;
  /** Since the request, in ms. */
  durationMs: number;
}
/** The limit of requests in flight has changed. */
export interface ConcurrencyEvent {
  type: "concurrency";
  /** The most requests in flight. */
  limit: number;
}
