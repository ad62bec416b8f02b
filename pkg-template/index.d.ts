/**
 * Fetches the finished texts of translation runs. Follows the service's documentation of `POST /translation-results`.
 * @packageDocumentation
 */

/** A run id: an integer from 1 to Number.MAX_SAFE_INTEGER. */
export type RunId = number;

/** What one request carries: two to five run ids. */
export type RunIdBatch =
  | readonly [RunId, RunId]
  | readonly [RunId, RunId, RunId]
  | readonly [RunId, RunId, RunId, RunId]
  | readonly [RunId, RunId, RunId, RunId, RunId];

/** A literal list of fewer than two or more than five ids does not compile; a `number[]` does, and is checked when called. */
export type BatchOf<Ids extends readonly RunId[]> =
  number extends Ids["length"] ? Ids : Ids extends RunIdBatch ? Ids : never;

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

/** As above where some runs may be absent. */
export type PartialResults = { [runId: RunId]: TranslationResult | undefined };

export interface ClientOptions {
  /** Sent as `x-api-key`. Leave it out only when `baseUrl` is a proxy of yours that adds it. */
  apiKey?: string | undefined;
  /** Default "https://client.camb.ai/apis". A relative URL is resolved against the page. */
  baseUrl?: string | URL | undefined;
  /** A key in a page is readable by every visitor: without this, `apiKey` in a page or a browser's worker is refused. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Used instead of the global `fetch`: a test double, an undici agent, a Workers service binding. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Added to every request, `traceparent` for one. May not carry `x-api-key` or `content-type`. */
  headers?: Record<string, string> | undefined;
  /** Time for one attempt, body included, in ms, 1 to 2^31 - 1. Default 60_000. */
  timeoutMs?: number | undefined;
  /** Further attempts after the first, 0 to 20. Default 3. */
  maxRetries?: number | undefined;
  /** The largest body read, decoded, in bytes. Default 64 MiB. A larger one is an InvalidResponseError and is not buffered. */
  maxResponseBytes?: number | undefined;
  /** Told of every request, response, retry and slow-down; never holds the key. Must not throw; if it does, the call goes on. */
  onEvent?: ((event: ClientEvent) => void) | undefined;
}

/** An option of the wrong type, out of range, or unknown is refused by name with InvalidOptionsError. */
export interface RequestOptions {
  signal?: AbortSignal | undefined;
  /** Time for the whole call in ms, waits between attempts included; then TimeoutError. Default none. */
  deadlineMs?: number | undefined;
  timeoutMs?: number | undefined;
  maxRetries?: number | undefined;
  /** Added to this call's requests; the same two names are refused. */
  headers?: Record<string, string> | undefined;
}

export interface BulkOptions extends RequestOptions {
  /** The most requests in flight at once, 1 to 64. Default 6. It is a ceiling: a rate-limiting server gets fewer. */
  concurrency?: number | undefined;
  /** As in RequestOptions; here the call resolves, and what is not fetched by then is a failure with TimeoutError. */
  deadlineMs?: number | undefined;
  /** Called for every run as it lands, so that an abort loses nothing that had arrived. */
  onItem?: ((item: StreamItem) => void) | undefined;
  onProgress?: ((progress: BulkProgress) => void) | undefined;
}

export interface BulkProgress {
  /** Distinct run ids asked for; while streaming, those read from the source so far. */
  total: number;
  succeeded: number;
  failed: number;
  requests: number;
  retries: number;
  elapsedMs: number;
}

export interface RunFailure {
  runId: RunId;
  error: TranslationResultsError;
}

export interface BulkOutcome {
  results: PartialResults;
  /** Runs that gave no result, in the order asked for. Every run id asked for is in `results` or here. */
  failures: RunFailure[];
  stats: BulkProgress;
}

export type StreamItem =
  | { ok: true; runId: RunId; texts: string[] }
  | { ok: false; runId: RunId; error: TranslationResultsError };

export class TranslationResultsClient {
  /** @throws {InvalidOptionsError}; {TranslationResultsError} WASM_UNAVAILABLE where the page's CSP or the engine forbids WebAssembly. */
  constructor(options?: ClientOptions);

  /**
   * One POST /translation-results for two to five distinct run ids.
   * Resolves only when every requested run is in the answer and well-formed.
   * Rejects with InvalidOptionsError or InvalidRunIdsError (nothing was sent), ApiError, NetworkError, TimeoutError,
   * InvalidResponseError, or the signal's own reason once aborted.
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
   */
  getAllResults(runIds: Iterable<RunId>, options?: BulkOptions): Promise<BulkOutcome>;

  /**
   * As getAllResults, one item per distinct run id as it arrives. Starts at the first `next()`; leaving the loop cancels
   * what is in flight and closes the source.
   *
   * Reads at most 5 × concurrency ids ahead of what was taken; sends a batch of fewer than three only when the source
   * has ended or has been silent for 20 ms. An invalid id ends the loop with InvalidRunIdsError after what was read
   * before it was delivered; what stops getAllResults is thrown. Memory: the set of ids seen, otherwise bounded.
   */
  streamResults(runIds: Iterable<RunId> | AsyncIterable<RunId>, options?: BulkOptions): AsyncIterableIterator<StreamItem>;
}

/**
 * Splits any number of run ids into balanced batches, 3 to 5 ids each wherever the count allows, in their order; repeats
 * count once. No network.
 * @throws {InvalidRunIdsError} where one is no run id.
 */
export function planBatches(runIds: Iterable<RunId>): RunId[][];

/** Checks what getResults would accept; returns the problems, none if it is valid. No network. */
export function checkRunIds(runIds: unknown): RunIdProblem[];

export type RunIdProblem =
  | { problem: "not_an_array" }
  | { problem: "too_few"; count: number; min: 2 }
  | { problem: "too_many"; count: number; max: 5 }
  | { problem: "not_an_integer"; index: number }
  | { problem: "not_positive"; index: number }
  | { problem: "too_large"; index: number }
  | { problem: "duplicate"; index: number; firstIndex: number };

export type ErrorCode =
  | "INVALID_OPTIONS" | "INVALID_RUN_IDS" | "WASM_UNAVAILABLE"
  | "BAD_REQUEST" | "UNAUTHORIZED" | "PAYMENT_REQUIRED" | "FORBIDDEN" | "NOT_FOUND" | "UNPROCESSABLE"
  | "RATE_LIMITED" | "SERVER_ERROR" | "UNEXPECTED_STATUS" | "REDIRECTED"
  | "NETWORK" | "TIMEOUT" | "INVALID_RESPONSE" | "MISSING_RESULT";

/**
 * Base of every error that this package makes. `code` and `TranslationResultsError.is` hold across copies of the package;
 * `instanceof` within one copy, in Node between `import` and `require` too.
 */
export class TranslationResultsError extends Error {
  static is(value: unknown): value is TranslationResultsError;
  readonly code: ErrorCode;
  /** Attempts made before giving up; 0 if nothing was sent. */
  readonly attempts: number;
  /** Set on a rejected getAllResults: what had already been fetched, and what is still to be asked for. */
  readonly partial?: BulkOutcome & { pending: RunId[] };
  toJSON(): { name: string; code: ErrorCode; message: string; attempts: number };
}
export class InvalidOptionsError extends TranslationResultsError { readonly option: string }
export class InvalidRunIdsError extends TranslationResultsError { readonly problems: RunIdProblem[] }
/** The server said no, or pointed elsewhere (REDIRECTED). */
export class ApiError extends TranslationResultsError {
  readonly status: number;
  /** The parsed JSON body, or the first 2,000 characters of its text when it is not JSON; the key, if echoed, is masked. */
  readonly body: unknown;
  /** The field errors of a 422, as the server gave them. */
  readonly detail: ReadonlyArray<{ loc: ReadonlyArray<string | number>; msg: string; type: string }>;
  /** `x-request-id`, else `cf-ray`, where the server sends and, in a page, exposes it. */
  readonly requestId?: string;
  readonly retryAfterMs?: number;
}
/** `cause` is what fetch rejected with, as it was; toJSON leaves it out. */
export class NetworkError extends TranslationResultsError { readonly cause: unknown }
export class TimeoutError extends TranslationResultsError { readonly timeoutMs: number }
/** Codes INVALID_RESPONSE and MISSING_RESULT. */
export class InvalidResponseError extends TranslationResultsError {
  /** Where the body is not as it should be: `["12345", "texts", 3]`. */
  readonly path: ReadonlyArray<string | number>;
  readonly expected: string;
  readonly received: string;
  /** Requested runs that the answer lacks. */
  readonly missing: RunId[];
  /** Runs of the same answer that were well-formed. */
  readonly results: PartialResults;
}

export type ClientEvent =
  | { type: "request"; runIds: RunId[]; attempt: number; url: string }
  | { type: "response"; runIds: RunId[]; attempt: number; status: number; durationMs: number; requestId?: string }
  | { type: "retry"; runIds: RunId[]; attempt: number; delayMs: number; code: ErrorCode }
  | { type: "concurrency"; limit: number };
