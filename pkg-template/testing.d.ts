/**
 * The documented service in memory, for the tests of applications: no server, no timer of its own, works under fake timers.
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

/** A run of the service: its texts, the refusal that a request for it gets, or one that has no texts yet. */
export type SampleRun = string[] | { status: number; detail?: string } | "unfinished";

/** Options of {@link createSampleFetch}. */
export interface SampleFetchOptions {
  /**
   * The runs that exist, by id. Every other run is unknown. Default: the runs of the demo page, 12345 and 6789 among them,
   * unfinished ones from 70001 to 70003, and any from 100001 to 200000.
   */
  runs?: Record<RunId, SampleRun> | undefined;
  /** The time before each answer, in ms. Default 0, with which no timer is set. */
  latencyMs?: number | undefined;
  /** How many requests a second are let through, after a `burst` of as many at once. The others get 429. */
  rateLimit?: { perSecond: number; burst?: number; retryAfter?: boolean } | undefined;
  /** A fault of every request, or a function that picks one for a request. `count` is 1 for the first request. */
  fault?:
    | SampleFault
    | (string & {})
    | ((request: { url: string; runIds: RunId[]; count: number }) => SampleFault | (string & {}) | undefined)
    | undefined;
}

/** A request as the service got it. */
export interface SampleRequest {
  /** The runs that it asks for. */
  runIds: RunId[];
  /** By their names in small letters. */
  headers: Record<string, string>;
}

/** A `fetch` that keeps what it was asked. */
export type SampleFetch = FetchLike & { readonly requests: SampleRequest[] };

/**
 * Returns a `fetch` that behaves as the documented service does, in memory. It accepts every API key, and needs one where the
 * base URL is the service's.
 *
 * @example
 * ```ts
 * const fetch = createSampleFetch({ runs: { 1: ["Hola"], 2: "unfinished" } });
 * const client = new TranslationResultsClient({ apiKey: "any", fetch });
 * await client.getAllResults([1, 2, 3]); // one result, two failures
 * fetch.requests.length; // 3: one for all, then one for each run that did not come
 * ```
 *
 * @throws TypeError where there is no fault of that name.
 */
export declare function createSampleFetch(options?: SampleFetchOptions): SampleFetch;
