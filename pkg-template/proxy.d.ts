/**
 * A proxy for pages, which then need no key. It runs on your server and adds the key to the requests that you allow.
 * Next.js, Hono, Workers, Deno and Bun accept it directly, Express through an adapter.
 * @module translation-results/proxy
 */

import type { AnyFetch } from "translation-results";

/** Options of a proxy. Any other name is refused. */
export interface ProxyOptions {
  /** The API key, added to requests to the service. No answer of the proxy contains it. */
  apiKey: string;
  /**
   * Decides on a copy of each request, before anything is sent. Only `true` lets the request through. A `Response` becomes the
   * answer, and anything else is answered with 401. If the function throws, the answer is 500; if it never settles, 504.
   *
   * `"everybody"` opens the proxy to all: anybody can then read your runs and spend your quota.
   */
  authorize: ((request: Request) => boolean | Response | Promise<boolean | Response>) | "everybody";
  /** The base URL of the service. Default "https://client.camb.ai/apis". */
  baseUrl?: string | URL | undefined;
  /** Time for a whole request, `authorize` included, in ms, 1 to 2^31 - 1. Default 60_000. */
  timeoutMs?: number | undefined;
  /** The largest answer, decoded, in bytes. Default 64 MiB. */
  maxResponseBytes?: number | undefined;
  /** Used instead of the global `fetch`. */
  fetch?: AnyFetch | undefined;
}

/**
 * Returns a function that answers `POST …/translation-results` and `GET …/translation-result/{run_id}` below any path. Other
 * requests get 404 or 405. The path may end in a slash. The function checks run ids as the client does, and sends on nothing
 * else of a request. Its own answers have the service's shape, `{ "detail": … }`.
 *
 * It passes on the status, the headers `retry-after`, `retry-after-ms`, `x-request-id` and `cf-ray`, and a JSON body, with an
 * echoed key masked in every spelling. It replaces a body that is not JSON, such as an HTML error page, and keeps the status, so
 * the client's error has the same code. It sends no CORS headers and answers a preflight with 405: serve it from the page's own
 * origin.
 *
 * @example
 * ```ts
 * const app = new Hono();
 * const authorize = async (request: Request) => (await sessionOf(request)) !== undefined;
 * app.mount("/api/translations", createProxy({ apiKey: process.env.CAMB_API_KEY ?? "", authorize }));
 * ```
 *
 * In the page: `new TranslationResultsClient({ baseUrl: "/api/translations" })`.
 *
 * @throws InvalidOptionsError
 */
export declare function createProxy(options: ProxyOptions): (request: Request) => Promise<Response>;
