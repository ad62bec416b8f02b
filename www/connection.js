/** The service that the page asks: the sample API in the page or on its server, the proxy of its server, or another base URL. */

import { TranslationResultsClient } from "./pkg/index.js";
import { FAULT_HEADER, LATENCY_HEADER } from "./sample-api/faults.js";

const PROBE_MS = 3000;
const SAMPLE_KEY = "sample-key";

/**
 * What the page's server has under /apis.
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
/** The sample API inside the page, loaded when it is first asked. */
async function askInPage(request) {
  api ??= import("./sample-api/app.js").then(({ createSampleApi }) => createSampleApi());
  const response = await (await api)(request);
  if (response.type === "error") throw new TypeError("Failed to fetch");
  return response;
}

/**
 * @param {object} options
 * @param {"proxy" | "sample" | undefined} options.served
 * @param {() => { fault?: string, latency: number }} options.nextFault What the next request to the sample API asks for.
 * @param {(event: import("./pkg/index.js").ClientEvent) => void} options.onEvent
 */
export function createConnection({ served, nextFault, onEvent }) {
  function sample(options) {
    const send = served === "sample" ? (request) => fetch(request) : askInPage;
    return new TranslationResultsClient({
      ...options,
      apiKey: SAMPLE_KEY,
      dangerouslyAllowBrowser: true,
      // No host has the second name. The page's own address would not do: over plain HTTP the client refuses to send a key.
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

  /** CAMB.AI, where no base URL is set, or another service. */
  function real(options, { baseUrl, apiKey }) {
    return apiKey === ""
      ? new TranslationResultsClient({ ...options, baseUrl })
      : new TranslationResultsClient({ ...options, baseUrl, apiKey, dangerouslyAllowBrowser: true });
  }

  /** The last client, kept as long as it is what is asked for: it knows the server's pace. */
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
