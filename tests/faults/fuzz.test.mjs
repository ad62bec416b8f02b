/**
 * Random answers and options: each call settles with results that fit the types, or with an error of the package, and no error
 * contains the key. `FUZZ_RUNS` sets the number of runs. A failure prints its seed and the shortest case.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { imported } from "../e2e/support/install.mjs";
import { KEY } from "./client.mjs";

const { TranslationResultsClient: Client, TranslationResultsError } = imported;

const RUNS = Number(process.env.FUZZ_RUNS ?? 3_000);
const SETTLES_MS = 2_000;
const IDS = [1, 2, 3];
const LIMIT = { timeout: 30 * 60_000 };

const settled = (call) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error("it did not settle")), SETTLES_MS);
  call().then((value) => ({ value }), (error) => ({ error })).then((outcome) => {
    clearTimeout(timer);
    resolve(outcome);
  });
});

const isResult = (result) =>
  Object.getPrototypeOf(result) === Object.prototype && Object.hasOwn(result, "texts") &&
  Array.isArray(result.texts) && result.texts.every((text) => typeof text === "string");

/** Fails unless an outcome fits the types of `index.d.ts`. */
function assertSound({ value, error }, ids, given = []) {
  if (error !== undefined) {
    // Errors of the caller's own code are passed on.
    if (given.includes(error)) return;
    assert.ok(TranslationResultsError.is(error) && error instanceof Error, inspect(error));
    const said = [error.message, JSON.stringify(error), inspect({ ...error, cause: undefined }), JSON.stringify(error.partial)];
    assert.ok(!said.join().includes(KEY), "the key is in the error");
    return;
  }
  assert.deepEqual(Object.keys(value).sort(), ids.map(String).sort());
  assert.ok(Object.values(value).every(isResult), inspect(value));
}

/** The parts of an answer, some close to the documented form and some far from it. */
const texts = fc.oneof(fc.array(fc.string({ unit: "grapheme" })), fc.array(fc.anything(), { maxLength: 3 }));
const run = fc.oneof(fc.record({ texts }), fc.record({ texts }, { requiredKeys: [] }), fc.anything());
const key = fc.oneof(fc.constantFrom("1", "2", "3", "results", "__proto__", "constructor", "01"), fc.string());
const runs = fc.dictionary(key, run);
const whole = fc.record({ 1: fc.record({ texts: fc.array(fc.string()) }), 2: run, 3: run });
const body = fc.oneof(whole, runs, fc.record({ results: fc.oneof(whole, runs) }), fc.anything())
  .map((value) => {
    try {
      return JSON.stringify(value) ?? "";
    } catch {
      return "{}";
    }
  });
/** A body with some bytes changed, left out or added. */
const mutated = fc.tuple(body, fc.array(fc.tuple(fc.nat(), fc.integer({ min: -1, max: 255 })), { maxLength: 4 }))
  .map(([text, changes]) => {
    const bytes = [...new TextEncoder().encode(text.replace("key", KEY))];
    for (const [at, byte] of changes) bytes.splice(at % (bytes.length + 1), 1, ...(byte < 0 ? [] : [byte]));
    return new Uint8Array(bytes);
  });
const status = fc.oneof(fc.constant(200), fc.integer({ min: 200, max: 599 }));
const headers = fc.dictionary(
  fc.constantFrom("retry-after", "retry-after-ms", "content-type", "content-length", "x-request-id", "location"),
  fc.oneof(fc.constantFrom("0", "61", "1e9", KEY), fc.stringMatching(/^[ -~]{0,20}$/)),
);

/** A body in pieces of any size, whose connection may break. */
const answer = fc.record({ bytes: mutated, status, headers, piece: fc.integer({ min: 1, max: 50 }), breaks: fc.boolean() })
  .map(({ bytes, piece, breaks, ...init }) => () => {
    if ([204, 205, 304].includes(init.status)) return new Response(null, init);
    let at = 0;
    const stream = new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) return breaks ? controller.error(new Error("broken")) : controller.close();
        controller.enqueue(bytes.subarray(at, at + piece));
        at += piece;
      },
    });
    return new Response(stream, init);
  });

test("any answer gives results that fit the types, or an error of the package", LIMIT, async () => {
  await fc.assert(fc.asyncProperty(answer, async (make) => {
    const client = new Client({ apiKey: KEY, maxRetries: 0, fetch: async () => make() });
    assertSound(await settled(() => client.getResults(IDS)), IDS);
  }), { numRuns: RUNS });
});

test("for any answers in bulk, every run has one outcome", LIMIT, async () => {
  await fc.assert(fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 4 }), async (makes) => {
    let count = 0;
    const client = new Client({ apiKey: KEY, maxRetries: 0, fetch: async () => makes[count++ % makes.length]() });
    const ids = [1, 2, 3, 4, 5, 6, 7];
    const { value, error } = await settled(() => client.getAllResults(ids, { deadlineMs: 500 }));
    const { results, failures, pending = [] } = value ?? error.partial;
    const places = [...Object.keys(results).map(Number), ...failures.map(({ runId }) => runId), ...pending];
    assert.deepEqual(places.sort(), ids);
    assert.ok(Object.values(results).every(isResult));
    for (const one of [error, ...failures.map((failure) => failure.error)].filter(Boolean)) assertSound({ error: one });
  }), { numRuns: RUNS / 10 });
});

const names = ["apiKey", "baseUrl", "dangerouslyAllowBrowser", "headers", "timeoutMs", "maxRetries", "maxResponseBytes", "onEvent", "x"];
const good = { apiKey: KEY, baseUrl: "https://service.test", timeoutMs: 1_000, maxRetries: 0, headers: { a: "b" } };
const value = fc.oneof(fc.anything(), fc.integer(), fc.double(), fc.string(), fc.webUrl(), fc.dictionary(fc.string(), fc.string()));
const fine = async () => Response.json({ 1: { texts: [] }, 2: { texts: [] }, 3: { texts: [] } });

test("any options make a client, or a refusal that names the invalid option", LIMIT, async () => {
  const options = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 3 });
  await fc.assert(fc.asyncProperty(options, async (given) => {
    const outcome = await settled(async () => {
      const client = new Client({ ...good, ...given, fetch: fine });
      return client.getResults(IDS);
    });
    assertSound(outcome, IDS);
    if (outcome.error?.code === "INVALID_OPTIONS") assert.ok(names.includes(outcome.error.option), outcome.error.option);
  }), { numRuns: RUNS });
});

const element = fc.oneof(fc.integer({ min: -2, max: 8 }), fc.double(), fc.maxSafeInteger(), fc.anything());
const list = fc.oneof(fc.array(element, { maxLength: 8 }), fc.anything());

test("any run ids and options of a call give results or a refusal", LIMIT, async () => {
  const options = fc.dictionary(fc.constantFrom("timeoutMs", "maxRetries", "deadlineMs", "headers", "signal", "x"), value, { maxKeys: 2 });
  const answering = async (_, { body: sent }) =>
    Response.json(Object.fromEntries(JSON.parse(sent).run_ids.map((id) => [id, { texts: [] }])));
  const client = new Client({ apiKey: KEY, maxRetries: 0, fetch: answering });
  await fc.assert(fc.asyncProperty(list, fc.oneof(options, fc.anything()), async (ids, given) => {
    const { value: results, error } = await settled(() => client.getResults(ids, given));
    if (error) assertSound({ error });
    else assertSound({ value: results }, [...ids]);
  }), { numRuns: RUNS });
});
