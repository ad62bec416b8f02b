// What Rust asks of JavaScript: facts of the caller's values and of the platform. Nothing here decides.
import { OPTIONS, typeOf } from "../../pkg-template/errors.js";

export const isObject = (value) => typeOf(value) === 3;

/** One class, as what a module exports beside would be imported from elsewhere than what needs glue. */
export class Direct {
  /** Has Rust take what there is for a task; the entry sets it to what Rust exports. */
  static wake;

  /** What calls have under way: see `Wire` of `wire.js`. */
  static live = new Set();

  /**
   * The numbers of what the elements of a list are, three bits each, the first one's the lowest. What has none is no option's
   * type either, as null.
   */
  static typesOf(list) {
    return list.reduceRight((types, value) => types * 8 + Math.abs(typeOf(value)), 0);
  }

  /** Whether the text at a place of a list is as a pattern of Rust's has it. */
  static matchesAt(list, index, pattern) {
    return new RegExp(pattern).test(list[index]);
  }

  /** What is a number; NaN for everything else. */
  static numberOf(value) {
    return typeof value === "number" ? value : NaN;
  }

  /** The number at a place of a list; NaN where there is none. */
  static numberAt(list, index) {
    return Direct.numberOf(list[index]);
  }

  /** The elements of an iterable, or of an array only, NaN for each that is no number; undefined where this is none. */
  static numbers(value, arraysOnly) {
    const isOne = arraysOnly ? Array.isArray(value) : typeof value?.[Symbol.iterator] === "function";
    return isOne ? [...value].map(Direct.numberOf) : undefined;
  }

  /** A record of the members in a list of names and values, over another record; without a prototype, so that no name is special. */
  static merged(record, members = []) {
    const merged = Object.assign(Object.create(null), record);
    for (let index = 0; index < members.length; index += 2) merged[members[index].toLowerCase()] = members[index + 1];
    return merged;
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
}

/** Own enumerable members as [key, value, key, value, …], each read once; undefined where this is no plain record. */
const members = (value) =>
  Object.prototype.toString.call(value) === "[object Object]" ? Object.entries(value).flat(1) : undefined;

/** The members of a record of texts. */
const textsOf = (value) => {
  const list = members(value);
  return list?.every((text) => typeof text === "string") ? list : undefined;
};

/**
 * A string or a `URL` as the platform writes it, without a slash at its end, a relative one resolved against the page; ""
 * where it is no URL, and undefined where it is neither.
 */
function hrefOf(value) {
  const url = isObject(value) ? value.href : value;
  if (typeof url !== "string") return undefined;
  try {
    return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href).href.replace(/\/+$/, "");
  } catch {
    return "";
  }
}

/** By its members and not by class, so that a signal of another frame or of a test's own realm is one too. */
const signalOf = (value) =>
  isObject(value) && typeof value.aborted === "boolean" && typeof value.addEventListener === "function" ? value : undefined;

/** What is read of an option beside its value: null where there is nothing of the kind. */
const READERS = { baseUrl: hrefOf, headers: textsOf, signal: signalOf };

/**
 * The options from the first to the last of these names: their values in this order, each read once; after them the name
 * of one that is not among these, and true where this is no plain record. Throws what a getter throws. None where there
 * are no options at all.
 */
function given(options, first, last) {
  if (options === undefined) return undefined;
  // Filled, as what a page has put on every object shows through holes.
  const given = Array(OPTIONS.length + 2).fill();
  const list = members(options);
  if (!list) given[OPTIONS.length + 1] = true;
  for (let at = 0; at < list?.length; at += 2) {
    const [name, value] = [list[at], list[at + 1]];
    const index = OPTIONS.indexOf(name);
    if (value === undefined) continue;
    if (index < first || index > last) given[OPTIONS.length] ??= name;
    else given[index] = Object.hasOwn(READERS, name) ? (READERS[name](value) ?? null) : value;
  }
  return given;
}

Direct.given = given;

/** Digits with or without a fraction, times a power of ten, rounded up; NaN for anything else. */
export const decimal = (text, power) => (/^\d+(\.\d+)?$/.test(text) ? Math.ceil(Number(text + power)) : NaN);

/**
 * The ms from 1970 to an HTTP date in any of its three forms (RFC 9110 section 5.6.7), NaN for anything else. Strictly:
 * the platform must write what it has read just so.
 */
export function httpDate(text = "") {
  const fixed = text
    .replace(/^(Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day, (..)-(...)-(..) (.* GMT)$/, (_, day, date, month, year, time) =>
      `${day.slice(0, 3)}, ${date} ${month} ${year < 70 ? 20 : 19}${year} ${time}`)
    .replace(/^(...) (...) ( \d|\d\d) (.*) (....)$/, (_, day, month, date, time, year) =>
      `${day}, ${date.replace(" ", 0)} ${month} ${year} ${time} GMT`);
  const date = new Date(fixed);
  return date >= 0 && date.toUTCString() === fixed ? +date : NaN;
}

let decoder;

/** Pieces as one text. Drops a BOM and mends what is no UTF-8, as `Response.json` does. */
export function decoded(pieces, length) {
  let bytes = pieces[0];
  if (pieces.length !== 1) {
    bytes = new Uint8Array(length);
    let offset = 0;
    for (const { buffer, byteOffset, byteLength } of pieces) {
      bytes.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
      offset += byteLength;
    }
  }
  decoder ??= new TextDecoder();
  return decoder.decode(bytes);
}

/** What stands where the API key stood. No part of it is ASCII and all of a key is, so it can neither hold one nor make one. */
const MASK = "•••";

/** A text without what it may have of the beginning of the key at its end. */
function withoutTail(text, key) {
  let length = key.length;
  while (!text.endsWith(key.slice(0, length))) length -= 1;
  return text.slice(0, text.length - length);
}

/** What the requests of a client have in common. Told listeners get events; see `ClientEvent`. */
export class Connection {
  #key;
  #onEvent;
  /** Calls that wait for what the service makes of others'. */
  #waiting = new Set();

  /** Takes what was given of the client's options, in the order of their names. */
  constructor([key, url, , fetch, onEvent, , headers], mostBytes) {
    this.#key = key;
    this.#onEvent = onEvent;
    this.url = url;
    this.fetch = fetch;
    this.mostBytes = mostBytes;
    this.listens = onEvent !== undefined;
    this.headers = { ...Direct.merged(key && { "x-api-key": key }, headers) };
  }

  /** A text without the key. */
  mask(text) {
    return this.#key ? text.replaceAll(this.#key, MASK) : text;
  }

  /**
   * What a refusal's body says, without the key: parsed where it is JSON, else the first 2,000 characters of its text. A
   * body that breaks off may do so amid the key. Of a redirect none is read.
   */
  refusalBody(text, whole) {
    if (text === undefined) return undefined;
    const key = this.#key;
    const forms = key ? [key, JSON.stringify(key).slice(1, -1)] : [];
    const masked = (text) => forms.reduce((text, form) => text.replaceAll(form, MASK), text);
    let json;
    try {
      // Written anew before it is masked: JSON has many ways to escape one and the same key.
      json = JSON.stringify(JSON.parse(text));
      return JSON.parse(masked(json));
    } catch {
      // A key can be a part of JSON that is no text: then it is told as a text.
      const without = whole || json ? masked(json ?? text) : forms.reduce(withoutTail, masked(text));
      return without.slice(0, 2000);
    }
  }

  /** Where a batch is asked for, or one run, which has an address of its own. */
  urlOf(runIds) {
    return runIds.length === 1 ? `${this.url}/translation-result/${runIds[0]}` : `${this.url}/translation-results`;
  }

  /** Tells of the event that a function makes, where there is somebody to tell. */
  tell(event) {
    if (this.#onEvent) Direct.tell(this.#onEvent, event());
  }

  tellRequest(runIds, attempt) {
    this.tell(() => ({ type: "request", runIds: [...runIds], attempt, url: this.mask(this.urlOf(runIds)) }));
  }

  tellRetry({ runIds }, attempt, delayMs, { code }) {
    this.tell(() => ({ type: "retry", runIds: [...runIds], attempt, delayMs, code }));
  }

  tellLimit(limit) {
    this.tell(() => ({ type: "concurrency", limit }));
  }

  /** Has a function called whenever the pace has changed; gives one that ends it. */
  join(stir) {
    this.#waiting.add(stir);
    return () => this.#waiting.delete(stir);
  }

  stir() {
    for (const stir of this.#waiting) stir();
  }
}
