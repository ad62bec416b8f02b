// Facts of the caller's values and of the platform, and numbers to tell things apart by. Nothing here decides.
import { problemOf, typeOf } from "../../pkg-template/errors.js";

// For Rust, see `rust.rs`.
export { clientOptions, read } from "./options.js";

/** As Rust counts the problems of run ids. */
const NOT_AN_ARRAY = 1;

export const isObject = (value) => typeOf(value) === 3;

/** What is a number; NaN for everything else. */
export const numberOf = (value) => (typeof value === "number" ? value : NaN);

/** The elements of an iterable, or of an array only, NaN for each that is no number; undefined where this is none. */
export function numbers(value, arraysOnly) {
  const isOne = arraysOnly ? Array.isArray(value) : typeof value?.[Symbol.iterator] === "function";
  return isOne ? [...value].map(numberOf) : undefined;
}

/**
 * The distinct ones of what are to be run ids, undefined for no list at all, and every problem of the list: first its own,
 * then by index. Two functions of Rust's judge, of a batch, how many there are, and of an element, whether it may be one.
 */
export function checked(numbers, isBatch, ofBatch, ofElement) {
  const firsts = new Map();
  const problems = [];
  const add = (kind, ...facts) => kind && problems.push(problemOf(kind, ...facts));
  if (!numbers) add(NOT_AN_ARRAY);
  else if (isBatch) add(ofBatch(numbers.length), numbers.length);
  numbers?.forEach((number, index) => {
    if (!firsts.has(number)) firsts.set(number, index);
    const first = firsts.get(number);
    add(ofElement(number, isBatch && first < index), index, first);
  });
  return { runIds: [...firsts.keys()], problems };
}

/** What a list has at some of its places, one bit each. */
export const at = (list, places) => list.filter((_, place) => (places >> place) & 1);

/** Numbers by which JavaScript and Rust know one another's part of something. One that is given back is given again. */
export class Numbers {
  #free = [];
  #next = 0;

  take() {
    return this.#free.pop() ?? this.#next++;
  }

  giveBack(number) {
    this.#free.push(number);
  }
}

/** A record with more members, their names in small letters; without a prototype, so that no name is special. */
export function merged(record, members = []) {
  const merged = Object.assign(Object.create(null), record);
  for (const [name, value] of members) merged[name.toLowerCase()] = value;
  return merged;
}

/** Whether everybody who runs this can read it: a page or a browser's worker, and not a server that looks like one. */
export function inBrowser() {
  const { Bun, Deno, WorkerGlobalScope, document, navigator, process } = globalThis;
  const onServer = Bun || Deno || process?.versions?.node || navigator?.userAgent === "Cloudflare-Workers";
  return !onServer && (document !== undefined || WorkerGlobalScope !== undefined);
}

/** Calls a listener. What it throws, and what it rejects with if it is asynchronous, is its own affair. */
export function tell(listener, event) {
  try {
    listener(event)?.catch?.(() => {});
  } catch {}
}

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
