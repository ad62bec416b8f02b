/** Values of callers: keys, options, run ids, callbacks, and a `fetch` that lies. */
import { GOOD, RESULTS, fault } from "./fault.mjs";

const refused = (family, rule, name, given, option) => fault({
  family, rule, name, ...given, expect: { code: "INVALID_OPTIONS", option, requests: 0, within: 500 }, peers: family === "key",
});

const keyRule = "2. Key: visible ASCII without spaces";
const keys = [
  ["a line feed at its end", "key\n"], ["CR and LF in it", "key\r\nx-evil: 1"], ["a NUL", "key\u0000"], ["a space in it", "a key"],
  ["spaces around it", " key "], ["Cyrillic letters", "ключ"], ["Latin-1 letters", "clé"], ["an emoji", "🔑"], ["nothing", ""],
  ["a tab", "a\tb"],
].map(([name, apiKey]) => refused("key", keyRule, name, { client: { apiKey } }, "apiKey"));
keys.push(fault({
  family: "key", rule: keyRule, name: "very long", client: { apiKey: "k".repeat(4_000) }, expect: { results: RESULTS, requests: 1 },
}));

const optionRule = "An option of the wrong type, out of range, or unknown is refused by name";
const WRONG = {
  apiKey: [1, {}], timeoutMs: [0, -1, NaN, Infinity, 2 ** 31, "5"], maxRetries: [-1, 21, 1.5, "1", NaN],
  maxResponseBytes: [0, -1, 1.5, "1"], headers: ["x", 1, { "a b": "c" }, { a: "b\r\nc" }, { a: "\u0100" }, { a: 1 }, { "X-Api-Key": "k" },
    { "content-type": "x" }], onEvent: [1, {}], fetch: [1, {}],
  baseUrl: ["", "ftp://a.test", "https://u:p@a.test", "https://a.test?q=1", "https://a.test#h", "http://a.test", 5, "https://"],
  unknownOption: [1],
};
const options = Object.entries(WRONG).flatMap(([option, values]) => values.map((value, index) =>
  refused("option", optionRule, `${option}, wrong in way ${index + 1}`, { client: { [option]: value } }, option)));
const WRONG_IN_CALL = { deadlineMs: [0, -1, NaN, "1"], timeoutMs: [0], maxRetries: [99], signal: [{}, 1], headers: [{ "x-api-key": "k" }], other: [1] };
const callOptions = Object.entries(WRONG_IN_CALL).flatMap(([option, values]) => values.map((value, index) =>
  refused("option", optionRule, `${option} of a call, wrong in way ${index + 1}`, { call: { [option]: value } }, option)));

const idRule = "1. Anything but 2 to 5 distinct integers from 1 to 2^53 - 1 is refused before anything is sent";
const ids = [
  ["one", [1]], ["six", [1, 2, 3, 4, 5, 6]], ["none", []], ["one twice", [1, 1]], ["zero", [0, 1]], ["a negative one", [-1, 1]],
  ["a fraction", [1.5, 1]], ["2^53", [2 ** 53, 1]], ["NaN", [NaN, 1]], ["a string", ["1", 2]], ["null", [null, 1]], ["no list", 12],
].map(([name, list]) => fault({
  family: "run ids", rule: idRule, name, ids: list, expect: { code: "INVALID_RUN_IDS", requests: 0, within: 500 },
}));

const callRule = "A callback that throws loses nothing and upsets nothing";
const throws = () => { throw new Error("the caller's own"); };
const callbacks = [
  ["throws", throws], ["rejects", async () => throws()], ["gives a promise that never settles", () => new Promise(() => {})],
].map(([name, onEvent]) => fault({
  family: "callback", rule: callRule, name: `onEvent ${name}`, client: { onEvent }, expect: { results: RESULTS, requests: 1 }, peers: false,
}));
callbacks.push(fault({
  family: "callback", rule: callRule, name: "onEvent calls the client again", peers: false,
  perform: async ({ Client, baseUrl, apiKey, ids: runIds }) => {
    let inner;
    const client = new Client({ apiKey, baseUrl, dangerouslyAllowBrowser: true, onEvent: () => { inner ??= client.getResults(runIds); } });
    const outer = await client.getResults(runIds);
    return JSON.stringify(outer) === JSON.stringify(await inner) ? outer : inner;
  },
  expect: { results: RESULTS, requests: 2 },
}));

const fetchRule = "A fetch of the caller's may lie: each call settles, with results or with one of our errors";
const lying = (name, fetch, expect, client = {}) => fault({
  family: "fetch", rule: fetchRule, name, client: { fetch, maxRetries: 0, ...client }, expect: { requests: [0, 1], ...expect }, peers: false,
});
const INVALID = { code: "INVALID_RESPONSE" };
const like = (more) => async () => ({ status: 200, type: "basic", headers: new Headers(), body: null, bodyUsed: false, text: async () => GOOD, ...more });
const fetches = [
  ["that throws", throws, { code: "NETWORK" }],
  ["that rejects with nothing", () => Promise.reject(), { code: "NETWORK" }],
  ["that rejects with a string", () => Promise.reject("no"), { code: "NETWORK" }],
  ["that gives nothing", async () => {}, INVALID], ["that gives null", async () => null, INVALID],
  ["that gives text", async () => GOOD, INVALID], ["that gives a number", async () => 200, INVALID],
  ["that gives an empty object", async () => ({}), INVALID],
  ["whose status is a string", like({ status: "200" }), INVALID], ["whose status is 1000", like({ status: 1000 }), INVALID],
  ["whose status throws", async () => ({ get status() { throw new Error("no"); } }), INVALID],
  ["without headers", like({ headers: undefined, body: undefined }), { results: RESULTS }],
  ["whose body is read already", async () => { const r = new Response(GOOD); await r.text(); return r; }, INVALID],
  ["whose body is locked", async () => { const r = new Response(GOOD); r.body?.getReader(); return r; }, { codes: ["INVALID_RESPONSE"], results: RESULTS }],
  ["whose text is a number", like({ body: undefined, text: async () => 5 }), INVALID],
  ["whose text rejects", like({ body: undefined, text: () => Promise.reject(new Error("no")) }), { code: "NETWORK" }],
  ["whose text throws", like({ body: undefined, text: throws }), INVALID],
  ["whose body gives strings", like({ body: { getReader: () => ({ read: async () => ({ done: false, value: "x" }), cancel: async () => {} }) } }), INVALID],
  ["whose body throws", like({ body: { getReader: throws } }), INVALID],
  ["that gives an answer like one", like({ body: undefined }), { results: RESULTS }],
].map(([name, fetch, expect]) => lying(name, fetch, expect));
fetches.push(
  lying("that never settles", () => new Promise(() => {}), { code: "TIMEOUT", within: 2_000 }, { timeoutMs: 200 }),
  lying("whose body never comes", like({ body: undefined, text: () => new Promise(() => {}) }), { code: "TIMEOUT", within: 2_000 }, { timeoutMs: 200 }),
);

export const input = [...keys, ...options, ...callOptions, ...ids, ...callbacks, ...fetches];
