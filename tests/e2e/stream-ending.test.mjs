/** A stream that the caller leaves, or whose source fails: requests in flight are cancelled, and nothing is read or sent after. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "./support/bounded.mjs";
import { assertNothingSent, idsFrom, serviceFor, until } from "./support/bulk.mjs";
import { assertGivenUp, countedFetch, failure, PROMPT_MS, rejection, timed } from "./support/calls.mjs";
import { counted, holdingFrom, kinds, naturals, over, take } from "./support/sources.mjs";

/* Leaving. */

const leavings = {
  "break": async (stream, count) => {
    for await (const item of stream) if (--count === 0) { void item; break; }
  },
  "a return from a function": async (stream, count) => {
    const walk = async () => {
      for await (const item of stream) if (--count === 0) return item;
      return undefined;
    };
    await walk();
  },
  "a throw": async (stream, count) => {
    const walk = async () => {
      for await (const item of stream) if (--count === 0) throw new Error(`enough at ${item.runId}`);
    };
    assert.match((await rejection(walk())).message, /^enough at /);
  },
  "return()": async (stream, count) => {
    await take(stream, count);
    assert.deepEqual(await stream.return("value"), { done: true, value: "value" });
  },
  "return() while next() waits": async (stream, count) => {
    await take(stream, count);
    const waiting = stream.next();
    const { ms } = await timed(() => stream.return());
    assert.ok(ms < PROMPT_MS, `${ms} ms`);
    assert.deepEqual(await waiting, over);
  },
};

describe("leaving by", { concurrency: true }, () => {
  for (const [how, leave] of Object.entries(leavings)) {
    for (const [async, kind] of kinds) {
      test(`${how}: a ${kind} source is closed, requests in flight are cancelled`, async (t) => {
        const { held, intercept } = holdingFrom(11);
        const { client, ledger } = await serviceFor(t, { intercept });
        const { seen, source } = counted(naturals(), { async });
        const stream = client.streamResults(source, { concurrency: 3 });
        await leave(stream, 5);
        assert.equal(seen.returned, 1);
        for (const request of held) await assertGivenUp(request);
        const { read } = seen;
        await assertNothingSent(ledger);
        assert.equal(seen.read, read, "nothing is read after the end");
        assert.deepEqual(await stream.next(), over);
        assert.deepEqual(await stream.return(), over);
        assert.equal(seen.returned, 1, "closed once");
      });
    }
  }

  test("return() before the first next(): nothing is ever read or sent", async (t) => {
    const { client, ledger } = await serviceFor(t);
    const { seen, source } = counted(naturals());
    const stream = client.streamResults(source);
    assert.deepEqual(await stream.return(), over);
    assert.deepEqual(await stream.next(), over);
    assert.deepEqual([seen.read, ledger.exchanges.length], [0, 0]);
  });

  test("return() in the event of a request sends nothing", async (t) => {
    const counting = countedFetch();
    const outcomes = [];
    const onEvent = ({ type, outcome }) => {
      if (type === "request") stream.return();
      if (type === "end") outcomes.push(outcome);
    };
    const { client } = await serviceFor(t, {}, { onEvent, fetch: counting });
    const stream = client.streamResults([1, 2, 3]);
    assert.deepEqual(await stream.next(), over);
    await stream.return();
    assert.equal(counting.sent, 0);
    assert.deepEqual(outcomes, ["cancelled"]);
  });

  test("break, while the source never yields", async (t) => {
    const { client } = await serviceFor(t);
    const source = async function* () {
      yield* idsFrom(1, 5);
      await new Promise(() => {});
    };
    const walk = async () => {
      for await (const item of client.streamResults(source())) if (item.runId > 0) break;
    };
    const ended = await Promise.race([walk().then(() => "ended"), sleep(2000, "hangs", { ref: false })]);
    assert.equal(ended, "ended", "return() of a waiting async generator never settles");
  });

  test("break: the `finally` of a generator runs", async (t) => {
    const { client } = await serviceFor(t);
    for (const [async] of kinds) {
      const done = [];
      function* sync() {
        try { yield* naturals(); } finally { done.push("sync"); }
      }
      async function* later() {
        try { yield* naturals(); } finally { done.push("async"); }
      }
      for await (const item of client.streamResults(async ? later() : sync())) if (item) break;
      await until(() => done.length === 1);
      assert.deepEqual(done, [async ? "async" : "sync"]);
    }
  });

  test("break does not affect a second call of the same client", async (t) => {
    const { client } = await serviceFor(t, { latencyMs: 30 });
    const other = client.getAllResults(idsFrom(1001, 60));
    for await (const item of client.streamResults(naturals())) if (item) break;
    assert.equal((await other).stats.succeeded, 60);
  });

  test("a source that cannot be closed, or whose return() fails, causes no unhandled rejection", async (t) => {
    const unhandled = [];
    const note = (reason) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    t.after(() => process.off("unhandledRejection", note));
    const { client } = await serviceFor(t);
    const failing = counted(naturals(), { async: true }).source[Symbol.asyncIterator]();
    failing.return = () => Promise.reject(new Error("of the source"));
    const sources = [counted(naturals(), { closable: false }).source, { [Symbol.asyncIterator]: () => failing }];
    for (const source of sources) {
      const stream = client.streamResults(source);
      await stream.next();
      await stream.return().catch(() => {});
    }
    await sleep(20);
    assert.deepEqual(unhandled, []);
  });
});

/* The source's own end. */

test("a source that has ended is not closed", async (t) => {
  const { client } = await serviceFor(t);
  for (const [async] of kinds) {
    const { seen, source } = counted(idsFrom(1, 12).values(), { async });
    await take(client.streamResults(source), 12);
    assert.equal(seen.returned, 0);
  }
});

describe("a source that throws", { concurrency: true }, () => {
  for (const [async, kind] of kinds) {
    test(`${kind}: requests in flight are cancelled, and the error is passed on`, async (t) => {
      const { held, intercept } = holdingFrom(6);
      const { client, ledger } = await serviceFor(t, { intercept });
      const thrown = new Error("the database is gone");
      async function* later() {
        yield* idsFrom(1, 5);
        await until(() => ledger.given.size === 5);
        yield* idsFrom(6, 15);
        await until(() => held.length > 0);
        throw thrown;
      }
      function* sync() {
        yield* idsFrom(1, 27);
        throw thrown;
      }
      const items = [];
      const walk = async () => {
        for await (const item of client.streamResults(async ? later() : sync())) items.push(item.runId);
      };
      assert.equal(await rejection(walk()), thrown);
      if (async) assert.deepEqual(items, idsFrom(1, 5));
      for (const request of held) await assertGivenUp(request);
      await assertNothingSent(ledger);
    });
  }

  for (const thrown of [undefined, null, "a text"]) {
    test(`${String(thrown)}, and then the stream has ended`, async (t) => {
      const { client } = await serviceFor(t);
      const source = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(thrown) }) };
      const stream = client.streamResults(source);
      assert.equal(await rejection(stream.next()), thrown);
      assert.deepEqual(await stream.next(), over);
    });
  }
});

describe("an invalid id", { concurrency: true }, () => {
  for (const [async, kind] of kinds) {
    test(`in a ${kind} source: the runs before it are delivered, then the error`, async (t) => {
      const { client, ledger } = await serviceFor(t, { latencyMs: 30 });
      const { seen, source } = counted([...idsFrom(1, 8), 3, 2.5, ...idsFrom(20, 90)].values(), { async });
      const stream = client.streamResults(source);
      const items = await take(stream, 8);
      assert.deepEqual(items.map(({ runId }) => runId).sort(), idsFrom(1, 8));
      const error = await failure(stream.next(), "INVALID_RUN_IDS");
      // The index in the source, repeats included.
      assert.deepEqual(error.problems.map((problem) => ({ ...problem })), [{ problem: "not_an_integer", index: 9 }]);
      assert.deepEqual(await stream.next(), over);
      assert.ok(seen.read <= 8 + 5 * 6, `${seen.read} read`);
      assert.equal(seen.returned, 1);
      assert.deepEqual([...ledger.asked.keys()].sort(), idsFrom(1, 8));
    });
  }

  for (const [id, problem] of [
    [0, "not_positive"], [-1, "not_positive"], ["5", "not_an_integer"], [null, "not_an_integer"],
    [undefined, "not_an_integer"], [5n, "not_an_integer"], [2 ** 53, "too_large"],
  ]) {
    test(`${String(id)} (${typeof id}) as the very first`, async (t) => {
      const { client, ledger } = await serviceFor(t);
      const error = await failure(client.streamResults([id, 1, 2]).next(), "INVALID_RUN_IDS");
      assert.deepEqual(error.problems.map((found) => ({ ...found })), [{ problem, index: 0 }]);
      assert.equal(ledger.exchanges.length, 0);
    });
  }
});
