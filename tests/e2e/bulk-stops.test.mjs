/** Failures that stop a bulk call, and the partial outcome in its error. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { json, neverAnswer } from "../servers/faulty.mjs";
import { runIdsOf } from "../servers/service.mjs";
import { test } from "./support/bounded.mjs";
import { assertAccounted, assertCounts, assertNothingSent, failed, idsFrom, serviceFor } from "./support/bulk.mjs";
import { assertGivenUp, failure, PROMPT_MS } from "./support/calls.mjs";

const refuse = (status, headers = {}) => json({ detail: "no" }, { status, headers });

/** Returns the error that stopped a call. Checks that its `partial` has every run once. */
async function stopped(call, code, ids) {
  const error = await failure(call, code);
  assert.deepEqual(Object.keys(error.partial).sort(), ["failures", "pending", "results", "stats"]);
  assertAccounted(ids, error.partial);
  const { results, failures } = error.partial;
  assertCounts(error.partial, {
    total: ids.length, succeeded: Object.keys(results).length, failed: failures.length,
  });
  return error;
}

for (const [status, code] of [[401, "UNAUTHORIZED"], [402, "PAYMENT_REQUIRED"]]) {
  test(`${status} stops the call, and the error has the runs fetched before`, async (t) => {
    const intercept = (request, count) => (count === 3 ? refuse(status) : undefined);
    const { client, ledger } = await serviceFor(t, { intercept }, { maxRetries: 3 });
    const ids = idsFrom(1, 50);
    const items = [];
    const onItem = (item) => items.push(item.runId);
    const error = await stopped(client.getAllResults(ids, { concurrency: 1, onItem }), code, ids);
    assert.equal(error.status, status);
    assert.equal(error.attempts, 1);
    assert.deepEqual(Object.keys(error.partial.results).map(Number), idsFrom(1, 15));
    assert.deepEqual(items, idsFrom(1, 15));
    assert.deepEqual(error.partial.pending, idsFrom(16, 35));
    await assertNothingSent(ledger, 100);
    assert.equal(ledger.exchanges.length, 4);
  });

  test(`${status} for a run that is requested alone stops the call, too`, async (t) => {
    const intercept = ({ method }) => refuse(method === "GET" ? status : 404);
    const { client } = await serviceFor(t, { intercept });
    await stopped(client.getAllResults(idsFrom(1, 10)), code, idsFrom(1, 10));
    await stopped(client.getAllResults([7]), code, [7]);
  });
}

test("requests in flight are cancelled at once", async (t) => {
  const seen = [];
  const intercept = (request) => {
    seen.push(request);
    if (seen.length < 6) return neverAnswer();
    return (res) => setTimeout(() => refuse(401)(res), 50);
  };
  const { client, ledger } = await serviceFor(t, { intercept });
  const ids = idsFrom(1, 100);
  const error = await stopped(client.getAllResults(ids), "UNAUTHORIZED", ids);
  assert.deepEqual(error.partial.pending, ids);
  for (const request of seen.slice(0, 5)) await assertGivenUp(request);
  await assertNothingSent(ledger);
  assert.equal(ledger.exchanges.length, 6);
});

test("failures from before the stop are kept beside the results", async (t) => {
  const intercept = (request, count) => (count === 10 ? refuse(402) : undefined);
  const { client } = await serviceFor(t, { intercept, trouble: (id) => (id === 3 ? { status: 404 } : undefined) });
  const ids = idsFrom(1, 100);
  const { partial } = await stopped(client.getAllResults(ids, { concurrency: 1 }), "PAYMENT_REQUIRED", ids);
  assert.deepEqual(failed(partial), [[3, "NOT_FOUND", 1]]);
  assert.ok(partial.pending.length > 0);
});

test("another call can be made with the pending ids", async (t) => {
  let paid = false;
  const intercept = (request, count) => (!paid && count >= 4 ? refuse(402) : undefined);
  const { client, ledger } = await serviceFor(t, { intercept });
  const ids = idsFrom(1, 60);
  const { partial } = await stopped(client.getAllResults(ids, { concurrency: 1 }), "PAYMENT_REQUIRED", ids);
  paid = true;
  const rest = await client.getAllResults(partial.pending);
  assertAccounted(ids, { results: { ...partial.results, ...rest.results }, failures: [] });
  assert.deepEqual(ledger.askedAgain, []);
});

/* 403. */

test("403 for the first batch and each of its runs stops the call", async (t) => {
  const { client, ledger } = await serviceFor(t, { intercept: () => refuse(403) });
  const ids = idsFrom(1, 100);
  const error = await stopped(client.getAllResults(ids, { concurrency: 1 }), "FORBIDDEN", ids);
  assert.equal(error.status, 403);
  assert.deepEqual({ ...error.partial.results }, {});
  assert.ok(error.partial.pending.length >= 95, `${error.partial.pending.length} pending`);
  assert.equal(ledger.exchanges.length, 6);
});

test("403 for a batch does not stop the call if one of its runs succeeds alone", async (t) => {
  const { client } = await serviceFor(t, { trouble: (id) => (id <= 4 ? { status: 403 } : undefined) });
  const outcome = await client.getAllResults(idsFrom(1, 20), { concurrency: 1 });
  assert.deepEqual(failed(outcome), [1, 2, 3, 4].map((id) => [id, "FORBIDDEN", 1]));
  assertAccounted(idsFrom(1, 20), outcome);
});

test("403 for a batch does not stop the call if others have succeeded", async (t) => {
  const { client } = await serviceFor(t, { trouble: (id) => (id > 10 ? { status: 403 } : undefined) });
  const outcome = await client.getAllResults(idsFrom(1, 20), { concurrency: 1 });
  assert.deepEqual(failed(outcome), idsFrom(11, 10).map((id) => [id, "FORBIDDEN", 1]));
});

test("403 for some runs and 404 for others do not stop the call", async (t) => {
  const { client } = await serviceFor(t, { trouble: (id) => ({ status: id % 2 ? 403 : 404 }) });
  const outcome = await client.getAllResults(idsFrom(1, 10), { concurrency: 1 });
  assertAccounted(idsFrom(1, 10), outcome);
  assert.equal(outcome.failures.length, 10);
});

/* Waits without success. */

describe("repeated refusals and long waits", { concurrency: true }, () => {
  for (const [status, code] of [[429, "RATE_LIMITED"], [503, "SERVER_ERROR"]]) {
    test(`ten refusals in a row with ${status} and Retry-After stop the call`, async (t) => {
      const intercept = () => refuse(status, { "retry-after-ms": "20" });
      const { client, ledger } = await serviceFor(t, { intercept });
      const ids = idsFrom(1, 5);
      const error = await stopped(client.getAllResults(ids), code, ids);
      assert.equal(error.status, status);
      assert.equal(error.retryAfterMs, 20);
      assert.equal(error.attempts, 10);
      assert.equal(ledger.exchanges.length, 10);
      await assertNothingSent(ledger);
    });

    test(`a ${status} with a wait of more than a minute stops the call`, async (t) => {
      const intercept = (request, count) => (count === 2 ? refuse(status, { "retry-after": "61" }) : undefined);
      const { client, ledger } = await serviceFor(t, { intercept }, { maxRetries: 3 });
      const ids = idsFrom(1, 50);
      const begun = performance.now();
      const error = await stopped(client.getAllResults(ids, { concurrency: 1 }), code, ids);
      assert.ok(performance.now() - begun < 5000);
      assert.equal(error.retryAfterMs, 61_000);
      assert.deepEqual(Object.keys(error.partial.results).map(Number), idsFrom(1, 10));
      await assertNothingSent(ledger);
      assert.equal(ledger.exchanges.length, 3);
      // The next call does not wait for requests of the stopped call.
      const { failures } = await client.getAllResults(error.partial.pending, { deadlineMs: 5000 });
      assert.deepEqual(failures, []);
    });
  }

  test("a volley that is refused together counts as one refusal", async (t) => {
    // If each refusal counted, the first volley would have more than ten. The delay keeps the volley together.
    const late = (res) => setTimeout(() => refuse(429, { "retry-after-ms": "300" })(res), 150);
    const intercept = (request, count) => (count < 16 ? late : undefined);
    const { client, ledger } = await serviceFor(t, { intercept });
    const ids = idsFrom(1, 80);
    const outcome = await client.getAllResults(ids, { concurrency: 16 });
    assertAccounted(ids, outcome);
    assert.deepEqual(outcome.failures, []);
    assert.deepEqual(ledger.askedAgain, []);
  });

  test("nine refusals, an answer and nine more refusals do not stop the call", async (t) => {
    const intercept = (request, count) => (count % 10 < 9 ? refuse(429, { "retry-after-ms": "5" }) : undefined);
    const { client } = await serviceFor(t, { intercept });
    const ids = idsFrom(1, 15);
    const outcome = await client.getAllResults(ids, { concurrency: 1 });
    assertAccounted(ids, outcome);
    assertCounts(outcome, { succeeded: 15, requests: 30, retries: 27 });
  });

  test("a 404 resets the count of refusals, as a result does", async (t) => {
    // A 404 shows that the gate is open.
    const intercept = (request, count) => (count % 10 < 9 ? refuse(429, { "retry-after-ms": "5" }) : undefined);
    const { client } = await serviceFor(t, { intercept, trouble: () => ({ status: 404 }) });
    const outcome = await client.getAllResults([1, 2], { concurrency: 1 });
    assert.deepEqual(failed(outcome).map(([id, code]) => [id, code]), [[1, "NOT_FOUND"], [2, "NOT_FOUND"]]);
  });
});

/* The error. */

test("only errors that stop a bulk call have `partial`", async (t) => {
  const { client } = await serviceFor(t, { intercept: () => refuse(401) });
  const bulk = await failure(client.getAllResults(idsFrom(1, 6)), "UNAUTHORIZED");
  assert.ok(bulk.partial);
  const { name, code, message, attempts } = bulk;
  assert.deepEqual(JSON.parse(JSON.stringify(bulk)), { name, code, message, attempts, status: 401 });
  assert.equal("partial" in (await failure(client.getResults([1, 2]), "UNAUTHORIZED")), false);
  assert.equal("partial" in (await failure(client.getAllResults([0]), "INVALID_RUN_IDS")), false);
});

test("a stop settles at once", async (t) => {
  const intercept = (request) => (runIdsOf(request).includes(1)
    ? (res) => setTimeout(() => { refuse(401)(res); answered = performance.now(); }, 100)
    : neverAnswer());
  let answered;
  const { client } = await serviceFor(t, { intercept });
  await stopped(client.getAllResults(idsFrom(1, 30)), "UNAUTHORIZED", idsFrom(1, 30));
  assert.ok(performance.now() - answered < PROMPT_MS, `${performance.now() - answered} ms`);
});
