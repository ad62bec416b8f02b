/** The events of a bulk call. */
import assert from "node:assert/strict";
import { json, resetBeforeHeaders } from "../servers/faulty.mjs";
import { tokenBucket } from "../servers/limiters.mjs";
import { troubles } from "../servers/service.mjs";
import { test } from "./support/bounded.mjs";
import { assertAccounted, assertWhole, idsFrom, serviceFor } from "./support/bulk.mjs";

/** Starts a service and a client, and records the events without their measured fields. */
async function listening(t, serviceOptions, clientOptions) {
  const events = [];
  const onEvent = ({ durationMs, ...event }) => events.push(event);
  return { events, ...(await serviceFor(t, serviceOptions, { onEvent, ...clientOptions })) };
}

const only = (type, events) => events.filter((event) => event.type === type);

test("without errors, every batch has a request, a response and an end event", async (t) => {
  const { client, events, service } = await listening(t);
  await client.getAllResults(idsFrom(1, 9), { concurrency: 1 });
  const url = `${service.url}/translation-results`;
  assert.deepEqual(events, [[1, 2, 3, 4, 5], [6, 7, 8, 9]].flatMap((runIds) => [
    { type: "request", runIds, attempt: 1, url },
    { type: "response", runIds, attempt: 1, status: 200 },
    { type: "end", runIds, attempt: 1, outcome: "ok" },
  ]));
});

test("one run alone has the same events", async (t) => {
  const { client, events, service } = await listening(t);
  await client.getAllResults([12345]);
  assert.deepEqual(events, [
    { type: "request", runIds: [12345], attempt: 1, url: `${service.url}/translation-result/12345` },
    { type: "response", runIds: [12345], attempt: 1, status: 200 },
    { type: "end", runIds: [12345], attempt: 1, outcome: "ok" },
  ]);
});

test("requests for the runs of a batch that is taken apart are not retries", async (t) => {
  const { client, events, service } = await listening(t, { trouble: (id) => (id === 2 ? troubles.absent : undefined) });
  await client.getAllResults([1, 2, 3]);
  assert.deepEqual(events.map(({ type, runIds, attempt, status, code }) => [type, runIds, attempt, status ?? code]), [
    ["request", [1, 2, 3], 1, undefined],
    ["response", [1, 2, 3], 1, 200],
    ["end", [1, 2, 3], 1, "MISSING_RESULT"],
    ["request", [2], 1, undefined],
    ["response", [2], 1, 404],
    ["end", [2], 1, "NOT_FOUND"],
  ]);
  assert.equal(events[3].url, `${service.url}/translation-result/2`);
});

for (const [code, behaviour] of [
  ["SERVER_ERROR", json({}, { status: 500, headers: { "retry-after-ms": "20" } })],
  ["RATE_LIMITED", json({}, { status: 429, headers: { "retry-after-ms": "20" } })],
  ["NETWORK", resetBeforeHeaders()],
]) {
  test(`a retry after ${code}`, async (t) => {
    const { client, events } = await listening(
      t, { intercept: (request, count) => (count === 0 ? behaviour : undefined) }, { maxRetries: 1 },
    );
    await client.getAllResults([1, 2, 3]);
    const [retry, ...none] = only("retry", events);
    assert.deepEqual(none, []);
    assert.deepEqual([retry.runIds, retry.attempt, retry.code], [[1, 2, 3], 1, code]);
    if (code === "NETWORK") assert.ok(retry.delayMs >= 250 && retry.delayMs <= 500, `${retry.delayMs} ms`);
    else assert.equal(retry.delayMs, 20);
    assert.deepEqual(only("request", events).map(({ attempt }) => attempt), [1, 2]);
  });
}

test("every request has its response, and the server saw as many", async (t) => {
  const trouble = (id) => (id % 40 === 0 ? troubles.named : undefined);
  const { client, events, ledger } = await listening(t, { trouble });
  const ids = idsFrom(1, 400);
  assertAccounted(ids, await client.getAllResults(ids));
  const key = ({ runIds, attempt }) => `${runIds} ${attempt}`;
  const requests = only("request", events).map(key);
  assert.deepEqual(only("response", events).map(key).sort(), [...requests].sort());
  assert.equal(new Set(requests).size, requests.length, "every request has one event");
  assert.equal(ledger.exchanges.length, requests.length);
});

const refuse = (status) => json({}, { status });
/** Calls with requests in flight at their end, and the outcome that these requests have. */
const endings = {
  "an abort": [{}, () => ({ signal: AbortSignal.timeout(500) }), "cancelled"],
  "a deadline": [{}, () => ({ deadlineMs: 500 }), "cancelled"],
  "a key that is refused": [{ intercept: (_request, before) => (before === 3 ? refuse(401) : undefined) }, () => ({}), "cancelled"],
  "lost connections": [
    { intercept: (_request, before) => (before % 3 === 1 ? resetBeforeHeaders() : undefined) }, () => ({}), "failed",
  ],
};
for (const [what, [serviceOptions, optionsOf, expected]] of Object.entries(endings)) {
  test(`every request has one end: ${what}`, async (t) => {
    // Half of the batches are never answered. The others come long before the end, or after it: a call that ends within an
    // answer has told its response.
    const latencyMs = ({ body }) => (body?.includes("7") ? 5_000 : 50);
    const { client, events, ledger } = await listening(t, { latencyMs, ...serviceOptions }, { timeoutMs: 600 });
    await client.getAllResults(idsFrom(1, 60), optionsOf()).catch(() => {});
    const key = ({ runIds, attempt }) => `${runIds} ${attempt}`;
    const requests = only("request", events).map(key);
    const ends = only("end", events);
    assert.deepEqual(ends.map(key).sort(), requests.sort());
    assert.ok(ledger.exchanges.length <= requests.length);
    for (const { outcome, code } of ends) assert.equal(code !== undefined, outcome === "failed");
    const given = only("response", events).filter(({ status }) => status === 200);
    assert.equal(only("end", events).filter(({ outcome }) => outcome === "ok").length, given.length);
    assert.ok(ends.some(({ outcome }) => outcome === expected));
  });
}

test("slowing down and recovering are events", async (t) => {
  const limiter = tokenBucket({ rate: 80, burst: 8 });
  const { client, events, ledger } = await listening(t, { limiter, latencyMs: 20 });
  const ids = idsFrom(1, 400);
  assertWhole(ids, await client.getAllResults(ids, { concurrency: 10 }), ledger);
  assert.ok(ledger.refused > 0, "the server refused");
  const limits = only("concurrency", events).map(({ limit, ...rest }) => {
    assert.deepEqual(rest, { type: "concurrency" });
    assert.ok(Number.isInteger(limit) && limit >= 0 && limit <= 10, `limit: ${limit}`);
    return limit;
  });
  assert.ok(limits.length > 0, "no event");
  assert.ok(limits[0] < 10, `a slow-down comes first: ${limits}`);
  for (const [index, limit] of limits.entries()) assert.notEqual(limit, limits[index - 1], "told when it changes");
});

test("an onEvent that throws does not affect the call", async (t) => {
  let told = 0;
  const onEvent = () => { told += 1; throw new Error("the log is full"); };
  const { client, ledger } = await serviceFor(t, {}, { onEvent });
  assertWhole(idsFrom(1, 50), await client.getAllResults(idsFrom(1, 50)), ledger);
  assert.equal(told, 30);
});

test("changing an event in onEvent does not change the call", async (t) => {
  const onEvent = (event) => { if (event.runIds) event.runIds.length = 0; };
  const { client, ledger } = await serviceFor(t, {}, { onEvent });
  assertWhole(idsFrom(1, 50), await client.getAllResults(idsFrom(1, 50)), ledger);
});
