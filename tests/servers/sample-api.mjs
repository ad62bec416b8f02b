/** The sample API on loopback for the length of a test file, as its folder's own server gives it. */
import { after } from "node:test";
import { serve } from "../../www/serve.mjs";

/** @returns {Promise<string>} the `baseUrl` of a client. */
export async function sampleApi() {
  const server = await serve();
  after(() => server.close());
  return new URL("apis", server.url).href;
}
