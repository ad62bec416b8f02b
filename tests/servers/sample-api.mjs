/** Serves the sample API on loopback for a test file, with the server of its folder. */
import { after } from "node:test";
import { serve } from "../../www/serve.mjs";

/** @returns {Promise<string>} The `baseUrl` for a client. */
export async function sampleApi() {
  const server = await serve();
  after(() => server.close());
  return new URL("apis", server.url).href;
}
