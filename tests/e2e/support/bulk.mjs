/** Shared by the tests of bulk calls: a service, many run ids, and checks that each run ends in one place. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { startService, textsOf } from "../../servers/service.mjs";
import { assertError, clientFor } from "./calls.mjs";

/** `count` run ids from `first` on. */
export const idsFrom = (first, count) => Array.from({ length: count }, (_, index) => first + index);

/** A service for the length of one test, and a client on it; its ledger has what the client says it `sent`, too. */
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

/** Fails unless each id is in exactly one place of an outcome, with the texts of the service. */
export function assertAccounted(ids, { results, failures, pending = [] }) {
  const fetched = Object.keys(results).map(Number);
  const failed = failures.map(({ runId }) => runId);
  assert.deepEqual(sorted([...fetched, ...failed, ...pending]), sorted(ids), "each run in one place");
  for (const id of fetched) assert.deepEqual(results[id], { texts: textsOf(id) });
  for (const { error } of failures) assertError(error, error.code);
  const order = new Map(ids.map((id, index) => [id, index]));
  for (const list of [failed, pending]) {
    assert.deepEqual(list, [...list].sort((a, b) => order.get(a) - order.get(b)), "in the order asked for");
  }
}

/** Fails unless every run was fetched, and none was asked for again after it had arrived. */
export function assertWhole(ids, outcome, ledger) {
  assertAccounted(ids, outcome);
  assert.deepEqual(outcome.failures, []);
  assertCounts(outcome, { total: ids.length, succeeded: ids.length, failed: 0 });
  if (ledger) assert.deepEqual(ledger.askedAgain, []);
}

/** Fails unless the statistics of an outcome are there, and the given ones are right. */
export function assertCounts({ stats }, expected = {}) {
  const fields = ["elapsedMs", "failed", "requests", "retries", "succeeded", "total"];
  assert.deepEqual(Object.keys(stats).sort(), fields);
  for (const field of fields) assert.ok(stats[field] >= 0, `${field}: ${stats[field]}`);
  for (const [field, value] of Object.entries(expected)) assert.equal(stats[field], value, field);
}

/** The failures as `[run id, code, attempts]`. */
export const failed = ({ failures }) => failures.map(({ runId, error }) => [runId, error.code, error.attempts]);

/** Waits for something that is bound to come; a test's own time limit is too late to say what did not. */
export async function until(condition, what = "what the test waits for", limitMs = 10_000) {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) assert.fail(`${what} did not come within ${limitMs} ms`);
    await sleep(2);
  }
}

/** Fails if a request is made for a while. The server alone cannot tell, as a request may have been on its way. */
export async function assertNothingSent(ledger, ms = 300) {
  const { sent } = ledger;
  await sleep(ms);
  assert.equal(ledger.sent, sent, "nothing is sent after the end");
  assert.ok(ledger.exchanges.length <= sent, "nor without being told of");
}
