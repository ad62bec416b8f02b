// The server's side of a page without a key. It passes on the two calls if `authorize` allows them, and adds the key. It sends on
// only the run ids of a request, and returns only the parts of an answer that a client reads.
import { InvalidOptionsError, TranslationResultsClient, checkRunIds } from "translation-results";

const SERVICE = "https://client.camb.ai/apis";
const OPTIONS = ["apiKey", "authorize", "baseUrl", "timeoutMs", "maxResponseBytes", "fetch"];
const TIMEOUT_MS = 60_000;
const MAX_BYTES = 64 * 2 ** 20;

/** In bytes. Five run ids take a tenth of it. */
const MAX_REQUEST_BYTES = 2_048;

/** The headers of an answer that a client reads. */
const HEADERS = ["retry-after", "retry-after-ms", "x-request-id", "cf-ray"];

/** A method of the client, see `api.js`: returns a text without the key, or `undefined` if it does not hold the key. */
const masked = Symbol.for("translation-results.masked");

/** Returns an answer of the proxy's own, in the shape of the service's answers. */
const refuse = (status, detail, headers) =>
  Response.json({ detail }, { status, headers: { "cache-control": "no-store", ...headers } });

/** Thrown to end a request with this answer. */
class Refusal {
  constructor(...answer) {
    this.answer = answer;
  }
}

const LATE = new Refusal(504, "The proxy waited too long");
const GONE = new Refusal(499, "The page aborted the request");
const UNREACHABLE = new Refusal(502, "The service could not be reached");
const ELSEWHERE = new Refusal(502, "The service redirected the request, and redirects are not followed");

export function createProxy(options) {
  const settings = checked(options);
  return async (request) => {
    const stop = new AbortController();
    const { signal } = stop;
    const timer = setTimeout(() => stop.abort(LATE), settings.timeoutMs);
    const leave = () => stop.abort(GONE);
    // An adapter's request may have no signal.
    request.signal?.addEventListener("abort", leave);
    if (request.signal?.aborted) leave();
    try {
      signal.throwIfAborted();
      return await within(signal, carryOut(request, signal, settings));
    } catch (error) {
      const refusal = [signal.reason, error].find((reason) => reason instanceof Refusal) ?? UNREACHABLE;
      // Nobody reads the rest of the service's answer.
      stop.abort(refusal);
      return refuse(...refusal.answer);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", leave);
    }
  };
}

function checked(options) {
  const { apiKey, authorize, baseUrl = SERVICE, timeoutMs = TIMEOUT_MS, maxResponseBytes = MAX_BYTES, fetch } = options ?? {};
  const refused = (option, message) => {
    throw new InvalidOptionsError(message, { code: "INVALID_OPTIONS", option });
  };
  for (const name of Object.keys(options ?? {})) {
    if (!OPTIONS.includes(name)) refused(name, `createProxy has no option ${name}: it has ${OPTIONS.join(", ")}`);
  }
  if (typeof apiKey !== "string") refused("apiKey", "createProxy needs the apiKey that it adds");
  if (typeof authorize !== "function" && authorize !== "everybody") {
    refused("authorize", 'authorize must be a function of the request, or "everybody" for a proxy that is open to all');
  }
  // The client checks these.
  const client = new TranslationResultsClient({ apiKey, baseUrl, timeoutMs, maxResponseBytes, fetch });
  const base = new URL(baseUrl).href.replace(/\/+$/, "");
  const send = fetch ?? ((...call) => globalThis.fetch(...call));
  return { apiKey, authorize, base, client, timeoutMs, maxResponseBytes, fetch: send };
}

/** Rejects when the signal aborts, even if the work itself ignores the signal: `authorize`, a slow body, the user's `fetch`. */
function within(signal, work) {
  return Promise.race([
    work,
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
  ]);
}

async function carryOut(request, signal, settings) {
  const denied = await askToAuthorize(request, settings.authorize);
  if (denied) return denied;
  const call = await callOf(request, signal);
  const { fetch } = settings;
  const answer = await fetch(settings.base + call.path, {
    method: call.method,
    headers: { "x-api-key": settings.apiKey, ...(call.body && { "content-type": "application/json" }) },
    body: call.body,
    // A followed redirect would carry the key along.
    redirect: "manual",
    signal,
  });
  // The user's `fetch` may have followed the redirect.
  const isRedirect = answer.redirected || answer.type === "opaqueredirect" || (answer.status >= 300 && answer.status < 400);
  if (isRedirect) throw ELSEWHERE;
  return passedOn(answer, signal, settings);
}

async function askToAuthorize(request, authorize) {
  if (authorize === "everybody") return undefined;
  let verdict;
  try {
    // A copy, as `authorize` may read the body.
    verdict = await authorize(request.clone());
  } catch {
    throw new Refusal(500, "The proxy's authorize function failed");
  }
  if (verdict === true) return undefined;
  return verdict instanceof Response ? verdict : refuse(401, "Not authorized");
}

/** Returns the call to the service, built from the run ids of a request. */
async function callOf(request, signal) {
  const { pathname } = new URL(request.url);
  // Frameworks can add a slash to every path.
  const [, name, id] = /\/(translation-results|translation-result\/([^/]*))\/?$/.exec(pathname) ?? [];
  if (name === undefined) throw new Refusal(404, "Not found: the paths are translation-results and translation-result/{run_id}");
  const method = id === undefined ? "POST" : "GET";
  if (request.method !== method) throw new Refusal(405, `${method} is the only method here`, { allow: method });
  if (id !== undefined) return { method, path: `/translation-result/${oneId(id)}` };

  // A form on another site cannot send this type.
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get("content-type") ?? "")) {
    throw new Refusal(415, "The body must be application/json");
  }
  const body = await bytesOf(request, signal, MAX_REQUEST_BYTES, 413, "The body is too large");
  const runIds = idsIn(new TextDecoder().decode(body));
  return { method, path: "/translation-results", body: JSON.stringify({ run_ids: runIds }) };
}

const invalid = (loc, message) => new Refusal(422, [{ loc, msg: message, type: "value_error" }]);

function oneId(text) {
  const id = Number(text);
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(id)) return id;
  throw invalid(["path", "run_id"], `run_id must be an integer from 1 to ${Number.MAX_SAFE_INTEGER}`);
}

function idsIn(text) {
  let runIds;
  try {
    runIds = JSON.parse(text)?.run_ids;
  } catch {
    throw invalid(["body"], "The body is not JSON");
  }
  const problems = checkRunIds(runIds);
  if (problems.length === 0) return runIds;
  throw new Refusal(422, problems.map(({ problem, index }) => (
    { loc: ["body", "run_ids", ...(index === undefined ? [] : [index])], msg: problem, type: "value_error" }
  )));
}

/** Reads a body of at most `most` bytes. Stops reading a longer body, and throws the refusal. */
async function bytesOf(message, signal, most, ...refusal) {
  const parts = [];
  let length = 0;
  for await (const part of partsOf(message, signal)) {
    length += part.byteLength;
    if (length > most) throw new Refusal(...refusal);
    parts.push(part);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Yields the parts of a body: a web stream, which not every platform can iterate, a Node stream, or the text of a test double. */
async function* partsOf(message, signal) {
  const { body } = message;
  if (body === null) return;
  if (!body?.getReader) {
    if (body?.[Symbol.asyncIterator]) yield* body;
    else yield new TextEncoder().encode(await message.text());
    return;
  }
  const reader = body.getReader();
  // Does nothing if the body was read to its end.
  const cancel = () => reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}

async function passedOn(answer, signal, { client, maxResponseBytes }) {
  const { status } = answer;
  const bytes = await bytesOf(answer, signal, maxResponseBytes, 502, "The service's answer is too large");
  const body = checkedBody(bytes, client) ?? replacement(status);
  const headers = new Headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
  if (bytes.length > 0) headers.set("content-type", "application/json");
  for (const name of HEADERS) {
    const value = answer.headers.get(name);
    if (value !== null && client[masked](value) === undefined) headers.set(name, value);
  }
  return new Response([204, 205].includes(status) ? null : body, { status, headers });
}

/** Returns a body that is empty or JSON, with the key masked. Returns `undefined` for anything else, such as HTML. */
function checkedBody(bytes, client) {
  const text = new TextDecoder().decode(bytes);
  if (bytes.length > 0 && !isJson(text)) return undefined;
  const safe = client[masked](text);
  if (safe === undefined) return bytes;
  // If the key is outside a string, masking it breaks the JSON.
  return isJson(safe) ? safe : undefined;
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Returns a substitute for a body that a page must not get. To the client it is as invalid as the original. */
function replacement(status) {
  const detail = "The service's answer was not JSON";
  return JSON.stringify(status < 300 ? detail : { detail });
}
