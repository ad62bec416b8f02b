/**
 * A client of what the page's server has: the sample API, or the real service behind a proxy. Where it has neither, of the
 * sample API inside the page.
 */

import { TranslationResultsClient } from "./pkg/index.js";

const PROBE_MS = 3000;

/** OPTIONS, because the API answers it with success and without a key: a browser reports a failed probe as an error. */
async function served() {
  try {
    const signal = AbortSignal.timeout(PROBE_MS);
    return (await fetch("./apis/", { method: "OPTIONS", cache: "no-store", signal })).headers;
  } catch {
    return new Headers();
  }
}

/**
 * @param {(event: import("./pkg/index.js").ClientEvent) => void} onEvent
 * @returns {Promise<{ client: TranslationResultsClient, kind: "real" | "served" | "in page" }>}
 */
export async function connect(onEvent) {
  const headers = await served();
  // The proxy has the key.
  if (headers.has("x-real-service")) {
    return { client: new TranslationResultsClient({ onEvent, baseUrl: "./apis" }), kind: "real" };
  }
  const options = { apiKey: "sample-key", dangerouslyAllowBrowser: true, onEvent };
  if (headers.has("x-sample-api")) {
    return { client: new TranslationResultsClient({ ...options, baseUrl: "./apis" }), kind: "served" };
  }
  const { createSampleApi } = await import("./sample-api/app.js");
  const handler = createSampleApi();
  const client = new TranslationResultsClient({
    ...options,
    // No host has this name. The page's own address would not do: over plain HTTP the client refuses to send a key.
    baseUrl: "https://sample.invalid/apis",
    fetch: (url, init) => handler(new Request(url, init)),
  });
  return { client, kind: "in page" };
}
