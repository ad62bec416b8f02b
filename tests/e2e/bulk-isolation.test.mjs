/** One bad run fails alone: batches are taken apart, and well-formed runs are kept and not requested again. */
import assert from "node:assert/strict";
import {
  answer, htmlPage, json, redirect, resetBeforeHeaders, shortBody,
} from "../servers/faulty.mjs";
import { runIdsOf, textsOf, troubles } from "../servers/service.mjs";
import { test } from "./support/bounded.mjs";
import { assertAccounted, assertCounts, assertWhole, failed, idsFrom, serviceFor } from "./support/bulk.mjs";
import { imported } from "./support/install.mjs";

const codes = { 400: "BAD_REQUEST", 403: "FORBIDDEN", 404: "NOT_FOUND", 422: "UNPROCESSABLE" };
const byStatus = (status) => codes[status] ?? "UNEXPECTED_STATUS";

/** Only this run is in trouble. */
const only = (bad, trouble) => ({ trouble: (id) => (id === bad ? trouble : undefined) });

/* A batch that is refused for its content. */

for (const status of [400, 403, 404, 409, 410, 413, 422]) {
  test(`${status} for one of 20 runs is the failure of that run`, async (t) => {
    const { client, ledger } = await serviceFor(t, only(13, { status }));
    const ids = idsFrom(1, 20);
    const outcome = await client.getAllResults(ids);
    assert.deepEqual(failed(outcome), [[13, byStatus(status), 1]]);
    const [{ error }] = outcome.failures;
    assert.equal(error.status, status);
    assert.deepEqual(error.body, { detail: "Run 13 is refused" });
    assertAccounted(ids, outcome);
    assert.deepEqual(ledger.askedAgain, []);
    // The batch, then its five runs one by one.
    assertCounts(outcome, { total: 20, succeeded: 19, failed: 1, requests: 9, retries: 0 });
    assert.deepEqual(ledger.exchanges.filter(({ method }) => method === "GET").map(({ runIds }) => runIds[0]).sort(),
      [11, 12, 13, 14, 15]);
  });
}

test("a 422 that names a run: the others are sent again as one batch", async (t) => {
  const { client, ledger } = await serviceFor(t, only(3, troubles.named));
  const outcome = await client.getAllResults(idsFrom(1, 5), { concurrency: 1 });
  assert.deepEqual(failed(outcome), [[3, "UNPROCESSABLE", 1]]);
  assert.equal(outcome.failures[0].error.detail.length, 1);
  assertAccounted(idsFrom(1, 5), outcome);
  assert.deepEqual(ledger.batches[0], [1, 2, 3, 4, 5]);
  assert.deepEqual(ledger.batches.slice(1).sort((a, b) => a.length - b.length), [[3], [1, 2, 4, 5]]);
});

test("a 422 that names all runs but one: each run is requested alone", async (t) => {
  const { client, ledger } = await serviceFor(t, { trouble: (id) => (id === 2 ? undefined : troubles.named) });
  const outcome = await client.getAllResults(idsFrom(1, 4));
  assert.deepEqual(failed(outcome), [1, 3, 4].map((id) => [id, "UNPROCESSABLE", 1]));
  assertAccounted(idsFrom(1, 4), outcome);
  assert.deepEqual(ledger.batches.slice(1).map((ids) => ids.length), [1, 1, 1, 1]);
});

test("a 422 that names a run: the run may succeed alone", async (t) => {
  const { client, ledger } = await serviceFor(t, only(3, { ...troubles.named, alone: true }));
  assertWhole(idsFrom(1, 5), await client.getAllResults(idsFrom(1, 5)), ledger);
});

const named = (index) => ({ loc: ["body", "run_ids", index], msg: "no", type: "value_error" });

for (const [what, detail] of Object.entries({
  "an index that the batch has not": [named(5)],
  "a negative index": [named(-1)],
  "an index that is a text": [named("1")],
  "an index that is a fraction": [named(1.5)],
  "the list as a whole": [{ loc: ["body", "run_ids"], msg: "too short", type: "too_short" }],
  "something else": [{ loc: ["query", "run_ids", 1], msg: "no", type: "value_error" }],
  "nothing": [],
  "a text": "Value error",
})) {
  test(`a 422 that names ${what}: each run is requested alone`, async (t) => {
    const intercept = ({ method }) => (method === "POST" ? json({ detail }, { status: 422 }) : undefined);
    const { client, ledger } = await serviceFor(t, { intercept });
    assertWhole(idsFrom(1, 5), await client.getAllResults(idsFrom(1, 5)), ledger);
    assert.deepEqual(ledger.batches.slice(1).flat().sort(), idsFrom(1, 5));
  });
}

test("a 422 that always names the same run does not loop", async (t) => {
  const intercept = ({ method }) =>
    (method === "POST" ? json({ detail: [named(0)] }, { status: 422 }) : undefined);
  const { client, ledger } = await serviceFor(t, { intercept });
  assertWhole(idsFrom(1, 5), await client.getAllResults(idsFrom(1, 5)), ledger);
  assert.ok(ledger.exchanges.length <= 10, `${ledger.exchanges.length} requests`);
});

/* An answer that lacks some runs, or has malformed ones. */

for (const [what, trouble, code, path] of [
  ["absent", troubles.absent, "NOT_FOUND"],
  ["null", troubles.null, "MISSING_RESULT"],
  ["without texts", troubles.noTexts, "INVALID_RESPONSE", ["texts"]],
  ["with a text that is not a string", troubles.malformed, "INVALID_RESPONSE", ["texts", 1]],
]) {
  test(`a run that is ${what} in the answer is requested alone, and the others are kept`, async (t) => {
    const { client, ledger } = await serviceFor(t, only(2, trouble));
    const outcome = await client.getAllResults(idsFrom(1, 5));
    assert.deepEqual(failed(outcome), [[2, code, 1]]);
    assertAccounted(idsFrom(1, 5), outcome);
    assert.deepEqual(ledger.batches, [[1, 2, 3, 4, 5], [2]]);
    assert.deepEqual(ledger.askedAgain, []);
    const [{ error }] = outcome.failures;
    if (path) assert.deepEqual(error.path.slice(-path.length), path);
    assertCounts(outcome, { requests: 2, retries: 0 });
  });

  test(`a run that is ${what} in the answer may succeed alone`, async (t) => {
    const { client, ledger } = await serviceFor(t, only(2, { ...trouble, alone: true }));
    assertWhole(idsFrom(1, 5), await client.getAllResults(idsFrom(1, 5)), ledger);
    assert.deepEqual(ledger.batches, [[1, 2, 3, 4, 5], [2]]);
  });
}

test("all runs are absent: each run is requested alone", async (t) => {
  const { client, ledger } = await serviceFor(t, { trouble: () => troubles.absent });
  const outcome = await client.getAllResults(idsFrom(1, 6));
  assert.deepEqual(failed(outcome), idsFrom(1, 6).map((id) => [id, "NOT_FOUND", 1]));
  assert.equal(ledger.exchanges.length, 8);
});

for (const [what, behaviour] of Object.entries({
  "a page of HTML": htmlPage(),
  "broken JSON": answer({ body: '{"1":{"texts":["a"]},' }),
  "nothing": answer(),
  "a list": json([]),
  "more than may be read": json({ 1: { texts: ["x".repeat(3000)] } }),
})) {
  test(`an answer that is ${what}: each run is requested alone`, async (t) => {
    const intercept = ({ method }) => (method === "POST" ? behaviour : undefined);
    const { client, ledger } = await serviceFor(t, { intercept }, { maxResponseBytes: 2000 });
    const outcome = await client.getAllResults(idsFrom(1, 4));
    assertWhole(idsFrom(1, 4), outcome, ledger);
    assertCounts(outcome, { requests: 5, retries: 0 });
  });

  test(`an answer for one run that is ${what} is the failure of that run`, async (t) => {
    const intercept = ({ path }) => (path.endsWith("/2") ? behaviour : undefined);
    const { client } = await serviceFor(t, { ...only(2, troubles.absent), intercept }, { maxResponseBytes: 2000 });
    const outcome = await client.getAllResults(idsFrom(1, 4));
    assert.deepEqual(failed(outcome), [[2, "INVALID_RESPONSE", 1]]);
    if (what !== "a list") assert.deepEqual(outcome.failures[0].error.missing, [2]);
    assertAccounted(idsFrom(1, 4), outcome);
  });
}

test("unknown fields of a run that is requested alone are ignored", async (t) => {
  const intercept = ({ path }) => (path.endsWith("/1") ? json({ texts: textsOf(1), more: 1 }) : undefined);
  const { client, ledger } = await serviceFor(t, { intercept });
  assertWhole([1], await client.getAllResults([1]), ledger);
});

test("results under a `results` key are unwrapped in a batch", async (t) => {
  const intercept = (request) =>
    json({ results: Object.fromEntries(runIdsOf(request).map((id) => [id, { texts: textsOf(id) }])) });
  const { client, ledger } = await serviceFor(t, { intercept });
  assertWhole(idsFrom(1, 10), await client.getAllResults(idsFrom(1, 10)), ledger);
});

/* Statuses that do not depend on the runs. */

for (const [status, code] of [[405, "UNEXPECTED_STATUS"], [418, "UNEXPECTED_STATUS"], [501, "SERVER_ERROR"]]) {
  test(`${status} fails the runs of its batch, which is not taken apart`, async (t) => {
    const intercept = ({ body }) => (body.includes("[6,") ? json({}, { status }) : undefined);
    const { client, ledger } = await serviceFor(t, { intercept });
    const outcome = await client.getAllResults(idsFrom(1, 20));
    assert.deepEqual(failed(outcome), idsFrom(6, 5).map((id) => [id, code, 1]));
    assertAccounted(idsFrom(1, 20), outcome);
    assert.equal(ledger.exchanges.length, 4);
  });
}

test("a redirect fails the runs of its batch", async (t) => {
  const intercept = ({ body }) => (body.includes("[6,") ? redirect(308, "/elsewhere") : undefined);
  const { client, ledger } = await serviceFor(t, { intercept });
  const outcome = await client.getAllResults(idsFrom(1, 20));
  assert.deepEqual(failed(outcome), idsFrom(6, 5).map((id) => [id, "REDIRECTED", 1]));
  assert.equal(ledger.exchanges.length, 4);
});

/* Batches whose retries are used up. */

test("if other batches succeed, the runs of a batch that always gets 500 are requested one by one", async (t) => {
  const broken = json({}, { status: 500, headers: { "retry-after": "0" } });
  const intercept = ({ method, body }) => (method === "POST" && body.includes("[6,") ? broken : undefined);
  const { client, ledger } = await serviceFor(t, { intercept }, { maxRetries: 2 });
  const outcome = await client.getAllResults(idsFrom(1, 20));
  assertWhole(idsFrom(1, 20), outcome, ledger);
  assertCounts(outcome, { requests: 3 + 3 + 5, retries: 2 });
});

test("a run that breaks the server fails alone", async (t) => {
  const intercept = (request) =>
    (runIdsOf(request).includes(8) ? json({}, { status: 500, headers: { "retry-after": "0" } }) : undefined);
  const { client, ledger } = await serviceFor(t, { intercept }, { maxRetries: 1 });
  const outcome = await client.getAllResults(idsFrom(1, 20));
  assert.deepEqual(failed(outcome), [[8, "SERVER_ERROR", 2]]);
  assertAccounted(idsFrom(1, 20), outcome);
  assert.deepEqual(ledger.askedAgain, []);
});

test("if a server always answers with 500, runs are not requested one by one", async (t) => {
  const intercept = () => json({}, { status: 500, headers: { "retry-after": "0" } });
  const { client, ledger } = await serviceFor(t, { intercept }, { maxRetries: 1 });
  const outcome = await client.getAllResults(idsFrom(1, 20));
  assert.deepEqual(failed(outcome), idsFrom(1, 20).map((id) => [id, "SERVER_ERROR", 2]));
  assert.equal(ledger.exchanges.length, 8);
  assertCounts(outcome, { succeeded: 0, failed: 20, requests: 8, retries: 4 });
});

test("a batch that always times out fails only its own runs", async (t) => {
  const intercept = ({ body }) => (body.includes("[6,") ? () => {} : undefined);
  const { client, ledger } = await serviceFor(t, { intercept }, { maxRetries: 1, timeoutMs: 400 });
  const outcome = await client.getAllResults(idsFrom(1, 20));
  assert.deepEqual(failed(outcome), idsFrom(6, 5).map((id) => [id, "TIMEOUT", 2]));
  for (const { error } of outcome.failures) assert.equal(error.timeoutMs, 400);
  assertAccounted(idsFrom(1, 20), outcome);
  assert.equal(ledger.exchanges.length, 5);
});

test("a transient failure of a request for one run is retried", async (t) => {
  const first = new Set();
  const once = { 2: json({}, { status: 502 }), 3: resetBeforeHeaders(), 4: shortBody() };
  const intercept = ({ path }) => {
    const id = Number(path.split("/")[2]);
    if (!(id in once) || first.has(id)) return undefined;
    first.add(id);
    return once[id];
  };
  const trouble = (id) => (id in once ? { ...troubles.absent, alone: true } : undefined);
  const { client, ledger } = await serviceFor(t, { intercept, trouble }, { maxRetries: 1 });
  assertWhole(idsFrom(1, 5), await client.getAllResults(idsFrom(1, 5)), ledger);
  assert.equal(first.size, 3);
});

/* Each failure belongs to its own run. */

test("bad runs of every kind among 200, each with its own status", async (t) => {
  const kinds = [
    [{ status: 400 }, "BAD_REQUEST"], [{ status: 403 }, "FORBIDDEN"], [{ status: 404 }, "NOT_FOUND"],
    [{ status: 410 }, "UNEXPECTED_STATUS"], [troubles.named, "UNPROCESSABLE"], [troubles.absent, "NOT_FOUND"],
    [troubles.null, "MISSING_RESULT"], [troubles.malformed, "INVALID_RESPONSE"],
  ];
  const bad = new Map(kinds.map((kind, index) => [10 + index * 23, kind]));
  const { client, ledger } = await serviceFor(t, { trouble: (id) => bad.get(id)?.[0] });
  const outcome = await client.getAllResults(idsFrom(1, 200));
  assert.deepEqual(failed(outcome), Array.from(bad, ([id, [, code]]) => [id, code, 1]));
  assertAccounted(idsFrom(1, 200), outcome);
  assert.deepEqual(ledger.askedAgain, []);
  for (const { error } of outcome.failures) assert.ok(error instanceof imported.TranslationResultsError);
});

test("several bad runs in one batch", async (t) => {
  const bad = new Map([[1, { status: 404 }], [2, troubles.absent], [4, troubles.malformed]]);
  const { client, ledger } = await serviceFor(t, { trouble: (id) => bad.get(id) });
  const outcome = await client.getAllResults(idsFrom(1, 5));
  assert.deepEqual(failed(outcome), [[1, "NOT_FOUND", 1], [2, "NOT_FOUND", 1], [4, "INVALID_RESPONSE", 1]]);
  assertAccounted(idsFrom(1, 5), outcome);
  assert.deepEqual(ledger.askedAgain, []);
});
