/** A key, and the refusals in which a service may echo it. */
import assert from "node:assert/strict";
import { answer, json } from "../../servers/faulty.mjs";

/** Has every character with a meaning in JSON, a URL, HTML, a regular expression or a replacement pattern. */
export const KEY = 'k-7f3"\\/$&$1.*+?^(){}[]|<>%41~';

/** Spells each character of the key in one of these ways, in turn. */
const spelled = (...ways) => [...KEY].map((character, index) => ways[index % ways.length](character, code(character))).join("");
const code = (character) => character.charCodeAt(0).toString(16);

const plain = (character) => character;
const percent = (_, code) => `%${code}`;
const percentInCapitals = (_, code) => `%${code.toUpperCase()}`;
const unicode = (_, code) => `\\u00${code}`;
const entity = (_, code) => `&#x${code};`;

const inJson = JSON.stringify(KEY).slice(1, -1);
/** PHP escapes slashes in JSON. */
const inJsonWithSlashes = inJson.replaceAll("/", "\\/");
const inUrl = encodeURIComponent(KEY);
const inForm = new URLSearchParams({ key: KEY }).toString();
const inHtml = KEY.replace(/[&<>"'`=/]/g, (character) => entity(character, code(character)));

const error = (text) => json({ error: `bad ${text}!` }, { status: 400 });
const rawJson = (text) => answer({ status: 400, headers: { "content-type": "application/json" }, body: text });
const utf16 = Buffer.from(`\ufeff${JSON.stringify({ error: `bad ${KEY}!` })}`, "utf16le");
const text = (type, body) => answer({ status: 401, headers: { "content-type": type }, body });

/** Behaviours of a server that echoes the key, by its place and spelling. */
export const echoes = {
  "a JSON value": json({ error: `Invalid API key: ${KEY}`, status: 401 }, { status: 401 }),
  "a JSON value that is the key": json(KEY, { status: 401 }),
  "a JSON value written in escapes": rawJson(`{"error":"bad ${spelled(unicode)}!"}`),
  "a JSON value with some escapes": rawJson(`{"error":"bad ${spelled(unicode, (character) => JSON.stringify(character).slice(1, -1))}"}`),
  "a JSON value with escaped slashes": rawJson(`{"error":"bad ${inJsonWithSlashes}"}`),
  "a JSON value that a later one replaces": rawJson(`{"error":"bad ${inJson}","error":"bad"}`),
  "nested values": json({ a: [{ b: [`<${KEY}>`, KEY] }, KEY + KEY] }, { status: 400 }),
  "the name of a property": json({ headers: { [KEY]: 1 } }, { status: 400 }),
  "the name of a property in escapes": rawJson(`{"headers":{"${spelled(unicode)}":1}}`),
  "the name of a property, percent-encoded": json({ [inUrl]: 1 }, { status: 400 }),
  "field errors": json(
    { detail: [{ loc: ["header", KEY], msg: `Bad key ${inUrl}`, type: KEY, input: KEY }] },
    { status: 422 },
  ),
  "a URL": error(`https://example.com/?key=${inUrl}&page=1`),
  "a form": error(inForm),
  "percent-encoding of every character": error(spelled(percent)),
  "percent-encoding of some characters": error(spelled(plain, percent, percentInCapitals)),
  "percent-encoding with escaped percent signs": rawJson(`{"error":"${spelled(percent).replaceAll("%", "\\u0025")}"}`),
  "percent-encoding twice": error(encodeURIComponent(spelled(percent, plain))),
  "JSON in JSON": error(JSON.stringify({ key: KEY })),
  "JSON in JSON, in escapes": error(spelled(unicode)),
  "a URL in JSON in JSON": error(JSON.stringify({ url: `/?key=${inUrl}` })),
  "a text": text("text/plain", `Invalid API key ${KEY}, and again: ${KEY}`),
  "a text that is a URL": text("text/plain", `https://example.com/?key=${inUrl}`),
  "HTML": text("text/html", `<p>${KEY}</p>`),
  "HTML that is escaped": text("text/html", `<p>${inHtml}</p>`),
  "HTML in JSON": error(`<p>${spelled(entity, plain)}</p>`),
  "broken JSON, escaped": rawJson(`{"error":"bad ${inJson}"`),
  "broken JSON, in escapes": rawJson(`{"error":"bad ${spelled(unicode, percent)}`),
  "UTF-16": text("application/json; charset=utf-16", utf16),
  "UTF-16, the other way round": text("application/json", Buffer.from(utf16).swap16()),
  "UTF-16 without a mark": text("application/json; charset=utf-16le", utf16.subarray(2)),
  "a header for the request id": json({}, { status: 500, headers: { "x-request-id": `id-${KEY}` } }),
  "a header for the request id, encoded": json({}, { status: 500, headers: { "x-request-id": `id-${spelled(plain, percent)}` } }),
  "another header for the request id": json({}, { status: 500, headers: { "cf-ray": inUrl } }),
  "a header for the wait": json({}, { status: 429, headers: { "retry-after": KEY, "retry-after-ms": inUrl } }),
};

/** Undoes every escape, again and again until none is left. */
function withoutEscapes(text) {
  const character = (code, radix) => String.fromCodePoint(Math.min(parseInt(code, radix), 0x10ffff));
  const decoded = text
    .replaceAll("\0", "")
    .replace(/%([0-9a-f]{2})/gi, (_, code) => character(code, 16))
    .replace(/\\u([0-9a-f]{4})/gi, (_, code) => character(code, 16))
    .replace(/\\x([0-9a-f]{2})/gi, (_, code) => character(code, 16))
    .replace(/&#x([0-9a-f]+);?/gi, (_, code) => character(code, 16))
    .replace(/&#(\d+);?/g, (_, code) => character(code, 10))
    .replace(/\\([^a-z0-9])/gi, "$1");
  return decoded === text ? text : withoutEscapes(decoded);
}

/** Fails if a text shows a key in any spelling. */
export function assertHides(text, key = KEY) {
  assert.equal(withoutEscapes(text).includes(withoutEscapes(key)), false, `shows the key: ${text.slice(0, 300)}`);
}
