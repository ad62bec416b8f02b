/**
 * Fetches the finished texts of translation runs. All types are in this file, as it is the one that editors open. Follows the
 * service's documentation of `POST /translation-results` and `GET /translation-result/{run_id}`. Start at
 * {@link TranslationResultsClient}. Everything that the package throws is a {@link TranslationResultsError}.
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
 * A literal list of fewer than two or more than five ids does not compile, and the compiler's message says why; a `number[]`
 * compiles and is checked when called. A generic wrapper compiles too:
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
 * Whether a list of this length can be a batch, as far as the compiler knows. {@link BatchOf} looks a member up by it: through
 * a choice between types, the compiler would not see in a generic wrapper.
 */
export type BatchFit<Length extends number> =
  Length extends RunIdBatch["length"] ? "fits" : number extends Length ? "fits" : "unfit";

/** The output of one run. */
export interface TranslationResult {
  /** Translated texts, in the order of the texts that the run was given. */
  texts: string[];
}

/**
 * Results keyed by run id: a plain JSON-able object with exactly the requested runs. With literal ids every key is known
 * to be there. (Objects list integer keys in ascending order; for the order asked, walk your own list of ids.)
 */
export type TranslationResults<Id extends RunId = RunId> = { [K in Id]: TranslationResult };

/**
 * As {@link TranslationResults} where some runs may be absent. `Object.values` gives the runs that are there. With
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
  /** The API key and the headers of the options are among them. */
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
    /** Returns a header, `null` if the response has none of that name. */
    get(name: string): string | null;
  };
  /** A web stream and a stream of Node's are read piece by piece. Anything else is read with `text`. */
  readonly body?: unknown;
  /** Reads the whole body. */
  text(): Promise<string>;
}

/** Options of a {@link TranslationResultsClient}. Any other name is refused, so that a misspelt option is noticed. */
export interface ClientOptions {
  /**
   * Sent as `x-api-key`. Default in Node, Deno and Bun: `CAMB_API_KEY`, for the default `baseUrl` only. Required with the
   * default `baseUrl`; leave it out when `baseUrl` is a proxy of yours that adds it.
   */
  apiKey?: string | undefined;
  /** Default "https://client.camb.ai/apis". A relative URL is resolved against the page. */
  baseUrl?: string | URL | undefined;
  /** A key in a page is readable by every visitor: without this, `apiKey` in a page or a browser's worker is refused. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Used instead of the global `fetch`: a test double, an undici agent, a Workers service binding. */
  fetch?: AnyFetch | undefined;
  /**
   * Added to every request, `traceparent` for one. May not carry `x-api-key`, `content-type`, or what HTTP sets, such as
   * `content-length`.
   */
  headers?: Record<string, string | undefined> | Headers | undefined;
  /** Time for one attempt, body included, in ms, 1 to 2^31 - 1. Default 60_000. */
  timeoutMs?: number | undefined;
  /** Further attempts after the first, 0 to 20. Default 3. */
  maxRetries?: number | undefined;
  /** The largest body read, decoded, in bytes. Default 64 MiB. A larger one is an InvalidResponseError and is not buffered. */
  maxResponseBytes?: number | undefined;
  /** Called for every request, response, retry, end of a request and change of pace. If it throws, the call goes on. */
  onEvent?: ((event: ClientEvent) => void) | undefined;
}

/** An option of the wrong type, out of range, or unknown is refused by name with InvalidOptionsError. */
export interface RequestOptions {
  /** Ends the call: it rejects with the signal's own reason, and sends nothing more. */
  signal?: AbortSignal | null | undefined;
  /** Time for the whole call in ms, waits between attempts included; then TimeoutError. Default none. */
  deadlineMs?: number | undefined;
  /** Time for one attempt, body included, in ms. Default the client's. */
  timeoutMs?: number | undefined;
  /** Further attempts after the first, 0 to 20. Default the client's. */
  maxRetries?: number | undefined;
  /** Added to this call's requests. The same names are refused. */
  headers?: Record<string, string | undefined> | Headers | undefined;
}

/** Options of {@link TranslationResultsClient.getAllResults} and {@link TranslationResultsClient.streamResults}. */
export interface BulkOptions extends RequestOptions {
  /** The most requests in flight at once, 1 to 64. Default 6. It is a ceiling: a rate-limiting server gets fewer. */
  concurrency?: number | undefined;
  /** As in RequestOptions; here the call resolves, and what is not fetched by then is a failure with TimeoutError. */
  deadlineMs?: number | undefined;
  /** Called for every run as it lands, so that an abort loses nothing that had arrived. */
  onItem?: ((item: StreamItem) => void) | undefined;
  /** Called after every answer and every request that failed, once what it brought is counted, and at the end of the call. */
  onProgress?: ((progress: BulkProgress) => void) | undefined;
}

/** How far a bulk call is, and at its end what it took. */
export interface BulkProgress {
  /** Distinct run ids asked for; while streaming, those read from the source so far. */
  total: number;
  /** Runs with a result. */
  succeeded: number;
  /** Runs that will have none. */
  failed: number;
  /** Requests sent, further attempts included. */
  requests: number;
  /** Further attempts among them. */
  retries: number;
  /** Since the call began, in ms. */
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
  /** Runs that gave no result, in the order asked for. Every run id asked for is in `results` or here. */
  failures: RunFailure[];
  /** The statistics of the call. */
  stats: BulkProgress;
}

/** One run as it lands: its texts, or the error that it ended with. */
export type StreamItem =
  | { ok: true; runId: RunId; texts: string[] }
  | { ok: false; runId: RunId; error: AnyTranslationResultsError };

/**
 * Asks the service for results. Holds the options and, for all its calls, the pace that the server was seen to accept; make
 * one and keep it.
 *
 * @example
 * ```ts
 * const client = new TranslationResultsClient({ apiKey: process.env.CAMB_API_KEY });
 * ```
 */
export class TranslationResultsClient {
  /**
   * Checks the options; nothing is sent. Where the WebAssembly runs out of memory later, every call under way is rejected with
   * the code `WASM_UNAVAILABLE`; calls made afterwards work. Runs that `onItem` or a stream has given stay given.
   * @throws {@link InvalidOptionsError}
   * @throws {@link WasmUnavailableError} where the page's Content Security Policy or the engine forbids WebAssembly.
   */
  constructor(options?: ClientOptions);

  /**
   * One run. Calls made in the same task are joined into requests of three to five ids, if their `headers`, `timeoutMs` and
   * `maxRetries` are the same; so are calls made while such a request waits to be sent. A run that is pending is not asked
   * for again. Nothing is kept once a call has settled.
   *
   * Each caller settles alone: an abort, a deadline or an error of one run never concerns another. A request ends early once
   * nobody waits for any of its runs. Rejects with the error that `getAllResults` has in `failures`, or rejects with.
   *
   * @example
   * ```ts
   * const rows = await Promise.allSettled(ids.map((id) => client.getResult(id))); // 20 ids: 4 requests
   * ```
   */
  getResult(runId: RunId, options?: RequestOptions): Promise<TranslationResult>;

  /**
   * One POST /translation-results for two to five distinct run ids.
   * Resolves only when every requested run is in the answer and well-formed.
   * Rejects with {@link InvalidOptionsError} or {@link InvalidRunIdsError} (nothing was sent), {@link ApiError},
   * {@link NetworkError}, {@link TimeoutError}, {@link InvalidResponseError}, or the signal's own reason once aborted.
   * Waits, as every call of the client does, while the service has asked for fewer requests.
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
   * Any number of run ids. Repeats are asked for once. Plans requests of three to five ids, `POST /translation-results`
   * each (one id alone is `GET /translation-result/{run_id}`), and has at most `concurrency` of them in flight, fewer
   * where the server limits its rate. One bad run fails alone. An empty list resolves to an empty outcome.
   *
   * Rejects only where nothing more can be had: bad input, 401, 402, a 403 for everything, a wait longer than may be
   * waited, abort. An error of this package then carries what was already fetched as `partial`; an abort rejects with
   * the signal's reason, so collect with `onItem` what must outlive one.
   *
   * @example
   * ```ts
   * const { results, failures, stats } = await client.getAllResults(ids, { concurrency: 10 });
   * for (const { runId, error } of failures) console.error(runId, error.code);
   * ```
   */
  getAllResults(runIds: Iterable<RunId>, options?: BulkOptions): Promise<BulkOutcome>;

  /**
   * As {@link getAllResults}, one item per distinct run id as it arrives. Starts at the first `next()`; leaving the loop cancels
   * what is in flight and closes the source.
   *
   * Reads at most 5 × concurrency ids ahead of what was taken; sends a batch of fewer than three only when the source
   * has ended or has been silent for 20 ms. An invalid id ends the loop with InvalidRunIdsError after what was read
   * before it was delivered; what stops getAllResults is thrown. Memory: the set of ids seen, otherwise bounded.
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
 * Splits any number of run ids into balanced batches, 3 to 5 ids each wherever the count allows, in their order; repeats
 * count once. No network.
 * @throws {@link InvalidRunIdsError} if a value is not a run id.
 *
 * @example
 * ```ts
 * planBatches([1, 2, 3, 4, 5, 6, 7]); // [[1, 2, 3, 4], [5, 6, 7]]
 * ```
 */
export function planBatches(runIds: Iterable<RunId>): RunId[][];

/**
 * Checks what {@link TranslationResultsClient.getResults} would accept; returns the problems, none if it is valid. No network.
 *
 * @example
 * ```ts
 * checkRunIds([12345, 12345]); // [{ problem: "duplicate", index: 1, firstIndex: 0 }]
 * ```
 */
export function checkRunIds(runIds: unknown): RunIdProblem[];

/** A problem of a list of run ids. `index` is the position of the id at fault, from 0. */
export type RunIdProblem =
  | { problem: "not_an_array" }
  | { problem: "too_few"; count: number; min: 2 }
  | { problem: "too_many"; count: number; max: 5 }
  | { problem: "not_an_integer"; index: number }
  | { problem: "not_positive"; index: number }
  | { problem: "too_large"; index: number }
  | { problem: "duplicate"; index: number; firstIndex: number };

/** The kinds of errors; those of HTTP statuses are on {@link ApiError}, and the status itself is in its `status`. */
export type ErrorCode =
  | "INVALID_OPTIONS" | "INVALID_RUN_IDS" | "WASM_UNAVAILABLE"
  | "BAD_REQUEST" | "UNAUTHORIZED" | "PAYMENT_REQUIRED" | "FORBIDDEN" | "NOT_FOUND" | "UNPROCESSABLE"
  | "RATE_LIMITED" | "SERVER_ERROR" | "UNEXPECTED_STATUS" | "REDIRECTED"
  | "NETWORK" | "TIMEOUT" | "INVALID_RESPONSE" | "MISSING_RESULT";

/** Fields of every error of the package. The classes add fields of their own. */
export interface ErrorFields<Code extends ErrorCode = ErrorCode> {
  code: Code;
  /** Default 0. */
  attempts?: number;
}

/**
 * Base of every error that this package makes. `code` and `TranslationResultsError.is` hold across copies of the package;
 * `instanceof` within one copy, which `import` and `require` share in Node from 20.19 and 22.12, in Deno and in Bun.
 */
export class TranslationResultsError extends Error {
  /** As the package makes them; for test doubles. Every field becomes a property of the error. */
  constructor(message: string, fields: ErrorFields & { [field: string]: unknown }, options?: { cause?: unknown });
  /** Whether a value is an error of this package, of whichever copy of it. */
  static is(value: unknown): value is AnyTranslationResultsError;
  /** The kind of error, for programs to tell apart. Messages may change. */
  readonly code: ErrorCode;
  /** Attempts made before giving up; 0 if nothing was sent. */
  readonly attempts: number;
  /** Set on a rejected getAllResults: what had already been fetched, and what is still to be asked for. */
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

/** WebAssembly may not be used here (Content-Security-Policy), or its instance ran out of memory. */
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
  /** Its name. */
  readonly option: string;
}
/** The run ids cannot be asked for. Nothing was sent. */
export class InvalidRunIdsError extends TranslationResultsError {
  /** For test doubles. */
  constructor(
    message: string,
    fields: ErrorFields<InvalidRunIdsError["code"]> & { problems?: RunIdProblem[] },
    options?: { cause?: unknown },
  );
  readonly code: "INVALID_RUN_IDS";
  /** As {@link checkRunIds} gives them. */
  readonly problems: RunIdProblem[];
}
/**
 * The server said no, or pointed elsewhere. Codes: BAD_REQUEST (400), UNAUTHORIZED (401), PAYMENT_REQUIRED (402), FORBIDDEN
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
  /** The HTTP status; 0 for a redirect in a page, where browsers hide it. */
  readonly status: number;
  /** The parsed JSON body, or the first 2,000 characters of its text when it is not JSON; the key, if echoed, is masked. */
  readonly body: unknown;
  /** The field errors of a 422, as the server gave them. */
  readonly detail: ReadonlyArray<{ loc: ReadonlyArray<string | number>; msg: string; type: string }>;
  /** `x-request-id`, else `cf-ray`, where the server sends and, in a page, exposes it. */
  readonly requestId?: string;
  /** The wait that the server asked for, in ms. */
  readonly retryAfterMs?: number;
}
/** There was no answer: no connection, or one that was lost; in a page, CORS too. */
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
  /** The time that was given, in ms. */
  readonly timeoutMs: number;
}
/** The answer is not what the service documents (INVALID_RESPONSE), or lacks a run that was asked for (MISSING_RESULT). */
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
  /** Where the body is not as it should be: `["12345", "texts", 3]`. */
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
  /** Where it goes. */
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
  /** As in {@link ApiError.requestId}. */
  requestId?: string;
}
/** A failed request will be sent again. */
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
/** A request is over: its runs came, it failed with this code, or it was given up. */
export interface EndEvent {
  type: "end";
  /** The runs that were asked for. */
  runIds: RunId[];
  /** From 1. */
  attempt: number;
  /** How it ended. */
  outcome: "ok" | "failed" | "cancelled";
  /** How it failed. An answer may have some of the runs all the same. */
  code?: ErrorCode;
  /** Since the request, in ms. */
  durationMs: number;
}
/** How many requests may be in flight from now on. */
export interface ConcurrencyEvent {
  type: "concurrency";
  /** The most requests in flight. */
  limit: number;
}
