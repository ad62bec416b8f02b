/** `translation-results/testing`: the service in memory, as the tests of an application use it. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { mock, test } from "node:test";
import { pathToFileURL } from "node:url";
import FakeTimers from "@sinonjs/fake-timers";
import { FAULTS } from "../../www/sample-api/faults.js";
import { runs as sampleRuns } from "../../www/sample-api/runs.js";
import { OUTCOMES } from "../page/support/outcomes.mjs";
import { failure, rejection } from "./support/calls.mjs";
import { imported, installDir } from "./support/install.mjs";

const { createSampleFetch } = await import(
  pathToFileURL(join(installDir, "node_modules", "translation-results", "testing.js")).href
);
const { TranslationResultsClient } = imported;

const over = (options, more) => {
  const fetch = createSampleFetch(options);
  return { fetch, client: new TranslationResultsClient({ apiKey: "any", fetch, maxRetries: 0, ...more }) };
};
const codes = ({ failures }) => failures.map(({ runId, error }) => [runId, error.code]);

test("require gives the same function", () => {
  const required = createRequire(join(installDir, "consumer.cjs"))("translation-results/testing");
  assert.deepEqual(Object.keys(required).filter((name) => name !== "default"), ["createSampleFetch"]);
});

test("by default it has the sample runs, unfinished runs and generated runs", async () => {
  const { client } = over();
  const ids = [12345, 70001, 999, 80001, 100_001, 200_000];
  const outcome = await client.getAllResults(ids);
  assert.deepEqual(Object.keys(outcome.results), ["12345", "100001", "200000"]);
  assert.deepEqual(outcome.results[12345].texts, sampleRuns.get(12345).texts);
  assert.deepEqual(codes(outcome), [[70001, "MISSING_RESULT"], [999, "NOT_FOUND"], [80001, "BAD_REQUEST"]]);
});

test("runs can be given with texts, as unfinished or as refused, and all others are unknown", async () => {
  const runs = { 1: ["Hola"], 2: [], 3: "unfinished", 4: { status: 403 }, 5: { status: 404, detail: "Run 5 was deleted" } };
  const { client } = over({ runs });
  assert.deepEqual(await client.getResults([1, 2]), { 1: { texts: ["Hola"] }, 2: { texts: [] } });
  const outcome = await client.getAllResults([1, 3, 4, 5, 12345]);
  assert.deepEqual({ ...outcome.results }, { 1: { texts: ["Hola"] } });
  assert.deepEqual(codes(outcome), [
    [3, "MISSING_RESULT"], [4, "FORBIDDEN"], [5, "NOT_FOUND"], [12345, "NOT_FOUND"],
  ]);
  assert.equal(outcome.failures[2].error.message, "run 5 was deleted (404)");
  assert.equal((await failure(client.getResult(3), "MISSING_RESULT")).attempts, 1);
});

test("it checks the key, the body and the path, as the service does", async () => {
  const fetch = createSampleFetch();
  const service = "https://client.camb.ai/apis";
  const status = async (url, init) => (await fetch(url, init)).status;
  const headers = { "x-api-key": "any", "content-type": "application/json" };
  const post = (run_ids, more) => ({ method: "POST", headers, body: JSON.stringify({ run_ids }), ...more });
  assert.equal(await status(`${service}/translation-results`, post([12345, 6789])), 200);
  assert.equal(await status(`${service}/translation-results`, post([12345])), 422);
  assert.equal(await status(`${service}/translation-results`, post([12345, 6789], { headers: {} })), 401);
  assert.equal(await status(`${service}/translation-result/12345`, { headers }), 200);
  assert.equal(await status(`${service}/translation-result/x`, { headers }), 422);
  assert.equal(await status(`${service}/elsewhere`, { headers }), 404);
  // A proxy of the application would add the key.
  assert.equal(await status("https://app.test/api/translation-result/12345", {}), 200);
  assert.equal(await status("/api/translation-result/12345"), 200);
});

test("it records its requests", async () => {
  const { client, fetch } = over({ runs: { 1: [], 2: [] } }, { headers: { "X-Trace": "t" } });
  await client.getResults([1, 2]);
  await client.getResult(2);
  const headers = { "x-api-key": "any", "x-trace": "t" };
  assert.deepEqual(fetch.requests, [
    { runIds: [1, 2], headers: { "content-type": "application/json", ...headers } },
    { runIds: [2], headers },
  ]);
});

/* Faults, with the same errors as in the demo page. */

test("every fault of the demo page causes its error", async (t) => {
  assert.deepEqual(Object.keys(OUTCOMES).sort(), Object.keys(FAULTS).filter((name) => !/^limit/.test(name)).sort());
  for (const [fault, { code, stops = false, came = 0 }] of Object.entries(OUTCOMES)) {
    await t.test(fault, async () => {
      const { client } = over({ fault }, { timeoutMs: 400 });
      const call = client.getAllResults([12345, 6789, 20417]);
      if (stops) return void await failure(call, code);
      const { results, failures } = await call;
      assert.equal(Object.keys(results).length, came);
      assert.deepEqual([...new Set(failures.map(({ error }) => error.code))], [code]);
    });
  }
});

test("a function can pick the fault of a request, by its number, its runs and its URL", async () => {
  const seen = [];
  const fault = (request) => {
    seen.push(request);
    return request.count === 1 ? "reset" : undefined;
  };
  const { client } = over({ fault }, { maxRetries: 1 });
  await client.getResults([12345, 6789]);
  const url = "https://client.camb.ai/apis/translation-results";
  assert.deepEqual(seen, [1, 2].map((count) => ({ url, runIds: [12345, 6789], count })));
});

test("an unknown fault is refused by name", async () => {
  assert.throws(() => createSampleFetch({ fault: "nope" }), { name: "TypeError", message: /^unknown fault "nope": the faults are 400, / });
  const { client } = over({ fault: () => "nope" });
  assert.match((await failure(client.getResults([1, 2]), "NETWORK")).cause.message, /^unknown fault "nope"/);
});

/* Time. */

test("an unknown option is refused by name, and a rate limit needs a rate", () => {
  const options = "createSampleFetch has no option faults: it has runs, latencyMs, rateLimit, fault";
  assert.throws(() => createSampleFetch({ faults: "500" }), { name: "TypeError", message: options });
  const rate = "rateLimit.perSecond must be a number above 0";
  for (const rateLimit of [{}, { burst: 1 }, { perSecond: 0 }]) {
    assert.throws(() => createSampleFetch({ rateLimit }), { name: "TypeError", message: rate });
  }
});

test("with a rate limit nothing is lost", async () => {
  const ids = Array.from({ length: 100 }, (_, index) => 100_001 + index);
  const { client, fetch } = over({ rateLimit: { perSecond: 50, burst: 10 } }, { maxRetries: 3 });
  const outcome = await client.getAllResults(ids, { concurrency: 20 });
  assert.deepEqual(codes(outcome), []);
  assert.ok(fetch.requests.length > 20, "some were refused");
});

test("a limit with Retry-After says when to try again", async () => {
  const { client } = over({ rateLimit: { perSecond: 1, retryAfter: true } });
  await client.getResults([12345, 6789]);
  assert.equal((await failure(client.getResults([12345, 6789]), "RATE_LIMITED")).retryAfterMs, 1_000);
});

test("an abort rejects a pending answer with the signal's reason", async () => {
  const { client } = over({ latencyMs: 60_000 });
  const controller = new AbortController();
  const call = client.getResults([12345, 6789], { signal: controller.signal });
  controller.abort("enough");
  assert.equal(await rejection(call), "enough");
  await assert.rejects(createSampleFetch()("/x", { signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("fake timers: a latency needs the test's clock, and no latency needs no timer", async () => {
  // The timers that Vitest fakes. Node's own streams need its microtasks.
  const timers = ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate"];
  const clock = FakeTimers.install({ toFake: [...timers, "Date", "performance"] });
  try {
    const { client } = over();
    assert.deepEqual(Object.keys(await client.getResults([12345, 6789])), ["6789", "12345"]);
    const slow = over({ latencyMs: 5_000 });
    const call = slow.client.getResults([12345, 6789]);
    let isSettled = false;
    call.finally(() => { isSettled = true; });
    await clock.tickAsync(4_999);
    assert.equal(isSettled, false);
    await clock.tickAsync(1);
    assert.deepEqual(Object.keys(await call), ["6789", "12345"]);
    // A fresh second of the limit comes with the clock.
    const limited = over({ rateLimit: { perSecond: 1 } });
    await limited.client.getResults([12345, 6789]);
    await failure(limited.client.getResults([12345, 6789]), "RATE_LIMITED");
    await clock.tickAsync(60_000);
    await limited.client.getResults([12345, 6789]);
  } finally {
    clock.uninstall();
  }
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  try {
    await over().client.getResults([12345, 6789]);
  } finally {
    mock.timers.reset();
  }
});

test("errors that a test makes have the lists of their class", () => {
  const { ApiError, InvalidResponseError, InvalidRunIdsError } = imported;
  assert.deepEqual(new ApiError("x", { code: "UNPROCESSABLE", status: 422 }).detail, []);
  assert.deepEqual(new InvalidRunIdsError("x", { code: "INVALID_RUN_IDS" }).problems, []);
  const { path, missing, results } = new InvalidResponseError("x", { code: "MISSING_RESULT" });
  assert.deepEqual([path, missing, results], [[], [], {}]);
  assert.deepEqual(new InvalidResponseError("x", { code: "MISSING_RESULT", missing: [7] }).missing, [7]);
});
