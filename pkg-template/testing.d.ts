/**
 * The documented service in memory, for tests of applications. It needs no server, and works under fake timers.
 * @module translation-results/testing
 */

import type { FetchLike, RunId } from "translation-results";

/**
 * Faults of the service, by name: a rate limit of 5 requests a second (`limit`, `limit-told` with a `Retry-After`), a
 * lost connection (`reset`, `cut` within the body), a body that drips in (`slow`), no answer at all (`silent`), a page of HTML
 * (`html`), JSON that breaks off (`truncated`), an answer without a run (`missing`) or with a text that is a number
 * (`malformed`), a `redirect`, or a refusal by its status (`429` asks for a wait of two minutes).
 */
export type SampleFault =
  | "limit" | "limit-told" | "429"
  | "reset" | "cut" | "slow" | "silent"
  | "html" | "truncated" | "missing" | "malformed" | "redirect"
  | "400" | "401" | "402" | "403" | "404" | "418" | "422" | "500" | "503";

/** A run of the service: its texts, the refusal of a request for it, or a run that is not finished. */
export type SampleRun = string[] | { status: number; detail?: string } | "unfinished";

/** Options of {@link createSampleFetch}. Any other name is refused. */
export interface SampleFetchOptions {
  /**
   * The runs that exist, by id. Every other run is unknown. Default: the runs of the demo page, 12345 and 6789 among them,
   * unfinished ones from 70001 to 70003, and any from 100001 to 200000.
   */
  runs?: Record<RunId, SampleRun> | undefined;
  /** The time before each answer, in ms. Default 0, which sets no timer. */
  latencyMs?: number | undefined;
  /**
   * The requests that are accepted each second, after a `burst` at once, by default as many as in a second. Other requests get
   * 429, with a `Retry-After` if `retryAfter` is true.
   */
  rateLimit?: { perSecond: number; burst?: number; retryAfter?: boolean } | undefined;
  /** A fault of every request, or a function that picks one for a request. `count` is 1 for the first request. */
  fault?:
    | SampleFault
    | (string & {})
    | ((request: { url: string; runIds: RunId[]; count: number }) => SampleFault | (string & {}) | undefined)
    | undefined;
}

/** A request that the service received. */
export interface SampleRequest {
  /** The requested runs. */
  runIds: RunId[];
  /** The headers, with their names in lower case. */
  headers: Record<string, string>;
}

/** A `fetch` that records its requests. */
export type SampleFetch = FetchLike & { readonly requests: SampleRequest[] };

/**
 * Returns a `fetch` that behaves like the documented service, in memory. It accepts every API key, and requires one for the
 * service's own base URL.
 *
 * @example
 * ```ts
 * const fetch = createSampleFetch({ runs: { 1: ["Hola"], 2: "unfinished" } });
 * const client = new TranslationResultsClient({ apiKey: "any", fetch });
 * await client.getAllResults([1, 2, 3]); // one result, two failures
 * fetch.requests.length; // 3: one for all, then one for each run that did not come
 * ```
 *
 * @throws TypeError if there is no fault with the given name.
 */
export declare function createSampleFetch(options?: SampleFetchOptions): SampleFetch;
