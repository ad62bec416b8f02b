/** Shared by the tests of bulk calls: a service, many run ids, and checks that each run has one outcome. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { startService, textsOf } from "../../servers/service.mjs";
import { assertError, clientFor } from "./calls.mjs";

/** Returns `count` run ids from `first` on. */
export const idsFrom = (first, count) => Array.from({ length: count }, (_, index) => first + index);

/** Starts a service for one test, and a client. The ledger also counts the requests that the client reports, in `sent`. */
export async function serviceFor(t, serviceOptions, clientOptions = {}) {
  const service = await startService(serviceOptions);
  t.after(() => service.close());
  const { ledger } = service;
  ledger.sent = 0;
  const onEvent = (event) => {
    if (event.type === "request") ledger.sent += 1;
    return clientOptions.onEvent?.(event);
  };
  return { service, ledger, client: clientFor(service.url, { ...clientOptions, onEvent }) };
}

const sorted = (ids) => [...ids].sort((a, b) => a - b);

/** Fails unless each id is exactly once in an outcome, and results have the service's texts. */
export function assertAccounted(ids, { results, failures, pending = [] }) {
  const fetched = Object.keys(results).map(Number);
  const failed = failures.map(({ runId }) => runId);
  assert.deepEqual(sorted([...fetched, ...failed, ...pending]), sorted(ids), "each run in one place");
  for (const id of fetched) assert.deepEqual(results[id], { texts: textsOf(id) });
  for (const { error } of failures) assertError(error, error.code);
  const order = new Map(ids.map((id, index) => [id, index]));
  for (const list of [failed, pending]) {
    assert.deepEqual(list, [...list].sort((a, b) => order.get(a) - order.get(b)), "in the requested order");
  }
}

/** Fails unless every run was fetched, and no run was requested again after it had arrived. */
export function assertWhole(ids, outcome, ledger) {
  assertAccounted(ids, outcome);
  assert.deepEqual(outcome.failures, []);
  assertCounts(outcome, { total: ids.length, succeeded: ids.length, failed: 0 });
  if (ledger) assert.deepEqual(ledger.askedAgain, []);
}

/** Fails unless an outcome has all statistics, with the expected values. */
export function assertCounts({ stats }, expected = {}) {
  const fields = ["elapsedMs", "failed", "requests", "retries", "succeeded", "total"];
  assert.deepEqual(Object.keys(stats).sort(), fields);
  for (const field of fields) assert.ok(stats[field] >= 0, `${field}: ${stats[field]}`);
  for (const [field, value] of Object.entries(expected)) assert.equal(stats[field], value, field);
}

/** Returns the failures as `[run id, code, attempts]`. */
export const failed = ({ failures }) => failures.map(({ runId, error }) => [runId, error.code, error.attempts]);

/** Waits for a condition. Unlike the test's own time limit, the failure names the condition. */
export async function until(condition, what = "what the test waits for", limitMs = 10_000) {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) assert.fail(`${what} did not come within ${limitMs} ms`);
    await sleep(2);
  }
}

/** Fails if the client sends a request within `ms`. The server's count alone could include a request that was on its way. */
export async function assertNothingSent(ledger, ms = 300) {
  const { sent } = ledger;
  await sleep(ms);
  assert.equal(ledger.sent, sent, "nothing is sent after the end");
  assert.ok(ledger.exchanges.length <= sent, "every request has an event");
}
