/** A client of the sample API, over HTTP where the page's server has it, and inside the page where it has not. */

import { TranslationResultsClient } from "./pkg/index.js";

const PROBE_MS = 3000;

/** OPTIONS, because the API answers it with success and without a key: a browser reports a failed probe as an error. */
async function isServed() {
  try {
    const signal = AbortSignal.timeout(PROBE_MS);
    const response = await fetch("./apis/", { method: "OPTIONS", cache: "no-store", signal });
    return response.headers.has("x-sample-api");
  } catch {
    return false;
  }
}

/**
 * @param {(event: import("./pkg/index.js").ClientEvent) => void} onEvent
 * @returns {Promise<{ client: TranslationResultsClient, inPage: boolean }>}
 */
export async function connect(onEvent) {
  const options = { apiKey: "sample-key", dangerouslyAllowBrowser: true, onEvent };
  if (await isServed()) {
    return { client: new TranslationResultsClient({ ...options, baseUrl: "./apis" }), inPage: false };
  }
  const { createSampleApi } = await import("./sample-api/app.js");
  const handler = createSampleApi();
  const client = new TranslationResultsClient({
    ...options,
    // No host has this name. The page's own address would not do: over plain HTTP the client refuses to send a key.
    baseUrl: "https://sample.invalid/apis",
    fetch: (url, init) => handler(new Request(url, init)),
  });
  return { client, inPage: true };
}
