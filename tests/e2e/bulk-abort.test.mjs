/** Abort and deadline of the bulk call: it ends at once at every stage, sends nothing more, and leaves nothing behind. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { json, neverAnswer, resetBeforeHeaders, stall } from "../servers/faulty.mjs";
import { troubles } from "../servers/service.mjs";
import { test } from "./support/bounded.mjs";
import {
  assertAccounted, assertCounts, assertNothingSent, assertWhole, idsFrom, serviceFor, until,
} from "./support/bulk.mjs";
import { assertGivenUp, PROMPT_MS, rejection, timed } from "./support/calls.mjs";
import { runScript } from "./support/install.mjs";

const listeners = (signal) => getEventListeners(signal, "abort").length;
const refuse = (status, headers) => json({}, { status, headers });
const IDS = idsFrom(1, 100);

/** Each stage waits for far longer than any limit in these tests. */
const stages = {
  "for the headers": { intercept: () => neverAnswer() },
  "in a body": { intercept: () => stall() },
  "behind a shut gate": { intercept: () => refuse(429, { "retry-after": "30" }) },
  "for a retry": { intercept: () => refuse(500, { "retry-after": "30" }) },
  "for a run asked for alone": {
    intercept: ({ method }) => (method === "GET" ? neverAnswer() : undefined), trouble: () => troubles.absent,
  },
};

describe("an abort", { concurrency: true }, () => {
  for (const [stage, options] of Object.entries(stages)) {
    test(`while it waits ${stage} settles at once`, async (t) => {
      const seen = [];
      const intercept = (request, count) => {
        seen.push(request);
        return options.intercept(request, count);
      };
      const { client, ledger } = await serviceFor(t, { ...options, intercept }, { maxRetries: 3 });
      const controller = new AbortController();
      const reason = { why: "the user left" };
      const { signal } = controller;
      const call = rejection(client.getAllResults(IDS, { signal }));
      await until(() => seen.length > 0);
      await sleep(150);
      assert.equal(listeners(signal), 1);
      controller.abort(reason);
      const { ms } = await timed(() => call);
      assert.ok(ms < PROMPT_MS, `${ms} ms`);
      assert.equal(await call, reason);
      assert.equal(listeners(signal), 0);
      await assertNothingSent(ledger);
      if (stage.startsWith("for the headers") || stage === "in a body") {
        for (const request of seen) await assertGivenUp(request);
      }
    });
  }

  test("while lost connections are probed settles at once", async (t) => {
    const { client, ledger } = await serviceFor(t, { intercept: () => resetBeforeHeaders() }, { maxRetries: 20 });
    const controller = new AbortController();
    const call = rejection(client.getAllResults(IDS, { signal: controller.signal }));
    await until(() => ledger.exchanges.length > 0);
    await sleep(100);
    controller.abort("stop");
    const { ms } = await timed(() => call);
    assert.ok(ms < PROMPT_MS, `${ms} ms`);
    assert.equal(await call, "stop");
    await assertNothingSent(ledger, 600);
  });

  test("before the call: nothing is sent", async (t) => {
    const { client, ledger } = await serviceFor(t);
    const reason = new Error("too late");
    const signal = AbortSignal.abort(reason);
    assert.equal(await rejection(client.getAllResults(IDS, { signal })), reason);
    assert.equal(await rejection(client.streamResults(IDS, { signal }).next()), reason);
    assert.equal(listeners(signal), 0);
    await assertNothingSent(ledger, 50);
    assert.equal(ledger.exchanges.length, 0);
  });

  test("in the same turn as the call rejects the call", async (t) => {
    const { client } = await serviceFor(t);
    const controller = new AbortController();
    const call = rejection(client.getAllResults(IDS, { signal: controller.signal }));
    controller.abort("at once");
    assert.equal(await call, "at once");
    assert.equal(listeners(controller.signal), 0);
  });

  test("after the end changes nothing", async (t) => {
    const { client, ledger } = await serviceFor(t);
    const controller = new AbortController();
    const outcome = await client.getAllResults(IDS, { signal: controller.signal });
    controller.abort();
    assertWhole(IDS, outcome, ledger);
  });

  for (const reason of [null, 0, "", false, Symbol("s"), new TypeError("x")]) {
    test(`rejects with the reason itself: ${String(reason)} (${typeof reason})`, async (t) => {
      const { client } = await serviceFor(t, { intercept: () => neverAnswer() });
      const controller = new AbortController();
      const call = rejection(client.getAllResults(IDS, { signal: controller.signal }));
      setTimeout(() => controller.abort(reason), 20);
      assert.equal(await call, reason);
    });
  }

  test("of one call does not affect another call of the client", async (t) => {
    const { client, ledger } = await serviceFor(t, { latencyMs: 30 });
    const controller = new AbortController();
    const aborted = rejection(client.getAllResults(idsFrom(1, 100), { signal: controller.signal }));
    const other = client.getAllResults(idsFrom(1001, 100));
    await until(() => ledger.exchanges.length > 12);
    controller.abort("stop");
    assert.equal(await aborted, "stop");
    assertWhole(idsFrom(1001, 100), await other);
  });

  test("of the call that was refused does not open the gate for others", async (t) => {
    const intercept = (request, count) => (count === 0 ? refuse(429, { "retry-after": "1" }) : undefined);
    const { client, ledger } = await serviceFor(t, { intercept });
    const controller = new AbortController();
    const aborted = rejection(client.getAllResults(idsFrom(1, 5), { signal: controller.signal }));
    await until(() => ledger.exchanges.length === 1);
    await sleep(100);
    controller.abort("stop");
    assert.equal(await aborted, "stop");
    assertWhole(idsFrom(6, 5), await client.getAllResults(idsFrom(6, 5)), ledger);
    assert.ok(ledger.exchanges[1].at - ledger.exchanges[0].at >= 980);
  });

  test("of the call that probes a lost connection does not stop another call", async (t) => {
    let down = true;
    const { client, ledger } = await serviceFor(
      t, { intercept: () => (down ? resetBeforeHeaders() : undefined) }, { maxRetries: 20 },
    );
    const controller = new AbortController();
    const aborted = rejection(client.getAllResults(idsFrom(1, 5), { signal: controller.signal }));
    await until(() => ledger.exchanges.length >= 1);
    const other = client.getAllResults(idsFrom(6, 5));
    await sleep(100);
    controller.abort("stop");
    assert.equal(await aborted, "stop");
    down = false;
    assertWhole(idsFrom(6, 5), await other, ledger);
  });
});

test("a signal shared by many calls has one listener each, and none after", async (t) => {
  const { client, ledger } = await serviceFor(t, { latencyMs: 50 });
  const { signal } = new AbortController();
  const calls = Array.from({ length: 10 }, (_, call) => client.getAllResults(idsFrom(call * 50 + 1, 50), { signal }));
  await until(() => ledger.exchanges.length > 10);
  assert.equal(listeners(signal), 10);
  await Promise.all(calls);
  assert.equal(listeners(signal), 0);
});

/* The deadline. */

describe("the deadline", { concurrency: true }, () => {
  for (const [stage, options] of Object.entries(stages)) {
    test(`while it waits ${stage} ends the call`, async (t) => {
      const { client, ledger } = await serviceFor(t, options, { maxRetries: 3 });
      const items = [];
      const onItem = (item) => items.push(item);
      const { call, ms } = await timed(() => client.getAllResults(IDS, { deadlineMs: 400, onItem }));
      assert.ok(ms < 400 + 1500, `${ms} ms`);
      const outcome = await call;
      assertAccounted(IDS, outcome);
      assertCounts(outcome, { total: 100, succeeded: 0, failed: 100 });
      for (const { error } of outcome.failures) {
        assert.equal(error.code, "TIMEOUT");
        assert.equal(error.timeoutMs, 400);
      }
      assert.deepEqual(items.map(({ runId }) => runId).sort((a, b) => a - b), IDS);
      if (!["for a retry", "for a run asked for alone"].includes(stage)) {
        assert.equal(outcome.failures.at(-1).error.attempts, 0, "nothing was sent for the last run");
      }
      await assertNothingSent(ledger);
    });
  }

  test("keeps the runs that arrived before", async (t) => {
    const trouble = (id) => (id === 2 ? troubles.absent : undefined);
    const { client, ledger } = await serviceFor(t, { latencyMs: 60, trouble });
    const ids = idsFrom(1, 500);
    const { call, ms } = await timed(() => client.getAllResults(ids, { deadlineMs: 1500, concurrency: 2 }));
    assert.ok(ms >= 1490 && ms < 3000, `${ms} ms`);
    const outcome = await call;
    assertAccounted(ids, outcome);
    const { succeeded, failed } = outcome.stats;
    assert.ok(succeeded >= 10 && succeeded <= 250, `${succeeded} succeeded`);
    assert.equal(succeeded + failed, 500);
    const codes = new Set(outcome.failures.map(({ error }) => error.code));
    assert.deepEqual([...codes], ["NOT_FOUND", "TIMEOUT"]);
    await assertNothingSent(ledger);
  });

  test("may be a millisecond", async (t) => {
    const { client } = await serviceFor(t, { latencyMs: 50 });
    const outcome = await client.getAllResults(IDS, { deadlineMs: 1 });
    assertAccounted(IDS, outcome);
    assertCounts(outcome, { succeeded: 0, failed: 100 });
  });

  test("may be far in the future", async (t) => {
    const { client, ledger } = await serviceFor(t, { latencyMs: 20 });
    for (const deadlineMs of [60_000, 2 ** 31 - 1]) {
      ledger.given.clear();
      assertWhole(IDS, await client.getAllResults(IDS, { deadlineMs }), ledger);
    }
    // A deadline beyond the range of timers must not end the call at once. It may be refused, or have no effect.
    for (const deadlineMs of [2 ** 31, 2 ** 40, Infinity]) {
      const outcome = await client.getAllResults(IDS, { deadlineMs }).catch((error) => error);
      if (outcome instanceof Error) assert.equal(outcome.option, "deadlineMs");
      else assertWhole(IDS, outcome);
    }
  });

  test("has no effect if an error stops the call before", async (t) => {
    const { client } = await serviceFor(t, { intercept: () => refuse(401) });
    assert.equal((await rejection(client.getAllResults(IDS, { deadlineMs: 5000 }))).code, "UNAUTHORIZED");
  });

  test("has no effect if the call is aborted before", async (t) => {
    const { client } = await serviceFor(t, { intercept: () => neverAnswer() });
    const signal = AbortSignal.timeout(100);
    const reason = await rejection(client.getAllResults(IDS, { deadlineMs: 5000, signal }));
    assert.equal(reason, signal.reason);
  });
});

/* Nothing keeps the process alive. */

/** Scripts that end only if nothing keeps the process alive. */
const endings = {
  "a call that is done": "await client.getAllResults(ids, { deadlineMs: 3_600_000 });",
  "an abort behind a shut gate": `
    refuseWith = 429;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    await client.getAllResults(ids, { signal: controller.signal }).catch(() => {});`,
  "a deadline behind a shut gate": "refuseWith = 429; await client.getAllResults(ids, { deadlineMs: 100 });",
  "a stop": "refuseWith = 401; await client.getAllResults(ids, { deadlineMs: 3_600_000 }).catch(() => {});",
  "a stream that was left": `
    for await (const item of client.streamResults(ids, { deadlineMs: 3_600_000 })) if (item.runId > 20) break;`,
  "a stream that was left behind a shut gate": `
    refuseWith = 429;
    const stream = client.streamResults(ids);
    stream.next();
    await new Promise((woken) => setTimeout(woken, 100));
    await stream.return();`,
  "a stream of a silent source that was left": `
    const stream = client.streamResults((async function* () { yield 1; await new Promise(() => {}); })());
    await stream.next();
    stream.return();`,
};

describe("the process ends by itself", { concurrency: 2 }, () => {
  for (const [index, [what, source]] of Object.entries(endings).entries()) {
    test(`after ${what}`, async () => {
      const { stdout } = await runScript(`ends-${index}.mjs`, `
        import { TranslationResultsClient } from "translation-results";
        let refuseWith = 0;
        const headers = { "retry-after": "50" };
        const fetch = async (url, { body }) => {
          if (refuseWith) return new Response("{}", { status: refuseWith, headers });
          if (!body) return new Response('{"texts":[]}');
          return Response.json(Object.fromEntries(JSON.parse(body).run_ids.map((id) => [id, { texts: [] }])));
        };
        const client = new TranslationResultsClient({ apiKey: "k", fetch });
        const ids = Array.from({ length: 50 }, (_, index) => index + 1);
        ${source}
        console.log("settled");
      `, { timeout: 8000 });
      assert.equal(stdout, "settled\n");
    });
  }
});
