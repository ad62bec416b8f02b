/** The real service under /apis, for the demo page: by the package's own proxy, with a key that stays on this machine. */

import { pathToFileURL } from "node:url";

/** Tells the page what it is served with; see `findServed` in `connection.js`. */
const served = () => new Response(null, { status: 204, headers: { "x-real-service": "1" } });

/** The page itself: other sites, and hosts that only look up as this machine, may not use its key. */
function isOwnPage({ url, headers }) {
  const { hostname, origin } = new URL(url);
  return ["127.0.0.1", "localhost"].includes(hostname) && [null, origin].includes(headers.get("origin"));
}

/**
 * @param {object} options
 * @param {string} options.proxy The package's `proxy.js`.
 * @param {string} options.apiKey
 * @param {string} [options.baseUrl]
 * @returns {Promise<(request: Request) => Promise<Response>>}
 */
export async function realService({ proxy, apiKey, baseUrl }) {
  const { createProxy } = await import(pathToFileURL(proxy).href);
  const handle = createProxy({ apiKey, authorize: isOwnPage, baseUrl });
  return async (request) => (request.method === "OPTIONS" ? served() : handle(request));
}
