/** The proxy, over HTTP on both sides: who may ask, and the parts of requests and answers that it passes on. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { json, startFaulty } from "../servers/faulty.mjs";
import { sampleApi } from "../servers/sample-api.mjs";
import { serve } from "../../www/serve.mjs";
import { failure, IDS, KEY, TEXTS } from "./support/calls.mjs";
import { imported, installDir, runScript } from "./support/install.mjs";
import { assertRefused, createProxy, proxied } from "./support/proxied.mjs";

test("a client without a key gets results, one run and any number, through the proxy", async () => {
  const handler = createProxy({ apiKey: KEY, authorize: () => true, baseUrl: await sampleApi() });
  const proxy = await serve({ handler });
  after(() => proxy.close());
  const client = new imported.TranslationResultsClient({ baseUrl: `${proxy.url}apis` });
  assert.equal((await client.getResults(IDS))[12345].texts[0], "Tu pedido está en camino.");
  const { stats, failures } = await client.getAllResults([12345, 6789, 404404]);
  assert.equal(stats.succeeded, 2);
  assert.deepEqual(failures.map(({ error }) => error.code), ["NOT_FOUND"]);
  assert.equal((await client.getAllResults([12345])).stats.succeeded, 1);
});

test("the service sees the key and the run ids, and nothing else of the request", async (t) => {
  const { service, post } = await proxied(t);
  const smuggled = { "x-api-key": "other", cookie: "session=1", "x-forwarded-for": "10.0.0.1", authorization: "Bearer 1" };
  const answer = await post('{"run_ids":[12345, 6789],"admin":true,"__proto__":{"x":1}}', smuggled);
  assert.equal(answer.status, 200);
  const [{ method, path, headers, body }] = service.requests;
  assert.deepEqual([method, path, body], ["POST", "/translation-results", '{"run_ids":[12345,6789]}']);
  assert.equal(headers["x-api-key"], KEY);
  for (const name of ["cookie", "x-forwarded-for", "authorization"]) assert.equal(headers[name], undefined, name);
});

test("a base URL is read as the client reads it", async (t) => {
  const service = await startFaulty(json(TEXTS));
  t.after(() => service.close());
  const { client } = await proxied(t, json(TEXTS), { baseUrl: ` ${service.url}/a/../apis/ ` });
  await client.getResults(IDS);
  assert.equal(service.requests[0].path, "/apis/translation-results");
});

test("status, body and Retry-After are returned, but not the key and the service's other headers", async (t) => {
  const headers = { "retry-after": "7", "x-request-id": "r1", "set-cookie": "a=1", server: "x", "x-key": KEY, "cf-ray": KEY };
  const { post, client } = await proxied(t, json({ detail: `${KEY} is over its limit` }, { status: 429, headers }));
  const answer = await post(JSON.stringify({ run_ids: IDS }));
  assert.equal(answer.status, 429);
  assert.deepEqual(await answer.json(), { detail: "••• is over its limit" });
  assert.equal(answer.headers.get("retry-after"), "7");
  assert.equal(answer.headers.get("cache-control"), "no-store");
  for (const name of ["set-cookie", "server", "x-key", "cf-ray"]) assert.equal(answer.headers.get(name), null, name);

  const error = await failure(client.getResults(IDS), "RATE_LIMITED");
  assert.deepEqual([error.retryAfterMs, error.requestId], [7_000, "r1"]);
});

for (const [what, authorize, status] of [
  ["says no", () => false, 401],
  ["says no later", async () => false, 401],
  ["says nothing", () => {}, 401],
  ["gives something like yes", () => "yes", 401],
  ["throws", () => { throw new Error(`secret ${KEY}`); }, 500],
  ["rejects", () => Promise.reject(new Error("no")), 500],
  ["never settles", () => new Promise(() => {}), 504],
]) {
  test(`an authorize that ${what} lets nothing through`, async (t) => {
    const { service, post } = await proxied(t, json(TEXTS), { authorize, timeoutMs: 200 });
    const detail = await assertRefused(await post(JSON.stringify({ run_ids: IDS })), status, service);
    assert.doesNotMatch(detail, /secret|key/);
  });
}

test("authorize may read the request, and return an answer", async (t) => {
  const authorize = async (request) =>
    (await request.json()).run_ids.includes(1) ? new Response("not yours", { status: 403 }) : true;
  const { service, post } = await proxied(t, json(TEXTS), { authorize });
  const answer = await post('{"run_ids":[1,2]}');
  assert.deepEqual([answer.status, await answer.text(), service.requests.length], [403, "not yours", 0]);
  assert.equal((await post(JSON.stringify({ run_ids: IDS }))).status, 200);
});

test("the key does not follow redirects", async (t) => {
  const other = await startFaulty(json(TEXTS));
  t.after(() => other.close());
  const { post } = await proxied(t, json({}, { status: 307, headers: { location: other.url } }));
  assert.equal((await post(JSON.stringify({ run_ids: IDS }))).status, 502);
  assert.deepEqual(other.requests, []);
});

test("the proxy answers in place of a service that is slow, gone or sends too much", async (t) => {
  const ids = JSON.stringify({ run_ids: IDS });
  const slow = await proxied(t, () => sleep(2_000), { timeoutMs: 200 });
  assert.equal((await slow.post(ids)).status, 504);
  const long = await proxied(t, json({ 12345: { texts: ["x".repeat(10_000)] } }), { maxResponseBytes: 5_000 });
  assert.equal((await long.post(ids)).status, 502);
  const gone = await proxied(t);
  await gone.service.close();
  assert.equal((await gone.post(ids)).status, 502);
});

test("if a page aborts its request, the proxy aborts its own", async (t) => {
  const { service, url } = await proxied(t, () => sleep(2_000));
  const leave = AbortSignal.timeout(200);
  const init = { method: "POST", body: JSON.stringify({ run_ids: IDS }), headers: { "content-type": "application/json" } };
  await assert.rejects(fetch(`${url}/translation-results`, { ...init, signal: leave }));
  assert.equal(await service.requests[0].closed, true);
});

test("a path may end in one slash, as in some frameworks", async (t) => {
  const { service, url, post } = await proxied(t);
  const request = { method: "POST", body: JSON.stringify({ run_ids: IDS }), headers: { "content-type": "application/json" } };
  assert.equal((await fetch(`${url}/translation-results/`, request)).status, 200);
  assert.equal((await fetch(`${url}/translation-result/12345/`)).status, 200);
  assert.deepEqual(service.requests.map(({ path }) => path), ["/translation-results", "/translation-result/12345"]);
});

test("an answer is refused if the fetch has followed a redirect", async (t) => {
  const other = await startFaulty(json(TEXTS));
  t.after(() => other.close());
  const followed = (url, init) => fetch(url, { ...init, redirect: "follow" });
  const elsewhere = json({}, { status: 307, headers: { location: other.url } });
  const { post } = await proxied(t, elsewhere, { fetch: followed });
  const answer = await post(JSON.stringify({ run_ids: IDS }));
  assert.equal(answer.status, 502);
  assert.match((await answer.json()).detail, /redirected the request/);
});

for (const [what, bodyOf] of Object.entries({
  "a body that can only be iterated, as node-fetch's": async function* (answer) {
    yield Buffer.from(await answer.arrayBuffer());
  },
  "no body but a text": () => undefined,
})) {
  test(`a fetch may give ${what}`, async (t) => {
    const fetched = async (...call) => {
      const answer = await fetch(...call);
      return { status: answer.status, headers: answer.headers, body: bodyOf(answer), text: () => answer.text() };
    };
    const { client } = await proxied(t, json(TEXTS), { fetch: fetched });
    assert.deepEqual(await client.getResults(IDS), TEXTS);
    const { post } = await proxied(t, json(TEXTS), { fetch: fetched, maxResponseBytes: 20 });
    assert.equal((await post(JSON.stringify({ run_ids: IDS }))).status, 502);
  });
}

const request = (init) => new Request("https://example.com/translation-result/12345", init);

for (const [what, options] of Object.entries({
  "a result": {},
  "a refusal of its own": { authorize: () => false },
  "a service that is gone": { fetch: async () => { throw new Error("gone"); } },
  "too long a wait": { fetch: () => new Promise(() => {}), timeoutMs: 50 },
})) {
  test(`no listener stays on the request's signal after ${what}`, async () => {
    const fetched = async () => Response.json({ texts: [] });
    const proxy = createProxy({ apiKey: KEY, authorize: "everybody", fetch: fetched, ...options });
    const signal = new AbortController().signal;
    // A `Request` makes a signal of its own, so the test replaces it.
    await proxy(Object.defineProperty(request(), "signal", { value: signal }));
    assert.deepEqual(getEventListeners(signal, "abort"), []);
  });
}

test("a request that was aborted before is not sent on", async () => {
  let sent = 0;
  const fetched = async () => Response.json({ sent: (sent += 1) });
  const proxy = createProxy({ apiKey: KEY, authorize: "everybody", fetch: fetched });
  assert.ok((await proxy(request({ signal: AbortSignal.abort() }))).status >= 400);
  assert.equal(sent, 0);
});

/** A script that counts the bytes kept per request. The signal of a server's request can live as long as its connection. */
const MEMORY = `
  import { createProxy } from "translation-results/proxy";
  delete AbortSignal.any; // Node before 20.3 has none.
  const COUNT = 10_000;
  const proxy = createProxy({
    apiKey: "sample-key",
    authorize: async () => true,
    fetch: async () => Response.json({ texts: ["text"] }),
  });
  const { signal } = new AbortController();
  const send = async () => {
    const request = new Request("https://example.com/translation-result/12345");
    const answer = await proxy(Object.defineProperty(request, "signal", { value: signal }));
    if (answer.status !== 200) throw new Error(await answer.text());
    await answer.text();
  };
  const used = async () => {
    for (let round = 0; round < 3; round += 1) {
      gc();
      await new Promise((woken) => setTimeout(woken, 20));
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  for (let sent = 0; sent < 1_000; sent += 1) await send();
  const before = await used();
  for (let sent = 0; sent < COUNT; sent += 1) await send();
  console.log(JSON.stringify({ bytes: Math.round((await used() - before) / COUNT), timers: process.getActiveResourcesInfo() }));
`;

test("10,000 requests keep no memory and no timer", { timeout: 60_000 }, async () => {
  const { stdout } = await runScript("proxy-memory.mjs", MEMORY, { nodeFlags: ["--expose-gc"], timeout: 50_000 });
  const { bytes, timers } = JSON.parse(stdout);
  assert.ok(bytes < 200, `keeps ${bytes} bytes a request`);
  assert.equal(timers.includes("Timeout"), false);
});

for (const [what, options, option] of [
  ["no options", undefined, "apiKey"],
  ["no key", { authorize: "everybody" }, "apiKey"],
  ["an empty key", { apiKey: "", authorize: "everybody" }, "apiKey"],
  ["no authorize", { apiKey: KEY }, "authorize"],
  ["another word for all", { apiKey: KEY, authorize: true }, "authorize"],
  ["an unknown option", { apiKey: KEY, authorize: "everybody", authorise: 1 }, "authorise"],
  ["a host that the key must not go to", { apiKey: KEY, authorize: "everybody", baseUrl: "http://example.com" }, "baseUrl"],
  ["no time", { apiKey: KEY, authorize: "everybody", timeoutMs: 0 }, "timeoutMs"],
]) {
  test(`createProxy refuses ${what}`, () => {
    assert.throws(() => createProxy(options), (error) => {
      assert.ok(error instanceof imported.InvalidOptionsError, String(error));
      assert.equal(error.option, option);
      return true;
    });
  });
}

test("`require` gives createProxy, too", () => {
  const required = createRequire(join(installDir, "x.cjs"))("translation-results/proxy");
  assert.equal(typeof required.createProxy({ apiKey: KEY, authorize: "everybody" }), "function");
});
