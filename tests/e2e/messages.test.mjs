/**
 * What errors say, word for word: it is what a caller reads first. Of answers it is in answers.test.mjs, of options in
 * options-messages.test.mjs.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { answer, json, neverAnswer, redirect, resetBeforeHeaders, results } from "../servers/faulty.mjs";
import { clientFor, failure, faultyFor, IDS, KEY } from "./support/calls.mjs";
import { imported } from "./support/install.mjs";

/* Refusals: the status and, where the service says something in words, these. */

const statuses = [
  [400, "BAD_REQUEST", "the service refused the request"],
  [401, "UNAUTHORIZED", "the service did not accept the API key, see apiKey"],
  [402, "PAYMENT_REQUIRED", "the service asks for payment, see the account's plan"],
  [403, "FORBIDDEN", "the API key may not read these runs"],
  [404, "NOT_FOUND", "the service found nothing there, check the run ids and baseUrl"],
  [408, "UNEXPECTED_STATUS", "the service gave an undocumented status"],
  [418, "UNEXPECTED_STATUS", "the service gave an undocumented status"],
  [422, "UNPROCESSABLE", "the service refused the run ids"],
  [429, "RATE_LIMITED", "the service asks for fewer requests"],
  [500, "SERVER_ERROR", "the service failed"],
  [503, "SERVER_ERROR", "the service failed"],
];
for (const [status, code, phrase] of statuses) {
  test(`${status}: ${phrase}`, async (t) => {
    const { client } = await faultyFor(t, [json({ detail: "no, not now" }, { status }), answer({ status })]);
    assert.equal((await failure(client.getResults(IDS), code)).message, `${phrase} (status ${status}): no, not now`);
    assert.equal((await failure(client.getResults(IDS), code)).message, `${phrase} (status ${status})`);
  });
}

test("redirects, and one that a browser hides", async (t) => {
  const phrase =
    "redirects are not followed, as they would carry the API key along: set baseUrl to the final address";
  const { client, server } = await faultyFor(t, redirect(307, "/elsewhere"));
  assert.equal((await failure(client.getResults(IDS), "REDIRECTED")).message, `${phrase} (status 307)`);
  const fetch = async () => ({ type: "opaqueredirect", status: 0, headers: new Headers(), body: null });
  const error = await failure(clientFor(server.url, { fetch }).getResults(IDS), "REDIRECTED");
  assert.equal(error.message, `${phrase} (status 0)`);
});

const fieldErrors = [{ loc: ["body", "run_ids", 1], msg: "too many", type: "t" }, { msg: "other" }];

/** [the body of a refusal, what is repeated of it] */
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
  // Cut by characters, never amid one that takes two units.
  [{ detail: "é".repeat(200) }, "é".repeat(200)],
  [{ detail: "é".repeat(201) }, "é".repeat(200)],
  [{ error: "😀".repeat(201) }, "😀".repeat(200)],
  [{ detail: `${"a".repeat(199)}😀b` }, `${"a".repeat(199)}😀`],
  [{ detail: [{ msg: "a".repeat(201) }] }, "a".repeat(200)],
  // Masked before it is cut: no part of the key is left at the end.
  [{ detail: `<${KEY},${KEY}${KEY}>` }, "<•••,••••••>"],
  [{ detail: KEY.toUpperCase() + KEY.slice(1) }, KEY.toUpperCase() + KEY.slice(1)],
  [{ detail: `${"a".repeat(195)}${KEY}` }, `${"a".repeat(195)}•••`],
];
for (const [body, words] of said) {
  const shown = inspect(body, { breakLength: Infinity, maxStringLength: 20 });
  test(`of ${shown} ${words === undefined ? "nothing" : inspect(words.slice(0, 20))} is repeated`, async (t) => {
    const { client } = await faultyFor(t, [json(body, { status: 400 }), json(body, { status: 422 })]);
    const rest = words === undefined ? "" : `: ${words}`;
    const refused = await failure(client.getResults(IDS), "BAD_REQUEST");
    assert.equal(refused.message, `the service refused the request (status 400)${rest}`);
    const unprocessable = await failure(client.getResults(IDS), "UNPROCESSABLE");
    assert.equal(unprocessable.message, `the service refused the run ids (status 422)${rest}`);
  });
}

test("nothing is repeated of a refusal that is not JSON", async (t) => {
  const { client } = await faultyFor(t, answer({ status: 400, body: "<p>no</p>" }));
  const { message } = await failure(client.getResults(IDS), "BAD_REQUEST");
  assert.equal(message, "the service refused the request (status 400)");
});

/* Connections and time. */

test("lost connections", async (t) => {
  const { client } = await faultyFor(t, resetBeforeHeaders());
  const { message } = await failure(client.getResults(IDS), "NETWORK");
  assert.equal(message, "the connection failed before the whole answer was there");
});

for (const [options, ms] of [[{ timeoutMs: 40 }, 40], [{ timeoutMs: 39.2 }, 40], [{ deadlineMs: 50 }, 50]]) {
  test(`time that is over: ${inspect(options)}`, async (t) => {
    const { client } = await faultyFor(t, neverAnswer());
    const error = await failure(client.getResults(IDS, options), "TIMEOUT");
    assert.equal(error.message, `no whole answer within ${ms} ms`);
    assert.equal(error.timeoutMs, ms);
  });
}

/* Run ids. */

const notPositive = (count) =>
  Array.from({ length: count }, (_, index) => `the id at index ${index} is not positive`).join("; ");
const zeros = (count) => Array(count).fill(0);

const badBatches = [
  [undefined, "not an array"],
  [[], "0 ids where 2 to 5 are needed"],
  [[1], "1 id where 2 to 5 are needed"],
  [[1, 2, 3, 4, 5, 6], "6 ids where 2 to 5 are needed"],
  [[1, 2.5], "the id at index 1 is not an integer"],
  [[0, 1], "the id at index 0 is not positive"],
  [[1, 2 ** 53], "the id at index 1 is above 9007199254740991"],
  [[7, 8, 9, 7, 7], "the id at index 3 repeats the one at index 0; the id at index 4 repeats the one at index 0"],
  [[0.5], "1 id where 2 to 5 are needed; the id at index 0 is not an integer"],
  // What is no id is no repeat, and does not shift the places of those after it.
  [[-1, -1], notPositive(2)],
  [[0.5, 8, 8], "the id at index 0 is not an integer; the id at index 2 repeats the one at index 1"],
  [zeros(5), notPositive(5)],
  [zeros(6), `6 ids where 2 to 5 are needed; ${notPositive(4)} and 2 more`],
];
for (const [ids, problems] of badBatches) {
  test(`run ids ${inspect(ids)}`, async () => {
    const { message } = await failure(clientFor("https://example.com").getResults(ids), "INVALID_RUN_IDS");
    assert.equal(message, `invalid run ids: ${problems}`);
  });
}

test("of many problems the first five are listed", async () => {
  const client = clientFor("https://example.com");
  for (const [count, more] of [[5, ""], [6, " and 1 more"], [1000, " and 995 more"]]) {
    const message = `invalid run ids: ${notPositive(5)}${more}`;
    assert.equal((await failure(client.getAllResults(zeros(count)), "INVALID_RUN_IDS")).message, message);
    assert.throws(() => imported.planBatches(zeros(count)), { code: "INVALID_RUN_IDS", message });
  }
});

test("run ids that cannot be walked, or turn bad on the way", async (t) => {
  const { client } = await faultyFor(t, results());
  for (const call of [client.getAllResults(5), client.streamResults(5).next()]) {
    assert.equal((await failure(call, "INVALID_RUN_IDS")).message, "invalid run ids: not an array");
  }
  const { message } = await failure(client.streamResults([0]).next(), "INVALID_RUN_IDS");
  assert.equal(message, "invalid run ids: the id at index 0 is not positive");
});
