/** Every status, with its retries and its error, and the waits that a service asks for. */
import { GOOD, RESULTS, fault } from "./fault.mjs";

const rule = "2. The table of what came back";
const DETAIL = '{"detail":"because"}';
const refusal = (status, headers = {}) => ({ status, headers, body: DETAIL });

const NAMES = {
  400: "BAD_REQUEST", 401: "UNAUTHORIZED", 402: "PAYMENT_REQUIRED", 403: "FORBIDDEN", 404: "NOT_FOUND", 422: "UNPROCESSABLE",
};
const FINAL = [400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 413, 414, 415, 417, 418, 422, 423, 424, 426, 428, 431, 451, 499];
const FINAL_5XX = [501, 505, 506, 507, 508, 510, 511, 530, 599];
const AGAIN = [408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 528, 529];
const REDIRECTS = [300, 301, 302, 303, 304, 305, 307, 308, 399];

const once = FINAL.map((status) => fault({
  family: "status", rule, name: `${status}`, server: [refusal(status)],
  expect: { code: NAMES[status] ?? "UNEXPECTED_STATUS", requests: 1 },
}));
const onceServer = FINAL_5XX.map((status) => fault({
  family: "status", rule, name: `${status}`, server: [refusal(status)], expect: { code: "SERVER_ERROR", requests: 1 },
}));
const again = AGAIN.flatMap((status) => [
  fault({
    family: "status", rule, name: `${status} once`, server: [refusal(status), { body: GOOD }],
    expect: { results: RESULTS, requests: 2 },
  }),
  fault({
    family: "status", rule, name: `${status} always`, server: [refusal(status)],
    // A browser itself repeats a request after a 408.
    expect: { code: status === 408 ? "UNEXPECTED_STATUS" : "SERVER_ERROR", requests: status === 408 ? [2, 4] : 2 },
  }),
]);

const redirects = REDIRECTS.flatMap((status) => ["same", "other", "loop"].map((to) => fault({
  family: "redirect", rule: "2. Every 3xx is REDIRECTED: a followed redirect hands the key to another origin",
  name: `${status} to ${{ same: "the same origin", other: "another origin", loop: "itself" }[to]}`,
  server: [{ status, location: to, body: "" }], expect: { code: "REDIRECTED", requests: 1 },
})));

const wholes = [200, 201, 202, 203, 206, 226].map((status) => fault({
  family: "status", rule: "2. 2xx whole: the results", name: `${status} with results`, server: [{ status, body: GOOD }],
  expect: { results: RESULTS, requests: 1 },
}));
const empties = [204, 205].map((status) => fault({
  family: "status", rule: "2. 2xx empty: INVALID_RESPONSE", name: `${status}`, server: [{ status, body: "" }],
  expect: { code: "INVALID_RESPONSE", requests: 1 },
}));

const informational = [[102], [103], [103, 103]].map((statuses) => fault({
  family: "status", rule: "2. 1xx before the answer is not the answer", name: `${statuses} before 200`,
  server: [{ informational: statuses, body: GOOD }], expect: { results: RESULTS, requests: 1 },
  // The network library of WebKitGTK takes the first of two statuses for the answer.
  not: ["WebKitGTK"],
}));

const odd = [
  fault({
    family: "refusal", rule: "2. A refusal's body that does not come changes nothing", name: "a body that never ends",
    server: [{ status: 404, body: DETAIL, length: 1_000, hang: true }],
    expect: { code: "NOT_FOUND", requests: 1, within: 4_000 },
  }),
  fault({
    family: "refusal", rule: "2. A refusal's body that breaks off changes nothing", name: "a body that is cut off",
    server: [{ status: 404, body: DETAIL, cut: "half of the body", how: "reset" }], expect: { code: "NOT_FOUND", requests: 1 },
  }),
  ...[["HTML", "<h1>No</h1>"], ["nothing", ""], ["a list", "[]"], ["null", "null"], ["deep", "[".repeat(50_000)],
    ["the key", '{"detail":"KEY is wrong"}'], ["10 MB", () => `{"detail":"${"x".repeat(10 * 2 ** 20)}"}`]].map(([name, body]) => fault({
    family: "refusal", rule: "2. The key never in a message, body or detail of ours", name: `a body of ${name}`,
    server: [{ status: 401, body }], expect: { code: "UNAUTHORIZED", requests: 1 },
  })),
];

const wait = "2. Retry-After wins where it parses strictly, 0 is at once, anything else is ignored";
const told = (name, headers, expect) => fault({
  family: "wait", rule: wait, name, server: [refusal(429, headers), { body: GOOD }],
  expect: { results: RESULTS, requests: 2, ...expect },
});
const inSeconds = (seconds) => `date:${seconds}`;
const waits = [
  told("0", { "retry-after": "0" }, { within: 400 }),
  told("a second", { "retry-after": "1" }, { atLeast: 990, within: 2_500 }),
  told("a fraction", { "retry-after": "0.3" }, { atLeast: 290, within: 1_500 }),
  told("in ms", { "retry-after-ms": "200" }, { atLeast: 190, within: 1_500 }),
  told("in ms and in seconds", { "retry-after-ms": "100", "retry-after": "30" }, { atLeast: 90, within: 1_500 }),
  told("a date to come", { "retry-after": inSeconds(2) }, { atLeast: 900, within: 3_500 }),
  told("a date that is over", { "retry-after": inSeconds(-100) }, { within: 1_000 }),
  ...["-1", "abc", "1e3", "0x10", "1,2", "NaN", "Infinity", "1 s", ".5", "+1", "Fri, 99 Dec 2099 99:99:99 GMT"].map((value) =>
    told(`"${value}", which is invalid`, { "retry-after": value }, { within: 2_500 })),
  fault({
    family: "wait", rule: "2. A wait over 60 s is not waited for", name: "60 s, which is waited for",
    server: [refusal(429, { "retry-after": "60" })], abort: { after: 300 },
    expect: { reason: "the caller's own", requests: 1, atLeast: 290 }, peers: false,
  }),
  fault({
    family: "wait", rule: "2. A wait over 60 s is not waited for: the call fails now and says retryAfterMs", name: "60,001 ms",
    server: [refusal(429, { "retry-after-ms": "60001" })],
    expect: { code: "RATE_LIMITED", requests: 1, within: 1_000, retryAfterMs: 60_001 }, peers: false,
  }),
  ...["61", "120", "2147484", "99999999999999999999"].map((value) => fault({
    family: "wait", rule: "2. A wait over 60 s is not waited for: the call fails now and says retryAfterMs", name: `${value} s`,
    server: [refusal(429, { "retry-after": value })],
    expect: { code: "RATE_LIMITED", requests: 1, within: 1_000, retryAfterMs: Math.min(Number(value) * 1000, Number.MAX_SAFE_INTEGER) },
  })),
];

export const statuses = [...once, ...onceServer, ...again, ...redirects, ...wholes, ...empties, ...informational, ...odd, ...waits];
