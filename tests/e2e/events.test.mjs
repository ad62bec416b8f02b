/** The events of calls: whole sequences, event by event. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { json, neverAnswer, redirect, resetBeforeHeaders, results } from "../servers/faulty.mjs";
import { clientFor, failure, faultyFor, IDS, rejection, TEXTS } from "./support/calls.mjs";

/** Starts a server and a client, and returns the list of the client's events. */
async function listening(t, behaviours, options) {
  const events = [];
  const onEvent = (event) => events.push(event);
  const { client, server } = await faultyFor(t, behaviours, { onEvent, ...options });
  return { client, server, events, url: `${server.url}/translation-results` };
}

/** Compares whole events. Checks the two measured fields for plausible values, and leaves them out. */
function assertEvents(events, expected) {
  const plain = events.map((event) => {
    const { durationMs, delayMs, ...rest } = event;
    const isTimed = ["response", "end"].includes(event.type);
    if (isTimed) assert.ok(durationMs >= 0 && durationMs < 60_000, `durationMs: ${durationMs}`);
    if (event.type === "retry") assert.ok(delayMs >= 0 && delayMs <= 60_000, `delayMs: ${delayMs}`);
    assert.deepEqual(
      [durationMs !== undefined, delayMs !== undefined],
      [isTimed, event.type === "retry"],
      event.type,
    );
    return rest;
  });
  assert.deepEqual(plain, expected.map((event) => ({ runIds: IDS, ...event })));
}

test("one good call is a request, a response and an end", async (t) => {
  const { client, events, url } = await listening(t, results());
  await client.getResults(IDS);
  assertEvents(events, [
    { type: "request", attempt: 1, url },
    { type: "response", attempt: 1, status: 200 },
    { type: "end", attempt: 1, outcome: "ok" },
  ]);
});

test("a response event has the request id if the answer has one", async (t) => {
  const { client, events, url } = await listening(t, [
    json(TEXTS, { headers: { "x-request-id": "req-1", "cf-ray": "ray-1" } }),
    json({}, { status: 400, headers: { "cf-ray": "ray-2" } }),
  ]);
  await client.getResults(IDS);
  await failure(client.getResults(IDS), "BAD_REQUEST");
  assertEvents(events, [
    { type: "request", attempt: 1, url },
    { type: "response", attempt: 1, status: 200, requestId: "req-1" },
    { type: "end", attempt: 1, outcome: "ok" },
    { type: "request", attempt: 1, url },
    { type: "response", attempt: 1, status: 400, requestId: "ray-2" },
    { type: "end", attempt: 1, outcome: "failed", code: "BAD_REQUEST" },
  ]);
});

test("a refusal that is retried until it succeeds", async (t) => {
  const busy = (status) => json({}, { status, headers: { "retry-after-ms": "20" } });
  const { client, events, url } = await listening(t, [busy(429), busy(503), results()], { maxRetries: 2 });
  await client.getResults(IDS);
  assertEvents(events, [
    { type: "request", attempt: 1, url },
    { type: "response", attempt: 1, status: 429 },
    { type: "end", attempt: 1, outcome: "failed", code: "RATE_LIMITED" },
    { type: "retry", attempt: 1, code: "RATE_LIMITED" },
    { type: "request", attempt: 2, url },
    { type: "response", attempt: 2, status: 503 },
    { type: "end", attempt: 2, outcome: "failed", code: "SERVER_ERROR" },
    { type: "retry", attempt: 2, code: "SERVER_ERROR" },
    { type: "request", attempt: 3, url },
    { type: "response", attempt: 3, status: 200 },
    { type: "end", attempt: 3, outcome: "ok" },
  ]);
  assert.deepEqual(events.filter(({ type }) => type === "retry").map(({ delayMs }) => delayMs), [20, 20]);
});

test("there is no retry event after the last attempt", async (t) => {
  const { client, events, url } = await listening(
    t, json({}, { status: 500, headers: { "retry-after": "0" } }), { maxRetries: 1 },
  );
  await failure(client.getResults(IDS), "SERVER_ERROR");
  assertEvents(events, [
    { type: "request", attempt: 1, url },
    { type: "response", attempt: 1, status: 500 },
    { type: "end", attempt: 1, outcome: "failed", code: "SERVER_ERROR" },
    { type: "retry", attempt: 1, code: "SERVER_ERROR" },
    { type: "request", attempt: 2, url },
    { type: "response", attempt: 2, status: 500 },
    { type: "end", attempt: 2, outcome: "failed", code: "SERVER_ERROR" },
  ]);
});

for (const [code, behaviour, options] of [
  ["NETWORK", resetBeforeHeaders(), {}],
  ["TIMEOUT", neverAnswer(), { timeoutMs: 400 }],
]) {
  test(`a failure without a response: ${code}`, async (t) => {
    const { client, events, url } = await listening(t, [behaviour, results()], { maxRetries: 1, ...options });
    await client.getResults(IDS);
    assertEvents(events, [
      { type: "request", attempt: 1, url },
      { type: "end", attempt: 1, outcome: "failed", code },
      { type: "retry", attempt: 1, code },
      { type: "request", attempt: 2, url },
      { type: "response", attempt: 2, status: 200 },
      { type: "end", attempt: 2, outcome: "ok" },
    ]);
  });
}

test("a redirect has a response event", async (t) => {
  const { client, events, url } = await listening(t, redirect(308, "https://example.com/"), { maxRetries: 1 });
  await failure(client.getResults(IDS), "REDIRECTED");
  assertEvents(events, [
    { type: "request", attempt: 1, url },
    { type: "response", attempt: 1, status: 308 },
    { type: "end", attempt: 1, outcome: "failed", code: "REDIRECTED" },
  ]);
});

test("after an abort there is an end event and no other", async (t) => {
  const { client, server, events, url } = await listening(t, neverAnswer(), { maxRetries: 3 });
  const controller = new AbortController();
  const call = rejection(client.getResults(IDS, { signal: controller.signal }));
  while (server.requests.length === 0) await sleep(5);
  controller.abort("stop");
  await call;
  await sleep(100);
  assertEvents(events, [
    { type: "request", attempt: 1, url },
    { type: "end", attempt: 1, outcome: "cancelled" },
  ]);
});

test("refused input causes no event", async (t) => {
  const { client, events } = await listening(t, results());
  await failure(client.getResults([1]), "INVALID_RUN_IDS");
  await failure(client.getResults(IDS, { timeoutMs: 0 }), "INVALID_OPTIONS");
  await rejection(client.getResults(IDS, { signal: AbortSignal.abort() }));
  assert.deepEqual(events, []);
});

test("an event comes before the action that it announces, the response before the call settles", async (t) => {
  const order = [];
  const fetch = async () => {
    order.push("fetch");
    return Response.json(TEXTS);
  };
  const client = clientFor("http://localhost", { fetch, onEvent: ({ type }) => order.push(type) });
  await client.getResults(IDS).then(() => order.push("settled"));
  assert.deepEqual(order, ["request", "fetch", "response", "end", "settled"]);
});

/** Behaviours that cause every kind of event of one call: two attempts and a retry. */
const twoAttempts = () => [json({}, { status: 429, headers: { "retry-after": "0" } }), results()];
const types = ["request", "response", "end", "retry"];

for (const thrown of [new Error("the log is full"), "a text", undefined, null]) {
  test(`an onEvent that throws ${String(thrown)} does not affect the call`, async (t) => {
    for (const type of [...types, undefined]) {
      const told = [];
      const { client } = await faultyFor(t, twoAttempts(), {
        maxRetries: 1,
        onEvent: (event) => {
          told.push(event.type);
          if (type === undefined || event.type === type) throw thrown;
        },
      });
      assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
      assert.deepEqual(told, ["request", "response", "end", "retry", "request", "response", "end"]);
    }
  });
}

test("changing an event in onEvent does not change the call", async (t) => {
  const ids = [...IDS];
  const { client, server } = await faultyFor(t, twoAttempts(), {
    maxRetries: 1,
    onEvent: (event) => {
      event.runIds.length = 0;
      event.url = "http://example.com/";
      event.delayMs = 1e9;
      event.attempt = 99;
    },
  });
  assert.deepEqual({ ...(await client.getResults(ids)) }, TEXTS);
  assert.deepEqual(ids, IDS);
  assert.deepEqual(server.requests.map(({ body }) => body), Array(2).fill('{"run_ids":[12345,6789]}'));
});

test("onEvent may call the same client", async (t) => {
  let told = 0;
  let inner;
  const { client } = await faultyFor(t, results(), {
    onEvent: () => {
      told += 1;
      if (told === 1) inner = client.getResults([1, 2]);
    },
  });
  assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
  assert.deepEqual(Object.keys(await inner), ["1", "2"]);
});

test("onEvent may abort the call of an event", async (t) => {
  for (const type of types) {
    const controller = new AbortController();
    const { client } = await faultyFor(t, twoAttempts(), {
      maxRetries: 1,
      onEvent: (event) => event.type === type && controller.abort(type),
    });
    assert.equal(await rejection(client.getResults(IDS, { signal: controller.signal })), type);
  }
});
