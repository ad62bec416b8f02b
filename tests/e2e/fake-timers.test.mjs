/** Fake timers, which stand still until the test moves them: those of node:test, and of sinon, which Vitest uses. */
import assert from "node:assert/strict";
import { mock } from "node:test";
import FakeTimers from "@sinonjs/fake-timers";
import { test } from "./support/bounded.mjs";
import { clientFor, failure, IDS, TEXTS } from "./support/calls.mjs";

/** Returns a `fetch` that refuses the first requests. It needs no timer. */
function refusing(status, times, headers) {
  const fetch = async () => {
    fetch.count += 1;
    return fetch.count <= times ? new Response("{}", { status, headers }) : Response.json(TEXTS);
  };
  fetch.count = 0;
  return fetch;
}

/** Waits for all work that needs no timer. */
const settle = async () => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
};

const fakes = {
  "node:test": (t) => {
    mock.timers.enable({ apis: ["setTimeout"] });
    t.after(() => mock.timers.reset());
    return { tick: (ms) => mock.timers.tick(ms) };
  },
  "sinon, the timers only": (t) => {
    const clock = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout"] });
    t.after(() => clock.uninstall());
    return { tick: (ms) => clock.tick(ms), runAll: () => clock.runAllAsync() };
  },
  "sinon, performance too": (t) => {
    const clock = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
    t.after(() => clock.uninstall());
    return { tick: (ms) => clock.tick(ms), runAll: () => clock.runAllAsync() };
  },
};

for (const [name, install] of Object.entries(fakes)) {
  test(`${name}: a call without errors needs no tick`, async (t) => {
    install(t);
    const client = clientFor("http://127.0.0.1:1", { fetch: refusing(200, 0) });
    assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
    assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
    const all = await Promise.all([client.getResults(IDS), client.getResults(IDS), client.getResults(IDS)]);
    assert.equal(all.length, 3);
  });

  for (const [call, start] of Object.entries({
    getResults: (client) => client.getResults(IDS),
    getAllResults: (client) => client.getAllResults(IDS),
  })) {
    test(`${name}: ${call} retries when its timer is due`, async (t) => {
      const timers = install(t);
      const fetch = refusing(500, 2, { "retry-after": "5" });
      const durations = [];
      const onEvent = ({ durationMs }) => { if (durationMs !== undefined) durations.push(durationMs); };
      const result = start(clientFor("http://127.0.0.1:1", { fetch, maxRetries: 3, onEvent }));
      for (const count of [1, 2]) {
        await settle();
        assert.equal(fetch.count, count);
        timers.tick(4_900);
        await settle();
        assert.equal(fetch.count, count, "the retry came too early");
        timers.tick(200);
      }
      await settle();
      assert.equal(fetch.count, 3);
      await result;
      // Durations of three responses and three ends. The timers are ahead of the clock.
      assert.ok(durations.length === 6 && durations.every((ms) => ms >= 0), `durations: ${durations}`);
    });

    test(`${name}: ${call} times out when its timer is due`, async (t) => {
      const timers = install(t);
      const client = clientFor("http://127.0.0.1:1", { fetch: () => new Promise(() => {}), timeoutMs: 30_000 });
      const result = start(client).catch((error) => error);
      await settle();
      timers.tick(30_100);
      const outcome = await result;
      assert.equal(outcome.failures?.[0].error.code ?? outcome.code, "TIMEOUT");
    });
  }

  if (!name.startsWith("sinon")) continue;
  test(`${name}: all timers can be run to the end`, async (t) => {
    const { runAll } = install(t);
    const fetch = refusing(503, 100);
    const error = failure(clientFor("http://127.0.0.1:1", { fetch, maxRetries: 3 }).getResults(IDS), "SERVER_ERROR");
    await settle();
    await runAll();
    await error;
    assert.equal(fetch.count, 4);
  });
}

test("no timer has a negative delay, for which Node 24 prints a warning, even if the thread is busy", async (t) => {
  const delays = [];
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (callback, ms, ...rest) => {
    delays.push(ms);
    return setTimeout(callback, ms, ...rest);
  };
  t.after(() => { globalThis.setTimeout = setTimeout; });
  const busy = () => {
    const until = performance.now() + 5;
    while (performance.now() < until);
  };
  let count = 0;
  const fetch = async (url, { body }) => {
    count += 1;
    if (count % 5 === 0) return new Response("{}", { status: count % 2 ? 429 : 500, headers: { "retry-after-ms": "1" } });
    const ids = body ? JSON.parse(body).run_ids : [];
    return Response.json(Object.fromEntries(ids.map((id) => [id, { texts: [] }])));
  };
  const client = clientFor("http://127.0.0.1:1", { fetch, maxRetries: 10 });
  const ids = Array.from({ length: 100 }, (_, index) => index + 1);
  const { failures } = await client.getAllResults(ids, { onItem: busy, deadlineMs: 20_000 });
  assert.deepEqual(failures, []);
  assert.ok(delays.length > 5, `${delays.length} timers`);
  assert.ok(delays.every((ms) => ms >= 0 && ms < 2 ** 31), `${delays}`);
});
