/** `onItem` and `onProgress`: their arguments and their times, and that nothing they do loses a run. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { json } from "../servers/faulty.mjs";
import { textsOf, troubles } from "../servers/service.mjs";
import { test } from "./support/bounded.mjs";
import { assertAccounted, assertCounts, assertNothingSent, assertWhole, idsFrom, serviceFor } from "./support/bulk.mjs";
import { assertError, rejection } from "./support/calls.mjs";

/** Runs 7 and 20 are bad. */
const twoBad = { trouble: (id) => ({ 7: troubles.absent, 20: { status: 404 } })[id] };

/** Returns callbacks that record items and progress, in their order. */
function log() {
  const told = [];
  return {
    told,
    items: () => told.filter(({ item }) => item).map(({ item }) => item),
    progress: () => told.filter(({ progress }) => progress).map(({ progress }) => progress),
    options: {
      onItem: (item) => told.push({ item }),
      onProgress: (progress) => told.push({ progress: { ...progress } }),
    },
  };
}

test("onItem is called once for every run, with the values of the outcome", async (t) => {
  const { client } = await serviceFor(t, { ...twoBad, latencyMs: () => Math.random() * 20 });
  const { items, options } = log();
  const ids = idsFrom(1, 60);
  const outcome = await client.getAllResults(ids, options);
  assert.deepEqual(items().map(({ runId }) => runId).sort((a, b) => a - b), ids);
  for (const item of items()) {
    if (item.ok) {
      assert.deepEqual({ ...item }, { ok: true, runId: item.runId, texts: textsOf(item.runId) });
    } else {
      assert.deepEqual(Object.keys(item).sort(), ["error", "ok", "runId"]);
      assertError(item.error, "NOT_FOUND");
      const { error } = outcome.failures.find(({ runId }) => runId === item.runId);
      assert.equal(error, item.error);
    }
  }
});

test("items come in the order of the answers", async (t) => {
  const { client } = await serviceFor(t, { latencyMs: ({ body }) => (body.includes("[1,") ? 300 : 10) });
  const { items, options } = log();
  await client.getAllResults(idsFrom(1, 15), { ...options, concurrency: 3 });
  assert.deepEqual(items().slice(-5).map(({ runId }) => runId), idsFrom(1, 5));
});

test("onItem is called as a run arrives, not at the end", async (t) => {
  const { client } = await serviceFor(t, { latencyMs: 100 });
  const at = [];
  await client.getAllResults(idsFrom(1, 15), { concurrency: 1, onItem: () => at.push(performance.now()) });
  assert.ok(at.at(-1) - at[0] > 150, `${at.at(-1) - at[0]} ms`);
});

test("the progress counts are correct when onProgress is called", async (t) => {
  const { client } = await serviceFor(t, twoBad);
  const { told, options } = log();
  const outcome = await client.getAllResults(idsFrom(1, 60), options);
  let succeeded = 0;
  let failed = 0;
  let before = { requests: 0, retries: 0, elapsedMs: 0 };
  for (const { item, progress } of told) {
    if (item?.ok) succeeded += 1;
    else if (item) failed += 1;
    if (!progress) continue;
    assertCounts({ stats: progress }, { total: 60, succeeded, failed });
    for (const field of ["requests", "retries", "elapsedMs"]) assert.ok(progress[field] >= before[field], field);
    before = progress;
  }
  const { elapsedMs, ...counts } = outcome.stats;
  assertCounts({ stats: told.at(-1).progress }, counts);
  assert.ok(elapsedMs >= before.elapsedMs);
  assert.deepEqual([succeeded, failed], [58, 2]);
});

test("onProgress is called once for every answer, and at the end", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const { told, options } = log();
  await client.getAllResults(idsFrom(1, 30), options);
  const told1 = told.filter(({ progress }) => progress).length;
  assert.equal(told1, ledger.exchanges.length + 1);
  // For each answer: its five items, then the progress.
  const kinds = told.map(({ item }) => (item ? "i" : "p")).join("");
  assert.equal(kinds, `${"iiiiip".repeat(6)}p`);
});

test("the progress counts each retry when it happens", async (t) => {
  const intercept = (request, count) => (count === 0 ? json({}, { status: 500, headers: { "retry-after": "0" } })
    : undefined);
  const { client } = await serviceFor(t, { intercept }, { maxRetries: 1 });
  const { progress, options } = log();
  await client.getAllResults(idsFrom(1, 15), { ...options, concurrency: 1 });
  assert.equal(progress().at(-1).retries, 1);
  assert.equal(progress().at(-1).requests, 4);
});

/* Callbacks that misbehave. */

for (const thrown of [new Error("the disk is full"), "a text", undefined, null]) {
  test(`callbacks that throw ${String(thrown)} lose nothing`, async (t) => {
    const { client, ledger } = await serviceFor(t, twoBad);
    const told = { items: 0, progress: 0 };
    const outcome = await client.getAllResults(idsFrom(1, 60), {
      onItem: () => { told.items += 1; throw thrown; },
      onProgress: () => { told.progress += 1; throw thrown; },
    });
    assertAccounted(idsFrom(1, 60), outcome);
    assertCounts(outcome, { succeeded: 58, failed: 2 });
    assert.equal(told.items, 60);
    assert.ok(told.progress >= 12);
    assert.deepEqual(ledger.askedAgain, []);
  });
}

test("asynchronous callbacks that fail cause no unhandled rejections", async (t) => {
  const unhandled = [];
  const note = (reason) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  t.after(() => process.off("unhandledRejection", note));
  const fail = async () => { throw new Error("of the callback"); };
  const { client } = await serviceFor(t);
  await client.getAllResults(idsFrom(1, 20), { onItem: fail, onProgress: fail });
  await sleep(10);
  assert.deepEqual(unhandled, []);
});

for (const callback of ["onItem", "onProgress"]) {
  test(`${callback} may call the client again, in every way`, async (t) => {
    const { client, ledger } = await serviceFor(t);
    const inner = [];
    const outcome = await client.getAllResults(idsFrom(1, 40), {
      [callback]: () => {
        const base = 1000 + inner.length * 10;
        if (inner.length >= 6) return;
        const stream = client.streamResults([base + 8]);
        inner.push(
          client.getAllResults(idsFrom(base, 7)),
          client.getResults([base + 7, base + 9]),
          stream.next().then(({ value }) => value.runId),
        );
      },
    });
    assertWhole(idsFrom(1, 40), outcome, ledger);
    const [bulk, batch, streamed] = await Promise.all(inner);
    assertWhole(idsFrom(1000, 7), bulk);
    assert.deepEqual(Object.keys(batch), ["1007", "1009"]);
    assert.equal(streamed, 1008);
  });

  test(`${callback} may abort the call`, async (t) => {
    const { client, ledger } = await serviceFor(t, { latencyMs: 20 });
    const controller = new AbortController();
    const items = [];
    let calls = 0;
    const call = client.getAllResults(idsFrom(1, 200), {
      signal: controller.signal,
      concurrency: 2,
      onItem: (item) => items.push(item.runId),
      [callback]: (item) => {
        if (callback === "onItem") items.push(item.runId);
        if (++calls === 7) controller.abort("seen enough");
      },
    });
    assert.equal(await rejection(call), "seen enough");
    const told = items.length;
    await assertNothingSent(ledger);
    assert.equal(items.length, told, "no callback is called after the end");
    assert.equal(new Set(items).size, items.length);
  });
}

test("an abort in onItem: onItem is still called for the other runs of that answer", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const controller = new AbortController();
  const items = [];
  const call = client.getAllResults(idsFrom(1, 50), {
    signal: controller.signal,
    concurrency: 1,
    onItem: ({ runId }) => {
      items.push(runId);
      controller.abort("enough");
    },
  });
  assert.equal(await rejection(call), "enough");
  assert.deepEqual(items, idsFrom(1, 5));
  assert.equal(ledger.exchanges.length, 1);
});

test("an abort in onItem for the last run rejects the call", async (t) => {
  const { client } = await serviceFor(t);
  const controller = new AbortController();
  let told = 0;
  const call = client.getAllResults(idsFrom(1, 10), {
    signal: controller.signal,
    concurrency: 1,
    onItem: () => { if (++told === 10) controller.abort("late"); },
  });
  assert.equal(await call.catch((reason) => reason), "late");
});

test("a slow callback delays the call, and loses nothing", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const outcome = await client.getAllResults(idsFrom(1, 30), {
    onItem: () => { for (const end = performance.now() + 10; performance.now() < end;); },
  });
  assertWhole(idsFrom(1, 30), outcome, ledger);
});

test("callbacks cannot change the statistics", async (t) => {
  const { client } = await serviceFor(t);
  const ids = idsFrom(1, 30);
  const outcome = await client.getAllResults(ids, {
    onItem: (item) => { item.runId = 1; item.ok = false; },
    onProgress: (progress) => { for (const field of Object.keys(progress)) progress[field] = 1e6; },
  });
  assertCounts(outcome, { total: 30, succeeded: 30, failed: 0, requests: 6 });
  assert.deepEqual(Object.keys(outcome.results).map(Number), ids);
});

test("callbacks are called without `this`, with one argument", async (t) => {
  const { client } = await serviceFor(t);
  const seen = [];
  function note(...parts) {
    seen.push([this, parts.length]);
  }
  await client.getAllResults([1, 2, 3], { onItem: note, onProgress: note });
  assert.ok(seen.length >= 5);
  for (const [self, count] of seen) assert.deepEqual([self ?? undefined, count], [undefined, 1]);
});
