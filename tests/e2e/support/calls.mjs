/** Shared by most test files: a client with a server of its own, and the error of a failed call. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { startFaulty } from "../../servers/faulty.mjs";
import { imported } from "./install.mjs";

export const KEY = "sample-key";
export const IDS = [12345, 6789];

/** The results of `IDS` from a server with the `results()` behaviour. */
export const TEXTS = { 12345: { texts: ["text of 12345"] }, 6789: { texts: ["text of 6789"] } };

/** Returns a client without retries, unless the options set them: they would only take time. */
export const clientFor = (url, options = {}) =>
  new imported.TranslationResultsClient({ apiKey: KEY, baseUrl: url, maxRetries: 0, ...options });

/** Returns a `fetch` that sends by the global one, and counts its calls in `sent`. */
export function countedFetch() {
  const counted = (...call) => {
    counted.sent += 1;
    return fetch(...call);
  };
  return Object.assign(counted, { sent: 0 });
}

/** Starts a faulty server for one test, and a client. */
export async function faultyFor(t, behaviours, options) {
  const server = await startFaulty(behaviours);
  t.after(() => server.close());
  return { server, client: clientFor(server.url, options) };
}

/** Returns the reason with which a promise rejects. Fails if the promise resolves. */
export async function rejection(promise) {
  let value;
  try {
    value = await promise;
  } catch (reason) {
    return reason;
  }
  return assert.fail(`resolved with ${JSON.stringify(value)} where a rejection was due`);
}

const classOf = {
  INVALID_OPTIONS: "InvalidOptionsError",
  INVALID_RUN_IDS: "InvalidRunIdsError",
  WASM_UNAVAILABLE: "WasmUnavailableError",
  NETWORK: "NetworkError",
  TIMEOUT: "TimeoutError",
  INVALID_RESPONSE: "InvalidResponseError",
  MISSING_RESULT: "InvalidResponseError",
};

/** Returns the error with which a promise rejects. Checks its code, its class and its base fields. */
export async function failure(promise, code) {
  const error = await rejection(promise);
  assertError(error, code);
  return error;
}

export function assertError(error, code) {
  const className = classOf[code] ?? "ApiError";
  assert.ok(error instanceof imported[className], `${code} should be a ${className}: ${error}`);
  assert.ok(error instanceof imported.TranslationResultsError);
  assert.ok(error instanceof Error);
  assert.ok(imported.TranslationResultsError.is(error));
  assert.equal(error.code, code, String(error));
  assert.equal(error.name, className);
  assert.equal(typeof error.message, "string");
  assert.notEqual(error.message, "");
  assert.ok(Number.isInteger(error.attempts) && error.attempts >= 0, `attempts: ${error.attempts}`);
}

/** Starts a call, and waits until it settles. Returns the time in `ms`. */
export async function timed(start) {
  const begun = performance.now();
  const call = start();
  await call.then(() => {}, () => {});
  return { call, ms: performance.now() - begun };
}

/** Fails unless the client has closed the connection. */
export async function assertGivenUp(request) {
  const closed = await Promise.race([request.closed, sleep(2000, "open", { ref: false })]);
  assert.equal(closed, true, "the client should have closed the connection");
}

/**
 * An abort must settle within 50 ms. The tests allow more, because machines under load wake late. Every other wait in the tests
 * takes a second or longer.
 */
export const PROMPT_MS = 250;
