/** Tests of the servers that the tests of bulk calls use. */
import assert from "node:assert/strict";
import { concurrent, fixedWindow, tokenBucket } from "../servers/limiters.mjs";
import { retryAfterSeconds, seeded, startService, troubles } from "../servers/service.mjs";
import { test } from "./support/bounded.mjs";

/** Returns how many requests at these times a limiter accepts. */
const admitted = (limiter, times) => times.filter((now) => limiter.admit(now) === 0).length;
const every = (ms, count, first = 0) => Array.from({ length: count }, (_, index) => first + index * ms);

test("a token bucket accepts its burst, then its rate, and after a rest at most its burst", () => {
  const limiter = tokenBucket({ rate: 40, burst: 10 });
  assert.equal(admitted(limiter, every(0, 50)), 10);
  assert.ok(Math.abs(limiter.admit(0) - 25) < 1e-6);
  assert.equal(admitted(limiter, every(1, 1000)), 39);
  assert.equal(admitted(limiter, every(0, 50, 60_000)), 10);
});

test("a fixed window accepts its count, and tells the time until the next window", () => {
  const limiter = fixedWindow({ count: 3, windowMs: 1000 });
  assert.equal(admitted(limiter, every(100, 10, 50)), 3);
  assert.equal(limiter.admit(950), 100);
  assert.equal(admitted(limiter, every(100, 10, 1050)), 3);
});

test("a limit of concurrent requests accepts another when one ends", () => {
  const limiter = concurrent({ count: 2 });
  assert.equal(admitted(limiter, [0, 0, 0]), 2);
  assert.ok(Number.isNaN(limiter.admit(1)));
  limiter.leave();
  assert.equal(admitted(limiter, [1, 1]), 1);
});

test("Retry-After is in whole seconds, rounded up", () => {
  assert.deepEqual([1, 1000, 1001].map((ms) => retryAfterSeconds(ms)["retry-after"]), ["1", "1", "2"]);
});

test("a seed gives the same numbers, spread over 0 to 1", () => {
  const [one, same, other] = [1, 1, 2].map((seed) => Array.from({ length: 1000 }, seeded(seed)));
  assert.deepEqual(one, same);
  assert.notDeepEqual(one, other);
  assert.ok(one.every((number) => number >= 0 && number < 1));
  const mean = one.reduce((sum, number) => sum + number) / 1000;
  assert.ok(Math.abs(mean - 0.5) < 0.05, `mean ${mean}`);
});

/** Starts a service for one test, and returns functions that send requests without the package. */
async function asked(t, options) {
  const service = await startService(options);
  t.after(() => service.close());
  const post = (...ids) => fetch(`${service.url}/translation-results`, {
    method: "POST", body: JSON.stringify({ run_ids: ids }), signal: AbortSignal.timeout(5000),
  });
  const get = (id) => fetch(`${service.url}/translation-result/${id}`, { signal: AbortSignal.timeout(5000) });
  return { service, ledger: service.ledger, post, get };
}

test("the ledger counts requests, delivered runs, and runs requested again", async (t) => {
  const { ledger, post, get } = await asked(t);
  assert.deepEqual(await (await post(1, 2)).json(), { 1: { texts: ["text of 1"] }, 2: { texts: ["text of 2"] } });
  assert.deepEqual(ledger.askedAgain, []);
  assert.deepEqual(await (await get(2)).json(), { texts: ["text of 2"] });
  assert.deepEqual(ledger.askedAgain, [2]);
  assert.deepEqual(ledger.batches, [[1, 2], [2]]);
  assert.deepEqual([...ledger.given], [1, 2]);
  assert.deepEqual([ledger.asked.get(1), ledger.asked.get(2)], [1, 2]);
  assert.equal(ledger.peak, 1);
});

test("a bad run refuses the whole request, or is missing from the answer", async (t) => {
  const trouble = (id) => ({ 2: troubles.named, 3: troubles.absent, 4: troubles.null, 5: { status: 409 } })[id];
  const { ledger, post, get } = await asked(t, { trouble });
  const refusal = await post(1, 2);
  assert.equal(refusal.status, 422);
  assert.deepEqual((await refusal.json()).detail[0].loc, ["body", "run_ids", 1]);
  assert.deepEqual(await (await post(1, 3, 4)).json(), { 1: { texts: ["text of 1"] }, 4: null });
  const statuses = await Promise.all([2, 3, 4, 5].map(async (id) => (await get(id)).status));
  assert.deepEqual(statuses, [422, 404, 404, 409]);
  assert.deepEqual([...ledger.given], [1]);
});

test("a request over the limit gets a 429 with its headers", async (t) => {
  const { ledger, post } = await asked(t, {
    limiter: fixedWindow({ count: 1, windowMs: 1500 }), refusedWith: retryAfterSeconds,
  });
  const [taken, refused] = [await post(1, 2), await post(3, 4)];
  assert.deepEqual([taken.status, refused.status], [200, 429]);
  assert.equal(refused.headers.get("retry-after"), "2");
  assert.equal(ledger.refused, 1);
  assert.deepEqual([...ledger.given], [1, 2]);
});

test("lost connections give nothing", async (t) => {
  const { ledger, post } = await asked(t, { resets: { share: 1, seed: 1 } });
  for (let request = 0; request < 6; request += 1) {
    await assert.rejects(post(1, 2).then((response) => response.json()), TypeError);
  }
  assert.equal(ledger.given.size, 0);
  assert.deepEqual(ledger.askedAgain, []);
});

test("a killed service drops its requests, and comes back at its address", async (t) => {
  const { service, ledger, post } = await asked(t, { latencyMs: 200 });
  const working = assert.rejects(post(1, 2), TypeError);
  while (ledger.exchanges.length === 0) await new Promise(setImmediate);
  await service.kill();
  await working;
  await assert.rejects(post(3, 4), TypeError);
  await service.revive();
  assert.equal((await post(3, 4)).status, 200);
  assert.deepEqual([...ledger.given], [3, 4]);
  assert.equal(ledger.inFlight, 0);
});
