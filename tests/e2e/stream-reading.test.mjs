/** How far a stream reads ahead of the items taken, and when it sends the ids that it has read. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "./support/bounded.mjs";
import { idsFrom, serviceFor } from "./support/bulk.mjs";
import { assertAll, collect, counted, kinds, naturals, take } from "./support/sources.mjs";

/* Reading ahead. */

describe("reading ahead", { concurrency: true }, () => {
  for (const [async, kind] of kinds) {
    for (const concurrency of [1, 6]) {
      test(`of an endless ${kind} source by no more than ${5 * concurrency}`, async (t) => {
        const { client, ledger } = await serviceFor(t);
        const { seen, source } = counted(naturals(), { async });
        const stream = client.streamResults(source, { concurrency });
        const furthest = [];
        for (let taken = 1; taken <= 200; taken += 1) {
          await stream.next();
          // A requested item counts as taken: it may be delivered before the next line here runs.
          furthest.push(seen.read - taken);
          if (taken % 50 === 0) await sleep(60);
          assert.ok(seen.read - taken <= 5 * concurrency, `${seen.read} read, ${taken} taken`);
        }
        assert.ok(Math.max(...furthest) >= 3, "it does read ahead");
        await stream.return();
        assert.ok(ledger.asked.size <= 200 + 5 * concurrency);
        assert.equal(seen.returned, 1);
      });
    }
  }

  for (const [async, kind] of kinds) {
    test(`of a ${kind} source ends with the value that is not a run id, and the source is closed`, async (t) => {
      const { client } = await serviceFor(t);
      const { seen, source } = counted([1, 2, 3, 0, 5, 6, 7, 8, 9].values(), { async });
      const stream = client.streamResults(source, { concurrency: 6 });
      const error = await collect(stream).catch((error) => error);
      assert.equal(error.code, "INVALID_RUN_IDS");
      assert.deepEqual({ read: seen.read, returned: seen.returned }, { read: 4, returned: 1 });
    });
  }

  test("stops while no item is taken", async (t) => {
    const { client, ledger } = await serviceFor(t);
    const { seen, source } = counted(naturals(), { async: true });
    const stream = client.streamResults(source, { concurrency: 2 });
    await stream.next();
    await sleep(200);
    const sent = ledger.exchanges.length;
    assert.ok(seen.read <= 11 && sent <= 4, `${seen.read} read, ${sent} sent`);
    await sleep(200);
    assert.deepEqual([seen.read <= 11, ledger.exchanges.length], [true, sent]);
    for (let taken = 1; taken < 40; taken += 1) await stream.next();
    assert.ok(ledger.exchanges.length > sent, "reading continues when items are taken");
    await stream.return();
  });

  test("reads the next id only after the last one has arrived", async (t) => {
    const { client } = await serviceFor(t);
    let pending = 0;
    let most = 0;
    let id = 0;
    const source = {
      [Symbol.asyncIterator]: () => ({
        async next() {
          pending += 1;
          most = Math.max(most, pending);
          await sleep(1);
          pending -= 1;
          id += 1;
          return { done: id > 60, value: id };
        },
      }),
    };
    assertAll(await collect(client.streamResults(source)), idsFrom(1, 60));
    assert.equal(most, 1);
  });

  test("a quick source gives batches of three to five", async (t) => {
    for (const [async] of kinds) {
      const { client, ledger } = await serviceFor(t);
      const ids = idsFrom(1, 500);
      assertAll(await collect(client.streamResults(counted(ids.values(), { async }).source)), ids);
      const sizes = ledger.batches.map((batch) => batch.length);
      assert.deepEqual(sizes.slice(0, -2).filter((size) => size < 3 || size > 5), []);
      assert.ok(sizes.length <= 167, `${sizes.length} requests`);
    }
  });
});

/* Sources that fall silent. */

describe("a source that falls silent", { concurrency: true }, () => {
  for (const count of [1, 2, 4]) {
    test(`after ${count} ids: the ids are sent soon`, async (t) => {
      const { client, ledger } = await serviceFor(t);
      let spoke;
      const source = async function* () {
        yield* idsFrom(1, count);
        spoke = performance.now();
        await sleep(1200);
        yield* idsFrom(11, 3);
      };
      const stream = client.streamResults(source());
      const first = await Promise.all(idsFrom(1, count).map(() => stream.next()));
      const waited = ledger.exchanges[0].at - spoke;
      assert.ok(waited < 600, `${waited} ms`);
      if (count < 3) assert.ok(waited >= 15, `sent after a silence of only ${waited} ms`);
      assertAll(first.map(({ value }) => value), idsFrom(1, count));
      assertAll(await collect(stream), idsFrom(11, 3));
      assert.equal(ledger.exchanges[0].method, count === 1 ? "GET" : "POST");
    });
  }

  test("only a silence of 20 ms makes a small request", async (t) => {
    const { client, ledger } = await serviceFor(t);
    const emitted = new Map();
    const source = async function* () {
      for (const id of idsFrom(1, 60)) {
        emitted.set(id, performance.now());
        yield id;
        await sleep(id % 7 === 0 ? 60 : 4);
      }
    };
    assertAll(await collect(client.streamResults(source())), idsFrom(1, 60));
    const small = ledger.batches.filter((batch) => batch.length < 3 && !batch.includes(60));
    for (const batch of small) {
      const last = Math.max(...batch);
      const silence = emitted.get(last + 1) - emitted.get(last);
      assert.ok(silence >= 18, `${batch} were sent after ${silence} ms`);
    }
    const requests = ledger.exchanges.length;
    assert.ok(requests <= 30, `${requests} requests for 60 runs`);
  });
});

/* Sources that repeat run ids for ever. */

describe("repeats", { concurrency: true }, () => {
  for (const [count, what] of [[1, "one run"], [3, "three runs"], [7, "seven runs"], [33, "33 runs"]]) {
    for (const [async, kind] of kinds) {
      test(`of ${what} by an endless ${kind} source do not delay the runs`, async (t) => {
        const { client, ledger } = await serviceFor(t);
        const ids = idsFrom(1, count);
        function* cycle() {
          for (;;) yield* ids;
        }
        const stream = client.streamResults(counted(cycle(), { async }).source);
        assertAll(await take(stream, count), ids);
        await stream.return();
        assert.deepEqual(ledger.askedAgain, []);
      });
    }
  }
});
