/** The `fetch` option: its arguments, and that nothing it does can hang a call or break a client. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { clientFor, failure, IDS, KEY, PROMPT_MS, rejection, TEXTS, timed } from "./support/calls.mjs";
import { imported } from "./support/install.mjs";

const good = () => Response.json(TEXTS);
const BASE = "http://localhost:1/apis";

/** Returns a client whose fetch calls `act` for the first `times` calls, and then answers well. It counts its calls. */
function lying(act, { times = Infinity, ...options } = {}) {
  const counter = { calls: 0 };
  const fetch = (...args) => {
    counter.calls += 1;
    return counter.calls <= times ? act(...args) : Promise.resolve(good());
  };
  return { counter, client: clientFor(BASE, { fetch, ...options }) };
}

test("fetch is called with a URL string and the options of the request", async () => {
  const calls = [];
  const client = clientFor(BASE, {
    headers: { "x-trace": "1" },
    fetch(...args) {
      calls.push([this, ...args]);
      return Promise.resolve(good());
    },
  });
  const { signal } = new AbortController();
  assert.deepEqual({ ...(await client.getResults(IDS, { signal })) }, TEXTS);

  assert.equal(calls.length, 1);
  const [receiver, url, init, ...more] = calls[0];
  assert.deepEqual(more, []);
  // A platform's fetch refuses any other `this`.
  assert.ok(receiver === undefined || receiver === globalThis);
  assert.equal(url, `${BASE}/translation-results`);
  assert.equal(init.method, "POST");
  assert.equal(init.body, '{"run_ids":[12345,6789]}');
  assert.equal(init.redirect, "manual");
  assert.deepEqual(
    Object.fromEntries(new Headers(init.headers)),
    { "content-type": "application/json", "x-api-key": KEY, "x-trace": "1" },
  );
  // Some versions of workerd throw on these.
  for (const name of ["credentials", "mode", "cache", "referrerPolicy"]) assert.equal(init[name], undefined, name);
  assert.doesNotThrow(() => new Request(url, init));
});

test("fetch gets a signal of the attempt, not the caller's, and it aborts with the caller's", async () => {
  const signals = [];
  const controller = new AbortController();
  const client = clientFor(BASE, {
    maxRetries: 1,
    fetch: (url, { signal }) => {
      signals.push(signal);
      if (signals.length === 1) {
        return Promise.resolve(new Response("", { status: 429, headers: { "retry-after": "0" } }));
      }
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  });
  const call = rejection(client.getResults(IDS, { signal: controller.signal }));
  while (signals.length < 2) await sleep(1);
  controller.abort("stop");
  assert.equal(await call, "stop");
  for (const signal of signals) {
    assert.ok(signal instanceof AbortSignal);
    assert.notEqual(signal, controller.signal);
  }
  assert.notEqual(signals[0], signals[1]);
  assert.equal(signals[1].aborted, true);
});

test("an attempt that times out aborts its fetch", async () => {
  let given;
  const client = clientFor(BASE, { timeoutMs: 50, fetch: (url, { signal }) => {
    given = signal;
    return new Promise(() => {});
  } });
  await failure(client.getResults(IDS), "TIMEOUT");
  assert.equal(given.aborted, true);
});

test("without the option the client uses the global fetch", async (t) => {
  const original = globalThis.fetch;
  t.after(() => { globalThis.fetch = original; });
  const seen = [];
  globalThis.fetch = async (url) => {
    seen.push(url);
    return good();
  };
  assert.deepEqual({ ...(await clientFor(BASE).getResults(IDS)) }, TEXTS);
  assert.deepEqual(seen, [`${BASE}/translation-results`]);
});

/* A rejection of fetch is a failed connection, whatever its reason. */

const failures = {
  "a TypeError": new TypeError("fetch failed"),
  "an abort that nobody asked for": new DOMException("This operation was aborted", "AbortError"),
  "a timeout that is not ours": new DOMException("The operation timed out", "TimeoutError"),
  "a text": "no network",
  "an object": { code: "ECONNRESET" },
  "a number": 0,
  "null": null,
  "undefined": undefined,
  "a symbol": Symbol("why"),
  "an object that has no text": Object.create(null),
  "an object that throws when it is read": new Proxy({}, { get() { throw new Error("do not look"); } }),
};
for (const [what, reason] of Object.entries(failures)) {
  for (const [how, act] of [["throws", () => { throw reason; }], ["rejects with", () => Promise.reject(reason)]]) {
    test(`a fetch that ${how} ${what}`, async () => {
      const { client, counter } = lying(act);
      const error = await failure(client.getResults(IDS), "NETWORK");
      assert.ok(Object.is(error.cause, reason), "the cause is the value that fetch threw");
      assert.equal(error.attempts, 1);

      const recovering = lying(act, { times: 1, maxRetries: 1 });
      assert.deepEqual({ ...(await recovering.client.getResults(IDS)) }, TEXTS);
      assert.equal(counter.calls, 1);
      assert.equal(recovering.counter.calls, 2);
    });
  }
}

/* Values that are not a Response. */

const used = () => {
  const response = good();
  return response.text().then(() => response);
};
const locked = () => {
  const response = good();
  response.body.getReader();
  return response;
};
const noResponses = {
  "undefined": () => undefined,
  "a promise for undefined": async () => undefined,
  "null": async () => null,
  "a text": async () => JSON.stringify(TEXTS),
  "a number": async () => 200,
  "the results themselves": async () => TEXTS,
  "an empty object": async () => ({}),
  "a Response of the error type": async () => Response.error(),
  "a Response that was read already": used,
  "a Response that somebody else reads": async () => locked(),
  "a status that is a text": async () => ({ ok: true, status: "200", headers: new Headers(), text: async () => "{}" }),
  "a status that is NaN": async () => ({ ok: true, status: Number.NaN, headers: new Headers(), body: null }),
  "no headers": async () => ({ ok: true, status: 200, body: null, text: async () => 5, json: async () => 5 }),
  "headers that lie": async () => ({ ok: true, status: 429, headers: { get: () => 5 }, text: async () => null }),
  "headers that throw": async () => ({ status: 503, headers: { get() { throw new Error("no"); } }, body: null }),
  "a body that is no stream": async () => ({ ok: true, status: 200, headers: new Headers(), body: { getReader: 5 } }),
  "a reader that gives nothing": async () => ({
    ok: true, status: 200, headers: new Headers(), body: { getReader: () => ({ read: async () => undefined }) },
  }),
  "pieces that are no bytes": async () => new Response(new ReadableStream({
    start(controller) {
      controller.enqueue("a text");
      controller.close();
    },
  })),
  "getters that throw": async () => new Proxy({}, { get(_, name) {
    if (name === "then") return undefined;
    throw new Error(`do not look at ${String(name)}`);
  } }),
  "a thenable that throws": () => ({ then() { throw new Error("no"); } }),
};
for (const [what, act] of Object.entries(noResponses)) {
  test(`a fetch that gives ${what} causes an error of the package, and the client still works`, async () => {
    const { client } = lying(act, { times: 1, timeoutMs: 1000 });
    const error = await rejection(client.getResults(IDS));
    assert.ok(imported.TranslationResultsError.is(error), `${error?.stack ?? String(error)}`);
    assert.notEqual(error.code, "TIMEOUT", "it was there to be seen");
    assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
  });
}

test("the Response of a fetch that returns no promise is read", async () => {
  assert.deepEqual({ ...(await lying(() => good()).client.getResults(IDS)) }, TEXTS);
});

/* Fetches and bodies that never end, even after an abort. */

/** Returns a body that never ends after its first piece, and whose cancellation never settles. */
const stuckBody = () => new Response(new ReadableStream({
  start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
  pull: () => new Promise(() => {}),
  cancel: () => new Promise(() => {}),
}));
for (const [what, act] of Object.entries({
  "never settles and ignores its signal": () => new Promise(() => {}),
  "gives a body that never ends and cannot be cancelled": async () => stuckBody(),
  "gives a thenable that never settles": () => ({ then() {} }),
})) {
  test(`a fetch that ${what} is timed out`, async () => {
    const { client } = lying(act, { times: 1, timeoutMs: 100 });
    const { call, ms } = await timed(() => client.getResults(IDS));
    await failure(call, "TIMEOUT");
    assert.ok(ms < 2000, `${ms} ms`);
    assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
  });

  test(`an abort ends a call at once, though its fetch ${what}`, async () => {
    const { client } = lying(act, { maxRetries: 3 });
    const controller = new AbortController();
    const call = rejection(client.getResults(IDS, { signal: controller.signal }));
    await sleep(30);
    controller.abort("stop");
    const { ms } = await timed(() => call);
    assert.equal(await call, "stop");
    assert.ok(ms < PROMPT_MS, `${ms} ms`);
  });
}

test("a body that fails is a lost connection, with its own cause", async () => {
  const reason = new Error("the cable");
  const broken = async () => new Response(new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"12345":')),
    pull: (controller) => controller.error(reason),
  }));
  const error = await failure(lying(broken).client.getResults(IDS), "NETWORK");
  assert.equal(error.cause, reason);
  assert.deepEqual({ ...(await lying(broken, { times: 1, maxRetries: 1 }).client.getResults(IDS)) }, TEXTS);
});

test("a fetch that fails after the call has ended causes no unhandled rejection", async (t) => {
  const unhandled = [];
  const onUnhandled = (reason) => unhandled.push(reason);
  process.on("unhandledRejection", onUnhandled);
  t.after(() => process.off("unhandledRejection", onUnhandled));

  const late = { rejecting: () => Promise.reject(new Error("late")), answering: () => Promise.resolve(good()) };
  for (const end of Object.values(late)) {
    const { client } = lying(() => sleep(60).then(end), { timeoutMs: 20 });
    await failure(client.getResults(IDS), "TIMEOUT");
    const signal = AbortSignal.timeout(10);
    assert.equal(await rejection(client.getResults(IDS, { signal, timeoutMs: 1000 })), signal.reason);
  }
  await sleep(120);
  assert.deepEqual(unhandled, []);
});
