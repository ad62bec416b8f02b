/**
 * The whole messages of errors, which callers read first. answers.test.mjs has those for answers, options-messages.test.mjs those
 * for options.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { answer, json, neverAnswer, redirect, resetBeforeHeaders, resetInBody, results } from "../servers/faulty.mjs";
import { clientFor, failure, faultyFor, IDS, KEY } from "./support/calls.mjs";
import { imported } from "./support/install.mjs";

/* Refusals: the status, and the service's own words if there are any. */

const statuses = [
  [400, "BAD_REQUEST", "the service refused the request"],
  [401, "UNAUTHORIZED", "the service did not accept the API key: check apiKey"],
  [402, "PAYMENT_REQUIRED", "the service asks for payment: check the account's plan"],
  [403, "FORBIDDEN", "the API key may not read these runs"],
  [404, "NOT_FOUND", "runs 12345, 6789 were not found, or baseUrl is wrong"],
  [408, "UNEXPECTED_STATUS", "the service answered with an undocumented status: check baseUrl"],
  [418, "UNEXPECTED_STATUS", "the service answered with an undocumented status: check baseUrl"],
  [422, "UNPROCESSABLE", "the service refused the run ids"],
  [429, "RATE_LIMITED", "rate limited: try again later"],
  [500, "SERVER_ERROR", "the service failed: try again later"],
  [503, "SERVER_ERROR", "the service failed: try again later"],
];
for (const [status, code, phrase] of statuses) {
  test(`${status}: ${phrase}`, async (t) => {
    const { client } = await faultyFor(t, [json({ detail: "no, not now" }, { status }), answer({ status })]);
    assert.equal((await failure(client.getResults(IDS), code)).message, `${phrase} (${status}: no, not now)`);
    assert.equal((await failure(client.getResults(IDS), code)).message, `${phrase} (${status})`);
  });
}

test("redirects, and one that a browser hides", async (t) => {
  const phrase =
    "redirects are not followed, as they would forward the API key: set baseUrl to the final address";
  const { client, server } = await faultyFor(t, redirect(307, "/elsewhere"));
  assert.equal((await failure(client.getResults(IDS), "REDIRECTED")).message, `${phrase} (307)`);
  const fetch = async () => ({ type: "opaqueredirect", status: 0, headers: new Headers(), body: null });
  const error = await failure(clientFor(server.url, { fetch }).getResults(IDS), "REDIRECTED");
  assert.equal(error.message, `${phrase} (0)`);
});

const fieldErrors = [{ loc: ["body", "run_ids", 1], msg: "too many", type: "t" }, { msg: "other" }];

/** [the body of a refusal, the part that the message repeats] */
const said = [
  [{ detail: "no such run" }, "no such run"],
  [{ error: "Invalid API key", status: 401 }, "Invalid API key"],
  [{ detail: "no such run", error: "other" }, "no such run"],
  [{ detail: fieldErrors, error: "other" }, "too many"],
  [{ detail: [], error: "other" }, "other"],
  [{ detail: [null, { msg: "second" }], error: "other" }, "other"],
  [{ detail: [{ msg: 1 }], error: "other" }, "other"],
  [{ detail: { msg: "nested" }, error: "other" }, "other"],
  [{ detail: " \n", error: "other" }, "other"],
  [{ detail: "two\nlines" }, "two\nlines"],
  [{ detail: null, error: { message: "nested" } }],
  [{ detail: "", error: " \t" }],
  [{ message: "undocumented" }],
  [["detail"]],
  ["detail"],
  [null],
  // Cut between characters, never within a surrogate pair.
  [{ detail: "é".repeat(200) }, "é".repeat(200)],
  [{ detail: "é".repeat(201) }, "é".repeat(200)],
  [{ error: "😀".repeat(201) }, "😀".repeat(200)],
  [{ detail: `${"a".repeat(199)}😀b` }, `${"a".repeat(199)}😀`],
  [{ detail: [{ msg: "a".repeat(201) }] }, "a".repeat(200)],
  // Masked before it is cut, so no part of the key is left at the end.
  [{ detail: `<${KEY},${KEY}${KEY}>` }, "<•••,••••••>"],
  [{ detail: KEY.toUpperCase() + KEY.slice(1) }, KEY.toUpperCase() + KEY.slice(1)],
  [{ detail: `${"a".repeat(195)}${KEY}` }, `${"a".repeat(195)}•••`],
];
for (const [body, words] of said) {
  const shown = inspect(body, { breakLength: Infinity, maxStringLength: 20 });
  test(`the message for ${shown} repeats ${words === undefined ? "nothing" : inspect(words.slice(0, 20))}`, async (t) => {
    const { client } = await faultyFor(t, [json(body, { status: 400 }), json(body, { status: 422 })]);
    const rest = words === undefined ? "" : `: ${words}`;
    const refused = await failure(client.getResults(IDS), "BAD_REQUEST");
    assert.equal(refused.message, `the service refused the request (400${rest})`);
    const unprocessable = await failure(client.getResults(IDS), "UNPROCESSABLE");
    assert.equal(unprocessable.message, `the service refused the run ids (422${rest})`);
  });
}

test("the message does not repeat a refusal that is not JSON", async (t) => {
  const { client } = await faultyFor(t, answer({ status: 400, body: "<p>no</p>" }));
  const { message } = await failure(client.getResults(IDS), "BAD_REQUEST");
  assert.equal(message, "the service refused the request (400)");
});

/* Connections and time. */

test("lost connections", async (t) => {
  const { client, server } = await faultyFor(t, [resetBeforeHeaders(), resetInBody()]);
  const { host } = new URL(server.url);
  const before = await failure(client.getResults(IDS), "NETWORK");
  assert.match(before.message, new RegExp(`^could not reach ${host} after 1 attempt: (read ECONNRESET|UND_ERR_SOCKET)$`));
  const within = await failure(client.getResults(IDS), "NETWORK");
  assert.match(within.message, new RegExp(`^the connection to ${host} was lost while reading the answer: (read ECONNRESET|UND_ERR_SOCKET)$`));
});

test("without a network, the message has the platform's error code and the attempts of the call", async (t) => {
  const { client, server } = await faultyFor(t, results());
  await server.close();
  const { host } = new URL(server.url);
  const refused = (attempts) => `could not reach ${host} after ${attempts}: connect ECONNREFUSED`;
  assert.equal((await failure(client.getResults(IDS), "NETWORK")).message, refused("1 attempt"));
  assert.equal((await failure(client.getResults(IDS, { maxRetries: 1 }), "NETWORK")).message, refused("2 attempts"));
  const { failures } = await client.getAllResults(IDS, { maxRetries: 1 });
  assert.equal(failures[0].error.message, refused("2 attempts"));
  assert.equal((await failure(client.getResult(IDS[0]), "NETWORK")).message, refused("1 attempt"));
});

/** [the reason with which `fetch` rejects, the end of the message] */
const causes = [
  [Object.assign(new TypeError("fetch failed"), { cause: { code: "ENOTFOUND", syscall: "getaddrinfo" } }), "getaddrinfo ENOTFOUND"],
  [Object.assign(new Error(KEY), { code: "ECONNRESET" }), "ECONNRESET"],
  [Object.assign(new Error("tls"), { cause: { code: "CERT_HAS_EXPIRED", syscall: 5 } }), "CERT_HAS_EXPIRED"],
  [Object.assign(new Error("key"), { code: `with ${KEY}` }), "the error's cause may say why"],
  [Object.assign(new Error("key"), { code: KEY }), "the error's cause may say why"],
  [Object.assign(new Error("key"), { code: 5, cause: null }), "the error's cause may say why"],
  [new TypeError("Failed to fetch"), "the error's cause may say why"],
  [undefined, "the error's cause may say why"],
  ["text", "the error's cause may say why"],
  [Object.defineProperty({}, "cause", { get() { throw new Error("hostile"); } }), "the error's cause may say why"],
];
for (const [cause, why] of causes) {
  test(`fetch rejects with ${inspect(cause, { depth: 0 }).split("\n")[0]}`, async () => {
    const client = clientFor("https://api.test:8443/apis", { fetch: () => Promise.reject(cause) });
    const error = await failure(client.getResults(IDS), "NETWORK");
    assert.equal(error.message, `could not reach api.test:8443 after 1 attempt: ${why}`);
    assert.equal(error.cause, cause);
  });
}

test("the key is masked in every message, even as a part of the base URL or as a run id", async () => {
  const fetch = () => Promise.reject(Object.assign(new Error(), { code: "secret" }));
  const client = new imported.TranslationResultsClient({ apiKey: "secret", baseUrl: "https://secret.test", fetch, maxRetries: 0 });
  const { message } = await failure(client.getResults(IDS), "NETWORK");
  assert.equal(message, "could not reach •••.test after 1 attempt: •••");
  const long = `${"x".repeat(36)}secret`;
  for (const [call, shown] of [
    [client.getResult("secret"), 'run id is the string "•••"'],
    [client.getResults(["secret", 1]), 'run id at index 0 is the string "•••"'],
    [client.getAllResults([long]), `run id at index 0 is the string "${"x".repeat(36)}•••"`],
    [client.streamResults(["secret"]).next(), 'run id at index 0 is the string "•••"'],
  ]) {
    assert.equal((await failure(call, "INVALID_RUN_IDS")).message, `${shown}: pass a number`);
  }
  const notAList = await failure(client.getResults("secret"), "INVALID_RUN_IDS");
  assert.equal(notAList.message, 'expected an array of run ids, received the string "•••"');
});

for (const [options, ms] of [[{ timeoutMs: 40 }, 40], [{ timeoutMs: 39.2 }, 40]]) {
  test(`the time limit ran out: ${inspect(options)}`, async (t) => {
    const { client } = await faultyFor(t, neverAnswer());
    const error = await failure(client.getResults(IDS, options), "TIMEOUT");
    assert.equal(error.message, `no complete answer within timeoutMs (${ms} ms): raise the option to wait longer`);
    assert.equal(error.timeoutMs, ms);
  });
}

test("the time limit ran out: { deadlineMs: 50 }", async (t) => {
  const { client } = await faultyFor(t, neverAnswer());
  const message = "the call took longer than deadlineMs (50 ms): raise the option to wait longer";
  const { failures } = await client.getAllResults(IDS, { deadlineMs: 50 });
  const single = await failure(client.getResult(IDS[0], { deadlineMs: 50 }), "TIMEOUT");
  for (const error of [await failure(client.getResults(IDS, { deadlineMs: 50 }), "TIMEOUT"), single, failures[0].error]) {
    assert.deepEqual([error.message, error.timeoutMs], [message, 50]);
  }
});

test("a rate limit says when to try again", async (t) => {
  const refused = (headers) => json({ detail: "Try later" }, { status: 429, headers });
  const { client } = await faultyFor(t, [refused({ "retry-after": "120" }), refused({ "retry-after-ms": "900" })]);
  const message = async () => (await failure(client.getResults(IDS), "RATE_LIMITED")).message;
  assert.equal(await message(), "rate limited: try again in 120 s (429: Try later)");
  assert.equal(await message(), "rate limited: try again in 900 ms (429: Try later)");
});

test("a run that was not found is named in the service's words", async (t) => {
  const { client } = await faultyFor(t, json({ detail: "Run 999 was not found" }, { status: 404 }));
  assert.equal((await failure(client.getResult(999), "NOT_FOUND")).message, "run 999 was not found (404)");
  const other = await failure(client.getResult(998), "NOT_FOUND");
  assert.equal(other.message, "run 998 was not found, or baseUrl is wrong (404: Run 999 was not found)");
});

test("messages for a client without a key speak of a proxy", async (t) => {
  const body = { detail: "Not authorized" };
  const { server } = await faultyFor(t, [json(body, { status: 401 }), json(body, { status: 403 })]);
  const client = new imported.TranslationResultsClient({ baseUrl: server.url });
  const { host } = new URL(server.url);
  const message = async (code) => (await failure(client.getResults(IDS), code)).message;
  assert.equal(await message("UNAUTHORIZED"), `the proxy at ${host} refused the request (401: Not authorized)`);
  assert.equal(await message("FORBIDDEN"), `the proxy at ${host} may not read these runs (403: Not authorized)`);
});

/* Run ids. */

const AN_INTEGER = "pass an integer from 1 to 9007199254740991";
const notPositive = (count, shown) =>
  Array.from({ length: count }, (_, index) => `run id at index ${index} is the number ${shown}: ${AN_INTEGER}`).join("; ");
const count = (number) => `expected 2 to 5 run ids, received ${number}: getAllResults takes any number`;
const zeros = (count) => Array(count).fill(0);

const badBatches = [
  [undefined, "expected an array of run ids, received undefined"],
  [null, "expected an array of run ids, received null"],
  [12345, "expected an array of run ids, received the number 12345"],
  ["12345,6789", 'expected an array of run ids, received the string "12345,6789"'],
  [new Set([1, 2]), "expected an array of run ids, received an object"],
  [[], count(0)],
  [[1], count(1)],
  [[1, 2, 3, 4, 5, 6], count(6)],
  [[1, 2.5], `run id at index 1 is the number 2.5: ${AN_INTEGER}`],
  [[0, 1], `run id at index 0 is the number 0: ${AN_INTEGER}`],
  [[1, 2 ** 53], `run id at index 1 is the number 9007199254740992: ${AN_INTEGER}`],
  [["12345", 6789], 'run id at index 0 is the string "12345": pass a number'],
  [["1".repeat(41), 1], `run id at index 0 is the string "${"1".repeat(40)}…": pass a number`],
  [[1, NaN], `run id at index 1 is the number NaN: ${AN_INTEGER}`],
  [[1, 2n], "run id at index 1 is the bigint 2: pass a number"],
  [[1, null], "run id at index 1 is null: pass a number"],
  [[1, undefined], "run id at index 1 is undefined: pass a number"],
  [[1, true], "run id at index 1 is true: pass a number"],
  [[1, [2]], "run id at index 1 is an array: pass a number"],
  [[1, { toString: () => assert.fail("called") }], "run id at index 1 is an object: pass a number"],
  [[1, () => 2], "run id at index 1 is a function: pass a number"],
  [[1, Symbol("2")], "run id at index 1 is a symbol: pass a number"],
  [[7, 8, 9, 7, 7], "run id at index 3 repeats the one at index 0; run id at index 4 repeats the one at index 0"],
  [[0.5], `${count(1)}; run id at index 0 is the number 0.5: ${AN_INTEGER}`],
  // An invalid value is not also reported as a repeat, and later indexes are still correct.
  [[-1, -1], notPositive(2, -1)],
  [[0.5, 8, 8], `run id at index 0 is the number 0.5: ${AN_INTEGER}; run id at index 2 repeats the one at index 1`],
  [zeros(5), notPositive(5, 0)],
  [zeros(6), `${count(6)}; ${notPositive(4, 0)}; and 2 more`],
];
for (const [ids, problems] of badBatches) {
  test(`run ids ${inspect(ids)}`, async () => {
    const { message } = await failure(clientFor("https://example.com").getResults(ids), "INVALID_RUN_IDS");
    assert.equal(message, problems);
  });
}

test("the message lists the first five of many problems", async () => {
  const client = clientFor("https://example.com");
  for (const [count, more] of [[5, ""], [6, "; and 1 more"], [1000, "; and 995 more"]]) {
    const message = `${notPositive(5, 0)}${more}`;
    assert.equal((await failure(client.getAllResults(zeros(count)), "INVALID_RUN_IDS")).message, message);
    assert.throws(() => imported.planBatches(zeros(count)), { code: "INVALID_RUN_IDS", message });
  }
});

test("run ids that cannot be iterated, or of which a later one is invalid", async (t) => {
  const { client } = await faultyFor(t, results());
  for (const call of [client.getAllResults(5), client.streamResults(5).next()]) {
    assert.equal((await failure(call, "INVALID_RUN_IDS")).message, "expected an iterable of run ids, received the number 5");
  }
  assert.equal(
    (await failure(client.getResult("12345"), "INVALID_RUN_IDS")).message,
    'run id is the string "12345": pass a number',
  );
  const stream = client.streamResults((async function* () { yield* [1, 2, 3, "4"]; })());
  for (const _ of [1, 2, 3]) await stream.next();
  const fourth = await failure(stream.next(), "INVALID_RUN_IDS");
  assert.equal(fourth.message, 'run id at index 3 is the string "4": pass a number');
  const { message } = await failure(client.streamResults([0]).next(), "INVALID_RUN_IDS");
  assert.equal(message, `run id at index 0 is the number 0: ${AN_INTEGER}`);
});
