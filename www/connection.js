/** Makes clients for the page: for the sample API in the page or on its server, for the server's proxy, or for another base URL. */

import { TranslationResultsClient } from "./pkg/index.js";
import { FAULT_HEADER, LATENCY_HEADER } from "./sample-api/faults.js";

const PROBE_MS = 3000;
const SAMPLE_KEY = "sample-key";

/**
 * Returns what the page's server has under /apis, or `undefined` if there is nothing.
 *
 * @returns {Promise<"proxy" | "sample" | undefined>}
 */
export async function findServed() {
  try {
    const signal = AbortSignal.timeout(PROBE_MS);
    // OPTIONS, because the API answers it with success and without a key: a browser reports a failed probe as an error.
    const { headers } = await fetch("./apis/", { method: "OPTIONS", cache: "no-store", signal });
    return headers.has("x-real-service") ? "proxy" : headers.has("x-sample-api") ? "sample" : undefined;
  } catch {
    return undefined;
  }
}

let api;
/** Sends a request to the sample API inside the page, which is loaded at the first request. */
async function askInPage(request) {
  api ??= import("./sample-api/app.js").then(({ createSampleApi }) => createSampleApi());
  const response = await (await api)(request);
  if (response.type === "error") throw new TypeError("Failed to fetch");
  return response;
}

/**
 * @param {object} options
 * @param {"proxy" | "sample" | undefined} options.served
 * @param {() => { fault?: string, latency: number }} options.nextFault Returns the fault and the latency of the next request.
 * @param {(event: import("./pkg/index.js").ClientEvent) => void} options.onEvent
 */
export function createConnection({ served, nextFault, onEvent }) {
  function sample(options) {
    const send = served === "sample" ? (request) => fetch(request) : askInPage;
    return new TranslationResultsClient({
      ...options,
      apiKey: SAMPLE_KEY,
      dangerouslyAllowBrowser: true,
      // No host has the second name. The page's own address may be plain HTTP, to which the client refuses to send a key.
      baseUrl: served === "sample" ? "./apis" : "https://sample.invalid/apis",
      fetch(url, init) {
        const request = new Request(url, init);
        const { fault, latency } = nextFault();
        if (fault) request.headers.set(FAULT_HEADER, fault);
        if (latency > 0) request.headers.set(LATENCY_HEADER, String(latency));
        return send(request);
      },
    });
  }

  /** Makes a client for CAMB.AI, or for another service if a base URL is set. */
  function real(options, { baseUrl, apiKey }) {
    return apiKey === ""
      ? new TranslationResultsClient({ ...options, baseUrl })
      : new TranslationResultsClient({ ...options, baseUrl, apiKey, dangerouslyAllowBrowser: true });
  }

  /** The last client, kept until the settings change: it knows the server's pace. */
  let client;
  let madeFor;

  return {
    /**
     * @param {{ kind: "sample" | "proxy" | "camb" | "other", baseUrl?: string, apiKey: string }} service
     * @param {{ timeoutMs?: number, maxRetries?: number }} options
     * @returns {TranslationResultsClient}
     */
    client(service, options) {
      const wanted = JSON.stringify([service, options]);
      if (wanted === madeFor) return client;
      const all = { ...options, onEvent };
      if (service.kind === "sample") client = sample(all);
      else if (service.kind === "proxy") client = new TranslationResultsClient({ ...all, baseUrl: "./apis" });
      else client = real(all, service);
      madeFor = wanted;
      return client;
    },
  };
}
