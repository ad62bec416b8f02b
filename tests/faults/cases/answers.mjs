/** Bodies: deviations that are accepted, and deviations that are refused. */
import { GOOD, RESULTS, fault } from "./fault.mjs";

const rule = "1. An answer is read leniently where nothing is at stake and strictly where something is";
const body = (name, text, expect, more = {}) =>
  fault({ family: "body", rule, name, server: [{ body: text, ...more }], expect });

const INVALID = { code: "INVALID_RESPONSE", requests: 1 };
const MISSING = { code: "MISSING_RESULT", requests: 1 };
const WELL = { results: RESULTS, requests: 1 };
const bytes = (text) => new TextEncoder().encode(text);
const two = (first) => `{"1":${first},"2":{"texts":["two"]}}`;
const withText = (json) => two(`{"texts":[${json}]}`);
const texts = (text) => ({ 1: { texts: [text] }, 2: { texts: ["two"] } });

const rejected = [
  ["nothing", ""],
  ["spaces", " \n "],
  ["a page of HTML", "<!doctype html><title>Sign in</title>", { headers: { "content-type": "text/html" } }],
  ["JSON that ends too soon", GOOD.slice(0, 30)],
  ["JSON and more", `${GOOD}x`],
  ["a NUL byte", two(`{"texts":["a\u0000b"]}`)],
  ["100,000 brackets", "[".repeat(100_000)],
  ["null", "null"],
  ["true", "true"],
  ["a number", "12"],
  ["a string", '"texts"'],
  ["a list", "[]"],
  ["a run that is a list", two('["one"]')],
  ["a run that is a string", two('"one"')],
  ["a run without texts", two('{"text":["one"]}')],
  ["texts that are null", two('{"texts":null}')],
  ["texts that are a string", two('{"texts":"one"}')],
  ["texts that are an object", two('{"texts":{"0":"one","length":1}}')],
  ["a text that is a number", withText("1")],
  ["a text that is null", withText('"one",null')],
  ["a text that is a list", withText('["one"]')],
  ["texts that only a prototype has", two('{"__proto__":{"texts":["one"]}}')],
].map(([name, text, more]) => body(name, text, INVALID, more));

const absent = [
  ["an empty object", "{}"],
  ["a run that is null", two("null")],
  ["one of two runs", '{"1":{"texts":["one"]}}'],
  ["runs that only a prototype has", `{"__proto__":${GOOD}}`],
  ["keys that are numbers in another form", '{"01":{"texts":["one"]},"2.0":{"texts":["two"]}}'],
  ["runs in a list", '{"runs":[{"id":1,"texts":["one"]}]}'],
].map(([name, text]) => body(name, text, MISSING));

const accepted = [
  ["a byte order mark", `\ufeff${GOOD}`],
  ["spaces around", `\r\n\t ${GOOD} \n`],
  ["runs under results", `{"results":${GOOD}}`],
  ["runs that nobody asked for", `${GOOD.slice(0, -1)},"3":{"texts":["three"]}}`],
  ["an integer key beyond all", `${GOOD.slice(0, -1)},"99999999999999999999999":{"texts":[]}}`],
  ["members with names of the language's own", `${GOOD.slice(0, -1)},"constructor":{"prototype":{"x":1}},"__proto__":{"y":1}}`],
  ["a member that is 500 lists deep", `${GOOD.slice(0, -1)},"x":${"[".repeat(500)}${"]".repeat(500)}}`],
].map(([name, text]) => body(name, text, WELL));

const asTheyAre = [
  ["a lone half of a surrogate pair", '"\\ud83d"', "\ud83d"],
  ["an escaped NUL", '"a\\u0000b"', "a\u0000b"],
  ["markup", '"<script>alert(1)</script>"', "<script>alert(1)</script>"],
  ["right to left and joined emoji", '"שלום 👨‍👩‍👧"', "שלום 👨‍👩‍👧"],
  ["an empty text", '""', ""],
].map(([name, json, text]) => body(name, withText(json), { results: texts(text) }));

const others = [
  body("no texts at all", two('{"texts":[]}'), { results: { 1: { texts: [] }, 2: { texts: ["two"] } } }),
  body("bytes that are not UTF-8", [bytes('{"1":{"texts":["a'), new Uint8Array([0xff]), bytes('b"]},"2":{"texts":["two"]}}')],
    { results: texts("a\ufffdb") }),
  body("a key twice", '{"1":{"texts":["first"]},"1":{"texts":["one"]},"2":{"texts":["two"]}}', WELL),
  body("a type that is not JSON's", GOOD, WELL, { headers: { "content-type": "text/html; charset=utf-16" } }),
  body("no type", GOOD, WELL, { headers: { "content-type": "" } }),
  body("pieces of one byte", GOOD, WELL, { framing: "chunked", pieces: 1 }),
  body("the end of the connection as its end", GOOD, WELL, { framing: "close" }),
];

const size = "2. The decoded body is read up to maxResponseBytes and then given up";
const large = (megabytes) => () => withText(`"${"x".repeat(megabytes * 2 ** 20)}"`);
const sized = [
  fault({
    family: "size", rule: size, name: "20 MB", server: [{ body: large(20) }], expect: { size: 20 * 2 ** 20, within: 10_000 },
  }),
  fault({
    family: "size", rule: size, name: "more than allowed", server: [{ body: large(3) }],
    client: { maxResponseBytes: 2 ** 20 }, expect: { code: "INVALID_RESPONSE", requests: 1 }, peers: false,
  }),
  fault({
    family: "size", rule: size, name: "exactly what is allowed", server: [{ body: GOOD }],
    client: { maxResponseBytes: GOOD.length }, expect: WELL, peers: false,
  }),
  fault({
    family: "size", rule: size, name: "a byte more than is allowed", server: [{ body: GOOD }],
    client: { maxResponseBytes: GOOD.length - 1 }, expect: { code: "INVALID_RESPONSE", requests: 1 }, peers: false,
  }),
  ...["gzip", "deflate", "br"].flatMap((encoding) => [
    fault({
      family: "size", rule: size, name: `${encoding}`, server: [{ body: GOOD, encoding }], expect: WELL,
      // These runtimes do not support deflate.
      ...(encoding === "deflate" && { Deno: INVALID, workerd: INVALID }),
    }),
    fault({
      family: "size", rule: size, name: `a ${encoding} bomb of 200 MB`, server: [{ bomb: 200, encoding }],
      expect: { code: "INVALID_RESPONSE", requests: 1, within: 10_000 },
    }),
  ]),
  fault({
    family: "size", rule: size, name: "a gzip bomb in a refusal", server: [{ status: 400, bomb: 200, encoding: "gzip" }],
    expect: { code: "BAD_REQUEST", requests: 1, within: 10_000 },
  }),
];

const declared = "2. A body cut by a lost connection is NETWORK, and tried again";
const lengths = [
  fault({
    family: "length", rule: declared, name: "longer than the body", server: [{ body: GOOD, length: 500 }, { body: GOOD }],
    expect: { results: RESULTS, requests: 2 },
    // WebKitGTK may accept the bytes that it received.
    WebKitGTK: { results: RESULTS },
  }),
  fault({
    family: "length", rule, name: "shorter than the body", server: [{ body: GOOD, length: 20 }],
    expect: { codes: ["INVALID_RESPONSE", "NETWORK"] },
  }),
  fault({
    family: "length", rule: declared, name: "gzip that breaks off", server: [{ body: GOOD, encoding: "gzip", cutBytes: 12 }],
    expect: { codes: ["NETWORK", "INVALID_RESPONSE"] },
  }),
  fault({
    family: "length", rule: declared, name: "a body declared as gzip that is not", server: [{ body: GOOD, headers: { "content-encoding": "gzip" } }],
    expect: { codes: ["NETWORK", "INVALID_RESPONSE"] },
    WebKitGTK: { results: RESULTS },
  }),
];

export const answers = [...rejected, ...absent, ...accepted, ...asTheyAre, ...others, ...sized, ...lengths];
