// Options in: each is read once, and refused by name where it is not as it must be. In JavaScript, as it is JavaScript's
// types, patterns and URLs that are asked for; Rust gets the numbers among them.
import { invalidOption } from "../../pkg-template/errors.js";
import { inBrowser, isObject } from "./platform.js";

/* Who takes an option: one bit each. */

export const CLIENT = 1;
export const REQUEST = 2;
export const BULK = 4;

const CALL = REQUEST | BULK;
const ALL = CLIENT | CALL;

/**
 * A text that keeps rules: each is a pattern, and what is said of a text that does not match it. The text itself is never
 * repeated: it may be the key.
 */
function kept(option, text, rules) {
  for (const [pattern, must] of rules) if (!pattern.test(text)) throw invalidOption(option, must);
  return text;
}

const isPlain = (value) => Object.prototype.toString.call(value) === "[object Object]";

/** A value as it is if it is of a type; undefined for every other. By type and not by class: a function of another frame is one too. */
const of = (type) => (value) => (typeof value === type ? value : undefined);

/** Fractions are rounded up, where they are taken: times are often worked out from a clock that has them. */
const number = (least, most, whole) => (value) =>
  typeof value === "number" && value >= least && value <= most && !(whole && value % 1) ? Math.ceil(value) : undefined;

const integer = (scopes, least, most) => [
  scopes,
  number(least, most, true),
  `must be an integer from ${least} to ${most}`,
];

const ms = (scopes) => [scopes, number(1, 2147483647), "must be a number of milliseconds from 1 to 2147483647"];

const callback = (scopes) => [scopes, of("function"), "must be a function"];

/** A key as the service's studio hands it out, and all that a header takes unchanged. */
const KEY = [[/^[!-~]+$/, "must be visible ASCII characters without spaces, as the service's studio shows it"]];

/** A base URL as the platform's parser writes it, "" where it cannot. */
const BASE_URL = [
  [/^./, "must be a URL, and may be relative in a page only"],
  [/^https?:\/\/[^/?#@]+(\/[^?#]*)?$/, "must be an http or https URL without user, password, query and fragment"],
];

/**
 * Only hosts that never leave the machine may be plain http (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291
 * section 2.5.3): the parser has turned every spelling of an IPv4 address into four decimal numbers, and no name starts so.
 */
const BASE_URL_WITH_KEY = [
  [
    /^(https:|http:\/\/(127\.[0-9.]+|([^/]*\.)?localhost|\[::1\])(:[0-9]+)?(\/|$))/,
    "must be https where there is an apiKey, which http would send in the clear (loopback hosts may be http)",
  ],
];

/** RFC 9110 section 5.1. */
const HEADER_NAME = [
  [/^[!#-'*+.0-9A-Z^-z|~-]+$/, "must have names of letters, digits and !#$%&'*+-.^_`|~"],
  [/^(?!x-api-key$)/i, "must not have x-api-key, which is set from apiKey"],
  [/^(?!content-type$)/i, "must not have content-type, which is always application/json"],
];

/** RFC 9110 section 5.5. */
const HEADER_VALUE = [[/^[\t -~\xa0-\xff]*$/, "must have values of Latin-1 characters, without controls but tabs"]];

function keyOf(value) {
  return typeof value === "string" ? kept("apiKey", value, KEY) : undefined;
}

/** A string or a `URL` without a slash at its end, a relative one resolved against the page. */
function baseUrlOf(value) {
  const url = isObject(value) ? value.href : value;
  if (typeof url !== "string") return undefined;
  let href = "";
  try {
    href = new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href).href.replace(/\/+$/, "");
  } catch {
    // The first rule says so.
  }
  return kept("baseUrl", href, BASE_URL);
}

/** The members of a record of texts. */
function headersOf(value) {
  const headers = isPlain(value) ? Object.entries(value) : undefined;
  if (!headers?.every(([, text]) => typeof text === "string")) return undefined;
  for (const [name, text] of headers) {
    kept("headers", name, HEADER_NAME);
    kept("headers", text, HEADER_VALUE);
  }
  return headers;
}

/** By its members and not by class, so that a signal of another frame or of a test's own realm is one too. */
const signalOf = (value) =>
  isObject(value) && typeof value.aborted === "boolean" && typeof value.addEventListener === "function" ? value : undefined;

/** Every option: who takes it, what is made of a value that is as it must be, undefined of any other, and what it must be. */
const OPTIONS = {
  apiKey: [CLIENT, keyOf, "must be a string"],
  baseUrl: [CLIENT, baseUrlOf, "must be a string or a URL"],
  dangerouslyAllowBrowser: [CLIENT, of("boolean"), "must be a boolean"],
  fetch: callback(CLIENT),
  onEvent: callback(CLIENT),
  maxResponseBytes: integer(CLIENT, 1, 9007199254740991),
  headers: [ALL, headersOf, "must be a plain object of strings"],
  timeoutMs: ms(ALL),
  maxRetries: integer(ALL, 0, 20),
  signal: [CALL, signalOf, "must be an AbortSignal"],
  deadlineMs: ms(CALL),
  concurrency: integer(BULK, 1, 64),
  onItem: callback(BULK),
  onProgress: callback(BULK),
};

/** The options of one who takes them, beside those that are there already. Throws what a getter throws. */
export function read(options, scope, others) {
  if (options === undefined) return others;
  if (!isPlain(options)) throw invalidOption("options", "must be a plain object");
  // Without a prototype, as what a page has put on every object is no option.
  const all = { __proto__: null, ...others };
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const [scopes, take, must] = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : [];
    if (!(scopes & scope)) throw invalidOption(name, "is not an option");
    all[name] = take(value);
    if (all[name] === undefined) throw invalidOption(name, must);
  }
  return all;
}

/** The options of a client, and those of its calls where these have none of their own. */
export function clientOptions(options) {
  const all = read(options, CLIENT, {
    __proto__: null,
    baseUrl: "https://client.camb.ai/apis",
    maxResponseBytes: 67108864,
    timeoutMs: 60000,
    maxRetries: 3,
    deadlineMs: Infinity,
    concurrency: 6,
  });
  if (all.apiKey !== undefined) {
    if (!all.dangerouslyAllowBrowser && inBrowser()) {
      throw invalidOption(
        "apiKey",
        "must not be in a page, where every visitor can read it: send requests through a proxy that adds it, or set " +
          "dangerouslyAllowBrowser if each visitor brings a key of their own",
      );
    }
    kept("baseUrl", all.baseUrl, BASE_URL_WITH_KEY);
  }
  return all;
}
