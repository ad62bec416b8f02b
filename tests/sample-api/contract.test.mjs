// The sample API follows the documented contract: every answer and every refusal is compared as a whole.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSampleApi } from "../../www/sample-api/app.js";
import { otherType, runs, unfinished, unknownIds } from "../../www/sample-api/runs.js";

const ORIGIN = "http://sample.test";
const KEY = { "x-api-key": "sample-key" };
const JSON_TYPE = { "content-type": "application/json" };
const RESULTS = "/apis/translation-results";
const BODY_LIMIT = 64 * 1024;

const [unfinishedId] = unfinished;
const [speechId, otherSpeechId, dubbingId] = otherType.keys();
const [unknownId] = unknownIds;
const textsOf = (id) => ({ texts: runs.get(id).texts });

const handler = createSampleApi();
const send = (path, init) => handler(new Request(new URL(path, ORIGIN), init));
const postText = (body, headers = { ...KEY, ...JSON_TYPE }) => send(RESULTS, { method: "POST", headers, body });
const postIds = (...ids) => postText(JSON.stringify({ run_ids: ids }));
const getRun = (id) => send(`/apis/translation-result/${id}`, { headers: KEY });

const fieldError = (loc, type, msg) => ({ detail: [{ loc, msg, type }] });
const atRunIds = (type, msg) => fieldError(["body", "run_ids"], type, msg);
const atRunId = (index, type, msg) => fieldError(["body", "run_ids", index], type, msg);
const atPath = (type, msg) => fieldError(["path", "run_id"], type, msg);

const NOT_INTEGER = ["int_type", "Input should be a valid integer"];
const NOT_PARSED = ["int_parsing", "Input should be a valid integer, unable to parse string as an integer"];
const FRACTION = ["int_from_float", "Input should be a valid integer, got a number with a fractional part"];
const NOT_POSITIVE = ["greater_than", "Input should be greater than 0"];
const NOT_OBJECT = [
  "model_attributes_type",
  "Input should be a valid dictionary or object to extract fields from",
];
const INVALID_KEY = { error: "Invalid API key", status: 401 };

/** @param {Response} response */
async function assertAnswer(response, status, body) {
  const text = await response.text();
  assert.deepEqual({ status: response.status, body: JSON.parse(text) }, { status, body });
  assert.equal(response.headers.get("content-type"), "application/json");
}

describe("POST /translation-results", { timeout: 10_000 }, () => {
  const cases = [
    ["two runs", () => postIds(12345, 6789), 200, { 12345: textsOf(12345), 6789: textsOf(6789) }],
    ["five runs", () => postIds(1, 20417, 31002, 48813, 61008), 200, {
      1: textsOf(1), 20417: textsOf(20417), 31002: textsOf(31002), 48813: textsOf(48813), 61008: { texts: [] },
    }],
    ["the largest run id", () => postIds(Number.MAX_SAFE_INTEGER, 1), 200, {
      1: textsOf(1), [Number.MAX_SAFE_INTEGER]: textsOf(Number.MAX_SAFE_INTEGER),
    }],
    ["ids as strings", () => postIds("12345", " +6_789.0 "), 200, { 12345: textsOf(12345), 6789: textsOf(6789) }],
    ["an unknown run is absent", () => postIds(12345, unknownId), 200, { 12345: textsOf(12345) }],
    ["only unknown runs", () => postIds(...unknownIds), 200, {}],
    ["an unfinished run is null", () => postIds(unfinishedId, 12345), 200,
      { 12345: textsOf(12345), [unfinishedId]: null }],
    ["unknown fields are ignored", () => postText('{"run_ids":[12345,999],"x":1}'), 200, { 12345: textsOf(12345) }],
    ["a media type with a parameter", () =>
      postText('{"run_ids":[12345,999]}', { ...KEY, "content-type": "Application/JSON; charset=utf-8" }), 200,
    { 12345: textsOf(12345) }],
    ["a byte order mark", () => postText('\ufeff{"run_ids":[12345,999]}'), 200, { 12345: textsOf(12345) }],

    ["a run of another type among translations", () => postIds(12345, speechId), 400,
      { detail: "All run IDs must correspond to the same run type" }],
    ["a run of another type beside an unfinished one", () => postIds(speechId, unfinishedId), 400,
      { detail: "All run IDs must correspond to the same run type" }],
    ["two other types", () => postIds(speechId, dubbingId), 400,
      { detail: "All run IDs must correspond to the same run type" }],
    ["runs of one other type", () => postIds(unknownId, otherSpeechId, speechId), 400,
      { detail: `Run ${otherSpeechId} is not a translation run` }],

    ["no id", () => postIds(), 422,
      atRunIds("too_short", "List should have at least 2 items after validation, not 0")],
    ["one id", () => postIds(12345), 422,
      atRunIds("too_short", "List should have at least 2 items after validation, not 1")],
    ["six ids", () => postIds(1, 2, 3, 4, 5, 6), 422,
      atRunIds("too_long", "List should have at most 5 items after validation, not 6")],
    ["too many comes before bad elements", () => postIds("x", 2, 3, 4, 5, 6, 7), 422,
      atRunIds("too_long", "List should have at most 5 items after validation, not 7")],
    ["bad elements come before too few", () => postIds("x"), 422, atRunId(0, ...NOT_PARSED)],
    ["run_ids is missing", () => postText("{}"), 422, atRunIds("missing", "Field required")],
    ["run_ids is null", () => postText('{"run_ids":null}'), 422, atRunIds("list_type", "Input should be a valid list")],
    ["run_ids is a string", () => postText('{"run_ids":"12345,6789"}'), 422,
      atRunIds("list_type", "Input should be a valid list")],
    ["run_ids is an object", () => postText('{"run_ids":{"0":1,"1":2}}'), 422,
      atRunIds("list_type", "Input should be a valid list")],

    ["null for an id", () => postIds(12345, null), 422, atRunId(1, ...NOT_INTEGER)],
    ["an object for an id", () => postIds({}, 12345), 422, atRunId(0, ...NOT_INTEGER)],
    ["a list for an id", () => postIds(12345, 1, [2]), 422, atRunId(2, ...NOT_INTEGER)],
    ["a word for an id", () => postIds(12345, "abc"), 422, atRunId(1, ...NOT_PARSED)],
    ["an empty string for an id", () => postIds(12345, ""), 422, atRunId(1, ...NOT_PARSED)],
    ["an exponent in a string", () => postIds(12345, "1e3"), 422, atRunId(1, ...NOT_PARSED)],
    ["a fraction in a string", () => postIds(12345, "1.5"), 422, atRunId(1, ...NOT_PARSED)],
    ["other digits than ASCII's", () => postIds(12345, "١٢"), 422, atRunId(1, ...NOT_PARSED)],
    ["a fraction", () => postIds(12345, 1.5), 422, atRunId(1, ...FRACTION)],
    ["a number past the largest double", () => postText('{"run_ids":[12345,1e999]}'), 422,
      atRunId(1, "finite_number", "Input should be a finite number")],
    ["zero", () => postIds(12345, 0), 422, atRunId(1, ...NOT_POSITIVE)],
    ["a negative id", () => postIds(-1, 12345), 422, atRunId(0, ...NOT_POSITIVE)],
    ["a negative id in a string", () => postIds("-1", 12345), 422, atRunId(0, ...NOT_POSITIVE)],
    ["false is zero", () => postIds(false, true), 422, atRunId(0, ...NOT_POSITIVE)],
    ["every bad element is told", () => postIds(12345, 0, "x", null, 2.5), 422, {
      detail: [NOT_POSITIVE, NOT_PARSED, NOT_INTEGER, FRACTION].flatMap(([type, msg], index) =>
        atRunId(index + 1, type, msg).detail),
    }],
    ["a repeated id", () => postIds(12345, 6789, 12345), 422,
      atRunId(2, "value_error", "Value error, Run ID 12345 is given more than once")],
    ["an id repeated as a string, thrice", () => postIds(12345, "12345", 6789, "012345"), 422, {
      detail: [1, 3].flatMap((index) =>
        atRunId(index, "value_error", "Value error, Run ID 12345 is given more than once").detail),
    }],

    ["an empty body", () => postText(""), 422, fieldError(["body"], "missing", "Field required")],
    ["no body", () => postText(undefined), 422, fieldError(["body"], "missing", "Field required")],
    ["a cut body", () => postText('{"run_ids":[12345,'), 422,
      fieldError(["body"], "json_invalid", "JSON decode error")],
    ["text after the body", () => postText('{"run_ids":[12345,6789]} x'), 422,
      fieldError(["body"], "json_invalid", "JSON decode error")],
    ["a list for a body", () => postText("[12345,6789]"), 422, fieldError(["body"], ...NOT_OBJECT)],
    ["null for a body", () => postText("null"), 422, fieldError(["body"], ...NOT_OBJECT)],
    ["JSON that is not declared as such", () => postText('{"run_ids":[12345,6789]}', KEY), 422,
      fieldError(["body"], ...NOT_OBJECT)],
    ["form data", () => postText(new URLSearchParams({ run_ids: "12345" }), KEY), 422,
      fieldError(["body"], ...NOT_OBJECT)],
    ["a media type that only begins like JSON's", () =>
      postText('{"run_ids":[12345,6789]}', { ...KEY, "content-type": "application/json5" }), 422,
    fieldError(["body"], ...NOT_OBJECT)],
  ];
  for (const [name, ask, status, body] of cases) {
    test(`${status}: ${name}`, async () => assertAnswer(await ask(), status, body));
  }
});

describe("GET /translation-result/:run_id", { timeout: 10_000 }, () => {
  const cases = [
    ["a finished run", 12345, 200, textsOf(12345)],
    ["a run without texts", 61008, 200, { texts: [] }],
    ["the largest run id", Number.MAX_SAFE_INTEGER, 200, textsOf(Number.MAX_SAFE_INTEGER)],
    ["leading zeros and spaces", "%20012345", 200, textsOf(12345)],
    ["an unknown run", 999, 404, { detail: "Run 999 was not found" }],
    ["an unknown run past 2^53, told exactly", "9007199254740993", 404,
      { detail: "Run 9007199254740993 was not found" }],
    ["an unfinished run is null, as among others", unfinishedId, 200, null],
    ["a run of another type", speechId, 400, { detail: `Run ${speechId} is not a translation run` }],
    ["a word", "abc", 422, atPath(...NOT_PARSED)],
    ["a fraction", "1.5", 422, atPath(...NOT_PARSED)],
    ["zero", "0", 422, atPath(...NOT_POSITIVE)],
    ["a negative id", "-12345", 422, atPath(...NOT_POSITIVE)],
  ];
  for (const [name, id, status, body] of cases) {
    test(`${status}: ${name}`, async () => assertAnswer(await getRun(id), status, body));
  }

  test("every run is returned as it is stored, lone surrogates and separators included", async () => {
    for (const id of runs.keys()) await assertAnswer(await getRun(id), 200, textsOf(id));
  });
});

describe("the key", { timeout: 10_000 }, () => {
  const requests = [["POST", RESULTS], ["GET", "/apis/translation-result/12345"]];
  const wrongKeys = [undefined, "", "wrong", "Sample-Key", "sample-key2", "sample-key, sample-key"];
  for (const [method, path] of requests) {
    for (const key of wrongKeys) {
      test(`401: ${method} with ${key === undefined ? "no key" : `"${key}"`}`, async () => {
        const headers = key === undefined ? {} : { "x-api-key": key };
        await assertAnswer(await send(path, { method, headers }), 401, INVALID_KEY);
      });
    }
  }

  test("the key is checked before the body", async () => {
    await assertAnswer(await postText("{", JSON_TYPE), 401, INVALID_KEY);
    await assertAnswer(await postText("x".repeat(BODY_LIMIT + 1), JSON_TYPE), 401, INVALID_KEY);
  });
});

describe("paths, methods and sizes", { timeout: 10_000 }, () => {
  const NOT_FOUND = { detail: "Not Found" };
  const NOT_ALLOWED = { detail: "Method Not Allowed" };
  const cases = [
    ["GET", "/", 404, NOT_FOUND],
    ["GET", "/apis", 404, NOT_FOUND],
    ["GET", "/apis/", 404, NOT_FOUND],
    ["POST", "/translation-results", 404, NOT_FOUND],
    ["POST", "/apis/translation-results/12345", 404, NOT_FOUND],
    ["GET", "/apis/translation-result/12345/6789", 404, NOT_FOUND],
    ["GET", RESULTS, 405, NOT_ALLOWED, "POST"],
    ["PUT", RESULTS, 405, NOT_ALLOWED, "POST"],
    ["DELETE", RESULTS, 405, NOT_ALLOWED, "POST"],
    ["POST", "/apis/translation-result/12345", 405, NOT_ALLOWED, "GET, HEAD"],
    ["PATCH", "/apis/translation-result/12345", 405, NOT_ALLOWED, "GET, HEAD"],
  ];
  for (const [method, path, status, body, allow = null] of cases) {
    test(`${status}: ${method} ${path}`, async () => {
      const response = await send(path, { method });
      assert.equal(response.headers.get("allow"), allow);
      await assertAnswer(response, status, body);
    });
  }

  const TOO_LARGE = { detail: `Request body is larger than ${BODY_LIMIT} bytes` };
  const padded = (bytes) => '{"run_ids":[12345,999]}'.padEnd(bytes);
  test("200: a body of 64 KiB", async () => {
    await assertAnswer(await postText(padded(BODY_LIMIT)), 200, { 12345: textsOf(12345) });
  });
  test("413: a body one byte larger", async () => {
    await assertAnswer(await postText(padded(BODY_LIMIT + 1)), 413, TOO_LARGE);
  });
  test("413: a body with a declared length", async () => {
    const headers = { ...KEY, ...JSON_TYPE, "content-length": String(BODY_LIMIT + 1) };
    await assertAnswer(await postText(padded(BODY_LIMIT + 1), headers), 413, TOO_LARGE);
  });
  test("413: a body without a length is not read to its end", async () => {
    let chunks = 0;
    const body = new ReadableStream({
      pull(controller) {
        chunks += 1;
        controller.enqueue(new Uint8Array(1024));
        if (chunks === 200) controller.close();
      },
    });
    const init = { method: "POST", headers: { ...KEY, ...JSON_TYPE }, body, duplex: "half" };
    await assertAnswer(await send(RESULTS, init), 413, TOO_LARGE);
    assert.ok(chunks < 100, `${chunks} KiB were read`);
  });
  test("413: if requests have no body stream, as in Firefox", async () => {
    const init = { method: "POST", headers: { ...KEY, ...JSON_TYPE }, body: padded(BODY_LIMIT + 1) };
    const request = new Request(new URL(RESULTS, ORIGIN), init);
    Object.defineProperty(request, "body", { value: undefined });
    await assertAnswer(await handler(request), 413, TOO_LARGE);
  });
});
