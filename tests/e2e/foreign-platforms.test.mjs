/** Real platforms and libraries that lack features or differ in them. */
import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import AbortControllerPolyfill from "abort-controller";
import nodeFetch, { Headers as NodeFetchHeaders } from "node-fetch";
import { isReactive, reactive } from "vue";
import { answer, chunked, gzipBomb, htmlPage, json, redirect, results, resetInBody } from "../servers/faulty.mjs";
import { test } from "./support/bounded.mjs";
import { clientFor, failure, faultyFor, IDS, rejection, TEXTS } from "./support/calls.mjs";
import { imported, runScript } from "./support/install.mjs";

const MIB = 2 ** 20;

/* node-fetch, whose bodies are Node streams. */

test("node-fetch: results are read, also from pieces that split characters", async (t) => {
  const texts = { 12345: { texts: ["é漢😀".repeat(50)] }, 6789: { texts: ["\ufeff"] } };
  for (const behaviour of [json(texts), chunked(JSON.stringify(texts), { pieceBytes: 1 })]) {
    const { client } = await faultyFor(t, behaviour, { fetch: nodeFetch });
    assert.deepEqual({ ...(await client.getResults(IDS)) }, texts);
  }
});

test("node-fetch: reading stops early if a body unpacks to more than maxResponseBytes", async (t) => {
  const { client } = await faultyFor(t, gzipBomb(512), { fetch: nodeFetch, maxResponseBytes: MIB });
  const before = process.memoryUsage().rss;
  await failure(client.getResults(IDS), "INVALID_RESPONSE");
  const grown = (process.memoryUsage().rss - before) / MIB;
  assert.ok(grown < 150, `${grown} MiB more than before`);
});

test("node-fetch: a body may have exactly maxResponseBytes, in bytes", async (t) => {
  const body = JSON.stringify({ 12345: { texts: ["é漢😀"] }, 6789: { texts: [] } });
  const bytes = Buffer.byteLength(body);
  const of = (maxResponseBytes) => faultyFor(t, answer({ body }), { fetch: nodeFetch, maxResponseBytes });
  await (await of(bytes)).client.getResults(IDS);
  await failure((await of(bytes - 1)).client.getResults(IDS), "INVALID_RESPONSE");
});

test("node-fetch: refusals, HTML pages and lost connections have different errors", async (t) => {
  const of = async (behaviour) => rejection((await faultyFor(t, behaviour, { fetch: nodeFetch })).client.getResults(IDS));
  assert.deepEqual((await of(json({ detail: "no" }, { status: 403 }))).body, { detail: "no" });
  assert.equal((await of(htmlPage())).code, "INVALID_RESPONSE");
  assert.equal((await of(resetInBody())).code, "NETWORK");
  assert.equal((await of(redirect(302, "/elsewhere"))).code, "REDIRECTED");
});

/* Bodies of a caller's own `fetch`. */

const responding = (response) => async () => ({ status: 200, headers: new Headers(), ...response });
const JSON_TEXT = JSON.stringify(TEXTS);

test("a stream of strings is accepted as a body", async () => {
  const fetch = responding({ body: Readable.from([JSON_TEXT.slice(0, 20), JSON_TEXT.slice(20)]) });
  assert.deepEqual({ ...(await clientFor("http://127.0.0.1:1", { fetch }).getResults(IDS)) }, TEXTS);
});

test("a Node stream above the limit is destroyed, and its bytes are counted", async () => {
  const body = new PassThrough();
  body.write(Buffer.alloc(20));
  const error = clientFor("http://127.0.0.1:1", { fetch: responding({ body }), maxResponseBytes: 10 }).getResults(IDS);
  await failure(error, "INVALID_RESPONSE");
  await new Promise(setImmediate);
  assert.equal(body.destroyed, true);
});

test("the text of a body without a stream is counted in bytes", async () => {
  const text = '{"12345":{"texts":["漢漢漢漢"]},"6789":{"texts":[]}}';
  const of = (maxResponseBytes) =>
    clientFor("http://127.0.0.1:1", { fetch: responding({ text: async () => text }), maxResponseBytes }).getResults(IDS);
  await of(Buffer.byteLength(text));
  await failure(of(Buffer.byteLength(text) - 1), "INVALID_RESPONSE");
  await failure(of(text.length), "INVALID_RESPONSE");
});

test("an answer is refused if the fetch has followed a redirect", async (t) => {
  const { server } = await faultyFor(t, [redirect(307, "/elsewhere"), results()]);
  const fetch = (url, init) => globalThis.fetch(url, { ...init, redirect: "follow" });
  const error = await failure(clientFor(server.url, { fetch, maxRetries: 3 }).getResults(IDS), "REDIRECTED");
  assert.equal(error.attempts, 1);
  assert.equal(server.requests.length, 2);
});

/* Globals that are missing. */

test("answers are read without TextDecoder and TextEncoder, as in jsdom", async () => {
  const { stdout } = await runScript("without-text-codecs.mjs", `
    delete globalThis.TextDecoder;
    delete globalThis.TextEncoder;
    const { TranslationResultsClient } = await import("translation-results");
    const text = '{"1":{"texts":["é漢😀"]},"2":{"texts":[]}}';
    const of = (maxResponseBytes) => new TranslationResultsClient({
      apiKey: "k", maxResponseBytes, fetch: async () => ({ status: 200, headers: new Map(), body: {}, text: async () => text }),
    });
    console.log((await of(1000).getResults([1, 2]))[1].texts[0]);
    console.log((await of(Buffer.byteLength(text)).getResults([1, 2]))[1].texts[0]);
    console.log(await of(10).getResults([1, 2]).catch((error) => error.code + " " + error.message));
  `);
  assert.match(stdout, /^é漢😀\né漢😀\nINVALID_RESPONSE .*maxResponseBytes/);
});

test("without a global fetch, the constructor says that the option is needed", async () => {
  const { stdout } = await runScript("without-fetch.mjs", `
    const { fetch } = globalThis;
    delete globalThis.fetch;
    const { TranslationResultsClient } = await import("translation-results");
    try {
      new TranslationResultsClient({ apiKey: "k" });
    } catch (error) {
      console.log(error.name, error.option, error.message);
    }
    new TranslationResultsClient({ apiKey: "k", fetch });
  `);
  assert.equal(stdout, "InvalidOptionsError fetch fetch is missing: pass a function, as there is no global fetch\n");
});

/* Signals of a polyfill. */

test("a signal without a reason rejects with an AbortError, before the call and during it", async (t) => {
  const { client } = await faultyFor(t, () => {});
  const before = new AbortControllerPolyfill();
  before.abort();
  const within = new AbortControllerPolyfill();
  setTimeout(() => within.abort(), 20);
  for (const { signal } of [before, within]) {
    assert.equal("reason" in signal, false, "the test needs a polyfill without `reason`");
    for (const call of [client.getResults(IDS, { signal }), client.getAllResults(IDS, { signal })]) {
      const reason = await rejection(call);
      assert.ok(reason instanceof DOMException);
      assert.equal(reason.name, "AbortError");
    }
  }
});

test("a signal of null is no signal, as for fetch", async (t) => {
  const { client } = await faultyFor(t, results());
  assert.deepEqual({ ...(await client.getResults(IDS, { signal: null })) }, TEXTS);
});

/* Options of other types. */

test("headers may be Headers of the platform or of node-fetch, and undefined members are left out", async (t) => {
  const { client, server } = await faultyFor(t, results(), { headers: new Headers({ "X-A": "client" }) });
  await client.getResults(IDS, { headers: new NodeFetchHeaders({ "x-b": "call" }) });
  await client.getResults(IDS, { headers: { "x-b": undefined, "x-c": "call" } });
  const [first, second] = server.requests.map(({ headers }) => headers);
  assert.deepEqual([first["x-a"], first["x-b"]], ["client", "call"]);
  assert.deepEqual([second["x-a"], second["x-b"], second["x-c"]], ["client", undefined, "call"]);
});

test("options whose members could be inherited are refused", async (t) => {
  const { client, server } = await faultyFor(t, results());
  class Config {
    get baseUrl() { return server.url; }
    get timeoutMs() { return 5; }
  }
  const inherited = Object.create({ baseUrl: server.url });
  for (const options of [new Config(), inherited, [], new Map(), new Date(), () => {}]) {
    assert.throws(() => new imported.TranslationResultsClient(options), { code: "INVALID_OPTIONS", option: "options" });
    await failure(client.getResults(IDS, options), "INVALID_OPTIONS");
  }
  assert.equal(server.requests.length, 0);
  const plain = Object.assign(Object.create(null), { baseUrl: server.url });
  await new imported.TranslationResultsClient(plain).getResults(IDS);
});

test("Vue: a client and a stream in reactive state work, and so do reactive options", async (t) => {
  const { client } = await faultyFor(t, results());
  const state = reactive({ client, ids: [...IDS], options: { timeoutMs: 5_000, headers: { "x-a": "b" } } });
  assert.equal(isReactive(state.ids), true);
  assert.deepEqual({ ...(await state.client.getResults(state.ids, state.options)) }, TEXTS);
  state.stream = state.client.streamResults(state.ids);
  const items = [];
  for await (const item of state.stream) items.push(item.runId);
  assert.deepEqual(items.sort(), [...IDS].sort());
});
