/** Callers of `getResult` that leave before their run has come: aborts and deadlines concern one caller only. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { json, neverAnswer } from "../servers/faulty.mjs";
import { textsOf } from "../servers/service.mjs";
import { test } from "./support/bounded.mjs";
import { assertNothingSent, idsFrom, serviceFor, until } from "./support/bulk.mjs";
import { PROMPT_MS, assertError, countedFetch, failure, rejection, timed } from "./support/calls.mjs";

/** Starts a service that never answers, and records its requests. */
async function silentFor(t, options) {
  const requests = [];
  const intercept = (request) => {
    requests.push(request);
    return neverAnswer();
  };
  return { requests, ...await serviceFor(t, { intercept }, options) };
}

const isOpen = (request) => Promise.race([request.closed.then(() => false), sleep(100, true)]);

test("an abort rejects its caller with its reason, and the request continues for the others", async (t) => {
  const { client, ledger } = await serviceFor(t, { latencyMs: 60 });
  const controller = new AbortController();
  const aborted = client.getResult(7, { signal: controller.signal });
  const others = [client.getResult(7), client.getResult(8)];
  await until(() => ledger.exchanges.length === 1);
  controller.abort("no longer shown");
  const { call, ms } = await timed(() => aborted);
  assert.equal(await rejection(call), "no longer shown");
  assert.ok(ms < PROMPT_MS, `${ms} ms`);
  assert.deepEqual(await Promise.all(others), [{ texts: textsOf(7) }, { texts: textsOf(8) }]);
  assert.deepEqual(ledger.batches, [[7, 8]]);
});

test("an abort before the call sends nothing", async (t) => {
  const { client, ledger } = await serviceFor(t);
  for (const reason of ["why", null, new Error("why")]) {
    assert.equal(await rejection(client.getResult(7, { signal: AbortSignal.abort(reason) })), reason);
  }
  await assertNothingSent(ledger, 50);
});

test("an abort in the task of the call sends nothing", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const controller = new AbortController();
  const call = client.getResult(7, { signal: controller.signal });
  controller.abort("why");
  assert.equal(await rejection(call), "why");
  await assertNothingSent(ledger, 50);
  assert.equal(ledger.sent, 0);
});

test("an abort in the event of a request sends nothing", async (t) => {
  const controller = new AbortController();
  const events = [];
  const onEvent = ({ type, outcome }) => {
    events.push(outcome ?? type);
    if (type === "request") controller.abort("why");
  };
  const counting = countedFetch();
  const { client } = await serviceFor(t, {}, { onEvent, fetch: counting });
  assert.equal(await rejection(client.getResult(7, { signal: controller.signal })), "why");
  await sleep(100);
  assert.equal(counting.sent, 0);
  assert.deepEqual(events, ["request", "cancelled"]);
  assert.deepEqual(await client.getResult(7), { texts: textsOf(7) }, "the client goes on");
});

test("a request is cancelled once no caller waits for any of its runs", async (t) => {
  const events = [];
  const { client, requests } = await silentFor(t, { onEvent: ({ type, outcome }) => events.push(outcome ?? type) });
  const controllers = idsFrom(1, 3).map(() => new AbortController());
  const calls = controllers.map(({ signal }, index) => rejection(client.getResult(1 + index, { signal })));
  await until(() => requests.length === 1);
  controllers[0].abort(0);
  controllers[1].abort(1);
  assert.equal(await isOpen(requests[0]), true);
  controllers[2].abort(2);
  assert.equal(await isOpen(requests[0]), false);
  assert.deepEqual(await Promise.all(calls), [0, 1, 2]);
  assert.deepEqual(events, ["request", "cancelled"]);
});

test("a caller that leaves and calls again while the run is in flight shares its request", async (t) => {
  const { client, ledger } = await serviceFor(t, { latencyMs: 80 });
  const controller = new AbortController();
  const left = rejection(client.getResult(7, { signal: controller.signal }));
  const other = client.getResult(8);
  await until(() => ledger.exchanges.length === 1);
  controller.abort("why");
  assert.equal(await left, "why");
  assert.deepEqual(await client.getResult(7), { texts: textsOf(7) });
  await other;
  assert.deepEqual(ledger.batches, [[7, 8]]);
});

test("a caller that leaves and comes back in one task keeps the request", async (t) => {
  const { client, ledger } = await serviceFor(t, { latencyMs: 80 });
  const controller = new AbortController();
  const left = rejection(client.getResult(7, { signal: controller.signal }));
  await until(() => ledger.exchanges.length === 1);
  controller.abort("why");
  const back = client.getResult(7);
  assert.equal(await left, "why");
  assert.deepEqual(await back, { texts: textsOf(7) });
  assert.deepEqual(ledger.batches, [[7]]);
});

test("runs without a waiting caller are not retried, and not requested alone", async (t) => {
  const refusals = { 0: 500, 1: 404 };
  const intercept = (_request, before) => (refusals[before] ? json({}, { status: refusals[before] }) : undefined);
  const { client, ledger } = await serviceFor(t, { intercept, latencyMs: 40 }, { maxRetries: 1 });
  const controllers = idsFrom(1, 5).map(() => new AbortController());
  const calls = controllers.map(({ signal }, index) => client.getResult(1 + index, { signal }));
  const settled = Promise.allSettled(calls);
  await until(() => ledger.exchanges.length === 1);
  controllers[0].abort("left");
  await until(() => ledger.exchanges.length === 2);
  controllers[1].abort("left");
  controllers[2].abort("left");
  const outcomes = (await settled).map(({ reason, value }) => reason ?? value.texts[0]);
  assert.deepEqual(outcomes, ["left", "left", "left", "text of 4", "text of 5"]);
  assert.deepEqual(ledger.batches, [[1, 2, 3, 4, 5], [2, 3, 4, 5], [4], [5]]);
});

test("runs that wait for the gate are not sent once no caller waits for them", async (t) => {
  const intercept = (_request, before) =>
    (before === 0 ? json({}, { status: 429, headers: { "retry-after-ms": "200" } }) : undefined);
  const events = [];
  const { client, ledger } = await serviceFor(t, { intercept }, { onEvent: ({ type }) => events.push(type) });
  const controller = new AbortController();
  const first = client.getResult(1);
  await until(() => events.includes("retry"));
  const left = [2, 3].map((id) => rejection(client.getResult(id, { signal: controller.signal })));
  const stays = client.getResult(4);
  await sleep(20);
  controller.abort("left");
  assert.deepEqual(await Promise.all(left), ["left", "left"]);
  await Promise.all([first, stays]);
  assert.deepEqual(ledger.batches, [[1], [1], [4]]);
});

test("a deadline rejects its own caller", async (t) => {
  const { client, ledger } = await serviceFor(t, { latencyMs: 200 });
  const patient = client.getResult(7);
  const { call, ms } = await timed(() => client.getResult(7, { deadlineMs: 60 }));
  const error = await failure(call, "TIMEOUT");
  assert.deepEqual([error.timeoutMs, error.attempts], [60, 1]);
  assert.ok(ms >= 55 && ms < 190, `${ms} ms`);
  assert.deepEqual(await patient, { texts: textsOf(7) });
  assert.equal(ledger.exchanges.length, 1);
});

for (const [status, code] of [[429, "RATE_LIMITED"], [500, "SERVER_ERROR"]]) {
  test(`a caller does not wait for a retry after its deadline: ${status}`, async (t) => {
    const intercept = (_request, before) =>
      (before === 0 ? json({}, { status, headers: { "retry-after-ms": "600" } }) : undefined);
    const events = [];
    const onEvent = ({ type }) => type !== "concurrency" && events.push(type);
    const { client, ledger } = await serviceFor(t, { intercept }, { maxRetries: 1, onEvent });
    const patient = client.getResult(7, { deadlineMs: 10_000 });
    const { call, ms } = await timed(() => client.getResult(8, { deadlineMs: 500 }));
    const error = await failure(call, code);
    assert.deepEqual([error.attempts, error.retryAfterMs], [1, 600]);
    assert.ok(ms < PROMPT_MS, `${ms} ms`);
    assert.deepEqual(await patient, { texts: textsOf(7) });
    assert.deepEqual(ledger.batches, [[7, 8], [7]]);
    assert.deepEqual(events, ["request", "response", "end", "retry", "request", "response", "end"]);
  });
}

test("if no caller can wait for a retry, there is none", async (t) => {
  const events = [];
  const { client, ledger } = await serviceFor(
    t,
    { intercept: () => json({}, { status: 500, headers: { "retry-after-ms": "600" } }) },
    { maxRetries: 1, onEvent: ({ type }) => events.push(type) },
  );
  await failure(client.getResult(7, { deadlineMs: 500 }), "SERVER_ERROR");
  await assertNothingSent(ledger, 700);
  assert.deepEqual(events, ["request", "response", "end"]);
});

test("a request is cancelled once the deadlines of all its callers have passed", async (t) => {
  const { client, requests } = await silentFor(t);
  const errors = await Promise.all([50, 90].map((deadlineMs) => rejection(client.getResult(7, { deadlineMs }))));
  for (const error of errors) assertError(error, "TIMEOUT");
  assert.equal(requests.length, 1);
  assert.equal(await isOpen(requests[0]), false);
});

test("if no caller waits for the probing run any more, another run probes the connection", async (t) => {
  const { client, service, ledger } = await serviceFor(t, { latencyMs: 30 }, { maxRetries: 8 });
  const controller = new AbortController();
  const left = rejection(client.getResult(1, { signal: controller.signal }));
  await until(() => ledger.exchanges.length === 1);
  const stays = client.getResult(2);
  await until(() => ledger.exchanges.length === 2);
  await service.kill();
  await sleep(50);
  controller.abort("left");
  assert.equal(await left, "left");
  await service.revive();
  assert.deepEqual(await stays, { texts: textsOf(2) });
});

test("a thousand calls with one signal cause no warning and leave no listener", async (t) => {
  const warnings = [];
  const note = (warning) => warnings.push(warning);
  process.on("warning", note);
  t.after(() => process.off("warning", note));
  const { client } = await serviceFor(t);
  const { signal } = new AbortController();
  await Promise.all(idsFrom(1, 1_000).map((id) => client.getResult(id, { signal })));
  await sleep(20);
  assert.deepEqual(warnings, []);
  assert.equal(getEventListeners(signal, "abort").length, 0);
});
