/** The whole messages for answers that are not as documented, and the forms of an answer that are accepted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, htmlPage, json } from "../servers/faulty.mjs";
import { failure, faultyFor, IDS } from "./support/calls.mjs";

const NOT_DOCUMENTED = "the answer is not as documented: ";
const noResult = (missing) =>
  missing.length === 1
    ? `run ${missing[0]} has no result: it is unknown or not finished yet`
    : `runs ${missing.join(", ")} have no result: they are unknown or not finished yet`;
const run = { texts: ["a", ""] };
const both = { 12345: run, 6789: run };

const shown = (body) => JSON.stringify(body).slice(0, 90);

/**
 * Fails unless an error describes this answer. `fault` is the part of the message after "not as documented". Without it, runs are
 * missing, and `received` describes the value in their place.
 */
function assertFault(error, { fault, path, missing = [], results = {}, received: there = "nothing" }) {
  const { expected, received } = error;
  if (fault === undefined) {
    assert.equal(error.message, noResult(missing));
    assert.deepEqual([expected, received], ["an object with texts", there]);
  } else {
    assert.equal(error.message, NOT_DOCUMENTED + fault);
    const at = path.length === 0 ? "" : ` at ${path.join(".")}`;
    assert.equal(fault, `expected ${expected}, received ${received}${at}`, "the fields say what the message says");
  }
  assert.deepEqual([error.path, error.missing, { ...error.results }], [path, missing, results]);
}

async function errorOfRunAlone(client) {
  const { failures, results } = await client.getAllResults([12345]);
  assert.deepEqual({ ...results }, {});
  assert.deepEqual(failures.map(({ runId }) => runId), [12345]);
  return failures[0].error;
}

/* Malformed runs: the message is the same for a run in a batch and for a run alone, except for the path. */

/** [the run, "expected …, received …", the path within the run] */
const malformed = [
  [["a"], "an object with texts, received an array", []],
  ["a", "an object with texts, received a string", []],
  [5, "an object with texts, received a number", []],
  [true, "an object with texts, received a boolean", []],
  [{}, "an array of strings, received no such member", ["texts"]],
  [{ Texts: [] }, "an array of strings, received no such member", ["texts"]],
  [{ 12345: run }, "an array of strings, received no such member", ["texts"]],
  [{ results: run }, "an array of strings, received no such member", ["texts"]],
  [{ results: both }, "an array of strings, received no such member", ["texts"]],
  [{ texts: null }, "an array of strings, received null", ["texts"]],
  [{ texts: "a" }, "an array of strings, received a string", ["texts"]],
  [{ texts: 0 }, "an array of strings, received a number", ["texts"]],
  [{ texts: false }, "an array of strings, received a boolean", ["texts"]],
  [{ texts: { 0: "a", length: 1 } }, "an array of strings, received an object", ["texts"]],
  [{ texts: ["a", "b", "c", 4, null] }, "a string, received a number", ["texts", 3]],
  [{ texts: [["a"]] }, "a string, received an array", ["texts", 0]],
  [{ texts: [{}] }, "a string, received an object", ["texts", 0]],
  [{ texts: ["a", null] }, "a string, received null", ["texts", 1]],
  [{ texts: ["a", true] }, "a string, received a boolean", ["texts", 1]],
  [{ texts: [...Array(70_000).fill(""), 1] }, "a string, received a number", ["texts", 70_000]],
];
for (const [value, words, path] of malformed) {
  test(`a run that is ${shown(value)}: expected ${words}`, async (t) => {
    const { client } = await faultyFor(t, [
      json({ 12345: value, 6789: run }), json({ results: { 12345: value, 6789: run } }), json(value),
    ]);
    for (const before of [["12345"], ["results", "12345"]]) {
      const whole = [...before, ...path];
      const fault = `expected ${words} at ${whole.join(".")}`;
      const error = await failure(client.getResults(IDS), "INVALID_RESPONSE");
      assertFault(error, { fault, path: whole, results: { 6789: run } });
    }
    const error = await errorOfRunAlone(client);
    assertFault(error, { fault: `expected ${words}${path.length ? ` at ${path.join(".")}` : ""}`, path });
  });
}

/* The service knows a run that is `null`, but the run has no result. */

test("a run that is null has no result", async (t) => {
  const { client } = await faultyFor(t, [
    json({ 12345: null, 6789: run }), json({ results: { 12345: null, 6789: run } }), json(null),
  ]);
  const fault = { missing: [12345], received: "null", results: { 6789: run } };
  assertFault(await failure(client.getResults(IDS), "MISSING_RESULT"), { ...fault, path: ["12345"] });
  assertFault(await failure(client.getResults(IDS), "MISSING_RESULT"), { ...fault, path: ["results", "12345"] });
  assertFault(await errorOfRunAlone(client), { missing: [12345], received: "null", path: [] });
});

/** [the answer for the run alone, the code of its failure] */
for (const [alone, code] of [
  [json(null), "MISSING_RESULT"],
  [json({ detail: "Run 12345 is not finished" }, { status: 404 }), "MISSING_RESULT"],
  [json({ detail: "no" }, { status: 403 }), "FORBIDDEN"],
  [json(["a"]), "INVALID_RESPONSE"],
]) {
  test(`a run that is null in its batch and fails alone gets ${code}`, async (t) => {
    const { client } = await faultyFor(t, [json({ 12345: null, 6789: run, 7: run }), alone]);
    const { failures, results } = await client.getAllResults([12345, 6789, 7]);
    assert.deepEqual(Object.keys(results), ["7", "6789"]);
    assert.deepEqual(failures.map(({ runId, error }) => [runId, error.code, error.attempts]), [[12345, code, 1]]);
    const [{ error }] = failures;
    if (code === "MISSING_RESULT") assertFault(error, { missing: [12345], received: "null", path: [] });
  });
}

test("a run that is missing from its batch and not found alone gets NOT_FOUND", async (t) => {
  const { client } = await faultyFor(t, [json({ 6789: run, 7: run }), json({ detail: "Run 12345 was not found" }, { status: 404 })]);
  const [{ error }] = (await client.getAllResults([12345, 6789, 7])).failures;
  assert.deepEqual([error.code, error.message], ["NOT_FOUND", "run 12345 was not found (404)"]);
});

/* The run and the path that a message names. */

const noObject = (key) => `expected an object with texts, received a number at ${key}`;

for (const [body, fault] of [
  [{}, { path: ["12345"], missing: IDS }],
  [{ 1: run }, { path: ["12345"], missing: IDS }],
  [{ 12345: run }, { path: ["6789"], missing: [6789], results: { 12345: run } }],
  [{ 12345: run, "06789": run }, { path: ["6789"], missing: [6789], results: { 12345: run } }],
  [{ 12345: run, 67890: run, 678: run }, { path: ["6789"], missing: [6789], results: { 12345: run } }],
  // Under `results`, the path starts there.
  [{ results: {} }, { path: ["results", "12345"], missing: IDS }],
  [{ results: { 12345: run } }, { path: ["results", "6789"], missing: [6789], results: { 12345: run } }],
  [{ results: { results: both } }, { path: ["results", "12345"], missing: IDS }],
  // `results` is not unwrapped if it is not an object, or if there is a requested run beside it.
  [{ results: null }, { path: ["12345"], missing: IDS }],
  [{ results: [run] }, { path: ["12345"], missing: IDS }],
  [{ results: "text" }, { path: ["12345"], missing: IDS }],
  [{ results: both, 12345: run }, { path: ["6789"], missing: [6789], results: { 12345: run } }],
  [{ results: both, 12345: 0 }, { fault: noObject("12345"), path: ["12345"], missing: [6789] }],
  [{ results: both, 12345: null }, { path: ["12345"], missing: IDS, received: "null" }],
  // A malformed run is named before a missing one. Otherwise the first run in the requested order is named.
  [{ 6789: 0 }, { fault: noObject("6789"), path: ["6789"], missing: [12345] }],
  [{ results: { 6789: 0 } }, { fault: noObject("results.6789"), path: ["results", "6789"], missing: [12345] }],
  [{ 6789: [], 12345: 0 }, { fault: noObject("12345"), path: ["12345"] }],
  [{ 6789: 0, 12345: null }, { fault: noObject("6789"), path: ["6789"], missing: [12345] }],
  [{ 6789: null, 1: run }, { path: ["12345"], missing: IDS }],
  // Members that every object inherits are not runs.
  [{ constructor: run, toString: run }, { path: ["12345"], missing: IDS }],
]) {
  test(`the error for ${shown(body)} names ${fault.path.join(".")}`, async (t) => {
    const { client } = await faultyFor(t, json(body));
    const code = fault.fault === undefined ? "MISSING_RESULT" : "INVALID_RESPONSE";
    assertFault(await failure(client.getResults(IDS), code), fault);
  });
}

test("all five missing runs are listed in the requested order", async (t) => {
  const { client } = await faultyFor(t, json({}));
  const error = await failure(client.getResults([5, 3, 1, 2, 4]), "MISSING_RESULT");
  assertFault(error, { path: ["5"], missing: [5, 3, 1, 2, 4] });
});

/** Returns the error of a call while every object inherits these members. */
async function failureAmid(inherited, call, code) {
  for (const [key, value] of Object.entries(inherited)) {
    Object.defineProperty(Object.prototype, key, { value, configurable: true, writable: true });
  }
  try {
    return await failure(call(), code);
  } finally {
    for (const key of Object.keys(inherited)) delete Object.prototype[key];
  }
}

test("inherited members are not part of an answer", async (t) => {
  const { client } = await faultyFor(t, [json({}), json({ 12345: run })]);
  const inherited = { results: both, 6789: run, texts: ["inherited"] };
  const missing = () => failureAmid(inherited, () => client.getResults(IDS), "MISSING_RESULT");
  assertFault(await missing(), { path: ["12345"], missing: IDS });
  assertFault(await missing(), { path: ["6789"], missing: [6789], results: { 12345: run } });
});

test("messages contain no inherited members", async (t) => {
  const { client } = await faultyFor(t, json({}, { status: 422 }));
  const detail = [{ loc: ["body", "run_ids", 0], msg: "inherited", type: "inherited" }];
  // Inherited names of options, and an inherited list index.
  const inherited = { detail, maxRetries: "inherited", 8: "inherited" };
  const error = await failureAmid(inherited, () => client.getResults(IDS, {}), "UNPROCESSABLE");
  assert.deepEqual(error.detail, []);
  assert.equal(error.message, "the service refused the run ids (422)");
});

/* Valid answers. */

test("results have the requested runs of an answer and nothing else", async (t) => {
  const { client } = await faultyFor(t, [
    json({ ...both, 1: null, 12: run, status: "SUCCESS", results: { 12345: null } }),
    json({ results: { ...both, 7: run }, status: "SUCCESS" }),
    answer({ body: `{"__proto__":{"1":2},"constructor":5,"12345":${JSON.stringify(run)},"6789":{"texts":["a",""]}}` }),
  ]);
  for (const _ of [1, 2, 3]) {
    const results = await client.getResults(IDS);
    assert.deepEqual(results, both);
    assert.deepEqual(Reflect.ownKeys(results), ["6789", "12345"]);
  }
});

for (const value of [{ texts: ["a", ""] }, { texts: [], 12345: null, results: {} }, { texts: ["a"], language: 7 }]) {
  test(`a run alone that is ${shown(value)} is read`, async (t) => {
    const { client } = await faultyFor(t, json(value));
    const { results, failures } = await client.getAllResults([12345]);
    assert.deepEqual([{ ...results }, failures], [{ 12345: { texts: value.texts } }, []]);
  });
}

/* Invalid bodies: every run is missing, in a batch or alone. */

const EMPTY = "the answer is empty, and JSON was expected: is baseUrl right?";
const MARKUP = "expected JSON, received HTML or XML: is baseUrl right, or is a sign-in page in between?";
const NOT_JSON = "expected JSON, received something else, or truncated JSON: is baseUrl right?";
const TOO_LARGE = "the answer is larger than maxResponseBytes (9 bytes): raise the option";
const WAS_READ = "the body of the answer was already read: do not read it in your fetch";
const NO_RESPONSE = "fetch did not return a Response: check the fetch option";

const used = async (...args) => {
  const response = await fetch(...args);
  await response.text();
  return response;
};

for (const [what, behaviour, words, message, options] of [
  ["null", json(null), "an object of runs, received null"],
  ["a number", json(0), "an object of runs, received a number"],
  ["a boolean", json(false), "an object of runs, received a boolean"],
  ["a text", json("12345"), "an object of runs, received a string"],
  ["a list", json([both]), "an object of runs, received an array"],
  ["empty", answer(), "JSON, received an empty body", EMPTY],
  ["empty with 204", answer({ status: 204 }), "JSON, received an empty body", EMPTY],
  ["space", answer({ body: " \r\n\t" }), "JSON, received an empty body", EMPTY],
  ["HTML", htmlPage(), "JSON, received HTML or XML", MARKUP],
  ["XML after space", answer({ body: "\n <?xml?>" }), "JSON, received HTML or XML", MARKUP],
  ["broken off", answer({ body: '{"12345":' }), "JSON, received something else, or truncated JSON", NOT_JSON],
  ["words", answer({ body: "OK" }), "JSON, received something else, or truncated JSON", NOT_JSON],
  ["too large", json(both), "a body within maxResponseBytes, received a larger one", TOO_LARGE, { maxResponseBytes: 9 }],
  ["read", json(both), "an unread body, received a body that was already read", WAS_READ, { fetch: used }],
  ["no response", json(both), "a Response from fetch, received something else", NO_RESPONSE, { fetch: async () => "text" }],
]) {
  test(`a body that is ${what}: expected ${words}`, async (t) => {
    const { client } = await faultyFor(t, behaviour, options);
    const error = await failure(client.getResults(IDS), "INVALID_RESPONSE");
    // For a run alone, a value that is not an object is a malformed run.
    if (message === undefined) return assertFault(error, { fault: `expected ${words}`, path: [], missing: IDS });
    for (const [{ message: said, expected, received, path, missing, results }, ids] of [
      [error, IDS], [await errorOfRunAlone(client), [12345]],
    ]) {
      assert.equal(said, message);
      assert.equal(`${expected}, received ${received}`, words);
      assert.deepEqual([path, missing, { ...results }], [[], ids, {}]);
    }
  });
}
