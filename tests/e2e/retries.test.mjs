/** Failures that are retried, the number of attempts and the waits, and failures that are not retried. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answer, gzip, json, neverAnswer, redirect, resetBeforeHeaders, resetInBody, results, shortBody, truncatedChunks,
} from "../servers/faulty.mjs";
import { freePort } from "../servers/free-port.mjs";
import { assertGivenUp, clientFor, failure, faultyFor, IDS, KEY, timed, TEXTS } from "./support/calls.mjs";
import { imported } from "./support/install.mjs";

/** Returns a refusal that allows a retry at once, so that the tests take no time. */
const atOnce = (status) => json({ detail: "no" }, { status, headers: { "retry-after": "0" } });
const waitsFor = (headers, status = 429) => json({}, { status, headers });

/* The table of statuses. */

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const codes = {
  400: "BAD_REQUEST", 401: "UNAUTHORIZED", 402: "PAYMENT_REQUIRED", 403: "FORBIDDEN", 404: "NOT_FOUND",
  422: "UNPROCESSABLE", 429: "RATE_LIMITED",
};
const codeOf = (status) => codes[status] ?? (status >= 500 && status < 600 ? "SERVER_ERROR" : "UNEXPECTED_STATUS");
const triedAgain = new Set([408, 429, 500, 502, 503, 504, ...range(520, 529)]);

/** `fetch` itself turns a 407 into a network error, and repeats a request after a 421. */
const keptByFetch = [407, 421];
const statuses = [...range(400, 429), 431, 451, 499, ...range(500, 511), ...range(519, 530), 599, 600, 999];

for (const status of statuses.filter((status) => !keptByFetch.includes(status))) {
  const attempts = triedAgain.has(status) ? 3 : 1;
  test(`${status} is ${codeOf(status)}, ${attempts === 1 ? "not " : ""}retried`, async (t) => {
    const { client, server } = await faultyFor(t, atOnce(status), { maxRetries: 2 });
    const error = await failure(client.getResults(IDS), codeOf(status));
    assert.equal(server.requests.length, attempts);
    assert.equal(error.attempts, attempts);
    assert.equal(error.status, status);
    assert.deepEqual(error.body, { detail: "no" });
  });
}

test("an answer that would not change is not retried", async (t) => {
  const answers = {
    INVALID_RESPONSE: [answer(), json([]), gzip("no JSON")],
    MISSING_RESULT: [json({})],
    REDIRECTED: [redirect(307, "/elsewhere")],
  };
  for (const [code, behaviours] of Object.entries(answers)) {
    for (const behaviour of behaviours) {
      const { client, server } = await faultyFor(t, [behaviour, results()], { maxRetries: 2 });
      assert.equal((await failure(client.getResults(IDS), code)).attempts, 1);
      assert.equal(server.requests.length, 1);
    }
  }
});

/* The number of attempts. */

test("a call succeeds after failed attempts, and every attempt sends the same", async (t) => {
  const { client, server } = await faultyFor(t, [atOnce(500), atOnce(429), results()], {
    maxRetries: 2,
    headers: { "x-trace": "1" },
  });
  assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
  assert.equal(server.requests.length, 3);
  for (const { method, path, body, headers } of server.requests) {
    assert.deepEqual([method, path, body], ["POST", "/translation-results", '{"run_ids":[12345,6789]}']);
    assert.deepEqual([headers["x-api-key"], headers["x-trace"]], [KEY, "1"]);
  }
});

for (const [what, ofClient, ofCall, requests] of [
  ["by default", undefined, {}, 4],
  ["as the client says", 0, {}, 1],
  ["as the client says", 5, {}, 6],
  ["as the call says", 5, { maxRetries: 1 }, 2],
  ["as the call says", undefined, { maxRetries: 0 }, 1],
  ["at most", 0, { maxRetries: 20 }, 21],
]) {
  test(`${requests} attempts ${what}`, async (t) => {
    const { client, server } = await faultyFor(t, atOnce(503), { maxRetries: ofClient });
    assert.equal((await failure(client.getResults(IDS, ofCall), "SERVER_ERROR")).attempts, requests);
    assert.equal(server.requests.length, requests);
  });
}

/* Lost connections. */

for (const [what, behaviour] of Object.entries({
  "reset before the headers": resetBeforeHeaders(),
  "reset in the body": resetInBody(),
  "closed before all of content-length was there": shortBody(),
  "closed in the middle of a chunked body": truncatedChunks(),
})) {
  test(`a request is retried after a connection ${what}`, async (t) => {
    const { client, server } = await faultyFor(t, [behaviour, results()], { maxRetries: 1 });
    assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
    assert.equal(server.requests.length, 2);
  });

  test(`a connection ${what} every time is a network failure with its cause`, async (t) => {
    const { client, server } = await faultyFor(t, behaviour, { maxRetries: 1 });
    const error = await failure(client.getResults(IDS), "NETWORK");
    assert.ok(error.cause instanceof Error, "the cause is what fetch, or the reading of the body, rejected with");
    assert.equal(error.attempts, 2);
    assert.equal(server.requests.length, 2);
  });
}

test("a port without a server is a network failure", async () => {
  const port = await freePort();
  const error = await failure(clientFor(`http://127.0.0.1:${port}`).getResults(IDS), "NETWORK");
  assert.equal(error.cause.cause.code, "ECONNREFUSED");
  assert.equal(error.attempts, 1);
  assert.equal("cause" in error.toJSON(), false);
});

test("an attempt that times out is retried", async (t) => {
  const { client, server } = await faultyFor(t, [neverAnswer(), results()], { maxRetries: 1, timeoutMs: 400 });
  assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
  assert.equal(server.requests.length, 2);
});

/* The waits between attempts. */

/** Returns the pause before the second request, by the server's clock, and the pause that the client announced. */
async function pause(t, headers, { slackMs = 20, ...options } = {}) {
  const retries = [];
  const { client, server } = await faultyFor(t, [waitsFor(headers), results()], {
    maxRetries: 1,
    onEvent: (event) => event.type === "retry" && retries.push(event),
    ...options,
  });
  assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
  const [first, second] = server.requests;
  assert.equal(retries.length, 1);
  const waited = second.at - first.at;
  assert.ok(waited >= retries[0].delayMs - slackMs, `waited ${waited} ms of ${retries[0].delayMs}`);
  return { waited, announced: retries[0].delayMs };
}

for (const [headers, ms] of [
  [{ "retry-after": "1" }, 1000],
  [{ "retry-after": "0.7" }, 700],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after-ms": "600" }, 600],
  [{ "retry-after-ms": "0" }, 0],
  [{ "retry-after-ms": "40", "retry-after": "30" }, 40],
  [{ "retry-after-ms": "soon", "retry-after": "0.6" }, 600],
]) {
  test(`${JSON.stringify(headers)} is a wait of ${ms} ms`, async (t) => {
    const { waited, announced } = await pause(t, headers);
    assert.equal(announced, ms);
    assert.ok(waited < ms + 1500, `waited ${waited} ms`);
  });
}

test("Retry-After as a date is a wait until then", async (t) => {
  // A date has whole seconds, so this date is one to two seconds ahead.
  const date = new Date((Math.floor(Date.now() / 1000) + 2) * 1000);
  const { announced } = await pause(t, { "retry-after": date.toUTCString() });
  assert.ok(announced > 0 && announced <= 2000, `${announced} ms`);
  assert.ok(Date.now() >= date.getTime() - 50);
});

test("a date that has passed is no wait", async (t) => {
  assert.equal((await pause(t, { "retry-after": "Thu, 01 Jan 2026 00:00:00 GMT" })).announced, 0);
});

test("a Retry-After that does not parse strictly is ignored", async (t) => {
  const junk = [
    "soon", "-1", "+1", "1e1", "0x1", "1 s", "1;", "1,5", "1.", "1.5.2", "Infinity", "NaN", "2099-01-01",
    "2099-01-01T00:00:00Z", "Thu, 01 Jan 2099", "Thu, 32 Jan 2099 00:00:00 GMT",
  ];
  const pauses = await Promise.all(junk.map((value) => pause(t, { "retry-after": value })));
  for (const [i, { announced }] of pauses.entries()) {
    assert.ok(announced >= 0 && announced <= 500, `${junk[i]}: the first backoff is due, not ${announced} ms`);
  }
});

test("waits grow, and differ from call to call", async (t) => {
  const delays = [];
  const onEvent = (event) => event.type === "retry" && delays.push([event.code, event.delayMs]);
  const { client } = await faultyFor(t, json({}, { status: 500 }), { maxRetries: 2, onEvent });
  await Promise.all(Array.from({ length: 20 }, () => failure(client.getResults(IDS), "SERVER_ERROR")));
  assert.equal(delays.length, 40);
  for (const [code, delayMs] of delays) {
    assert.equal(code, "SERVER_ERROR");
    assert.ok(delayMs >= 0 && delayMs <= 1000, `${delayMs} ms`);
  }
  // Of 20 samples of 0 to 1000 ms not one above 500 is a chance of one in a million.
  assert.ok(delays.some(([, delayMs]) => delayMs > 500));
  assert.ok(new Set(delays.map(([, delayMs]) => delayMs)).size > 10);
});

for (const [headers, ms] of [
  [{ "retry-after": "61" }, 61_000],
  [{ "retry-after": "60.001" }, 60_001],
  [{ "retry-after-ms": "60001" }, 60_001],
  [{ "retry-after": "2147484" }, 2_147_484_000],
  [{ "retry-after": "2147483.648" }, 2_147_483_648],
  [{ "retry-after": "4294968" }, 4_294_968_000],
]) {
  test(`${JSON.stringify(headers)} is too long to wait for`, async (t) => {
    const { client, server } = await faultyFor(t, [waitsFor(headers), results()], { maxRetries: 3 });
    const error = await failure(client.getResults(IDS), "RATE_LIMITED");
    assert.equal(error.retryAfterMs, ms);
    assert.equal(error.attempts, 1);
    assert.equal(server.requests.length, 1);
  });
}

test("a huge Retry-After fails the call at once", async (t) => {
  for (const value of ["9".repeat(16), "9".repeat(400), `0.${"0".repeat(400)}1`]) {
    const { client, server } = await faultyFor(t, waitsFor({ "retry-after": value }), { maxRetries: 1 });
    const error = await failure(client.getResults(IDS), "RATE_LIMITED");
    assert.ok(error.retryAfterMs === undefined || error.retryAfterMs >= 0, value.slice(0, 20));
    assert.ok(server.requests.length <= 2);
  }
});

test("the client waits if the wait is exactly 60 seconds", async (t) => {
  const controller = new AbortController();
  const retries = [];
  const { client, server } = await faultyFor(t, waitsFor({ "retry-after": "60" }), {
    maxRetries: 1,
    onEvent: (event) => {
      if (event.type !== "retry") return;
      retries.push(event.delayMs);
      setTimeout(() => controller.abort(), 50);
    },
  });
  await assert.rejects(client.getResults(IDS, { signal: controller.signal }), { name: "AbortError" });
  assert.deepEqual(retries, [60_000]);
  assert.equal(server.requests.length, 1);
});

test("without a retry left, the error still has the wait that the server asks for", async (t) => {
  const { client } = await faultyFor(t, waitsFor({ "retry-after": "1.5" }, 503));
  const error = await failure(client.getResults(IDS), "SERVER_ERROR");
  assert.equal(error.retryAfterMs, 1500);
});

/* The deadline of the whole call. */

test("a wait past the deadline fails the call at once", async (t) => {
  const { client, server } = await faultyFor(t, waitsFor({ "retry-after": "5" }), { maxRetries: 3 });
  const { call, ms } = await timed(() => client.getResults(IDS, { deadlineMs: 4000 }));
  assert.ok(ms < 2500, `${ms} ms`);
  assert.equal((await failure(call, "RATE_LIMITED")).retryAfterMs, 5000);
  assert.equal(server.requests.length, 1);
});

test("the deadline ends an attempt", async (t) => {
  const { client, server } = await faultyFor(t, neverAnswer(), { maxRetries: 3 });
  const { call, ms } = await timed(() => client.getResults(IDS, { deadlineMs: 500 }));
  assert.ok(ms >= 490 && ms < 3000, `${ms} ms`);
  const error = await failure(call, "TIMEOUT");
  assert.equal(typeof error.timeoutMs, "number");
  assert.equal(error.attempts, 1);
  await assertGivenUp(server.requests[0]);
});

test("the deadline covers all attempts and the waits between them", async (t) => {
  const { client } = await faultyFor(t, neverAnswer(), { maxRetries: 20, timeoutMs: 100 });
  const { call, ms } = await timed(() => client.getResults(IDS, { deadlineMs: 700 }));
  assert.ok(ms < 3000, `${ms} ms`);
  const error = await failure(call, "TIMEOUT");
  assert.ok(error instanceof imported.TimeoutError);
  assert.ok(error.attempts >= 1 && error.attempts < 8);
});
