/**
 * A proxy for pages, which then need no key. It runs on your server and adds the key to the requests of those whom you let in.
 * Next.js, Hono, Workers, Deno and Bun take it as it is, Express takes it by an adapter.
 * @module translation-results/proxy
 */

import type { AnyFetch } from "translation-results";

/** Options of a proxy. Any other name is refused. */
export interface ProxyOptions {
  /** Added to requests to the service. No answer of the proxy holds it. */
  apiKey: string;
  /**
   * Runs first, on a copy of the request. Only `true` lets it through; a `Response` is given in its place, and for anything
   * else 401. Where it throws the answer is 500, where it never settles 504.
   *
   * `"everybody"` is a proxy open to all: anybody can then read your runs and spend your quota.
   */
  authorize: ((request: Request) => boolean | Response | Promise<boolean | Response>) | "everybody";
  /** The service. Default "https://client.camb.ai/apis". */
  baseUrl?: string | URL | undefined;
  /** Time for the whole of a request, `authorize` included, in ms. Default 60_000. */
  timeoutMs?: number | undefined;
  /** The largest answer, decoded, in bytes. Default 64 MiB. */
  maxResponseBytes?: number | undefined;
  /** Used instead of the global `fetch`. */
  fetch?: AnyFetch | undefined;
}

/**
 * Returns a function that answers `POST …/translation-results` and `GET …/translation-result/{run_id}` below any path, and
 * everything else with 404 or 405. The path may end in a slash. Checks run ids as the client does before anything is sent, and
 * sends on nothing else of a request. Answers of its own have the service's shape, `{ "detail": … }`.
 *
 * Passes on the status, `Retry-After` and a JSON body, with the key masked in whatever spelling the service echoes it. Replaces
 * a body that is not JSON, such as an HTML error page, and keeps its status: the client's error has the same code. Sends no CORS
 * headers, and answers a preflight with 405: serve it from the page's own origin.
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
