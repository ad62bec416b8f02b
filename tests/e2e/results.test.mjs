/** Results from valid, lenient and invalid answers, and errors from refusals. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { otherType, runs, unfinished, unknownIds } from "../../www/sample-api/runs.js";
import { answer, json } from "../servers/faulty.mjs";
import { clientFor, failure, faultyFor, IDS, KEY, TEXTS } from "./support/calls.mjs";
import { imported } from "./support/install.mjs";
import { sampleApi } from "../servers/sample-api.mjs";

const baseUrl = await sampleApi();
const client = clientFor(baseUrl);

const textsOf = (results) => Object.fromEntries(Object.entries(results).map(([id, { texts }]) => [id, texts]));

/* The sample API. */

test("every sample run comes back unchanged", async () => {
  const ids = [...runs.keys()];
  const batches = imported.planBatches(ids);
  assert.ok(batches.length > 5);
  const answers = await Promise.all(batches.map((batch) => client.getResults(batch)));
  for (const [i, results] of answers.entries()) {
    assert.deepEqual(textsOf(results), Object.fromEntries(batches[i].map((id) => [id, runs.get(id).texts])));
  }
});

test("two to five ids are accepted", async () => {
  for (const count of [2, 3, 4, 5]) {
    const ids = [...runs.keys()].slice(0, count);
    assert.deepEqual(Object.keys(await client.getResults(ids)).map(Number).sort(), ids.sort());
  }
});

test("results are plain and survive JSON", async () => {
  const results = await client.getResults(IDS);
  assert.ok([Object.prototype, null].includes(Object.getPrototypeOf(results)));
  assert.deepEqual(JSON.parse(JSON.stringify(results)), { ...results });
});

test("an unknown run is missing, and the error has the other runs", async () => {
  const [unknown] = unknownIds;
  const error = await failure(client.getResults([12345, unknown, 6789]), "MISSING_RESULT");
  assert.deepEqual(error.missing, [unknown]);
  assert.deepEqual(textsOf(error.results), { 12345: runs.get(12345).texts, 6789: runs.get(6789).texts });
  assert.equal(error.attempts, 1);
  assert.ok(error.message.includes(String(unknown)));
});

test("an unfinished run does not affect the other run", async () => {
  const [id] = unfinished;
  const error = await failure(client.getResults([12345, id]), "MISSING_RESULT");
  assert.deepEqual([error.path, error.missing], [[String(id)], [id]]);
  assert.deepEqual(textsOf(error.results), { 12345: runs.get(12345).texts });
});

test("a run of another type is refused", async () => {
  const [id] = otherType.keys();
  const error = await failure(client.getResults([12345, id]), "BAD_REQUEST");
  assert.equal(error.status, 400);
  assert.deepEqual(error.body, { detail: "All run IDs must correspond to the same run type" });
  assert.deepEqual([...error.detail], []);
  assert.match(error.requestId, /^sample-\d+$/);
  assert.equal(error.retryAfterMs, undefined);
});

test("a wrong key is refused", async () => {
  const error = await failure(clientFor(baseUrl, { apiKey: "wrong" }).getResults(IDS), "UNAUTHORIZED");
  assert.equal(error.status, 401);
  assert.deepEqual(error.body, { error: "Invalid API key", status: 401 });
});

/* Refusals that the sample API does not make. */

test("the error has the field errors of a 422 unchanged", async (t) => {
  const detail = [
    { loc: ["body", "run_ids", 1], msg: "Input should be greater than 0", type: "greater_than" },
    { loc: ["body"], msg: "Field required", type: "missing", input: null },
  ];
  const { client } = await faultyFor(t, json({ detail }, { status: 422 }));
  const error = await failure(client.getResults(IDS), "UNPROCESSABLE");
  const documented = ({ loc, msg, type }) => ({ loc: [...loc], msg, type });
  assert.deepEqual([...error.detail].map(documented), detail.map(documented));
  assert.deepEqual(error.body, { detail });
});

for (const detail of ["Not found", null, 5, {}, [], [5, null, "x", {}, { loc: 5, msg: 1, type: [] }]]) {
  test(`an invalid detail is ignored: ${JSON.stringify(detail)}`, async (t) => {
    const { client } = await faultyFor(t, json({ detail }, { status: 422 }));
    const error = await failure(client.getResults(IDS), "UNPROCESSABLE");
    assert.ok(Array.isArray(error.detail));
    assert.deepEqual(error.body, { detail });
  });
}

test("a refusal that is not JSON keeps the first 2,000 characters of its text", async (t) => {
  const text = "é".repeat(1999) + "abc";
  const { client } = await faultyFor(t, [answer({ status: 404, body: text }), answer({ status: 403 })]);
  assert.equal((await failure(client.getResults(IDS), "NOT_FOUND")).body, text.slice(0, 2000));
  assert.equal((await failure(client.getResults(IDS), "FORBIDDEN")).body, "");
});

test("the request id is x-request-id, else cf-ray, else absent", async (t) => {
  const { client } = await faultyFor(t, [
    json({}, { status: 400, headers: { "x-request-id": "a", "cf-ray": "b" } }),
    json({}, { status: 400, headers: { "cf-ray": "b" } }),
    json({}, { status: 400 }),
  ]);
  for (const id of ["a", "b", undefined]) {
    assert.equal((await failure(client.getResults(IDS), "BAD_REQUEST")).requestId, id);
  }
});

test("an error shows its documented fields in JSON, and its name", async (t) => {
  const { client } = await faultyFor(t, json({}, { status: 402 }));
  const error = await failure(client.getResults(IDS), "PAYMENT_REQUIRED");
  const { message } = error;
  assert.match(message, /402/);
  assert.deepEqual(JSON.parse(JSON.stringify(error)), {
    name: "ApiError", code: "PAYMENT_REQUIRED", message, attempts: 1, status: 402,
  });
  assert.ok(String(error).startsWith("ApiError: "));
  assert.match(error.stack, /results\.test\.mjs|ApiError/);
});

test("the JSON of an error has its optional fields, if they are set", async (t) => {
  const limit = { status: 429, headers: { "retry-after": "120", "x-request-id": "r-1" } };
  const { client } = await faultyFor(t, [json({ detail: "no" }, limit), json({ 6789: { texts: [] } })]);
  const inJson = async (code, call) => JSON.parse(JSON.stringify(await failure(call, code)));
  const limited = await inJson("RATE_LIMITED", client.getResults(IDS));
  assert.deepEqual(limited, {
    name: "ApiError", code: "RATE_LIMITED", message: limited.message, attempts: 1,
    status: 429, requestId: "r-1", retryAfterMs: 120_000,
  });
  const missing = await inJson("MISSING_RESULT", client.getResults(IDS));
  assert.deepEqual(missing, {
    name: "InvalidResponseError", code: "MISSING_RESULT", message: missing.message, attempts: 1, missing: [12345],
  });
  const input = await inJson("INVALID_RUN_IDS", client.getResults([]));
  assert.deepEqual(Object.keys(input), ["name", "code", "message", "attempts"]);
});

test("`is` rejects values that are not errors of the package", () => {
  for (const value of [undefined, null, 5, "NETWORK", {}, { code: "NETWORK" }, new Error("x"), () => {}]) {
    assert.equal(imported.TranslationResultsError.is(value), false);
  }
});

/* Deviations that are accepted, because they cannot make results wrong. */

const good = JSON.stringify(TEXTS);
const lenient = {
  "a byte order mark": answer({ body: `\ufeff${good}` }),
  "a text content type": answer({ headers: { "content-type": "text/plain" }, body: good }),
  "no content type": answer({ body: good }),
  "whitespace around": answer({ body: `\r\n\t ${good} \n` }),
  "runs that were not asked for": json({ ...TEXTS, 1: { texts: ["extra"] }, 2: null, status: "ok" }),
  "fields that are not documented": json({ 12345: { ...TEXTS[12345], language: 5 }, 6789: TEXTS[6789] }),
  "results under a key": json({ results: TEXTS }),
  "results under a key, with more beside it": json({ status: "ok", results: { ...TEXTS, 1: null } }),
  "results at the top and under a key": json({ ...TEXTS, results: { 12345: { texts: ["other"] } } }),
};
for (const [what, behaviour] of Object.entries(lenient)) {
  test(`an answer with ${what} is read`, async (t) => {
    const { client } = await faultyFor(t, behaviour);
    const results = await client.getResults(IDS);
    assert.deepEqual(textsOf(results), textsOf(TEXTS));
  });
}

test("texts are exactly those of the server: empty, none, lone surrogates, the largest run id", async (t) => {
  const largest = Number.MAX_SAFE_INTEGER;
  const body = `{"1":{"texts":["","\\ud83d","\\udc00x","\\u0000"]},"2":{"texts":[]},"${largest}":{"texts":["ok"]}}`;
  const { client, server } = await faultyFor(t, answer({ body }));
  const results = await client.getResults([1, 2, largest]);
  assert.deepEqual(textsOf(results), { 1: ["", "\ud83d", "\udc00x", "\0"], 2: [], [largest]: ["ok"] });
  assert.equal(server.requests[0].body, `{"run_ids":[1,2,${largest}]}`);
});

/* Deviations that are refused. */

const strict = [
  { body: [], path: [] },
  { body: null, path: [] },
  { body: "text", path: [] },
  { body: 5, path: [] },
  { run: 7, path: ["6789"] },
  { run: "text", path: ["6789"] },
  { run: ["text"], path: ["6789"] },
  { run: {}, path: ["6789", "texts"] },
  { run: { text: ["a"] }, path: ["6789", "texts"] },
  { run: { texts: null }, path: ["6789", "texts"] },
  { run: { texts: "text" }, path: ["6789", "texts"] },
  { run: { texts: { 0: "a", length: 1 } }, path: ["6789", "texts"] },
  { run: { texts: [1] }, path: ["6789", "texts", 0] },
  { run: { texts: ["a", "b", "c", null] }, path: ["6789", "texts", 3] },
  { run: { texts: ["a", ["b"]] }, path: ["6789", "texts", 1] },
];
for (const { body, run, path } of strict) {
  const value = run === undefined ? body : { ...TEXTS, 6789: run };
  test(`${JSON.stringify(value)} is refused at ${JSON.stringify(path)}`, async (t) => {
    const { client, server } = await faultyFor(t, json(value), { maxRetries: 2 });
    const error = await failure(client.getResults(IDS), "INVALID_RESPONSE");
    assert.deepEqual(error.path, path);
    for (const field of ["expected", "received"]) {
      assert.ok(typeof error[field] === "string" && error[field] !== "", field);
    }
    assert.notEqual(error.expected, error.received);
    for (const part of path) assert.ok(error.message.includes(String(part)), error.message);
    assert.deepEqual(textsOf(error.results), run === undefined ? {} : textsOf({ 12345: TEXTS[12345] }));
    assert.equal(server.requests.length, 1, "an invalid answer is not retried");
  });
}

test("missing runs are listed in the requested order, and similar keys do not match", async (t) => {
  const body = { "012345": { texts: [] }, "6789.0": { texts: [] }, " 6789": { texts: [] }, 5: { texts: ["five"] } };
  const { client, server } = await faultyFor(t, json(body), { maxRetries: 2 });
  const error = await failure(client.getResults([12345, 5, 6789]), "MISSING_RESULT");
  assert.deepEqual(error.missing, [12345, 6789]);
  assert.deepEqual(textsOf(error.results), { 5: ["five"] });
  assert.equal(server.requests.length, 1);
});

test("an error names both a missing and a malformed run", async (t) => {
  const { client } = await faultyFor(t, json({ 1: { texts: ["one"] }, 2: { texts: 5 } }));
  const error = await client.getResults([1, 2, 3]).catch((reason) => reason);
  assert.ok(error instanceof imported.InvalidResponseError);
  assert.deepEqual(error.missing, [3]);
  assert.deepEqual(textsOf(error.results), { 1: ["one"] });
});

test("only own properties count", async (t) => {
  const { client } = await faultyFor(t, [
    json({ 12345: { texts: [] } }),
    answer({ body: '{"12345":{"texts":[]},"6789":{}}' }),
    answer({ body: '{"12345":{"texts":[]},"__proto__":{"6789":{"texts":[]}}}' }),
  ]);
  Object.defineProperty(Object.prototype, "6789", { value: { texts: ["inherited"] }, configurable: true });
  Object.defineProperty(Object.prototype, "texts", { value: ["inherited"], configurable: true });
  try {
    assert.deepEqual((await failure(client.getResults(IDS), "MISSING_RESULT")).missing, [6789]);
    assert.deepEqual((await failure(client.getResults(IDS), "INVALID_RESPONSE")).path, ["6789", "texts"]);
    assert.deepEqual((await failure(client.getResults(IDS), "MISSING_RESULT")).missing, [6789]);
  } finally {
    delete Object.prototype[6789];
    delete Object.prototype.texts;
  }
});

test("the headers are as documented, and without a key none is sent", async (t) => {
  const { client, server } = await faultyFor(t, json(TEXTS));
  await client.getResults(IDS);
  await clientFor(server.url, { apiKey: undefined, headers: { "x-trace": "1" } }).getResults(IDS);
  const [keyed, keyless] = server.requests;
  assert.equal(keyed.method, "POST");
  assert.equal(keyed.path, "/translation-results");
  assert.equal(keyed.body, '{"run_ids":[12345,6789]}');
  assert.equal(keyed.headers["x-api-key"], KEY);
  assert.equal(keyed.headers["content-type"], "application/json");
  assert.equal("x-api-key" in keyless.headers, false);
  assert.equal(keyless.headers["x-trace"], "1");
});
