/**
 * Makes the service fail. Each request names its fault in a header, so that two pages on the same sample API do not affect
 * each other.
 */

/** Names one of `FAULTS`. */
export const FAULT_HEADER = "x-sample-fault";
/** The delay of the answer, in ms. */
export const LATENCY_HEADER = "x-sample-latency";

const LONGEST_MS = 10_000;
const DRIP_MS = 250;
const CUT_MS = 100;

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/**
 * Limits requests to `perSecond` each second, after `burst` at once.
 *
 * @param {number} perSecond
 * @param {number} [burst]
 * @returns {() => boolean} Whether the next request may pass.
 */
export function limiter(perSecond, burst = perSecond) {
  let free = burst;
  let at = Date.now();
  return () => {
    const now = Date.now();
    free = Math.min(burst, free + ((now - at) * perSecond) / 1000);
    at = now;
    if (free < 1) return false;
    free -= 1;
    return true;
  };
}

export const refusal = (status, detail, headers) => () => Response.json({ detail }, { status, headers });
const limited = (refuse) => {
  const passes = limiter(5);
  return (answer) => (passes() ? answer() : refuse());
};
const html = () =>
  new Response("<!doctype html><title>Sign in</title><p>Please sign in.</p>", { headers: { "content-type": "text/html" } });

/** Returns the same answer with another body. */
async function altered(answer, alter) {
  const response = await answer();
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return new Response(alter(new Uint8Array(await response.arrayBuffer())), { status: response.status, headers });
}

const half = (bytes) => bytes.subarray(0, Math.ceil(bytes.length / 2));

/** Returns a body whose connection is lost after half of its bytes. */
const cut = (bytes) => new ReadableStream({
  start: (controller) => controller.enqueue(half(bytes)),
  async pull(controller) {
    // Without the wait, a server would not send the first half on its own.
    await sleep(CUT_MS);
    controller.error(new TypeError("The connection was lost"));
  },
});

/** Returns a body that arrives one byte every DRIP_MS. */
function dripping(bytes) {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      if (sent === bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(sent, sent + 1));
      sent += 1;
      await sleep(DRIP_MS);
    },
  });
}

/** Returns an answer with rewritten JSON. */
const rewritten = (rewrite) => (answer) =>
  altered(answer, (bytes) => JSON.stringify(rewrite(JSON.parse(new TextDecoder().decode(bytes)))));

const withoutLast = (body) => Object.fromEntries(Object.entries(body).slice(0, -1));
const withNumber = (body) => Object.fromEntries(Object.entries(body).map(([key, value], index) =>
  [key, index > 0 ? value : Array.isArray(value) ? [...value, 2] : { texts: ["one", 2] }]));

/** Leaves a run out of an answer. A request for one run alone is refused. */
const withoutOne = (answer, { method }) =>
  method === "POST" ? rewritten(withoutLast)(answer) : refusal(404, "Not found")();

/**
 * Returns the faults by name. Each call returns limits with counts of their own.
 *
 * @returns {Record<string, { label: string, group: string, act: (answer: () => Promise<Response>, request: Request) => Response | Promise<Response> }>}
 */
export const createFaults = () => ({
  "limit": { group: "Pace", label: "5 requests a second, then 429", act: limited(refusal(429, "Too many requests")) },
  "limit-told": {
    group: "Pace",
    label: "5 requests a second, then 429 with Retry-After: 1",
    act: limited(refusal(429, "Too many requests", { "retry-after": "1" })),
  },
  "429": { group: "Pace", label: "429 with Retry-After: 120", act: refusal(429, "Try later", { "retry-after": "120" }) },
  "reset": { group: "Connection", label: "reset", act: () => Response.error() },
  "cut": { group: "Connection", label: "lost within the body", act: (answer) => altered(answer, cut) },
  "slow": { group: "Connection", label: "a body that drips in", act: (answer) => altered(answer, dripping) },
  "silent": {
    group: "Connection",
    label: "no answer",
    act: (_, { signal }) => new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(Response.error()));
    }),
  },
  "html": { group: "Answer", label: "a page of HTML", act: html },
  "truncated": { group: "Answer", label: "JSON that ends too soon", act: (answer) => altered(answer, half) },
  "missing": { group: "Answer", label: "a run is missing", act: withoutOne },
  "malformed": { group: "Answer", label: "a text that is a number", act: rewritten(withNumber) },
  "redirect": {
    group: "Answer",
    label: "a redirect",
    act: () => new Response(null, { status: 307, headers: { location: "/apis/elsewhere" } }),
  },
  "400": { group: "Refusal", label: "400 bad request", act: refusal(400, "The runs are of several types") },
  "401": {
    group: "Refusal",
    label: "401 refused key",
    act: () => Response.json({ error: "Invalid API key", status: 401 }, { status: 401 }),
  },
  "402": { group: "Refusal", label: "402 no credit", act: refusal(402, "No credit is left") },
  "403": { group: "Refusal", label: "403 another account's runs", act: refusal(403, "Not allowed") },
  "404": { group: "Refusal", label: "404 not found", act: refusal(404, "Not found") },
  "418": { group: "Refusal", label: "418, which is not documented", act: refusal(418, "I'm a teapot") },
  "422": {
    group: "Refusal",
    label: "422 with field errors",
    act: () => Response.json(
      { detail: [{ loc: ["body", "run_ids", 0], msg: "The run is archived", type: "value_error" }] },
      { status: 422 },
    ),
  },
  "500": { group: "Refusal", label: "500 server error", act: refusal(500, "Internal Server Error") },
  "503": { group: "Refusal", label: "503 out of order", act: refusal(503, "Out of order") },
});

export const FAULTS = createFaults();

/**
 * Answers with the fault and latency that the request's headers name. `Response.error()` stands for a connection that was lost
 * before the answer.
 *
 * @param {Request} request
 * @param {() => Promise<Response>} answer Returns the answer without a fault.
 * @returns {Promise<Response>}
 */
export async function misbehave(request, answer) {
  const latency = Number(request.headers.get(LATENCY_HEADER));
  if (latency > 0) await sleep(Math.min(latency, LONGEST_MS));
  const fault = request.headers.get(FAULT_HEADER);
  return Object.hasOwn(FAULTS, fault) ? FAULTS[fault].act(answer, request) : answer();
}
