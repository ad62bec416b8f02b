/** Invalid options of the bulk call and of the stream are refused by name, before anything is sent. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { test } from "./support/bounded.mjs";
import { assertNothingSent, assertWhole, idsFrom, serviceFor } from "./support/bulk.mjs";
import { assertError, rejection } from "./support/calls.mjs";

const wrong = {
  concurrency: [0, -1, 65, 1.5, Number.NaN, Infinity, "6", null, 6n, true, {}],
  onItem: [5, null, {}, "log", true],
  onProgress: [5, null, {}, "log", true],
  signal: [5, {}, { aborted: false }, new AbortController()],
  deadlineMs: [-1, Number.NaN, "1000", null, 1n, true],
  timeoutMs: [0, -1, 2 ** 31, Number.NaN, "1000", null],
  maxRetries: [-1, 21, 1.5, Number.NaN, "3", null],
  headers: [null, 5, [], { "x-a": 5 }, { "x a": "b" }, { "x-api-key": "other" }, { "Content-Type": "a/b" }],
  // Options of the client, and unknown options.
  apiKey: ["other"],
  baseUrl: ["http://127.0.0.1"],
  onEvent: [() => {}],
  concurency: [6],
  batchSize: [5],
};

/** Both calls. A stream does nothing before its first `next()`. */
const calls = {
  getAllResults: (client, options) => client.getAllResults(idsFrom(1, 9), options),
  streamResults: (client, options) => client.streamResults(idsFrom(1, 9), options).next(),
};

for (const [method, call] of Object.entries(calls)) {
  for (const [option, values] of Object.entries(wrong)) {
    test(`${method} refuses a wrong ${option}`, async (t) => {
      const { client, ledger } = await serviceFor(t);
      for (const value of values) {
        const error = await rejection(call(client, { [option]: value }));
        assertError(error, "INVALID_OPTIONS");
        const named = error.option === option || error.option.startsWith(`${option}.`);
        assert.ok(named, `${inspect(value)}: ${error.option}, not ${option}`);
        assert.ok(error.message.includes(option), error.message);
        assert.equal(error.attempts, 0);
      }
      assert.equal(ledger.exchanges.length, 0);
    });
  }

  test(`${method} refuses options that are no object`, async (t) => {
    const { client, ledger } = await serviceFor(t);
    for (const options of [5, "key", true]) assertError(await rejection(call(client, options)), "INVALID_OPTIONS");
    assert.equal(ledger.exchanges.length, 0);
  });
}

test("options at their limits, undefined options and no options are accepted", async (t) => {
  const { client } = await serviceFor(t);
  const ids = idsFrom(1, 7);
  const nothing = undefined;
  for (const options of [
    nothing, {}, { concurrency: 1 }, { concurrency: 64 }, { timeoutMs: 2 ** 31 - 1, deadlineMs: 2 ** 31 - 1 },
    { maxRetries: 20, headers: {} },
    { concurrency: nothing, onItem: nothing, onProgress: nothing, signal: nothing, deadlineMs: nothing },
  ]) {
    assertWhole(ids, await client.getAllResults(ids, options));
    const items = [];
    for await (const item of client.streamResults(ids, options)) items.push(item.runId);
    assert.deepEqual(items.sort(), ids);
  }
});

test("a call is refused if both its list and its options are invalid", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const error = await rejection(client.getAllResults([0], { concurrency: 0 }));
  assert.ok(["INVALID_OPTIONS", "INVALID_RUN_IDS"].includes(error.code), String(error));
  await assertNothingSent(ledger, 50);
});

test("a stream with invalid options ends after the error, and does not read its source", async (t) => {
  const { client } = await serviceFor(t);
  let read = 0;
  function* source() {
    read += 1;
    yield 1;
  }
  const stream = client.streamResults(source(), { concurrency: 0 });
  assertError(await rejection(stream.next()), "INVALID_OPTIONS");
  assert.deepEqual(await stream.next(), { done: true, value: undefined });
  assert.equal(read, 0);
});

test("headers and time limits of the call go with every request", async (t) => {
  const seen = [];
  const { client } = await serviceFor(
    t,
    { intercept: ({ headers }) => void seen.push([headers["x-a"], headers["x-b"]]) },
    { headers: { "x-a": "of the client" } },
  );
  await client.getAllResults(idsFrom(1, 11), { headers: { "x-b": "of the call" } });
  assert.deepEqual(seen, Array(3).fill(["of the client", "of the call"]));
});
