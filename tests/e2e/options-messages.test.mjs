/** The whole messages for refused options. options.test.mjs tests that they are refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { failure, IDS, KEY } from "./support/calls.mjs";
import { imported } from "./support/install.mjs";
import {
  A_FUNCTION, IN_THE_CLEAR, MS, NO_BASE, NO_KEY, NO_NAME, NO_URL, NO_VALUE, OUR_KEY, OUR_TYPE, RETRIES, STRINGS,
} from "./support/words.mjs";

const { TranslationResultsClient } = imported;

/** [option, value, message]: for clients and calls, for clients, for every call, for bulk calls */
const common = [
  ["timeoutMs", "1000", MS], ["timeoutMs", 0.5, MS], ["timeoutMs", 2 ** 31, MS],
  ["maxRetries", 1.5, RETRIES], ["maxRetries", 21, RETRIES], ["maxRetries", null, RETRIES],
  ["headers", null, STRINGS], ["headers", [["x-a", "b"]], STRINGS], ["headers", { "x-a": 5 }, STRINGS],
  ["headers", { "": "a" }, NO_NAME], ["headers", { "x-a:": "b" }, NO_NAME], ["headers", { é: "b" }, NO_NAME],
  ["headers", { "X-API-Key": "a" }, OUR_KEY], ["headers", { "Content-Type": "a/b" }, OUR_TYPE],
  ["headers", { "x-a": "a\nb" }, NO_VALUE], ["headers", { "x-a": "€" }, NO_VALUE],
  ["headers", { "x-a": "b", "x b": "c" }, NO_NAME],
];
const ofClient = [
  ["apiKey", 5, "must be a string"], ["apiKey", "", NO_KEY], ["apiKey", "a b", NO_KEY], ["apiKey", "a\u00a0", NO_KEY],
  ["baseUrl", 5, "must be a string or a URL"], ["baseUrl", {}, "must be a string or a URL"],
  ["baseUrl", "", NO_URL], ["baseUrl", "/apis", NO_URL], ["baseUrl", "https://", NO_URL],
  ["baseUrl", "ftp://api.test/", NO_BASE], ["baseUrl", "ws://localhost/", NO_BASE], ["baseUrl", "file:///a", NO_BASE],
  ["baseUrl", "blob:https://api.test/6e7f", NO_BASE], ["baseUrl", "data:text/plain,https://api.test/", NO_BASE],
  ["baseUrl", "https://user@api.test/", NO_BASE], ["baseUrl", "http://:secret@localhost/", NO_BASE],
  ["baseUrl", "https://api.test/?a=/", NO_BASE], ["baseUrl", "https://api.test/apis?", NO_BASE],
  ["baseUrl", "https://api.test/#/", NO_BASE], ["baseUrl", "https://api.test/apis#", NO_BASE],
  ["baseUrl", "http://api.test/", IN_THE_CLEAR], ["baseUrl", "http://api.test/localhost", IN_THE_CLEAR],
  ["baseUrl", "http://api.test:127/.localhost", IN_THE_CLEAR], ["baseUrl", "http://1127.0.0.1.test/", IN_THE_CLEAR],
  ["dangerouslyAllowBrowser", "yes", "must be a boolean"],
  ["fetch", {}, A_FUNCTION], ["onEvent", "log", A_FUNCTION],
  ["maxResponseBytes", 0, "must be an integer from 1 to 9007199254740991"],
  ["maxResponseBytes", 1.5, "must be an integer from 1 to 9007199254740991"],
];
const ofCall = [
  ["signal", new AbortController(), "must be an AbortSignal"], ["deadlineMs", -1, MS],
];
const ofBulk = [
  ["concurrency", 65, "must be an integer from 1 to 64"], ["concurrency", 0, "must be an integer from 1 to 64"],
  ["onItem", 5, A_FUNCTION], ["onProgress", "log", A_FUNCTION],
];

async function assertSaid(call, option, words) {
  const error = await failure(call, "INVALID_OPTIONS");
  assert.deepEqual([error.message, error.option], [`${option} ${words}`, option]);
}
const made = async (options) => new TranslationResultsClient({ apiKey: KEY, ...options });
const client = new TranslationResultsClient({ apiKey: KEY });
const batch = (options) => client.getResults(IDS, options);
const all = (options) => client.getAllResults(IDS, options);
const streamed = (options) => client.streamResults(IDS, options).next();

for (const [what, ways, refused] of [
  ["client", [made], [...common, ...ofClient]],
  ["call", [batch, all, streamed], [...common, ...ofCall]],
  ["bulk call", [all, streamed], ofBulk],
]) {
  for (const [option, value, words] of refused) {
    test(`a ${what} with ${inspect({ [option]: value }, { depth: 1 }).slice(0, 80)}: ${words}`, async () => {
      for (const way of ways) await assertSaid(way({ [option]: value }), option, words);
    });
  }
}

/* Unknown options: messages show the name, and never the value. */

const OF_CLIENT =
  "apiKey, baseUrl, dangerouslyAllowBrowser, fetch, headers, timeoutMs, maxRetries, maxResponseBytes, onEvent";
const OF_CALL = "signal, deadlineMs, timeoutMs, maxRetries, headers";
const OF_BULK = `${OF_CALL}, concurrency, onItem, onProgress`;
const single = (options) => client.getResult(IDS[0], options);

for (const [what, ways, options, meant] of [
  ["client", [made], OF_CLIENT, { timeout: "timeoutMs", retries: "maxRetries", key: "apiKey", baseURL: "baseUrl" }],
  ["call", [single, batch], OF_CALL, { timeout: "timeoutMs", deadline: "deadlineMs", abortSignal: "signal" }],
  ["bulk call", [all, streamed], OF_BULK, { timeout: "timeoutMs", maxConcurrency: "concurrency", onProgres: "onProgress" }],
]) {
  test(`unknown options of a ${what}`, async () => {
    const isOption = (name) => options.split(", ").includes(name);
    for (const name of ["", "__defineGetter__", ...["baseUrl", "signal", "concurrency"].filter((other) => !isOption(other))]) {
      meant[name] = undefined;
    }
    for (const way of ways) {
      for (const [option, other] of Object.entries(meant)) {
        const error = await failure(way({ [option]: KEY }), "INVALID_OPTIONS");
        const rest = other === undefined ? `the options are ${options}` : `did you mean "${other}"?`;
        assert.deepEqual([error.message, error.option], [`unknown option "${option}": ${rest}`, option]);
        assert.ok(!inspect(error).includes(KEY));
      }
    }
  });
}

test("options that are not a plain object", async () => {
  for (const options of [5, "key", true, null, [], () => {}]) {
    const constructed = (async () => new TranslationResultsClient(options))();
    for (const call of [constructed, batch(options), all(options), streamed(options)]) {
      await assertSaid(call, "options", "must be a plain object");
    }
  }
});
