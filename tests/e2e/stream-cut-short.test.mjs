/** A stream that ends early: by a refusal, by the caller's signal or by its deadline. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { json, neverAnswer } from "../servers/faulty.mjs";
import { test } from "./support/bounded.mjs";
import { assertNothingSent, idsFrom, serviceFor, until } from "./support/bulk.mjs";
import { assertGivenUp, failure, PROMPT_MS, rejection, timed } from "./support/calls.mjs";
import { counted, holdingFrom, naturals, over, runIdsIn, take } from "./support/sources.mjs";

const refuse = (status, headers) => json({}, { status, headers });

describe("cut short", { concurrency: true }, () => {
  test("a 401 is thrown after the items that had arrived", async (t) => {
    const intercept = (request, count) => (count >= 2 ? refuse(401) : undefined);
    const { client, ledger } = await serviceFor(t, { intercept });
    const { seen, source } = counted(naturals());
    const stream = client.streamResults(source, { concurrency: 1 });
    const items = [];
    const walk = async () => { for await (const item of stream) items.push(item.runId); };
    const error = await failure(walk(), "UNAUTHORIZED");
    assert.equal(error.status, 401);
    assert.deepEqual(items, [...ledger.given]);
    assert.ok(items.length >= 6, "two batches");
    assert.deepEqual(await stream.next(), over);
    assert.equal(seen.returned, 1);
    await assertNothingSent(ledger, 100);
  });

  test("a 401 that comes while no item is taken is thrown after the runs that had arrived", async (t) => {
    const late = (res) => setTimeout(() => refuse(401)(res), 100);
    const intercept = ({ body }) => (body.includes("11,") ? late : undefined);
    const { client, ledger } = await serviceFor(t, { intercept });
    const stream = client.streamResults(idsFrom(1, 15), { concurrency: 3 });
    await stream.next();
    await until(() => ledger.sent === 3);
    await sleep(300);
    await take(stream, 9);
    await failure(stream.next(), "UNAUTHORIZED");
    assert.deepEqual(await stream.next(), over);
  });

  test("a refusal with a wait of more than a minute is thrown", async (t) => {
    const { client } = await serviceFor(t, { intercept: () => refuse(429, { "retry-after": "61" }) });
    const error = await failure(client.streamResults(naturals()).next(), "RATE_LIMITED");
    assert.equal(error.retryAfterMs, 61_000);
  });

  test("an abort rejects the pending next(), then the stream has ended", async (t) => {
    const { held, intercept } = holdingFrom(11);
    const { client, ledger } = await serviceFor(t, { intercept });
    const { seen, source } = counted(naturals(), { async: true });
    const controller = new AbortController();
    const { signal } = controller;
    const stream = client.streamResults(source, { signal });
    await stream.next();
    await until(() => held.length > 0);
    await sleep(50);
    await take(stream, ledger.given.size - 1);
    const waiting = rejection(stream.next());
    const reason = { why: "the user left" };
    controller.abort(reason);
    const { ms } = await timed(() => waiting);
    assert.ok(ms < PROMPT_MS, `${ms} ms`);
    assert.equal(await waiting, reason);
    assert.deepEqual(await stream.next(), over);
    assert.equal(seen.returned, 1);
    for (const request of held) await assertGivenUp(request);
    assert.equal(getEventListeners(signal, "abort").length, 0);
    await assertNothingSent(ledger);
  });

  for (const [when, pauseMs] of [["in the same turn", undefined], ["later", 50]]) {
    test(`an abort between two next() rejects the second, called ${when}`, async (t) => {
      const { client } = await serviceFor(t);
      const controller = new AbortController();
      const stream = client.streamResults(naturals(), { signal: controller.signal });
      await stream.next();
      await sleep(50);
      controller.abort("stop");
      if (pauseMs) await sleep(pauseMs);
      assert.equal(await rejection(stream.next()), "stop");
      assert.deepEqual(await stream.next(), over);
    });
  }

  test("an abort while the source is silent", async (t) => {
    const { client } = await serviceFor(t);
    const controller = new AbortController();
    const source = async function* () { await new Promise(() => {}); yield 1; };
    const waiting = rejection(client.streamResults(source(), { signal: controller.signal }).next());
    setTimeout(() => controller.abort("stop"), 50);
    assert.equal(await Promise.race([waiting, sleep(2000, "hangs", { ref: false })]), "stop");
  });

  test("an abort settles several pending next()", async (t) => {
    const { client } = await serviceFor(t, { intercept: () => neverAnswer() });
    const controller = new AbortController();
    const stream = client.streamResults(naturals(), { signal: controller.signal });
    const waiting = Promise.allSettled([stream.next(), stream.next(), stream.next()]);
    setTimeout(() => controller.abort("stop"), 50);
    const settled = await Promise.race([waiting, sleep(2000, [], { ref: false })]);
    assert.equal(settled.length, 3, "hangs");
    assert.deepEqual(settled[0], { status: "rejected", reason: "stop" });
  });

  test("at the deadline, ids that were read but not fetched are failures, then the stream ends", async (t) => {
    const { intercept } = holdingFrom(11);
    const { client, ledger } = await serviceFor(t, { intercept });
    const { seen, source } = counted(naturals(), { async: true });
    const begun = performance.now();
    const items = [];
    for await (const item of client.streamResults(source, { deadlineMs: 400, concurrency: 3 })) items.push(item);
    assert.ok(performance.now() - begun < 400 + 1500);
    const came = items.filter(({ ok }) => ok);
    assert.deepEqual(runIdsIn(came), [...ledger.given].sort((a, b) => a - b));
    assert.ok(ledger.given.size > 5);
    const timedOut = items.filter(({ ok }) => !ok);
    assert.deepEqual(runIdsIn(items), idsFrom(1, seen.read));
    for (const { error } of timedOut) assert.deepEqual([error.code, error.timeoutMs], ["TIMEOUT", 400]);
    assert.equal(seen.returned, 1);
    await assertNothingSent(ledger);
  });

  test("at the deadline, an id that is not a run id still ends the stream with its error", async (t) => {
    const { client } = await serviceFor(t, { latencyMs: 5_000 });
    const codes = [];
    const error = await rejection((async () => {
      for await (const item of client.streamResults([1, 2, "x", 3], { deadlineMs: 200 })) codes.push(item.error.code);
    })());
    assert.deepEqual(codes, ["TIMEOUT", "TIMEOUT"]);
    assert.equal(error.code, "INVALID_RUN_IDS");
    assert.match(error.message, /index 2 is the string "x"/);
  });

  test("the deadline ends a stream whose source is silent", async (t) => {
    const { client } = await serviceFor(t);
    const source = async function* () {
      yield 1;
      await new Promise(() => {});
    };
    const walk = async () => {
      const items = [];
      for await (const item of client.streamResults(source(), { deadlineMs: 300 })) items.push(item.runId);
      return items;
    };
    assert.deepEqual(await Promise.race([walk(), sleep(3000, "hangs", { ref: false })]), [1]);
  });
});
