/** Time limits and aborts: a call ends at once at every stage, and leaves nothing behind. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  answer, drip, endless, json, neverAnswer, resetBeforeHeaders, results, stall,
} from "../servers/faulty.mjs";
import {
  assertGivenUp, clientFor, failure, faultyFor, IDS, PROMPT_MS, rejection, TEXTS, timed,
} from "./support/calls.mjs";

const DRIPPED = JSON.stringify(TEXTS);
const listeners = (signal) => getEventListeners(signal, "abort").length;

/** Answers that would take far longer than any limit in these tests. */
const slow = {
  "for the headers": neverAnswer(),
  "in a body that drips": drip(DRIPPED.padEnd(4000), 20),
  "in a body that stalls": stall(),
  "in a body that never ends": endless(),
  "in the body of a refusal": stall("no", { status: 400 }),
};

/* Time limits. */

for (const [stage, behaviour] of Object.entries(slow)) {
  test(`timeoutMs covers the wait ${stage}`, async (t) => {
    const { client, server } = await faultyFor(t, behaviour, { timeoutMs: 400, maxResponseBytes: 2 ** 40 });
    const { call, ms } = await timed(() => client.getResults(IDS));
    assert.ok(ms >= 390 && ms < 3000, `${ms} ms`);
    const error = await failure(call, "TIMEOUT");
    assert.equal(error.timeoutMs, 400);
    assert.equal(error.attempts, 1);
    await assertGivenUp(server.requests[0]);
  });
}

test("the client waits for a slow answer within the limit", async (t) => {
  const { client } = await faultyFor(t, drip(DRIPPED, 3), { timeoutMs: 10_000 });
  assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
});

test("timeoutMs is for one attempt, and the call's overrides the client's", async (t) => {
  const late = (res, request) => setTimeout(() => results()(res, request), 100);
  const { client, server } = await faultyFor(t, [neverAnswer(), late], { timeoutMs: 60_000, maxRetries: 1 });
  assert.deepEqual({ ...(await client.getResults(IDS, { timeoutMs: 600 })) }, TEXTS);
  assert.equal(server.requests.length, 2);
});

/* Aborting. */

test("a signal that has aborted already: nothing is sent", async (t) => {
  const { client, server } = await faultyFor(t, results());
  const reason = new Error("too late");
  assert.equal(await rejection(client.getResults(IDS, { signal: AbortSignal.abort(reason) })), reason);
  await sleep(50);
  assert.equal(server.requests.length, 0);
});

/** Aborts a call some time after its request has arrived. Returns the time until it settled, and its outcome. */
async function abortLater(t, behaviour, options = {}) {
  const { client, server } = await faultyFor(t, behaviour, options);
  const controller = new AbortController();
  const call = rejection(client.getResults(IDS, { signal: controller.signal }));
  while (server.requests.length === 0) await sleep(5);
  await sleep(100);
  const reason = { why: "the user left" };
  controller.abort(reason);
  const { ms } = await timed(() => call);
  return { ms, rejectedWith: await call, reason, server, signal: controller.signal };
}

for (const [stage, behaviour] of Object.entries(slow)) {
  test(`an abort during the wait ${stage} settles at once`, async (t) => {
    const outcome = await abortLater(t, behaviour, { maxRetries: 3, maxResponseBytes: 2 ** 40 });
    assert.equal(outcome.rejectedWith, outcome.reason);
    assert.ok(outcome.ms < PROMPT_MS, `${outcome.ms} ms`);
    await assertGivenUp(outcome.server.requests[0]);
    assert.equal(outcome.server.requests.length, 1);
    assert.equal(listeners(outcome.signal), 0);
  });
}

test("an abort between two attempts settles at once, and there is no further attempt", async (t) => {
  const busy = json({}, { status: 429, headers: { "retry-after-ms": "1200" } });
  const outcome = await abortLater(t, busy, { maxRetries: 3 });
  assert.equal(outcome.rejectedWith, outcome.reason);
  assert.ok(outcome.ms < PROMPT_MS, `${outcome.ms} ms`);
  assert.equal(listeners(outcome.signal), 0);
  await sleep(1300);
  assert.equal(outcome.server.requests.length, 1);
});

for (const reason of [null, 0, "", false, "a text", 5n, Symbol("s"), { a: 1 }, new TypeError("x"), () => {}]) {
  test(`the call rejects with the reason itself: ${String(reason)} (${typeof reason})`, async (t) => {
    const { client } = await faultyFor(t, neverAnswer());
    const controller = new AbortController();
    const call = rejection(client.getResults(IDS, { signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 20);
    assert.equal(await call, reason);
    // The same holds for a signal that had aborted before.
    assert.equal(await rejection(client.getResults(IDS, { signal: controller.signal })), reason);
  });
}

for (const [what, make] of Object.entries({
  "abort() without a reason": () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    return controller.signal;
  },
  "AbortSignal.timeout": () => AbortSignal.timeout(20),
  "AbortSignal.any": () => AbortSignal.any([new AbortController().signal, AbortSignal.timeout(20)]),
})) {
  test(`the call rejects with the signal's own reason: ${what}`, async (t) => {
    const { client } = await faultyFor(t, neverAnswer(), { maxRetries: 2 });
    const signal = make();
    // The timer of AbortSignal.timeout does not keep a process alive.
    const awake = setInterval(() => {}, 1000);
    t.after(() => clearInterval(awake));
    const reason = await rejection(client.getResults(IDS, { signal }));
    assert.equal(signal.aborted, true);
    assert.equal(reason, signal.reason);
    assert.ok(reason instanceof DOMException);
  });
}

test("a reason that looks like an error of the package is passed on unchanged", async (t) => {
  const { client, server } = await faultyFor(t, neverAnswer(), { maxRetries: 3 });
  const earlier = await failure(clientFor(server.url, { timeoutMs: 400 }).getResults(IDS), "TIMEOUT");
  const controller = new AbortController();
  const call = rejection(client.getResults(IDS, { signal: controller.signal }));
  while (server.requests.length < 2) await sleep(5);
  controller.abort(earlier);
  assert.equal(await call, earlier);
  await sleep(600);
  assert.equal(server.requests.length, 2);
});

test("an abort after the end changes nothing", async (t) => {
  const { client } = await faultyFor(t, results());
  const controller = new AbortController();
  const result = await client.getResults(IDS, { signal: controller.signal });
  controller.abort();
  await sleep(20);
  assert.deepEqual({ ...result }, TEXTS);
});

test("an abort does not affect other calls of the client", async (t) => {
  const late = (res, request) => setTimeout(() => results()(res, request), 200);
  const { client } = await faultyFor(t, late);
  const controller = new AbortController();
  const aborted = rejection(client.getResults(IDS, { signal: controller.signal }));
  const others = [client.getResults(IDS), client.getResults(IDS, { signal: new AbortController().signal })];
  setTimeout(() => controller.abort("stop"), 50);
  assert.equal(await aborted, "stop");
  for (const other of others) assert.deepEqual({ ...(await other) }, TEXTS);
});

/* Listeners and timers. */

for (const [what, behaviours, options] of [
  ["a result", results()],
  ["a refusal", json({}, { status: 400 })],
  ["an answer that is no JSON", answer({ body: "no" })],
  ["a retry", [json({}, { status: 429, headers: { "retry-after-ms": "30" } }), results()], { maxRetries: 1 }],
  ["a lost connection", [resetBeforeHeaders(), results()], { maxRetries: 1 }],
  ["a timeout", neverAnswer(), { timeoutMs: 50 }],
]) {
  test(`no listener is left on the signal after ${what}`, async (t) => {
    const { client } = await faultyFor(t, behaviours, options);
    const { signal } = new AbortController();
    const counts = [];
    const count = setInterval(() => counts.push(listeners(signal)), 1);
    await client.getResults(IDS, { signal }).catch(() => {});
    clearInterval(count);
    assert.ok(Math.max(0, ...counts) <= 1, "one listener for one call");
    assert.equal(listeners(signal), 0);
  });
}

test("calls that share a signal have one listener each while they are under way, and none after", async (t) => {
  let arrived = 0;
  let release;
  const gate = new Promise((resolve) => { release = resolve; });
  const gated = async (res, request) => {
    arrived += 1;
    await gate;
    results()(res, request);
  };
  const { client } = await faultyFor(t, gated);
  const { signal } = new AbortController();
  const calls = Array.from({ length: 50 }, () => client.getResults(IDS, { signal }));
  // The others wait for the first answers.
  while (arrived < 12) await sleep(5);
  assert.ok(listeners(signal) >= 1 && listeners(signal) <= calls.length, `${listeners(signal)} listeners`);
  release();
  await Promise.all(calls);
  assert.equal(listeners(signal), 0);
});

test("a signal that is refused with other options gets no listener", async (t) => {
  const { client } = await faultyFor(t, results());
  const { signal } = new AbortController();
  await failure(client.getResults(IDS, { signal, timeoutMs: 0 }), "INVALID_OPTIONS");
  await failure(client.getResults([1], { signal }), "INVALID_RUN_IDS");
  assert.equal(listeners(signal), 0);
});
