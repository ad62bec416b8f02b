// What Rust asks of JavaScript and no binding answers, or not in one crossing. Nothing here decides.

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const TYPES = ["object", "string", "number", "boolean"];

/** What Rust could call without glue; see `platform.rs`. */
export class Direct {
  /** The own member of an object; undefined where there is none, which JSON never holds. */
  static own(value, key) {
    return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }

  /** The index of a list's first element that is no string; -1 if there is none, -2 if this is no list. */
  static firstOther(value) {
    return Array.isArray(value) ? value.findIndex((element) => typeof element !== "string") : -2;
  }

  /** 0 for null, 1 for a list, 2 to 5 for what JSON holds else, as listed above. */
  static typeOf(value) {
    return value === null ? 0 : Array.isArray(value) ? 1 : 2 + TYPES.indexOf(typeof value);
  }

  /** A record of both, the second over the first; without a prototype, so that no name is special. */
  static merged(record, over) {
    return Object.assign(Object.create(null), record, over);
  }

  /** What is a number; NaN for everything else. */
  static numberOf(value) {
    return typeof value === "number" ? value : NaN;
  }

  /** The number at a place of a list, which is known to be one. */
  static numberAt(list, index) {
    return list[index];
  }

  /** The code of a text's first character that is no space, NaN where there is none. */
  static firstCode(text) {
    return text.trimStart().charCodeAt(0);
  }

  /** Whether everybody who runs this can read it: a page or a browser's worker, and not a server that looks like one. */
  static inBrowser() {
    const { Bun, Deno, WorkerGlobalScope, document, navigator, process } = globalThis;
    const onServer = Bun || Deno || process?.versions?.node || navigator?.userAgent === "Cloudflare-Workers";
    return !onServer && (document !== undefined || WorkerGlobalScope !== undefined);
  }

  /** Calls a listener. What it throws, and what it rejects with if it is asynchronous, is its own affair. */
  static tell(listener, event) {
    try {
      listener(event)?.catch?.(() => {});
    } catch {}
  }

  /** The field errors of a 422, those of the documented shape. */
  static fieldErrors(body) {
    return Array.isArray(body?.detail)
      ? body.detail.filter(
          (error) => Array.isArray(error?.loc) && typeof error.msg === "string" && typeof error.type === "string",
        )
      : [];
  }
}

/**
 * The elements of an iterable, or of an array only, NaN for each that is no number; undefined where this is none.
 */
export function numbers(value, arraysOnly) {
  const isOne = arraysOnly ? Array.isArray(value) : typeof value?.[Symbol.iterator] === "function";
  // Ten times as fast as `from` of a typed array.
  return isOne ? [...value].map(Direct.numberOf) : undefined;
}

/** Own enumerable members as [key, value, key, value, …]; undefined where this is no plain record. */
export const members = (value) =>
  Object.prototype.toString.call(value) === "[object Object]" ? Object.entries(value).flat(1) : undefined;

/**
 * A string or a `URL` as the platform writes it, a relative one resolved against the page; "" where it is no URL, and
 * undefined where it is neither.
 */
export function hrefOf(value) {
  const url = typeof value === "object" && value !== null ? value.href : value;
  if (typeof url !== "string") return undefined;
  try {
    return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href).href;
  } catch {
    return "";
  }
}

/** By its members and not by class, so that a signal of another frame or of a test's own realm is one too. */
export const isSignal = (value) =>
  typeof value === "object" &&
  value !== null &&
  typeof value.aborted === "boolean" &&
  typeof value.addEventListener === "function";

/** As a plain array. */
export const list = (numbers) => [...numbers];

/** A text without what it may have of the beginning of the key at its end. */
function withoutTail(text, key) {
  let length = key.length;
  while (!text.endsWith(key.slice(0, length))) length -= 1;
  return text.slice(0, text.length - length);
}

/**
 * What a refusal's body says, without the key: parsed where it is JSON, else the first 2,000 characters of its text. A
 * body that breaks off may do so amid the key.
 */
export function refusalBody(text, whole, key, mask) {
  const forms = key ? [key, JSON.stringify(key).slice(1, -1)] : [];
  const masked = (text) => forms.reduce((text, form) => text.replaceAll(form, mask), text);
  try {
    // Written anew before it is masked: JSON has many ways to escape one and the same key.
    return JSON.parse(masked(JSON.stringify(JSON.parse(text))));
  } catch {
    const without = whole ? masked(text) : forms.reduce(withoutTail, masked(text));
    return without.slice(0, 2000);
  }
}

/** The positions that field errors name among the run ids: `["body", "run_ids", 1]` names the second. */
export const namedRuns = (detail) =>
  (detail ?? [])
    .filter(({ loc: [part, field, index] }) => part === "body" && field === "run_ids" && Number.isInteger(index))
    .map(({ loc }) => loc[2]);

/**
 * Takes away what was not asked for or is not well-formed: what is left is as the engine's parser made it. A run that
 * came alone gets its key.
 */
export function keepOnly(runs, ids, alone) {
  if (alone) return ids.length ? { [ids[0]]: runs } : {};
  const keys = Object.keys(runs);
  if (keys.length > ids.length) {
    const kept = new Set(Array.from(ids, String));
    for (const key of keys) if (!kept.has(key)) delete runs[key];
  }
  return runs;
}

/** What `onEvent` is told: the name of an event, and those of its own fields. */
const EVENTS = [
  ["request"],
  ["response", "status", "durationMs", "requestId"],
  ["retry", "delayMs", "code"],
];

/** Where a batch is asked for, or one run, which has an address of its own. */
export const urlOf = (base, runIds) =>
  runIds.length === 1 ? `${base}/translation-result/${runIds[0]}` : `${base}/translation-results`;

/** What the calls of a client have in common. */
export class Connection {
  #shownUrl;

  /** `shownUrl` is the base URL as events show it. */
  constructor(url, shownUrl, fetch, mostBytes, onEvent) {
    this.#shownUrl = shownUrl;
    Object.assign(this, { url, fetch, mostBytes, onEvent });
  }

  /** Tells of something that happened to a request. */
  tell(event, runIds, attempt, ...values) {
    const [type, ...names] = EVENTS[event];
    const told = { type, runIds: [...runIds], attempt };
    if (!names.length) told.url = urlOf(this.#shownUrl, runIds);
    names.forEach((name, index) => {
      if (values[index] !== undefined) told[name] = values[index];
    });
    Direct.tell(this.onEvent, told);
  }

  /** Tells how many requests may be in flight from now on. */
  tellLimit(limit) {
    if (this.onEvent) Direct.tell(this.onEvent, { type: "concurrency", limit });
  }
}
