/** The sample API as a `fetch`, in memory, for the tests of applications: `translation-results/testing`. */

import { createSampleApi, lookUpSample } from "./app.js";
import { createFaults, limiter, refusal, sleep } from "./faults.js";

const SERVICE = "client.camb.ai";

/** The end of the URLs of both calls. The service's path or a proxy's comes before it. */
const CALL = /\/(translation-results|translation-result\/([^/]*))$/;

/** Looks a run up among the given ones. */
function lookUpIn(runs) {
  return (id) => {
    const run = Object.hasOwn(runs, id) ? runs[id] : undefined;
    if (run === undefined) return {};
    if (run === "unfinished") return { type: "translation" };
    return Array.isArray(run) ? { type: "translation", texts: run } : { refusal: run };
  };
}

/** Returns the run ids of a request, or none if the request is malformed. */
function runIdsOf(url, body) {
  const [, , id] = CALL.exec(new URL(url, "http://page.test").pathname) ?? [];
  if (id !== undefined) return [Number(id)];
  try {
    const { run_ids: runIds } = JSON.parse(body);
    return Array.isArray(runIds) ? runIds : [];
  } catch {
    return [];
  }
}

/** Waits for an answer. If the signal aborts before, rejects with its reason, as `fetch` does. */
function unlessAborted(signal, answer) {
  if (!signal) return answer();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    answer().then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

export function createSampleFetch({ runs, latencyMs = 0, rateLimit, fault, ...unknown } = {}) {
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw new TypeError(`createSampleFetch has no option ${name}: it has runs, latencyMs, rateLimit, fault`);
  if (rateLimit && !(rateLimit.perSecond > 0)) throw new TypeError("rateLimit.perSecond must be a number above 0");
  const faults = createFaults();
  const actOf = (name) => {
    if (name === undefined) return undefined;
    if (Object.hasOwn(faults, name)) return faults[name].act;
    throw new TypeError(`unknown fault "${name}": the faults are ${Object.keys(faults).join(", ")}`);
  };
  if (typeof fault !== "function") actOf(fault);
  const passes = rateLimit && limiter(rateLimit.perSecond, rateLimit.burst);
  const tooMany = refusal(429, "Too many requests", rateLimit?.retryAfter ? { "retry-after": "1" } : undefined);
  const requests = [];

  async function answerTo(url, { method = "GET", headers: given, body }, count) {
    const runIds = runIdsOf(url, body);
    const headers = new Headers(given);
    requests.push({ runIds, headers: Object.fromEntries(headers) });
    const act = actOf(typeof fault === "function" ? fault({ url, runIds, count }) : fault);
    if (latencyMs > 0) await sleep(latencyMs);
    if (passes && !passes()) return tooMany();

    const { hostname, pathname } = new URL(url, "http://page.test");
    const path = CALL.exec(pathname)?.[0] ?? "/";
    const request = new Request(`http://sample.test${path}`, { method, headers, body });
    const api = createSampleApi({
      basePath: "/",
      // A proxy adds the key.
      accepts: (key) => hostname !== SERVICE || Boolean(key),
      lookUp: runs ? lookUpIn(runs) : lookUpSample,
      latency: () => 0,
    });
    const response = await (act ? act(() => api(request), request) : api(request));
    // `Response.error()` stands for a lost connection.
    if (response.type === "error") throw new TypeError("fetch failed");
    return response;
  }

  const fetch = async (url, init = {}) => {
    const count = requests.length + 1;
    return unlessAborted(init.signal, () => answerTo(String(url), init, count));
  };
  return Object.assign(fetch, { requests });
}
