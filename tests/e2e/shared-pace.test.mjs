/** All calls of a client share the gate and the pace: a refusal of one call holds back the others. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { tokenBucket } from "../servers/limiters.mjs";
import { json, neverAnswer } from "../servers/faulty.mjs";
import { test } from "./support/bounded.mjs";
import { assertAccounted, assertWhole, idsFrom, serviceFor, until } from "./support/bulk.mjs";
import { failure, rejection } from "./support/calls.mjs";

const WAIT_MS = 600;
const refuse = (headers) => json({ detail: "Too many requests" }, { status: 429, headers });

/** Refuses the first `count` requests with a 429. */
const refuseFirst = (count, headers) => ({
  intercept: (_request, before) => (before < count ? refuse(headers) : undefined),
});

test("a single batch waits after a refusal of a bulk call", async (t) => {
  const { client, ledger } = await serviceFor(t, refuseFirst(1, { "retry-after-ms": String(WAIT_MS) }));
  const bulk = client.getAllResults(idsFrom(1, 5));
  await until(() => ledger.exchanges[0]?.status === 429);
  await sleep(20);
  await client.getResults([11, 12]);
  assertWhole(idsFrom(1, 5), await bulk, ledger);
  const [refused, ...others] = ledger.exchanges;
  assert.equal(others.length, 2);
  for (const { at } of others) assert.ok(at - refused.at >= WAIT_MS - 5, `${at - refused.at} ms`);
});

test("a bulk call waits after a refusal of a single batch", async (t) => {
  const { client, ledger } = await serviceFor(t, refuseFirst(1, { "retry-after-ms": String(WAIT_MS) }));
  await failure(client.getResults([11, 12], { maxRetries: 0 }), "RATE_LIMITED");
  assertWhole(idsFrom(1, 20), await client.getAllResults(idsFrom(1, 20)), ledger);
  const [refused, ...others] = ledger.exchanges;
  for (const { at } of others) assert.ok(at - refused.at >= WAIT_MS - 5, `${at - refused.at} ms`);
});

test("many single batches at once are paced like a bulk call", async (t) => {
  const { client, ledger } = await serviceFor(
    t, { limiter: tokenBucket({ rate: 100, burst: 10 }), latencyMs: 10 }, { maxRetries: 10 },
  );
  const batches = Array.from({ length: 150 }, (_, index) => [3 * index + 1, 3 * index + 2, 3 * index + 3]);
  const results = await Promise.all(batches.map((batch) => client.getResults(batch)));
  assert.deepEqual(results.map((result) => Object.keys(result).map(Number)), batches);
  assert.ok(ledger.refused <= 25, `${ledger.refused} of ${ledger.exchanges.length} requests were refused`);
});

const waitsOfNothing = {
  "a wait of 0": () => ({ "retry-after": "0" }),
  "a date that has passed": () => ({ "retry-after": new Date(Date.now() - 2_000).toUTCString() }),
};
for (const [what, refusedWith] of Object.entries(waitsOfNothing)) {
  test(`a busy service that names ${what} costs no run`, async (t) => {
    const until = performance.now() + 1_500;
    const intercept = () => (performance.now() < until ? refuse(refusedWith()) : undefined);
    const { client, ledger } = await serviceFor(t, { intercept });
    assertWhole(idsFrom(1, 500), await client.getAllResults(idsFrom(1, 500)), ledger);
    assert.ok(ledger.exchanges.length < 120, `${ledger.exchanges.length} requests`);
  });
}

test("a wait until a date is measured by the service's clock", async (t) => {
  // Its clock is an hour behind.
  const service = (ms) => new Date(Date.now() - 3_600_000 + ms).toUTCString();
  const { client, ledger } = await serviceFor(t, {
    intercept: (_request, before) => (before === 0 ? refuse({ date: service(0), "retry-after": service(1_000) }) : undefined),
  });
  assertWhole(idsFrom(1, 5), await client.getAllResults(idsFrom(1, 5)), ledger);
  const [refused, next] = ledger.exchanges;
  assert.ok(next.at - refused.at >= 995 && next.at - refused.at < 3_000, `${next.at - refused.at} ms`);
});

test("after ten refusals have ended a call, the next call may have ten of its own", async (t) => {
  const { client, ledger } = await serviceFor(t, refuseFirst(12, { "retry-after-ms": "20" }));
  const error = await failure(client.getAllResults(idsFrom(1, 5)), "RATE_LIMITED");
  assert.deepEqual(error.partial.pending, idsFrom(1, 5));
  assert.equal(ledger.exchanges.length, 10);
  assertWhole(idsFrom(1, 5), await client.getAllResults(idsFrom(1, 5)), ledger);
  assert.equal(ledger.exchanges.length, 13);
});

test("when the callers of the request that tests the pace leave, the next call does not wait", async (t) => {
  // The first request is never answered, the second is refused, and the third, which would open the gate, is not answered either.
  const intercept = (_request, before) => {
    if (before === 1) return json({}, { status: 429, headers: { "retry-after-ms": "50" } });
    return before === 0 || before === 2 ? neverAnswer() : undefined;
  };
  const { client, ledger } = await serviceFor(t, { intercept }, { timeoutMs: 8_000 });
  const controller = new AbortController();
  const unanswered = client.getResult(1, { signal: controller.signal });
  await until(() => ledger.exchanges.length === 1);
  const leaving = new AbortController();
  const left = rejection(client.getResult(2, { signal: leaving.signal }));
  await until(() => ledger.exchanges.length === 3);
  const call = client.getAllResults([3, 4, 5]);
  await sleep(50);
  assert.equal(ledger.exchanges.length, 3, "one request tests the pace");
  leaving.abort("why");
  assert.equal(await left, "why");
  await until(() => ledger.exchanges.length === 4, "the waiting call", 1_000);
  controller.abort("why");
  assert.equal(await rejection(unanswered), "why");
  assertAccounted([3, 4, 5], await call);
});
