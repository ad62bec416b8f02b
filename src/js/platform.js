// What Rust asks of JavaScript and no binding answers, or not in one crossing. Nothing here decides.

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** The own member of an object; undefined where there is none, which JSON never holds. */
export const own = (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined);

/** The index of a list's first element that is no string; -1 if there is none, -2 if this is no list. */
export const firstOther = (value) =>
  Array.isArray(value) ? value.findIndex((element) => typeof element !== "string") : -2;

/** "null", "array", or what typeof says. */
export const typeOf = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

/** The elements of an iterable, NaN for each that is no number; undefined where this is not iterable. */
export const numbers = (value) =>
  typeof value?.[Symbol.iterator] === "function"
    ? Float64Array.from(value, (element) => (typeof element === "number" ? element : NaN))
    : undefined;

/** Own enumerable members as [key, value, key, value, …]; undefined where this is no plain record. */
export const members = (value) =>
  Object.prototype.toString.call(value) === "[object Object]" ? Object.entries(value).flat(1) : undefined;

/** A URL as the platform writes it, a relative one resolved against the page. Throws where it cannot be. */
export const resolveUrl = (url) => new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href).href;

/** Whether everybody who runs this can read it: a page or a browser's worker, and not a server that looks like one. */
export function inBrowser() {
  const { Bun, Deno, WorkerGlobalScope, document, navigator, process } = globalThis;
  const onServer = Bun || Deno || process?.versions?.node || navigator?.userAgent === "Cloudflare-Workers";
  return !onServer && (document !== undefined || WorkerGlobalScope !== undefined);
}

/** What a refusal's body says, without the key: parsed where it is JSON, else the first 2,000 characters of its text. */
export function refusalBody(text, key, mask) {
  const without = (text, key) => (key ? text.replaceAll(key, mask) : text);
  const escaped = key && JSON.stringify(key).slice(1, -1);
  try {
    // Written anew before it is masked: JSON has many ways to escape one and the same key.
    return JSON.parse(without(JSON.stringify(JSON.parse(text)), escaped));
  } catch {
    return without(without(text, key), escaped).slice(0, 2000);
  }
}

/** The field errors of a 422, those of the documented shape. */
export const fieldErrors = (body) =>
  Array.isArray(body?.detail)
    ? body.detail.filter(
        (error) => Array.isArray(error?.loc) && typeof error.msg === "string" && typeof error.type === "string",
      )
    : [];

/** Takes away what was not asked for or is not well-formed: what is left is as the engine's parser made it. */
export function keepOnly(runs, ids) {
  const keys = Object.keys(runs);
  if (keys.length > ids.length) {
    const kept = new Set(Array.from(ids, String));
    for (const key of keys) if (!kept.has(key)) delete runs[key];
  }
  return runs;
}
