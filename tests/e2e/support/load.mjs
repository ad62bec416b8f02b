/** Many runs over bad connections and from limiting servers: the same loads in Node and in a browser. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { tokenBucket } from "../../servers/limiters.mjs";
import { retryAfterSeconds, startService, troubles } from "../../servers/service.mjs";
import { until } from "./bulk.mjs";

/** The kinds of bad runs, with the code and the status of their errors. One run in a hundred is bad. */
const kinds = [
  [{ status: 404 }, "NOT_FOUND", 404],
  [troubles.absent, "NOT_FOUND", 404],
  [troubles.named, "UNPROCESSABLE", 422],
  [troubles.malformed, "INVALID_RESPONSE", null],
  [{ status: 400 }, "BAD_REQUEST", 400],
  [troubles.null, "MISSING_RESULT", null],
];
const badKind = (id) => (id % 100 === 37 ? kinds[Math.floor(id / 100) % kinds.length] : undefined);
const badOf = (count) => Array.from({ length: count }, (_, index) => index + 1)
  .filter(badKind)
  .map((id) => [id, ...badKind(id).slice(1)]);

/** The highest share of refusals for a client that slows down. */
const FEW = 0.2;

const limited = (refusedWith) => ({
  count: 400,
  isLimited: true,
  service: () => ({ limiter: tokenBucket({ rate: 40, burst: 10 }), refusedWith, latencyMs: 20 }),
  check({ ms }, ledger) {
    // 80 requests: 10 at once, then 40 a second.
    assert.ok(ms >= 1700 && ms < 9000, `${ms} ms`);
    const { refused, exchanges: { length } } = ledger;
    assert.ok(refused > 0, "the server refused at least once");
    assert.ok(refused <= length * FEW, `${refused} of ${length} refused`);
  },
});

/**
 * @typedef {object} Load
 * @property {number} count
 * @property {() => object} service  Returns options of `startService`, anew for each run of the load.
 * @property {"list" | "stream" | "single"} [how]
 * @property {boolean} [isLimited]  Whether the service limits the rate.
 * @property {object} [options]  Options of the call.
 * @property {(service: object, ledger: object) => Promise<void>} [during]
 * @property {(done: object, ledger: object) => void} [check]  Checks beyond those of every load.
 * @property {Array<[number, string, number | null]>} [failures]
 */

/** @type {Record<string, Load>} */
const loads = {
  "20,000 runs": { count: 20_000, service: () => ({}) },
  "5,000 runs, streamed": { count: 5000, service: () => ({}), how: "stream" },
  "1,000 single calls in one task": {
    count: 1_000,
    how: "single",
    service: () => ({ latencyMs: 5 }),
    check: (done, ledger) => assert.equal(ledger.exchanges.length, 200),
  },
  "300 single calls, a server limited to 20 requests a second": {
    count: 300,
    how: "single",
    isLimited: true,
    service: () => ({ limiter: tokenBucket({ rate: 20, burst: 5 }), latencyMs: 20 }),
    check({ ms }, ledger) {
      assert.ok(ms >= 2_500 && ms < 12_000, `${ms} ms`);
      const { refused, exchanges: { length } } = ledger;
      assert.ok(refused > 0 && refused <= length * FEW, `${refused} of ${length} refused`);
    },
  },
  "a server limited to 40 requests a second": limited(() => ({})),
  "a server limited to 40 requests a second that sends Retry-After": limited(retryAfterSeconds),
  "one run in a hundred is bad": {
    count: 3000,
    service: () => ({ trouble: (id) => badKind(id)?.[0] }),
    failures: badOf(3000),
  },
  "connections lost at random": {
    count: 600,
    service: () => ({ latencyMs: 5, resets: { share: 0.05, seed: 20_261_123 } }),
    options: { maxRetries: 8 },
    check: (done, ledger) => assert.ok(ledger.exchanges.length > 120, "some requests were retried"),
  },
  "a server that is killed halfway and comes back": {
    count: 2000,
    service: () => ({ latencyMs: 15 }),
    options: { maxRetries: 8 },
    async during(service, ledger) {
      await until(() => ledger.given.size >= 1000, "half of the runs");
      await service.kill();
      const { size } = ledger.given;
      await sleep(1000);
      assert.equal(ledger.given.size, size);
      await service.revive();
    },
  },
};

/**
 * @param {Load} load
 * @param {(service: object, task: object) => Promise<object>} run  Runs `fetchAll`, in Node or in a page.
 * @param {object} more  Options of `startService` beside the load's.
 */
async function runLoad(load, run, more) {
  const { count, how, options, failures = [] } = load;
  const service = await startService({ ...load.service(), ...more });
  const { ledger } = service;
  try {
    const [done] = await Promise.all([
      run(service, { baseUrl: service.url, count, how, options }),
      load.during?.(service, ledger),
    ]);
    assert.deepEqual(done.failures, failures);
    assert.equal(done.right, count - failures.length);
    assert.deepEqual(done.twice, [], "reported twice");
    assert.deepEqual(ledger.askedAgain, [], "requested again after it was delivered");
    if (done.outcome) {
      const { succeeded, failed, stats } = done.outcome;
      assert.deepEqual([succeeded, failed], [done.right, failures.length]);
      assert.deepEqual([stats.total, stats.succeeded, stats.failed], [count, succeeded, failed]);
    }
    load.check?.(done, ledger);
  } finally {
    await service.close();
  }
}

/** Adds a test for each load. */
export function loadTests(run, more = {}) {
  const entries = Object.entries(loads);
  // These loads run alone: a client that shares the machine may be too slow to reach the limit.
  const alone = ([, { count, isLimited }]) => isLimited || count >= 5000;
  for (const [name, load] of entries.filter(alone)) test(name, { timeout: 60_000 }, () => runLoad(load, run, more));

  // The others mostly wait, so they run at the same time.
  describe("at the same time", { concurrency: true, timeout: 60_000 }, () => {
    for (const [name, load] of entries.filter((entry) => !alone(entry))) test(name, () => runLoad(load, run, more));
  });
}
