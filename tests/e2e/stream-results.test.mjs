/** The items of a stream, their order, and the sources that it accepts. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { json } from "../servers/faulty.mjs";
import { troubles } from "../servers/service.mjs";
import { test } from "./support/bounded.mjs";
import { assertCounts, idsFrom, serviceFor } from "./support/bulk.mjs";
import { assertError, failure } from "./support/calls.mjs";
import { assertAll, collect, counted, naturals, over } from "./support/sources.mjs";

/* The items. */

const asSource = {
  "an array": (ids) => ids,
  "a set": (ids) => new Set(ids),
  "a generator": (ids) => (function* () { yield* ids; })(),
  "an async generator": (ids) => (async function* () { yield* ids; })(),
  "an async generator that takes its time": (ids) => (async function* () {
    for (const id of ids) {
      if (id % 10 === 0) await sleep(3);
      yield id;
    }
  })(),
  "a readable stream": (ids) => ReadableStream.from(ids),
  "an async iterator without a return": (ids) => counted(ids.values(), { async: true, closable: false }).source,
  "a source that is both": (ids) => ({
    [Symbol.iterator]: () => assert.fail("the async iterator should be used"),
    [Symbol.asyncIterator]: () => counted(ids.values(), { async: true }).source[Symbol.asyncIterator](),
  }),
};

for (const [what, source] of Object.entries(asSource)) {
  test(`one item for each run of ${what}`, async (t) => {
    const { client, ledger } = await serviceFor(t);
    const ids = idsFrom(1, 123);
    assertAll(await collect(client.streamResults(source(ids))), ids);
    assert.deepEqual(ledger.askedAgain, []);
    assert.ok(ledger.peak <= 6);
  });
}

test("repeats give one item, however far apart they are", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const ids = idsFrom(1, 200);
  assertAll(await collect(client.streamResults([1, 1, ...ids, ...ids.toReversed(), 7])), ids);
  assert.deepEqual([...ledger.asked.values()].filter((count) => count !== 1), []);
});

test("an empty source is an empty stream", async (t) => {
  const { client, ledger } = await serviceFor(t);
  for (const empty of [[], (async function* () {})()]) {
    const stream = client.streamResults(empty);
    assert.deepEqual(await stream.next(), over);
    assert.deepEqual(await stream.next(), over);
  }
  assert.equal(ledger.exchanges.length, 0);
});

test("one bad run fails alone", async (t) => {
  const bad = new Map([[7, troubles.absent], [30, { status: 400 }], [44, troubles.malformed]]);
  const { client, ledger } = await serviceFor(t, { trouble: (id) => bad.get(id) });
  const items = await collect(client.streamResults(idsFrom(1, 60)));
  assertAll(items.filter(({ ok }) => ok), idsFrom(1, 60).filter((id) => !bad.has(id)));
  const failures = items.filter(({ ok }) => !ok);
  const codes = Object.fromEntries(failures.map(({ runId, error }) => [runId, error.code]));
  assert.deepEqual(codes, { 7: "NOT_FOUND", 30: "BAD_REQUEST", 44: "INVALID_RESPONSE" });
  for (const { error } of failures) assertError(error, error.code);
  assert.deepEqual(ledger.askedAgain, []);
});

test("items come in the order of arrival, not in the requested order", async (t) => {
  const { client } = await serviceFor(t, { latencyMs: ({ body }) => (body.includes("[1,") ? 300 : 10) });
  const items = await collect(client.streamResults(idsFrom(1, 30), { concurrency: 3 }));
  assert.deepEqual(items.slice(-5).map(({ runId }) => runId), idsFrom(1, 5));
});

test("the first item arrives long before the source ends", async (t) => {
  const { client } = await serviceFor(t);
  const { seen, source } = counted(naturals());
  const stream = client.streamResults(source);
  assert.equal((await stream.next()).value.ok, true);
  assert.ok(seen.read <= 31);
  await stream.return();
});

test("onItem and onProgress are called, too", async (t) => {
  const { client } = await serviceFor(t);
  const told = [];
  let last;
  const onProgress = (progress) => { last = { ...progress }; };
  const items = await collect(client.streamResults(idsFrom(1, 90), { onItem: (item) => told.push(item), onProgress }));
  assert.deepEqual(told.map(({ runId }) => runId), items.map(({ runId }) => runId));
  assertCounts({ stats: last }, { total: 90, succeeded: 90, failed: 0, retries: 0 });
  assert.ok(last.requests >= 18);
});

test("the total is the number of ids read so far", async (t) => {
  const { client } = await serviceFor(t);
  const totals = [];
  const { seen, source } = counted(idsFrom(1, 100).values(), { async: true });
  const onProgress = ({ total }) => totals.push([total, seen.read]);
  await collect(client.streamResults(source, { concurrency: 2, onProgress }));
  assert.ok(totals.length >= 20);
  for (const [total, read] of totals) assert.ok(total <= read && total >= read - 1, `${total} of ${read} read`);
  assert.ok(totals[0][0] < 50, `${totals[0]} at the first`);
});

/* The iterator. */

test("a stream is its own iterator, and does nothing before the first next()", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const { seen, source } = counted(naturals());
  const stream = client.streamResults(source);
  assert.equal(stream[Symbol.asyncIterator](), stream);
  await sleep(50);
  assert.deepEqual([seen.read, ledger.exchanges.length], [0, 0]);
  const next = stream.next();
  assert.ok(next instanceof Promise);
  assert.deepEqual(Object.keys(await next).sort(), ["done", "value"]);
  await stream.return();
});

test("several next() at once are served in order", async (t) => {
  const { client } = await serviceFor(t, { latencyMs: 20 });
  const told = [];
  const stream = client.streamResults(idsFrom(1, 12), { onItem: ({ runId }) => told.push(runId) });
  const settled = [];
  const asked = Array.from({ length: 15 }, async (_, index) => {
    const result = await stream.next();
    settled.push(index);
    return result;
  });
  const results = await Promise.all(asked);
  assert.deepEqual(results.slice(0, 12).map(({ value }) => value.runId), told);
  assert.deepEqual(results.slice(12), [over, over, over]);
  assert.deepEqual(settled, [...settled].sort((a, b) => a - b), "settled in order");
});

test("two streams of one client run at the same time", async (t) => {
  const { client, ledger } = await serviceFor(t, { latencyMs: 5 });
  const [one, other] = await Promise.all([
    collect(client.streamResults(idsFrom(1, 100))),
    collect(client.streamResults(idsFrom(1001, 100))),
  ]);
  assertAll(one, idsFrom(1, 100));
  assertAll(other, idsFrom(1001, 100));
  assert.deepEqual(ledger.askedAgain, []);
});

/* Waits. */

test("a rate limit delays the stream, and nothing is lost", async (t) => {
  const intercept = (request, count) =>
    (count === 3 ? json({}, { status: 429, headers: { "retry-after-ms": "400" } }) : undefined);
  const { client, ledger } = await serviceFor(t, { intercept }, { maxRetries: 0 });
  assertAll(await collect(client.streamResults(idsFrom(1, 100))), idsFrom(1, 100));
  assert.deepEqual(ledger.askedAgain, []);
});

test("a slow consumer loses nothing", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const items = [];
  for await (const item of client.streamResults(idsFrom(1, 40), { concurrency: 2 })) {
    items.push(item);
    await sleep(8);
  }
  assertAll(items, idsFrom(1, 40));
  assert.deepEqual(ledger.askedAgain, []);
});

test("a consumer may call the client again", async (t) => {
  const { client } = await serviceFor(t);
  let inner = 0;
  for await (const { runId } of client.streamResults(idsFrom(1, 20))) {
    inner += Object.keys(await client.getResults([runId, runId + 1000])).length;
  }
  assert.equal(inner, 40);
});

/* Invalid sources. */

test("a value that is not iterable rejects the first next()", async (t) => {
  const { client, ledger } = await serviceFor(t);
  for (const source of [undefined, null, 5, {}, () => {}]) {
    const stream = client.streamResults(source);
    await failure(stream.next(), "INVALID_RUN_IDS");
    assert.deepEqual(await stream.next(), over);
  }
  assert.equal(ledger.exchanges.length, 0);
});

test("a source that breaks the iterator protocol ends the stream with an error", async (t) => {
  const { client } = await serviceFor(t);
  for (const source of [
    { [Symbol.iterator]: () => 5 },
    { [Symbol.iterator]: () => ({}) },
    { [Symbol.asyncIterator]: () => ({ next: async () => 5 }) },
    { [Symbol.iterator]() { throw new TypeError("no"); } },
  ]) {
    const stream = client.streamResults(source);
    await assert.rejects(stream.next(), Error);
    assert.deepEqual(await stream.next(), over);
  }
});
