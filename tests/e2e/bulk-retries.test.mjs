/** Retries of the bulk call: which failures are retried, how retries are counted, and the gate for all requests. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../servers/free-port.mjs";
import { json, neverAnswer, resetBeforeHeaders, resetInBody, shortBody, truncatedChunks } from "../servers/faulty.mjs";
import { runIdsOf } from "../servers/service.mjs";
import { test } from "./support/bounded.mjs";
import { assertAccounted, assertCounts, assertWhole, failed, idsFrom, serviceFor, until } from "./support/bulk.mjs";
import { clientFor } from "./support/calls.mjs";

const refuse = (status, headers = {}) => json({ detail: "no" }, { status, headers });
const first = (count, behaviour) => ({ intercept: (request, before) => (before < count ? behaviour : undefined) });

/** The longest first wait of a backoff, and the delay of a machine under load, in ms. */
const FIRST_BACKOFF_MS = 500;
const SLACK_MS = 20;

describe("retries", { concurrency: true }, () => {
  for (const status of [408, 500, 502, 503, 504, 520, 529]) {
    test(`${status} costs its batch a retry`, async (t) => {
      const { client, ledger } = await serviceFor(t, first(1, refuse(status)), { maxRetries: 1 });
      const outcome = await client.getAllResults(idsFrom(1, 20), { concurrency: 1 });
      assertWhole(idsFrom(1, 20), outcome, ledger);
      assertCounts(outcome, { requests: 5, retries: 1 });
    });

    test(`${status} without retries fails the runs of its batch`, async (t) => {
      const { client } = await serviceFor(t, first(1, refuse(status)), { maxRetries: 0 });
      const outcome = await client.getAllResults(idsFrom(1, 20), { concurrency: 1 });
      const code = status === 408 ? "UNEXPECTED_STATUS" : "SERVER_ERROR";
      assert.deepEqual(failed(outcome), idsFrom(1, 5).map((id) => [id, code, 1]));
      assertAccounted(idsFrom(1, 20), outcome);
    });
  }

  for (const [status, headers] of [[429, {}], [429, { "retry-after-ms": "30" }], [503, { "retry-after-ms": "30" }]]) {
    test(`${status} ${JSON.stringify(headers)} costs no retry`, async (t) => {
      const { client, ledger } = await serviceFor(t, first(2, refuse(status, headers)), { maxRetries: 0 });
      const outcome = await client.getAllResults(idsFrom(1, 20), { concurrency: 1 });
      assertWhole(idsFrom(1, 20), outcome, ledger);
      assertCounts(outcome, { requests: 6, retries: 2 });
    });
  }

  test("each batch has its own retries", async (t) => {
    const seen = new Map();
    // Every batch fails twice.
    const intercept = (request) => {
      const [id] = runIdsOf(request);
      seen.set(id, (seen.get(id) ?? 0) + 1);
      return seen.get(id) <= 2 ? refuse(500, { "retry-after": "0" }) : undefined;
    };
    const { client, ledger } = await serviceFor(t, { intercept }, { maxRetries: 2 });
    const outcome = await client.getAllResults(idsFrom(1, 50));
    assertWhole(idsFrom(1, 50), outcome, ledger);
    assertCounts(outcome, { requests: 30, retries: 20 });
  });

  test("a batch that waits for its retry does not delay the others", async (t) => {
    const { client, ledger } = await serviceFor(
      t, { ...first(1, refuse(500, { "retry-after-ms": "900" })), latencyMs: 5 }, { maxRetries: 1 },
    );
    assertWhole(idsFrom(1, 50), await client.getAllResults(idsFrom(1, 50), { concurrency: 1 }), ledger);
    const times = ledger.exchanges.map(({ at }) => at - ledger.exchanges[0].at);
    assert.ok(times.at(-1) >= 900 - SLACK_MS, `${times.map(Math.round)}`);
    assert.deepEqual(ledger.batches.at(-1), ledger.batches[0], "the others were sent meanwhile");
  });

  test("an attempt that times out is retried", async (t) => {
    const { client, ledger } = await serviceFor(t, first(2, neverAnswer()), { maxRetries: 1, timeoutMs: 500 });
    const outcome = await client.getAllResults(idsFrom(1, 20));
    assertWhole(idsFrom(1, 20), outcome, ledger);
    assertCounts(outcome, { requests: 6, retries: 2 });
  });

  test("the call's own maxRetries overrides the client's", async (t) => {
    const { client, ledger } = await serviceFor(
      t, { intercept: () => refuse(500, { "retry-after": "0" }) }, { maxRetries: 5 },
    );
    const outcome = await client.getAllResults([1, 2, 3], { maxRetries: 2 });
    assert.deepEqual(failed(outcome), [1, 2, 3].map((id) => [id, "SERVER_ERROR", 3]));
    assert.equal(ledger.exchanges.length, 3);
  });
});

/* The gate. */

/** Records when the client sends requests, and when they are refused. */
function sends() {
  const events = [];
  const onEvent = (event) => events.push({ ...event, now: performance.now() });
  return { events, onEvent };
}

/** Returns the first refusal, and the first request after it. */
function afterRefusal(events, status) {
  const refused = events.findIndex((event) => event.status === status);
  return { refused: events[refused], next: events.slice(refused).find(({ type }) => type === "request") };
}

describe("the gate", { concurrency: true }, () => {
  for (const [status, headers, ms] of [
    [429, { "retry-after": "1" }, 1000],
    [429, { "retry-after-ms": "700" }, 700],
    [429, { "retry-after": "0.5" }, 500],
    [503, { "retry-after": "1" }, 1000],
  ]) {
    test(`${status} ${JSON.stringify(headers)} holds every request back until it is over`, async (t) => {
      const { events, onEvent } = sends();
      const { client, ledger } = await serviceFor(
        t, { ...first(1, refuse(status, headers)), latencyMs: 10 }, { onEvent },
      );
      assertWhole(idsFrom(1, 100), await client.getAllResults(idsFrom(1, 100)), ledger);
      const { refused, next } = afterRefusal(events, status);
      const waited = next.now - refused.now;
      assert.ok(waited >= ms - SLACK_MS && waited < ms + 1500, `${waited} ms`);
      const retry = events.find(({ type }) => type === "retry");
      // The rest of the wait is computed on a clock with fractions.
      assert.ok(retry.delayMs >= ms && retry.delayMs <= ms + 1, `${retry.delayMs} ms`);
    });
  }

  test("retries wait for it, too", async (t) => {
    const { events, onEvent } = sends();
    // The first batch may be retried soon. The second refusal shuts the gate.
    const answers = [refuse(500, { "retry-after-ms": "200" }), refuse(429, { "retry-after": "1" })];
    const { client, ledger } = await serviceFor(
      t, { intercept: (request, count) => answers[count] }, { onEvent, maxRetries: 1 },
    );
    assertWhole(idsFrom(1, 10), await client.getAllResults(idsFrom(1, 10)), ledger);
    const { refused, next } = afterRefusal(events, 429);
    assert.ok(next.now - refused.now >= 1000 - SLACK_MS, `${next.now - refused.now} ms`);
  });

  test("another call of the client waits, too", async (t) => {
    const { client, ledger } = await serviceFor(t, first(1, refuse(429, { "retry-after": "1" })));
    const one = client.getAllResults(idsFrom(1, 5));
    await until(() => ledger.exchanges.length === 1);
    await sleep(100);
    const other = client.getAllResults(idsFrom(6, 5));
    assertWhole(idsFrom(1, 5), await one, ledger);
    assertWhole(idsFrom(6, 5), await other, ledger);
    const [refused, ...later] = ledger.exchanges;
    assert.equal(later.length, 2);
    for (const { at } of later) assert.ok(at - refused.at >= 1000 - SLACK_MS, `${at - refused.at} ms`);
  });

  test("another client does not wait", async (t) => {
    const { client, service, ledger } = await serviceFor(t, first(1, refuse(429, { "retry-after": "1" })));
    const one = client.getAllResults(idsFrom(1, 5));
    await until(() => ledger.exchanges.length === 1);
    await clientFor(service.url).getAllResults(idsFrom(6, 5));
    assert.ok(ledger.exchanges[1].at - ledger.exchanges[0].at < 900);
    assertWhole(idsFrom(1, 5), await one, ledger);
  });

  test("it shuts without Retry-After, too, so that refusals stop", async (t) => {
    // The server refuses every request for a second. A client that does not wait would be refused hundreds of times.
    let open;
    const intercept = (request) => {
      open ??= request.at + 1000;
      return request.at < open ? refuse(429) : undefined;
    };
    const { client, ledger } = await serviceFor(t, { intercept, latencyMs: 5 });
    assertWhole(idsFrom(1, 200), await client.getAllResults(idsFrom(1, 200)), ledger);
    const refusals = ledger.exchanges.filter(({ status }) => status === 429).length;
    assert.ok(refusals >= 1 && refusals <= 60, `${refusals} refusals`);
  });
});

/* Lost connections. */

describe("lost connections", { concurrency: true }, () => {
  for (const [what, behaviour] of Object.entries({
    "before the headers": resetBeforeHeaders(),
    "in the body": resetInBody(),
    "before all of content-length was there": shortBody(),
    "in the middle of a chunked body": truncatedChunks(),
  })) {
    test(`one lost ${what}: all runs come`, async (t) => {
      const { client, ledger } = await serviceFor(t, first(1, behaviour), { maxRetries: 1 });
      const outcome = await client.getAllResults(idsFrom(1, 100));
      assertWhole(idsFrom(1, 100), outcome, ledger);
      assertCounts(outcome, { requests: 21, retries: 1 });
    });
  }

  test("one batch probes the service while the others wait", async (t) => {
    const { events, onEvent } = sends();
    let back;
    const intercept = (request) => {
      back ??= request.at + 600;
      return request.at < back ? resetBeforeHeaders() : undefined;
    };
    const { client, ledger } = await serviceFor(t, { intercept, latencyMs: 5 }, { onEvent, maxRetries: 3 });
    assertWhole(idsFrom(1, 200), await client.getAllResults(idsFrom(1, 200)), ledger);
    // The requests in flight when the connection was lost, then one at a time.
    const lost = ledger.exchanges.filter(({ at }) => at < back).length;
    assert.ok(lost <= 6 + 3, `${lost} requests were sent while the server was unreachable`);
    const retries = events.filter(({ type, code }) => type === "retry" && code === "NETWORK");
    const delays = retries.map(({ delayMs }) => delayMs);
    assert.ok(delays.length >= 1);
    assert.ok(Math.max(...delays) >= FIRST_BACKOFF_MS / 2, `${delays}`);
  });

  test("without retries the requests in flight fail at once, and the remaining ones are sent", async (t) => {
    const { client, ledger } = await serviceFor(t, first(1, resetBeforeHeaders()), { maxRetries: 0 });
    const outcome = await client.getAllResults(idsFrom(1, 30), { concurrency: 1 });
    assert.deepEqual(failed(outcome), idsFrom(1, 5).map((id) => [id, "NETWORK", 1]));
    for (const { error } of outcome.failures) assert.ok(error.cause instanceof Error);
    assertAccounted(idsFrom(1, 30), outcome);
    assert.deepEqual(ledger.askedAgain, []);
  });

  for (const [maxRetries, count] of [[0, 100], [1, 50]]) {
    test(`no server, ${maxRetries} retries: every run fails, and the call ends`, async () => {
      const port = await freePort();
      const ids = idsFrom(1, count);
      const outcome = await clientFor(`http://127.0.0.1:${port}`, { maxRetries }).getAllResults(ids);
      assertAccounted(ids, outcome);
      assertCounts(outcome, { succeeded: 0, failed: count });
      for (const { error } of outcome.failures) {
        assert.equal(error.code, "NETWORK");
        assert.ok(error.attempts >= 1 && error.attempts <= maxRetries + 1, `attempts: ${error.attempts}`);
        assert.equal(error.cause.cause.code, "ECONNREFUSED");
      }
    });
  }

  test("if the server is gone for a while, no run is lost or requested again", async (t) => {
    const { client, ledger, service } = await serviceFor(t, { latencyMs: 10 }, { maxRetries: 3 });
    const call = client.getAllResults(idsFrom(1, 600));
    await until(() => ledger.given.size >= 250);
    await service.kill();
    await sleep(700);
    await service.revive();
    assertWhole(idsFrom(1, 600), await call, ledger);
  });
});
