/** Callers' values that throw, lie or arrive late: each call settles, and leaves nothing behind. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startFaulty } from "../servers/faulty.mjs";
import { clientFor, failure, IDS, KEY, rejection, TEXTS } from "./support/calls.mjs";
import { imported, runScript } from "./support/install.mjs";

const text = JSON.stringify(TEXTS);
const clientWith = (fetch, options) =>
  new imported.TranslationResultsClient({ apiKey: KEY, baseUrl: "https://api.test", maxRetries: 0, fetch, ...options });
const bytes = (text) => new TextEncoder().encode(text);
const stream = (...chunks) => {
  const reader = {
    read: async () => (chunks.length ? { done: false, value: chunks.shift() } : { done: true }),
    cancel() {},
  };
  return { status: 200, body: { getReader: () => reader } };
};

for (const [title, response] of Object.entries({
  "text() is no promise": { status: 200, text: () => text },
  "text() is a thenable": { status: 200, text: () => ({ then: (resolve) => resolve(text) }) },
  "the stream gives a DataView": stream(new DataView(bytes(text).buffer)),
  "the stream gives pieces of several kinds": stream(bytes(text.slice(0, 8)), new DataView(bytes(text.slice(8)).buffer)),
})) {
  test(`a response of a test double is read if ${title}`, async () => {
    assert.deepEqual({ ...(await clientWith(async () => response).getResults(IDS)) }, TEXTS);
  });
}

for (const [title, response, code = "INVALID_RESPONSE"] of [
  ["a piece is a string", stream(text)],
  ["a piece is missing", stream(undefined)],
  ["text() gives undefined", { status: 200, text() {} }],
  ["text() rejects", { status: 200, text: () => Promise.reject(new Error("gone")) }, "NETWORK"],
  ["the status is NaN", { status: NaN, body: null }],
  ["the status is a fraction", { status: 200.5, body: null }],
  ["the status is too large", { status: 70_000, body: null }],
  ["it is Response.error()", Response.error()],
  ["body throws", { status: 200, get body() { throw new Error("no"); } }],
]) {
  test(`a response is refused at once if ${title}`, async () => {
    const error = await failure(clientWith(async () => response).getResults(IDS), code);
    assert.equal(error.attempts, 1);
    if (code === "INVALID_RESPONSE") assert.deepEqual(error.missing, IDS);
  });
}

test("a stream piece that throws when its length is read fails its own call, and no other", async () => {
  const detached = new DataView(new ArrayBuffer(8));
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const other = clientWith(() => sleep(50).then(() => new Response(text))).getResults(IDS);
  await failure(clientWith(async () => stream(detached)).getResults(IDS), "INVALID_RESPONSE");
  assert.deepEqual({ ...(await other) }, TEXTS);
});

test("a reader that throws is a lost connection", async () => {
  const cause = new Error("gone");
  const reader = { read() { throw cause; }, cancel() {} };
  const error = await failure(clientWith(async () => ({ status: 200, body: { getReader: () => reader } })).getResults(IDS), "NETWORK");
  assert.equal(error.cause, cause);
});

test("fake timers that replace queueMicrotask do not block calls", async (t) => {
  const { queueMicrotask } = globalThis;
  t.after(() => Object.assign(globalThis, { queueMicrotask }));
  globalThis.queueMicrotask = () => {};
  // Not a Response of Node, whose streams need queueMicrotask, too.
  const response = { status: 200, text: async () => text };
  assert.deepEqual({ ...(await clientWith(async () => response).getResults(IDS)) }, TEXTS);
});

test("a fetch that aborts the call keeps the other requests of the volley from being sent", async () => {
  const controller = new AbortController();
  let sent = 0;
  const fetch = () => {
    sent += 1;
    controller.abort("enough");
    return new Promise(() => {});
  };
  const call = clientWith(fetch).getAllResults([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], { signal: controller.signal });
  assert.equal(await rejection(call), "enough");
  assert.equal(sent, 1);
});

test("a fetch that calls `return` of its stream ends the stream at once", async () => {
  const fetch = () => {
    left ??= stream.return("value");
    return new Promise(() => {});
  };
  let left;
  const stream = clientWith(fetch).streamResults([1, 2, 3]);
  const next = stream.next();
  assert.deepEqual(await next, { done: true, value: undefined });
  assert.deepEqual(await Promise.race([left, sleep(2000, "hangs", { ref: false })]), { done: true, value: "value" });
});

test("without TextDecoder, bodies are read as texts", async () => {
  const { stdout } = await runScript("no-decoder.mjs", `
    delete globalThis.TextDecoder;
    delete globalThis.TextEncoder;
    const { TranslationResultsClient } = await import("translation-results");
    const text = '{"1":{"texts":["\u00e9"]},"2":{"texts":[]}}';
    const getReader = () => { throw new Error("its pieces cannot be decoded"); };
    const fetch = async () => ({ status: 200, body: { getReader }, text: async () => text });
    const results = await new TranslationResultsClient({ apiKey: "k", fetch }).getResults([1, 2]);
    console.log(JSON.stringify(results));
  `);
  assert.deepEqual(JSON.parse(stdout), { 1: { texts: ["\u00e9"] }, 2: { texts: [] } });
});

test("a signal that throws ends its own call, and no other", async () => {
  const signal = { get aborted() { return this.asked++ ? assert.fail("thrown by the signal") : false; }, asked: 0 };
  Object.assign(signal, { addEventListener() {}, removeEventListener() {} });
  const client = clientWith(async () => new Response(text));
  const [own, other] = await Promise.allSettled([client.getResults(IDS, { signal }), client.getResults(IDS)]);
  assert.match(own.reason.message, /thrown by the signal/);
  assert.equal(other.status, "fulfilled");
});

test("a listener that aborts at a request event: nothing is sent", async () => {
  const controller = new AbortController();
  let sent = 0;
  const onEvent = (event) => event.type === "request" && controller.abort("enough");
  const client = clientWith(async () => new Response(text, { status: ++sent && 200 }), { onEvent });
  assert.equal(await rejection(client.getResults(IDS, { signal: controller.signal })), "enough");
  assert.equal(sent, 0);
});

test("an asynchronous listener that fails causes no unhandled rejection", async () => {
  const unhandled = [];
  const note = (reason) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  const onEvent = async () => { throw new Error("of the listener"); };
  await clientWith(async () => new Response(text), { onEvent }).getResults(IDS);
  await sleep(10);
  process.off("unhandledRejection", note);
  assert.deepEqual(unhandled, []);
});

test("a fetch that changes its headers does not affect other attempts", async () => {
  const seen = [];
  const fetch = async (url, init) => {
    seen.push({ ...init.headers });
    delete init.headers["x-api-key"];
    return new Response(text, { status: seen.length === 1 ? 503 : 200, headers: { "retry-after": "0" } });
  };
  await clientWith(fetch, { maxRetries: 1 }).getResults(IDS);
  assert.equal(seen.length, 2);
  assert.deepEqual(seen[0], seen[1]);
});

test("the late response of a fetch that ignores aborts is cancelled", async () => {
  let cancelled = false;
  const late = new Response(new ReadableStream({ cancel: () => { cancelled = true; } }));
  const client = clientWith(() => sleep(60).then(() => late), { timeoutMs: 20 });
  await failure(client.getResults(IDS), "TIMEOUT");
  await sleep(100);
  assert.equal(cancelled, true);
});

test("the error for a refusal that breaks off within the key shows no part of the key", async (t) => {
  const server = await startFaulty((res) => {
    res.writeHead(401, { "content-length": 1000 });
    res.write(`no such key: ${KEY.slice(0, -1)}`);
    setTimeout(() => res.destroy(), 50);
  });
  t.after(() => server.close());
  const error = await failure(clientFor(server.url).getResults(IDS), "UNAUTHORIZED");
  assert.equal(error.body, "no such key: ");
});

test("a refusal whose body never arrives is still a refusal", async (t) => {
  const server = await startFaulty((res) => res.writeHead(401, { "content-length": 1000 }).write("{"));
  t.after(() => server.close());
  await failure(clientFor(server.url, { maxRetries: 3 }).getResults(IDS), "UNAUTHORIZED");
  assert.equal(server.requests.length, 1);
});

test("bodies are garbage-collected after they are read", async () => {
  const { stdout } = await runScript("let-go.mjs", `
    import { TranslationResultsClient } from "translation-results";
    let alive = 0;
    const gone = new FinalizationRegistry(() => { alive -= 1; });
    const fetch = async () => {
      const response = new Response('{"1":{"texts":[]},"2":{"texts":[]}}');
      alive += 1;
      gone.register(response.body, 0);
      return response;
    };
    const client = new TranslationResultsClient({ apiKey: "k", fetch });
    for (let call = 0; call < 500; call += 1) await client.getResults([1, 2]);
    for (let turn = 0; turn < 20 && alive > 5; turn += 1) { gc(); await new Promise((turned) => setTimeout(turned, 20)); }
    console.log(alive);
  `, { nodeFlags: ["--expose-gc"] });
  assert.ok(Number(stdout) <= 5, `${stdout.trim()} of 500 bodies are still held`);
});

test("finished calls and dropped clients do not grow the module's memory", async () => {
  const { stdout } = await runScript("memory.mjs", `
    import { setImmediate as turn } from "node:timers/promises";
    import { TranslationResultsClient } from "translation-results";
    import { memories } from ${JSON.stringify(new URL("support/memories.mjs", import.meta.url))};
    const fetch = async () => new Response('{"1":{"texts":[]},"2":{"texts":[]}}');
    const make = () => new TranslationResultsClient({ apiKey: "k", fetch });
    const grown = [];
    const measured = async (rounds, work) => {
      const sizes = [];
      for (let round = 0; round < rounds; round += 1) {
        await work();
        for (let collected = 0; collected < 5; collected += 1) { gc(); await turn(); }
        sizes.push(memories[0].buffer.byteLength);
      }
      grown.push(sizes.at(-1) - sizes[0]);
    };
    const client = make();
    await measured(5, async () => {
      for (let call = 0; call < 8_000; call += 1) await client.getResults([1, 2]);
    });
    await measured(5, async () => {
      for (let call = 0; call < 1_000; call += 1) await make().getResults([1, 2]);
    });
    console.log(JSON.stringify(grown));
  `, { nodeFlags: ["--expose-gc"] });
  assert.deepEqual(JSON.parse(stdout), [0, 0]);
});
