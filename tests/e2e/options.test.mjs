/** Invalid options are refused by name, before anything is sent. Values at the limits are accepted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { results } from "../servers/faulty.mjs";
import { assertError, clientFor, failure, faultyFor, IDS, KEY, rejection, TEXTS } from "./support/calls.mjs";
import { imported } from "./support/install.mjs";

const { TranslationResultsClient } = imported;
const LARGEST_TIMER = 2 ** 31 - 1;

/** Invalid values for clients and for calls. */
const common = {
  timeoutMs: [0, -1, 2 ** 31, Number.NaN, Infinity, -Infinity, "1000", null, 1n, true, {}],
  maxRetries: [-1, 21, 1.5, Number.NaN, Infinity, "3", null, 1n, true],
  headers: [
    null, 5, "x-a: b", [], [["x-a", "b"]], { "x-a": 5 }, { "x-a": null }, { "x-a": ["b"] }, new Map([["x-a", "b"]]), new FormData(),
    { "x a": "b" }, { "": "b" }, { "x-a:": "b" }, { "é": "b" },
    { "x-a": "b\r\nx-b: c" }, { "x-a": "b\0" }, { "x-a": "b\n" + "c" }, { "x-a": "€" },
    { "x-api-key": "other" }, { "X-API-Key": "other" }, { "content-type": "text/plain" }, { "Content-Type": "a/b" },
    new Headers({ "x-api-key": "other" }), { "content-length": "5" }, { "Transfer-Encoding": "chunked" }, { host: "a" },
    { connection: "close" }, { "keep-alive": "timeout=5" }, { upgrade: "h2c" }, { expect: "100-continue" }, { te: "trailers" },
    { trailer: "x-a" }, { "proxy-connection": "close" },
  ],
};
const ofClient = {
  ...common,
  apiKey: [
    5, null, {}, true, "", " ", "a b", " a", "a ", "a\tb", "a\r\nb", "a\nb", "a\rb", "a\0b", "a\x7f", "clé", "a\u00a0",
    "鍵", "\ud83d",
  ],
  baseUrl: [
    5, null, {}, "", "not a url", "/apis", "//example.com/apis", "ftp://example.com/", "file:///apis", "data:,x",
    "javascript:alert(1)", "https://", "http://exa mple.com", "https://[::1",
  ],
  dangerouslyAllowBrowser: ["yes", 1, null],
  fetch: [5, null, {}, "fetch", true],
  maxResponseBytes: [-1, Number.NaN, "1000", null, 1n],
  onEvent: [5, null, {}, "log", true],
};
const ofRequest = {
  ...common,
  signal: [5, "signal", {}, { aborted: false }, new AbortController(), new EventTarget()],
  deadlineMs: [-1, Number.NaN, "1000", null, 1n, true],
};

const asText = (option, value) => inspect({ [option]: value }, { breakLength: Infinity });

function thrown(options) {
  try {
    new TranslationResultsClient(options);
  } catch (error) {
    return error;
  }
  return assert.fail("the constructor took them");
}

function assertRefused(error, option) {
  assertError(error, "INVALID_OPTIONS");
  // The name may include a part of the option: `headers.x-a`.
  assert.ok(error.option === option || error.option.startsWith(`${option}.`), `${error.option}, not ${option}`);
  assert.equal(error.attempts, 0);
  assert.ok(error.message.includes(option), error.message);
}

for (const [option, values] of Object.entries(ofClient)) {
  test(`the client refuses a wrong ${option}`, () => {
    for (const value of values) {
      let error;
      try {
        error = thrown({ apiKey: KEY, baseUrl: "https://example.com", [option]: value });
        assertRefused(error, option);
      } catch (failed) {
        failed.message = `${asText(option, value)}: ${failed.message}`;
        throw failed;
      }
    }
  });
}

for (const [option, values] of Object.entries(ofRequest)) {
  test(`a call refuses a wrong ${option}, and sends nothing`, async (t) => {
    const { client, server } = await faultyFor(t, results());
    for (const value of values) {
      // The promise must reject: a user's `.catch` would miss an exception of the call itself.
      const call = client.getResults(IDS, { [option]: value });
      assertRefused(await rejection(call), option);
    }
    assert.equal(server.requests.length, 0);
  });
}

for (const option of ["apikey", "retries", "base_url", "timeout", "signal", "deadlineMs", "concurrency"]) {
  test(`the client refuses an unknown option: ${option}`, () => {
    assertRefused(thrown({ apiKey: KEY, [option]: 1 }), option);
  });
}

for (const option of ["apiKey", "baseUrl", "fetch", "onEvent", "concurrency", "onItem", "Signal", "retries"]) {
  test(`a call refuses an unknown option: ${option}`, async (t) => {
    const { client, server } = await faultyFor(t, results());
    assertRefused(await rejection(client.getResults(IDS, { [option]: 1 })), option);
    assert.equal(server.requests.length, 0);
  });
}

test("options that are not an object are refused", async (t) => {
  const { client, server } = await faultyFor(t, results());
  for (const options of [5, "key", true]) {
    assertError(thrown(options), "INVALID_OPTIONS");
    await failure(client.getResults(IDS, options), "INVALID_OPTIONS");
  }
  assert.equal(server.requests.length, 0);
});

test("a refusal does not repeat the value of a header", async (t) => {
  const { client } = await faultyFor(t, results());
  for (const headers of [{ "x-api-key": "secret" }, { authorization: "secret\nvalue" }, { "x-a": "secret€" }]) {
    for (const error of [thrown({ apiKey: KEY, headers }), await rejection(client.getResults(IDS, { headers }))]) {
      assertRefused(error, "headers");
      assert.equal(inspect(error).includes("secret"), false, error.message);
    }
  }
});

/* Valid values. */

test("the key may be missing if a proxy adds it", () => {
  new TranslationResultsClient({ baseUrl: "https://api.test" });
});

test("an undefined option counts as left out", async (t) => {
  const { server } = await faultyFor(t, results());
  const all = (bag) => Object.fromEntries(Object.keys(bag).map((option) => [option, undefined]));
  const client = new TranslationResultsClient({ ...all(ofClient), baseUrl: server.url });
  assert.deepEqual({ ...(await client.getResults(IDS, all(ofRequest))) }, TEXTS);
});

test("the limits of each range are accepted", async (t) => {
  const { client, server } = await faultyFor(t, results());
  for (const options of [{ timeoutMs: 1 }, { timeoutMs: LARGEST_TIMER }, { maxRetries: 0 }, { maxRetries: 20 }]) {
    clientFor(server.url, options);
  }
  for (const options of [
    { timeoutMs: LARGEST_TIMER }, { maxRetries: 20 }, { deadlineMs: LARGEST_TIMER }, { headers: {} },
  ]) {
    assert.deepEqual({ ...(await client.getResults(IDS, options)) }, TEXTS, inspect(options));
  }
});

test("a deadline beyond the range of timers does not fire at once", async (t) => {
  const slow = async (res, request) => setTimeout(() => results()(res, request), 50);
  const { client } = await faultyFor(t, slow);
  for (const deadlineMs of [LARGEST_TIMER + 1, 2 ** 40]) {
    const outcome = await client.getResults(IDS, { deadlineMs }).catch((error) => error);
    // The deadline may be refused or accepted, but the call must not time out after a millisecond.
    if (outcome instanceof Error) assertRefused(outcome, "deadlineMs");
    else assert.deepEqual({ ...outcome }, TEXTS);
  }
});

test("headers are sent with every request, a call's override the client's, and later changes have no effect", async (t) => {
  const headers = { "x-a": "client", "x-b": "client" };
  const { client, server } = await faultyFor(t, results(), { headers });
  headers["x-a"] = "changed";
  await client.getResults(IDS);
  await client.getResults(IDS, { headers: { "X-B": "call", traceparent: "00-1-2-01" } });
  const [first, second] = server.requests.map((request) => request.headers);
  assert.deepEqual([first["x-a"], first["x-b"]], ["client", "client"]);
  assert.deepEqual([second["x-a"], second["x-b"], second.traceparent], ["client", "call", "00-1-2-01"]);
});

test("a base URL is a string or a URL, with a slash at its end or not", async (t) => {
  const { server } = await faultyFor(t, results());
  for (const baseUrl of [server.url, `${server.url}/`, new URL(server.url)]) {
    await clientFor(baseUrl).getResults(IDS);
  }
  for (const baseUrl of [`${server.url}/a/b`, `${server.url}/a/b/`, new URL("a/b/", server.url)]) {
    await clientFor(baseUrl).getResults(IDS);
  }
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    [...Array(3).fill("/translation-results"), ...Array(3).fill("/a/b/translation-results")],
  );
});

test("plain http with a key is accepted for loopback hosts only", () => {
  for (const host of [
    "example.com", "10.0.0.1", "192.168.1.1", "0.0.0.0", "127.0.0.1.example.com", "localhost.example.com",
    "notlocalhost", "[::2]", "[::ffff:10.0.0.1]", "127.example.com",
  ]) {
    const baseUrl = `http://${host}/apis`;
    assertRefused(thrown({ apiKey: KEY, baseUrl }), "baseUrl");
    new TranslationResultsClient({ baseUrl });
    new TranslationResultsClient({ apiKey: KEY, baseUrl: baseUrl.replace("http:", "https:") });
  }
  for (const host of ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.8.9.10:1", "[::1]", "[::1]:3000"]) {
    new TranslationResultsClient({ apiKey: KEY, baseUrl: `http://${host}/apis` });
  }
});

test("in Node a key needs no `dangerouslyAllowBrowser`, and the option is accepted", async (t) => {
  const { server } = await faultyFor(t, results());
  for (const dangerouslyAllowBrowser of [undefined, false, true]) {
    await clientFor(server.url, { dangerouslyAllowBrowser }).getResults(IDS);
  }
  assert.equal(server.requests.length, 3);
});
