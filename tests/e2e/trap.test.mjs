// Real traps, for lack of memory: in a call and in a microtask, and their effect on pending calls.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { neverAnswer, results, startFaulty } from "../servers/faulty.mjs";
import { test } from "./support/bounded.mjs";
import { imported } from "./support/install.mjs";
import { memories } from "./support/memories.mjs";

const { TranslationResultsClient, TranslationResultsError, planBatches } = imported;

const PAGE = 65_536;
const MAX_PAGES = 65_536;

/** Grows the memory to its limit. The pages stay unused, so they take no memory of the machine. */
function takeAllMemory() {
  const memory = memories.at(-1);
  memory.grow(MAX_PAGES - memory.buffer.byteLength / PAGE);
}

function assertStopped(error) {
  assert.ok(TranslationResultsError.is(error), String(error));
  assert.equal(error.code, "WASM_UNAVAILABLE");
  assert.equal(error.message, "the WebAssembly instance ran out of memory and was restarted: try again");
  assert.equal(error.name, "WasmUnavailableError");
  return true;
}

const clientThatNobodyAnswers = () =>
  new TranslationResultsClient({ baseUrl: "http://127.0.0.1", fetch: () => new Promise(() => {}) });

/** Returns the error of a call that fails. */
const failureOf = (call) => call.then(() => assert.fail("it was answered"), (error) => error);

/** Makes calls until there is no memory for another one. Returns their errors. */
async function callUntilItTraps() {
  const client = clientThatNobodyAnswers();
  const before = memories.length;
  const failures = [failureOf(client.getResults([1, 2]))];
  // The first call has allocated memory in blocks, so some is left for more calls.
  takeAllMemory();
  while (memories.length === before) {
    failures.push(failureOf(client.getResults([1, 2])));
    assert.ok(failures.length < 10_000, "there is more memory than there should be");
  }
  return Promise.all(failures);
}

async function serverFor(t, behaviours) {
  const server = await startFaulty(behaviours);
  t.after(() => server.close());
  return server;
}

const clientOf = ({ url }) => new TranslationResultsClient({ apiKey: "sample-key", baseUrl: url });

/** Fails unless new calls work. */
async function assertFresh(t) {
  const client = clientOf(await serverFor(t, results()));
  assert.deepEqual(await client.getResults([1, 2]), { 1: { texts: ["text of 1"] }, 2: { texts: ["text of 2"] } });
  assert.deepEqual(planBatches([1, 2, 3]), [[1, 2, 3]]);
}

describe("a trap", () => {
  test("in a call: that call and all others under way are rejected", async (t) => {
    const server = await serverFor(t, [results(), neverAnswer()]);
    const client = clientOf(server);
    const single = client.getResults([1, 2]);
    await single;
    const waiting = client.getResults([3, 4]);
    const bulk = client.getAllResults([5, 6, 7]);
    const one = client.getResult(11);
    const stream = client.streamResults([8, 9, 10]);
    const next = stream.next();
    while (server.requests.length < 5) await sleep(5);
    for (const error of await callUntilItTraps()) {
      assertStopped(error);
      assert.ok(error.cause instanceof Error);
    }
    await assert.rejects(waiting, assertStopped);
    await assert.rejects(bulk, assertStopped);
    await assert.rejects(one, assertStopped);
    await assert.rejects(next, assertStopped);
    // Every connection is closed.
    for (const request of server.requests.slice(1)) assert.equal(await request.closed, true);
    await assertFresh(t);
  });

  test("existing clients still work, each with a pace of its own", async (t) => {
    const server = await serverFor(t, results());
    const clients = [clientOf(server), clientOf(server)];
    await Promise.all(clients.map((client) => client.getAllResults([1, 2, 3])));
    (await callUntilItTraps()).forEach(assertStopped);
    // The later client first: clients need not be restored in the order in which they were made.
    for (const client of clients.reverse()) {
      assert.deepEqual(Object.keys(await client.getResults([1, 2])), ["1", "2"]);
      const { failures, stats } = await client.getAllResults([1, 2, 3, 4, 5, 6]);
      assert.deepEqual([failures, stats.succeeded], [[], 6]);
      assert.deepEqual((await client.streamResults([7, 8, 9]).next()).value.ok, true);
    }
    await assertFresh(t);
  });

  test("in a microtask of the module: the process continues, and the calls are rejected", async (t) => {
    // A stream has delivered some of its runs.
    const server = await serverFor(t, results());
    let given = 0;
    function* endless() {
      for (;;) yield ++given;
    }
    const taken = [];
    const stream = clientOf(server).streamResults(endless());
    while (taken.length < 11) taken.push((await stream.next()).value.runId);
    const streamed = failureOf((async () => {
      for await (const { runId } of stream) taken.push(runId);
    })());

    const client = clientThatNobodyAnswers();
    const before = memories.length;
    // There is memory for the calls, but not for their requests, which are made a moment later.
    const calls = Array.from({ length: 5_000 }, () => client.getResults([1, 2]));
    takeAllMemory();
    assert.equal(memories.length, before, "it trapped too early");
    for (const error of await Promise.all(calls.map(failureOf))) assertStopped(error);
    assertStopped(await streamed);
    assert.ok(taken.length > 10 && new Set(taken).size === taken.length);
    assert.equal(memories.length, before + 1);
    await assertFresh(t);
  });

  test("may happen again and again", async (t) => {
    for (let turn = 0; turn < 5; turn += 1) {
      await assertFresh(t);
      (await callUntilItTraps()).forEach(assertStopped);
    }
    await assertFresh(t);
    assert.ok(memories.length >= 6);
  });
});
