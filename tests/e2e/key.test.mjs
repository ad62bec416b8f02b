/** The key goes to the server, in one header, and nowhere else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { answer, json, redirect, resetBeforeHeaders, results } from "../servers/faulty.mjs";
import { clientFor, failure, faultyFor, IDS, rejection } from "./support/calls.mjs";
import { assertHides, echoes, KEY } from "./support/echoes.mjs";
import { imported } from "./support/install.mjs";

/** Returns all text that a value reveals: as JSON, on a console, and in its properties. */
function shownBy(value) {
  const seen = new Set();
  const parts = [];
  const walk = (at) => {
    if (typeof at === "string") parts.push(at);
    if ((typeof at !== "object" && typeof at !== "function") || at === null || seen.has(at)) return;
    seen.add(at);
    for (const name of Reflect.ownKeys(at)) {
      parts.push(String(name));
      // `cause` is the platform's or the caller's own value, and is passed on unchanged.
      if (name !== "cause") walk(at[name]);
    }
  };
  walk(value);
  parts.push(String(value), JSON.stringify(value) ?? "");
  parts.push(inspect(value, { depth: null, showHidden: true, maxStringLength: null, breakLength: Infinity }));
  return parts;
}

function assertHidden(value, key = KEY) {
  for (const part of shownBy(value)) assertHides(part, key);
}

test("a key with odd but visible characters arrives unchanged", async (t) => {
  const { client, server } = await faultyFor(t, results(), { apiKey: KEY });
  await client.getResults(IDS);
  assert.equal(server.requests[0].headers["x-api-key"], KEY);
});

test("a client does not show its key", () => {
  const client = new imported.TranslationResultsClient({ apiKey: KEY });
  assertHidden(client);
  assert.equal(inspect(client), "TranslationResultsClient {}");
  assert.equal(JSON.stringify({ client }).includes(KEY), false);
});

test("the message for a refused key does not repeat it", () => {
  for (const end of [" ", "\r\n", "\0", "é", "鍵"]) {
    let error;
    try {
      new imported.TranslationResultsClient({ apiKey: `hunter2${end}` });
    } catch (reason) {
      error = reason;
    }
    assert.equal(error?.option, "apiKey");
    assertHidden(error, "hunter2");
    assert.equal(error.cause, undefined);
  }
});

test("the message for a refused base URL does not repeat the key", () => {
  for (const baseUrl of ["http://example.com", "nothing"]) {
    assert.throws(() => clientFor(baseUrl, { apiKey: KEY }), (error) => {
      assert.equal(error.option, "baseUrl");
      assertHidden(error);
      return true;
    });
  }
});

for (const [what, behaviour] of Object.entries(echoes)) {
  test(`a refusal that echoes the key in ${what} does not show it`, async (t) => {
    const events = [];
    const onEvent = (event) => events.push(event);
    const { client } = await faultyFor(t, behaviour, { apiKey: KEY, onEvent });
    const error = await rejection(client.getResults(IDS));
    assert.ok(error instanceof imported.ApiError, String(error));
    assertHidden(error);
    assertHidden(events);
  });
}

test("a key that is a part of the JSON syntax is masked, also in escapes", async (t) => {
  const body = '{"error":"\\u0034\\u0030\\u0031 is no key","status":401}';
  const { client } = await faultyFor(t, answer({ status: 401, body }), { apiKey: "401" });
  const error = await failure(client.getResults(IDS), "UNAUTHORIZED");
  assert.equal(error.body, '{"error":"••• is no key","status":•••}');
});

test("masking the key keeps the rest of the text", async (t) => {
  const { client } = await faultyFor(t, [
    json({ error: `Invalid API key: ${KEY}!`, status: 401, list: [null, true, 1.5] }, { status: 401 }),
    answer({ status: 401, body: `before ${KEY} after` }),
  ], { apiKey: KEY });
  const { body } = await failure(client.getResults(IDS), "UNAUTHORIZED");
  assert.equal(body.status, 401);
  assert.deepEqual(body.list, [null, true, 1.5]);
  assert.ok(body.error.startsWith("Invalid API key: ") && body.error.endsWith("!"), body.error);
  const text = (await failure(client.getResults(IDS), "UNAUTHORIZED")).body;
  assert.ok(text.startsWith("before ") && text.endsWith(" after"), text);
});

test("no part of a key remains at the end of a cut text", async (t) => {
  const apiKey = "abcdefghijklmnopqrstuvwxyz0123456789";
  for (const before of [1999, 1990, 2000 - apiKey.length, 2000]) {
    const { client } = await faultyFor(t, answer({ status: 401, body: ".".repeat(before) + apiKey }), { apiKey });
    const { body } = await failure(client.getResults(IDS), "UNAUTHORIZED");
    assert.ok(body.length <= 2000);
    assert.equal(/[a-z0-9]{5}/.test(body.replaceAll(/redacted|masked|hidden/gi, "")), false, body.slice(-60));
  }
});

const otherFailures = {
  INVALID_RESPONSE: [
    json({ 12345: { texts: [5] }, [KEY]: KEY }), answer({ body: KEY }), json(KEY), json({ 12345: KEY }),
  ],
  MISSING_RESULT: [json({ [KEY]: KEY })],
  NETWORK: [resetBeforeHeaders()],
  REDIRECTED: [redirect(307, `https://example.com/?key=${encodeURIComponent(KEY)}&${KEY}`)],
};
for (const [code, behaviours] of Object.entries(otherFailures)) {
  test(`an error of code ${code} does not show the key`, async (t) => {
    const events = [];
    const { client } = await faultyFor(t, behaviours, { apiKey: KEY, onEvent: (event) => events.push(event) });
    for (const _ of behaviours) assertHidden(await failure(client.getResults(IDS), code));
    assertHidden(events);
  });
}

test("an error does not repeat the message of a fetch that contains the key", async () => {
  const cause = new TypeError(`headers were { "x-api-key": "${KEY}" }`);
  const client = clientFor("http://localhost:1", { apiKey: KEY, fetch: async () => { throw cause; } });
  const error = await failure(client.getResults(IDS), "NETWORK");
  assert.equal(error.cause, cause);
  assert.equal(error.message.includes(KEY), false);
  assertHides(JSON.stringify(error));
});
