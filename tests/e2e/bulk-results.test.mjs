/** The bulk call without errors: its requests and its outcome. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { troubles } from "../servers/service.mjs";
import { test } from "./support/bounded.mjs";
import { assertAccounted, assertCounts, assertWhole, failed, idsFrom, serviceFor } from "./support/bulk.mjs";
import { failure, KEY, rejection } from "./support/calls.mjs";
import { imported, required } from "./support/install.mjs";

/* The requests. */

for (const [count, sizes] of [
  [1, [1]], [2, [2]], [3, [3]], [5, [5]], [6, [3, 3]], [7, [4, 3]], [8, [4, 4]], [11, [4, 4, 3]], [12, [4, 4, 4]],
]) {
  test(`${count} runs are ${sizes.join(" + ")}`, async (t) => {
    const { client, ledger } = await serviceFor(t);
    const ids = idsFrom(100, count);
    assertWhole(ids, await client.getAllResults(ids), ledger);
    assert.deepEqual(ledger.batches.map((batch) => batch.length), sizes);
    assert.deepEqual(ledger.batches.flat(), ids);
  });
}

test("the requests are the batches of planBatches, in order", async (t) => {
  const { client, ledger } = await serviceFor(t);
  for (const count of [13, 64, 101]) {
    const ids = idsFrom(1, count).reverse();
    ledger.exchanges.length = 0;
    assertAccounted(ids, await client.getAllResults(ids, { concurrency: 1 }));
    assert.deepEqual(ledger.batches, imported.planBatches(ids));
  }
});

test("one run is requested by GET, without a body, and with the key", async (t) => {
  const requests = [];
  const { client, ledger } = await serviceFor(t, { intercept: (request) => void requests.push(request) });
  assertWhole([12345], await client.getAllResults([12345], { headers: { "x-trace": "1" } }), ledger);
  assert.equal(requests.length, 1);
  const [{ method, path, body, headers }] = requests;
  assert.deepEqual([method, path, body], ["GET", "/translation-result/12345", ""]);
  assert.deepEqual([headers["x-api-key"], headers["x-trace"]], [KEY, "1"]);
  assert.equal(headers["content-type"], undefined);
});

test("the request for a batch equals that of getResults", async (t) => {
  const requests = [];
  const { client } = await serviceFor(t, { intercept: (request) => void requests.push(request) });
  await client.getAllResults([3, 1, 2]);
  await client.getResults([3, 1, 2]);
  const seen = requests.map(({ method, path, body, headers }) => [
    method, path, body, headers["x-api-key"], headers["content-type"], headers.accept,
  ]);
  assert.deepEqual(seen[0], seen[1]);
  assert.deepEqual(seen[0].slice(0, 3), ["POST", "/translation-results", '{"run_ids":[3,1,2]}']);
});

for (const status of [400, 413, 422]) {
  test(`two runs refused with ${status} are requested one by one`, async (t) => {
    const { client, ledger } = await serviceFor(t, { trouble: () => ({ status, alone: true }) });
    const outcome = await client.getAllResults([7, 8]);
    assertWhole([7, 8], outcome, ledger);
    assert.deepEqual(ledger.batches[0], [7, 8]);
    assert.deepEqual(ledger.batches.slice(1).sort(), [[7], [8]]);
    assertCounts(outcome, { requests: 3, retries: 0 });
  });
}

test("repeated ids are requested once, at their first position", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const outcome = await client.getAllResults([9, 3, 9, 7, 3, 3, 1, 9]);
  assertWhole([9, 3, 7, 1], outcome, ledger);
  assert.deepEqual(ledger.batches, [[9, 3, 7, 1]]);
});

test("the same run two million times is one request", async (t) => {
  const { client, ledger } = await serviceFor(t);
  function* same() {
    for (let index = 0; index < 2_000_000; index += 1) yield 5;
  }
  assertWhole([5], await client.getAllResults(same()), ledger);
  assert.deepEqual(ledger.batches, [[5]]);
});

test("the largest run ids are not rounded", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const ids = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1, 1];
  assertWhole(ids, await client.getAllResults(ids), ledger);
  const [largest] = ids;
  assertWhole([largest], await client.getAllResults([largest]));
  assert.deepEqual(ledger.batches, [ids, [largest]]);
});

test("any iterable is accepted", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const ids = idsFrom(1, 9);
  const map = new Map(ids.map((id) => [id, id]));
  const generated = (function* () { yield* ids; })();
  for (const given of [new Set(ids), map.keys(), ids.values(), generated, new Uint32Array(ids)]) {
    ledger.exchanges.length = 0;
    assertAccounted(ids, await client.getAllResults(given));
    assert.deepEqual(ledger.batches.flat(), ids, inspect(given));
  }
});

test("an empty list is an empty outcome, and nothing is sent", async (t) => {
  const { client, ledger } = await serviceFor(t);
  for (const empty of [[], new Set(), (function* () {})()]) {
    const outcome = await client.getAllResults(empty, { onItem: assert.fail });
    assert.deepEqual({ ...outcome.results }, {});
    assert.deepEqual(outcome.failures, []);
    assertCounts(outcome, { total: 0, succeeded: 0, failed: 0, requests: 0, retries: 0 });
  }
  assert.equal(ledger.exchanges.length, 0);
});

test("the list may change once the call is made", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const ids = idsFrom(1, 30);
  const call = client.getAllResults(ids, { concurrency: 1 });
  ids.length = 0;
  assertWhole(idsFrom(1, 30), await call, ledger);
});

/* The outcome. */

test("the outcome is plain data", async (t) => {
  const { client } = await serviceFor(t, { trouble: (id) => (id === 4 ? troubles.absent : undefined) });
  const outcome = await client.getAllResults(idsFrom(1, 8));
  assert.deepEqual(Object.keys(outcome).sort(), ["failures", "results", "stats"]);
  const { results, failures, stats } = JSON.parse(JSON.stringify(outcome));
  assert.deepEqual(results, { ...outcome.results });
  assert.deepEqual(results[3], { texts: ["text of 3"] });
  assert.equal(results[4], undefined);
  const { code, name, attempts, message } = outcome.failures[0].error;
  assert.deepEqual(failures, [{ runId: 4, error: { name, code, message, attempts, status: 404 } }]);
  assert.deepEqual(stats, { ...outcome.stats });
});

test("the statistics count the work of the call", async (t) => {
  const { client } = await serviceFor(t, { latencyMs: 60 });
  const outcome = await client.getAllResults(idsFrom(1, 21), { concurrency: 2 });
  assertCounts(outcome, { total: 21, succeeded: 21, failed: 0, requests: 5, retries: 0 });
  // Three rounds.
  assert.ok(outcome.stats.elapsedMs >= 170 && outcome.stats.elapsedMs < 5000, `${outcome.stats.elapsedMs} ms`);
});

test("failures are in the requested order, not in the order of arrival", async (t) => {
  const slowFirst = ({ body, path }) => (body.includes("[50,") || path.endsWith("/50") ? 300 : 0);
  const { client } = await serviceFor(t, { trouble: () => ({ status: 404 }), latencyMs: slowFirst });
  const ids = idsFrom(1, 50).reverse();
  const outcome = await client.getAllResults(ids, { concurrency: 10 });
  assert.deepEqual(failed(outcome), ids.map((id) => [id, "NOT_FOUND", 1]));
  assertAccounted(ids, outcome);
});

test("the call works with `require`, too", async (t) => {
  const { service } = await serviceFor(t);
  const client = new required.TranslationResultsClient({ apiKey: KEY, baseUrl: service.url });
  assertWhole(idsFrom(1, 12), await client.getAllResults(idsFrom(1, 12)));
});

/* Requests in flight. */

for (const [concurrency, expected] of [[undefined, 6], [1, 1], [3, 3], [64, 64]]) {
  test(`${expected} requests are in flight if concurrency is ${concurrency}`, async (t) => {
    // Long enough for a busy machine to send them all before the first answer.
    const { client, ledger } = await serviceFor(t, { latencyMs: 250 });
    // The client raises the number of requests step by step.
    const ids = idsFrom(1, 5 * (expected * 4 + 2));
    assertWhole(ids, await client.getAllResults(ids, { concurrency }), ledger);
    assert.equal(ledger.peak, expected);
  });
}

test("when a request ends, the next one is sent without waiting for the others", async (t) => {
  const { client, ledger } = await serviceFor(t, { latencyMs: ({ body }) => (body.includes("[1,") ? 800 : 5) });
  const ids = idsFrom(1, 50);
  assertWhole(ids, await client.getAllResults(ids, { concurrency: 2 }), ledger);
  // Every other request arrived before the first one ended.
  const [first, ...others] = ledger.exchanges;
  assert.ok(others.at(-1).at - first.at < 700, `${others.at(-1).at - first.at} ms`);
});

/* Invalid lists of run ids. */

const problem = (name, index) => ({ problem: name, index });

for (const [ids, problems] of [
  [[1, 0, 2.5, "4", 2 ** 53, 6], [
    problem("not_positive", 1), problem("not_an_integer", 2), problem("not_an_integer", 3), problem("too_large", 4),
  ]],
  [[null], [problem("not_an_integer", 0)]],
  // Repeats and long lists are not reported as problems.
  [[1, 1, -1], [problem("not_positive", 2)]],
  [[...idsFrom(1, 500), Number.NaN], [problem("not_an_integer", 500)]],
]) {
  const shown = inspect(ids, { maxArrayLength: 6, breakLength: Infinity });
  test(`the list is refused, and nothing is sent: ${shown}`, async (t) => {
    const { client, ledger } = await serviceFor(t);
    for (const given of [ids, new Set(ids).size === ids.length ? new Set(ids) : ids.values()]) {
      const error = await failure(client.getAllResults(given), "INVALID_RUN_IDS");
      assert.deepEqual(error.problems.map((found) => ({ ...found })), problems);
      assert.equal(error.attempts, 0);
    }
    assert.equal(ledger.exchanges.length, 0);
  });
}

test("a value that is not iterable is refused", async (t) => {
  const { client, ledger } = await serviceFor(t);
  for (const ids of [undefined, null, 5, true, {}, { length: 1, 0: 1 }, () => {}, Symbol("ids")]) {
    await failure(client.getAllResults(ids), "INVALID_RUN_IDS");
  }
  await failure(client.getAllResults((async function* () { yield 1; })()), "INVALID_RUN_IDS");
  await failure(client.getAllResults("12"), "INVALID_RUN_IDS");
  assert.equal(ledger.exchanges.length, 0);
});

test("an iterable that throws: its error is passed on, and nothing is sent", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const thrown = new Error("the list is torn");
  function* torn() {
    yield* idsFrom(1, 20);
    throw thrown;
  }
  assert.equal(await rejection(client.getAllResults(torn())), thrown);
  assert.equal(ledger.exchanges.length, 0);
});
