/** `getResult`: callers share requests, and each caller settles alone. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { json, neverAnswer } from "../servers/faulty.mjs";
import { runIdsOf, textsOf, troubles } from "../servers/service.mjs";
import { test } from "./support/bounded.mjs";
import { assertWhole, idsFrom, serviceFor, until } from "./support/bulk.mjs";
import { assertError, failure, rejection } from "./support/calls.mjs";

const resultsOf = (ids) => ids.map((id) => ({ texts: textsOf(id) }));
const ask = (client, ids, options) => Promise.all(ids.map((id) => client.getResult(id, options)));
const sizes = (ledger) => ledger.batches.map((batch) => batch.length);

test("a single run is requested with a GET", async (t) => {
  const { client, ledger } = await serviceFor(t);
  assert.deepEqual(await client.getResult(7), { texts: textsOf(7) });
  assert.deepEqual(ledger.exchanges.map(({ method, runIds }) => [method, runIds]), [["GET", [7]]]);
});

for (const [count, batches] of [[2, [2]], [3, [3]], [6, [3, 3]], [7, [4, 3]], [20, [5, 5, 5, 5]], [21, [5, 4, 4, 4, 4]]]) {
  test(`${count} calls in one task are ${batches.length} requests: ${batches.join(", ")} runs`, async (t) => {
    const { client, ledger } = await serviceFor(t, { latencyMs: 20 });
    assert.deepEqual(await ask(client, idsFrom(1, count)), resultsOf(idsFrom(1, count)));
    assert.deepEqual(sizes(ledger), batches);
    assert.deepEqual(ledger.exchanges.map(({ method }) => method), batches.map(() => "POST"));
    assert.deepEqual(ledger.batches.flat(), idsFrom(1, count), "in the order of the calls");
  });
}

test("calls that follow promises of the same task are planned together", async (t) => {
  const { client, ledger } = await serviceFor(t);
  await Promise.all(idsFrom(1, 20).map(async (id) => {
    await undefined;
    return client.getResult(id);
  }));
  assert.deepEqual(sizes(ledger), [5, 5, 5, 5]);
});

test("calls for the same run share its request while it is pending and in flight", async (t) => {
  const { client, ledger } = await serviceFor(t, { latencyMs: 50 });
  const together = ask(client, [7, 8, 7, 7]);
  await until(() => ledger.exchanges.length === 1);
  const later = ask(client, [8, 7]);
  assert.deepEqual(await together, resultsOf([7, 8, 7, 7]));
  assert.deepEqual(await later, resultsOf([8, 7]));
  assert.deepEqual(ledger.batches, [[7, 8]]);
});

test("each caller gets a result of its own", async (t) => {
  const { client } = await serviceFor(t);
  const [one, other] = await ask(client, [7, 7]);
  one.texts.push("changed");
  assert.deepEqual(other, { texts: textsOf(7) });
});

test("nothing is cached: a run that has settled is requested again", async (t) => {
  const { client, ledger } = await serviceFor(t, { trouble: (id) => (id === 9 ? { status: 404 } : undefined) });
  await client.getResult(7);
  await client.getResult(7);
  await failure(client.getResult(9), "NOT_FOUND");
  await failure(client.getResult(9), "NOT_FOUND");
  assert.deepEqual(ledger.batches, [[7], [7], [9], [9]]);
});

test("calls join calls that wait for the gate", async (t) => {
  const intercept = (_request, before) =>
    (before === 0 ? json({}, { status: 429, headers: { "retry-after-ms": "300" } }) : undefined);
  const { client, ledger } = await serviceFor(t, { intercept });
  const first = client.getResult(1);
  await until(() => ledger.exchanges.length === 1);
  await sleep(30);
  const second = ask(client, [2, 3]);
  await sleep(30);
  const third = ask(client, [4, 5, 6]);
  await Promise.all([first, second, third]);
  assert.deepEqual(ledger.batches, [[1], [1], [2, 3, 4, 5, 6]]);
});

test("calls with different headers, timeouts or retries do not share requests", async (t) => {
  const seen = [];
  const intercept = (request) => void seen.push([runIdsOf(request), request.headers["x-tenant"]]);
  const { client, ledger } = await serviceFor(t, { intercept });
  const sets = [
    {}, { headers: { "x-tenant": "a" } }, { headers: { "x-tenant": "b" } }, { timeoutMs: 5_000 }, { maxRetries: 7 },
  ];
  await Promise.all(sets.flatMap((options) => [client.getResult(7, options), client.getResult(8, { ...options })]));
  assert.deepEqual(ledger.batches, sets.map(() => [7, 8]));
  assert.deepEqual(seen.map(([, tenant]) => tenant).sort(), ["a", "b", undefined, undefined, undefined]);
});

test("calls with different deadlines and signals share requests", async (t) => {
  const { client, ledger } = await serviceFor(t);
  const { signal } = new AbortController();
  const sets = [{}, { deadlineMs: 5_000 }, { signal }, { signal: null, deadlineMs: 9_000 }];
  await Promise.all(sets.map((options, index) => client.getResult(1 + index, options)));
  assert.deepEqual(ledger.batches, [[1, 2, 3, 4]]);
});

test("another client has its own requests", async (t) => {
  const { client, service, ledger } = await serviceFor(t);
  const { clientFor } = await import("./support/calls.mjs");
  await Promise.all([client.getResult(7), clientFor(service.url).getResult(8)]);
  assert.deepEqual(ledger.batches.sort(), [[7], [8]]);
});

const kinds = {
  "a run that is not found": troubles.absent,
  "a run that is named as the one at fault": troubles.named,
  "a run for which every request is refused": { status: 400 },
  "a run without a result": troubles.null,
  "a malformed run": troubles.malformed,
  "a run that is forbidden": { status: 403 },
  "a run on which the service fails": { status: 500 },
};
for (const [what, trouble] of Object.entries(kinds)) {
  test(`${what} rejects its own callers only, with the error of getAllResults`, async (t) => {
    const { client, ledger } = await serviceFor(t, { trouble: (id) => (id === 7 ? trouble : undefined), latencyMs: 5 });
    // Other runs are requested first, because failures are treated differently before the first answer.
    const ids = [...idsFrom(21, 5), 5, 6, 7, 8, 9];
    const { failures: [{ error: expected }] } = await client.getAllResults(ids);
    const before = ledger.exchanges.length;
    const settled = await Promise.allSettled([...ids, 7].map((id) => client.getResult(id)));
    const errors = [settled[7], settled.pop()].map(({ reason }) => reason);
    for (const error of errors) {
      assertError(error, expected.code);
      assert.deepEqual({ ...error }, { ...expected });
      assert.equal(error.message, expected.message);
    }
    assert.notEqual(errors[0], errors[1], "each caller has an error of its own");
    settled.splice(7, 1);
    assert.deepEqual(settled.map(({ value }) => value), resultsOf(ids.filter((id) => id !== 7)));
    assert.equal(ledger.exchanges.length - before, before, "as many requests as getAllResults");
  });
}

test("a forbidden run rejects its own callers only", async (t) => {
  const { client } = await serviceFor(t, { trouble: (id) => (id === 7 ? { status: 403 } : undefined), latencyMs: 20 });
  const forbidden = client.getResult(7);
  await sleep(5);
  const other = client.getResult(8);
  await failure(forbidden, "FORBIDDEN");
  assert.deepEqual(await other, { texts: textsOf(8) });
});

test("a refused key rejects every caller", async (t) => {
  const intercept = () => json({ error: "Invalid API key", status: 401 }, { status: 401 });
  const { client, ledger } = await serviceFor(t, { intercept, latencyMs: 20 });
  const settled = await Promise.allSettled(idsFrom(1, 50).map((id) => client.getResult(id)));
  for (const { reason } of settled) assertError(reason, "UNAUTHORIZED");
  assert.equal(new Set(settled.map(({ reason }) => reason)).size, 50);
  assert.ok(ledger.exchanges.length <= 6, `${ledger.exchanges.length} requests`);
});

test("run ids and options are checked before anything is sent", async (t) => {
  const { client, ledger } = await serviceFor(t);
  for (const [id, problem] of [[0, "not_positive"], [1.5, "not_an_integer"], ["7", "not_an_integer"], [2 ** 53, "too_large"]]) {
    const error = await failure(client.getResult(id), "INVALID_RUN_IDS");
    assert.deepEqual(error.problems, [{ problem, index: 0 }]);
  }
  for (const options of [{ concurrency: 2 }, { onItem() {} }, { timeout: 1 }, { deadlineMs: 0 }, { headers: { "x-api-key": "k" } }]) {
    await failure(client.getResult(7, options), "INVALID_OPTIONS");
  }
  assert.equal(ledger.sent, 0);
});

test("a bulk call, a stream and single calls of one client do not starve each other", async (t) => {
  const { client, ledger } = await serviceFor(t, { latencyMs: 10 });
  const bulk = client.getAllResults(idsFrom(1_001, 500), { concurrency: 12 });
  const singles = ask(client, idsFrom(1, 100));
  const streamed = (async () => {
    let count = 0;
    for await (const { ok } of client.streamResults(idsFrom(2_001, 500))) count += ok;
    return count;
  })();
  const done = [];
  await Promise.all([bulk.then(() => done.push("bulk")), singles.then(() => done.push("singles")), streamed]);
  assert.equal(done[0], "singles");
  assertWhole(idsFrom(1_001, 500), await bulk);
  assert.equal(await streamed, 500);
  assert.deepEqual(ledger.askedAgain, []);
});

test("the requests have the usual events", async (t) => {
  const events = [];
  const { client } = await serviceFor(t, {}, { onEvent: (event) => events.push(event) });
  await ask(client, [1, 2, 3]);
  const brief = events.map(({ type, runIds, attempt }) => ({ type, runIds, attempt }));
  assert.deepEqual(brief, ["request", "response", "end"].map((type) => ({ type, runIds: [1, 2, 3], attempt: 1 })));
});

test("a listener may call getResult", async (t) => {
  const more = [];
  const onEvent = ({ type, runIds }) => {
    if (type === "response" && runIds.includes(1)) more.push(client.getResult(2), client.getResult(1));
  };
  const { client, ledger } = await serviceFor(t, {}, { onEvent });
  await client.getResult(1);
  assert.deepEqual(await Promise.all(more), resultsOf([2, 1]));
  assert.deepEqual(ledger.batches, [[1], [2]], "the run was still pending");
});

test("a request that times out rejects its callers", async (t) => {
  const { client } = await serviceFor(t, { intercept: () => neverAnswer() });
  const reasons = await Promise.all([1, 2].map((id) => rejection(client.getResult(id, { timeoutMs: 80 }))));
  for (const reason of reasons) assertError(reason, "TIMEOUT");
  assert.deepEqual(reasons.map(({ timeoutMs, attempts }) => [timeoutMs, attempts]), [[80, 1], [80, 1]]);
});
