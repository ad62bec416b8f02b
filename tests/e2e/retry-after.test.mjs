/** `Retry-After` and `retry-after-ms` are parsed strictly, and ignored if they are invalid. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { json, startFaulty } from "../servers/faulty.mjs";
import { clientFor, failure, IDS } from "./support/calls.mjs";

const LARGEST = Number.MAX_SAFE_INTEGER;

/** The headers of each answer to come. */
const answers = [];
const server = await startFaulty((res) => {
  // A wait until a date is measured from the answer's `Date`, where the answer has one.
  res.sendDate = false;
  json({}, { status: 429, headers: answers.shift() })(res);
});
after(() => server.close());

/** Returns the wait, in ms, that a client reads from these headers. Each call has a client of its own, which does not wait. */
async function waitOf(headers) {
  answers.push(headers);
  return (await failure(clientFor(server.url).getResults(IDS), "RATE_LIMITED")).retryAfterMs;
}

const waitOfSeconds = (value) => waitOf({ "retry-after": value });

/* Numbers. */

const seconds = {
  0: 0, "0.0": 0, 5: 5000, "007": 7000, 1.5: 1500, 0.25: 250, "2.0000": 2000, 86400: 86_400_000,
  // Rounded up, because a request that is sent early is refused again.
  0.001: 1, "0.0001": 1, "0.00000000000000000000000000001": 1, "1.9991": 2000, "4.0351": 4036,
  // Floating-point errors must not add a millisecond.
  1.001: 1001, 4.035: 4035, 8.115: 8115,
  "9007199254740.991": LARGEST, "9007199254740.992": LARGEST, "18446744073709552": LARGEST,
  "18446744073709551615": LARGEST, "99999999999999999999999999999999.9": LARGEST, ["9".repeat(400)]: LARGEST,
};
test("seconds may have a fraction and are rounded up to whole ms", async () => {
  for (const [value, ms] of Object.entries(seconds)) assert.equal(await waitOfSeconds(value), ms, value);
});

test("ms come first where they parse", async () => {
  for (const [inMs, retryAfter, ms] of [
    ["250", undefined, 250], ["250", "5", 250], ["0", "5", 0], ["1.5", undefined, 2], ["1.0", undefined, 1],
    ["soon", "5", 5000], ["9".repeat(32), undefined, LARGEST], ["soon", "Thu, 01 Jan 1970 00:00:00 GMT", 0],
    // A date is not a number of ms.
    ["Thu, 01 Jan 1970 00:00:00 GMT", undefined, undefined],
  ]) {
    const headers = { "retry-after-ms": inMs, ...(retryAfter !== undefined && { "retry-after": retryAfter }) };
    assert.equal(await waitOf(headers), ms, JSON.stringify(headers));
  }
  assert.equal(await waitOf({}), undefined);
});

test("any refusal may state a wait", async (t) => {
  const codes = { 400: "BAD_REQUEST", 403: "FORBIDDEN", 418: "UNEXPECTED_STATUS", 503: "SERVER_ERROR" };
  for (const [status, code] of Object.entries(codes)) {
    const server = await startFaulty(json({}, { status: Number(status), headers: { "retry-after": "1.5" } }));
    t.after(() => server.close());
    assert.equal((await failure(clientFor(server.url).getResults(IDS), code)).retryAfterMs, 1500, status);
  }
});

/* Dates. */

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** The three forms of RFC 9110 section 5.6.7. */
const forms = {
  fixdate: (date) => date.toUTCString(),
  rfc850(date) {
    const [, day, month, year, time] = date.toUTCString().split(" ");
    return `${DAYS[date.getUTCDay()]}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
  },
  asctime(date) {
    const [weekday, day, month, year, time] = date.toUTCString().replace(",", "").split(" ");
    return `${weekday} ${month} ${day.replace(/^0/, " ")} ${time} ${year}`;
  },
};
const example = new Date("1994-11-06T08:49:37Z");
assert.deepEqual(Object.values(forms).map((form) => form(example)), [
  "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
]);

async function assertUntil(date, text) {
  const before = Date.now();
  const wait = await waitOfSeconds(text);
  const [most, least] = [date - before, date - Date.now()].map((ms) => Math.max(ms, 0));
  assert.ok(wait >= least - 1 && wait <= most + 1, `${text}: ${wait} ms, not ${least} to ${most}`);
}

/** Every month, and within some years every weekday and days of one digit and of two. */
const dates = Array.from({ length: 24 }, (_, index) =>
  new Date(Date.UTC(2027 + index, index % 12, 1 + ((index * 5) % 28), index, index * 2, 59 - index)));
assert.equal(new Set(dates.map((date) => date.getUTCDay())).size, 7);

for (const [name, form] of Object.entries(forms)) {
  test(`a date in the form ${name} is waited for, a past one is at once`, async () => {
    const soon = new Date(Math.floor(Date.now() / 1000 + 90) * 1000);
    for (const date of [soon, ...dates]) await assertUntil(date, form(date));
    for (const past of [example, new Date(0), new Date(Date.now() - 2000)]) {
      assert.equal(await waitOfSeconds(form(past)), 0, form(past));
    }
  });
}

test("a year of two digits is in the range from 1970 to 2069", async () => {
  for (const year of [1970, 1999, 2000, 2030, 2069]) {
    const date = new Date(Date.UTC(year, 11, 31));
    await assertUntil(date, forms.rfc850(date));
  }
});

test("a far date is a long wait", () =>
  assertUntil(new Date("9999-12-31T23:59:59Z"), "Fri, 31 Dec 9999 23:59:59 GMT"));

/* Junk. */

const noNumbers = [
  "", "+5", "-1", "-0", "1e3", "0x10", "5.", ".5", ".", "1.2.3", "1,2", "1, 2", "1_000", "1 000", "5s", "5 s", "5;",
  "NaN", "Infinity", "inf", "null", "soon", "\u00b2",
];
const noDates = [
  "Mon, 06 Nov 1994 08:49:42 GMT", "Sun, 06 Nov 1994 08:49:42 UTC", "Sun, 06 Nov 1994 08:49:42 +0000",
  "Sun, 06 Nov 1994 08:49:42", "Sun, 6 Nov 1994 08:49:42 GMT", "sun, 06 nov 1994 08:49:42 gmt",
  "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT", "Wed, 31 Feb 1994 08:49:42 GMT",
  "Sun, 06 Nov 94 08:49:42 GMT", "Sun, 06 Nov 1994  08:49:42 GMT", "06 Nov 1994 08:49:42 GMT", "Sun, 06 Nov 1994",
  "1994-11-06T08:49:42Z", "1994-11-06", "Sun, 06-Nov-94 08:49:42 GMT", "Sunday, 06-Nov-1994 08:49:42 GMT",
  "Monday, 06-Nov-94 08:49:42 GMT", "Sunday, 6-Nov-94 08:49:42 GMT", "Sunday, 06-Nov-94 08:49:42",
  "Sunday, 06-Nov-x4 08:49:42 GMT", "Mon Nov  6 08:49:42 1994", "Sun Nov 6 08:49:42 1994",
  "Sun Nov  6 08:49:42 1994 GMT", "Sun Nov  6 08:49:42 94", "Sun Feb 31 08:49:42 1994",
];

test("invalid values are ignored", async () => {
  for (const text of [...noNumbers, ...noDates]) {
    assert.equal(await waitOfSeconds(text), undefined, `retry-after: ${text}`);
    assert.equal(await waitOf({ "retry-after-ms": text }), undefined, `retry-after-ms: ${text}`);
    assert.equal(await waitOf({ "retry-after-ms": text, "retry-after": "2" }), 2000, `both: ${text}`);
  }
});

test("a repeated header is ignored", async () => {
  for (const values of [["1", "1"], ["Sun, 06 Nov 1994 08:49:42 GMT", "1"]]) {
    assert.equal(await waitOf({ "retry-after": values }), undefined, String(values));
  }
});

test("space before a value is ignored", async () => {
  assert.equal(await waitOf({ "retry-after": "  5" }), 5000);
  assert.equal(await waitOf({ "retry-after-ms": " 5" }), 5);
});

test("invalid values that only a test double for fetch can give are ignored", async () => {
  for (const text of [" ", " 5", "5 ", "5\0", "5\n", "\n5", "\u0665", "５", "5\n6", 5, null, {}]) {
    for (const name of ["retry-after", "retry-after-ms"]) {
      const headers = { get: (asked) => (asked === name ? text : null) };
      const fetch = async () => ({ status: 429, headers, body: null });
      const error = await failure(clientFor(server.url, { fetch }).getResults(IDS), "RATE_LIMITED");
      assert.equal(error.retryAfterMs, undefined, `${name}: ${JSON.stringify(text)}`);
      assert.equal("retryAfterMs" in error, false);
    }
  }
});
