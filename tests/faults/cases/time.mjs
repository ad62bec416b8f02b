/** Time limits and aborts, at every stage of a call. */
import { GOOD, RESULTS, fault } from "./fault.mjs";

const limit = "2. Timeout covers the attempt to the last byte of the body";
const timed = (name, step, expect = {}) => fault({
  family: "timeout", rule: limit, name, server: [step], client: { timeoutMs: 300 },
  expect: { code: "TIMEOUT", requests: 2, atLeast: 550, within: 3_000, ...expect },
});

const timeouts = [
  timed("no answer", { silent: true }),
  timed("headers that come too late", { wait: 5_000, body: GOOD }),
  timed("no body after the headers", { body: GOOD, cut: "the headers", how: "hang" }),
  timed("a body that stops", { body: GOOD, cut: "half of the body", how: "hang" }),
  timed("a body that drips in", { body: GOOD, drip: 50 }),
  timed("a chunked body without its end", { body: GOOD, framing: "chunked", cut: "all of a chunked body but its end", how: "hang" }),
  fault({
    family: "timeout", rule: limit, name: "an answer just in time", server: [{ wait: 400, body: GOOD }],
    client: { timeoutMs: 2_000 }, expect: { results: RESULTS, requests: 1, atLeast: 390 },
  }),
  fault({
    family: "timeout", rule: "2. No delay ever reaches 2^31 ms, where timers wrap", name: "the longest timeout",
    server: [{ wait: 300, body: GOOD }], client: { timeoutMs: 2_147_483_647 }, call: { deadlineMs: 2_147_483_647 },
    expect: { results: RESULTS, requests: 1, atLeast: 290 }, peers: false,
  }),
  fault({
    family: "timeout", rule: "2. No answer in timeoutMs: tried again", name: "no answer once",
    server: [{ silent: true }, { body: GOOD }], client: { timeoutMs: 300 }, expect: { results: RESULTS, requests: 2 },
  }),
  fault({
    family: "deadline", rule: "deadlineMs: time for the whole call, waits between attempts included", name: "no answer",
    server: [{ silent: true }], call: { deadlineMs: 300 }, expect: { code: "TIMEOUT", requests: 1, atLeast: 290, within: 1_000 },
    peers: false,
  }),
  fault({
    family: "deadline", rule: "2. A wait past the caller's deadline is not waited for", name: "a wait beyond it",
    server: [{ status: 503, headers: { "retry-after": "30" }, body: "{}" }], call: { deadlineMs: 2_000 },
    expect: { code: "SERVER_ERROR", requests: 1, within: 1_000 }, peers: false,
  }),
];

const rule = "2. Abort at any stage settles within 50 ms with the signal's own reason; nothing is sent after";
const aborted = (name, step, abort, requests, more = {}) => fault({
  family: "abort", rule, name, server: [step], abort, expect: { reason: "the caller's own", requests, settles: 50, ...more },
});

const aborts = [
  aborted("before the call", { body: GOOD }, { before: true }, 0),
  aborted("while it waits for headers", { silent: true }, { after: 200 }, 1),
  aborted("while it reads the body", { body: GOOD, cut: "half of the body", how: "hang" }, { after: 200 }, 1),
  aborted("while a body drips in", { body: GOOD, drip: 20 }, { after: 200 }, 1),
  aborted("while it waits to try again", { status: 503, headers: { "retry-after": "20" }, body: "{}" }, { after: 300 }, 1),
  aborted("while it waits for a refusal's body", { status: 404, body: "{}", length: 100, hang: true }, { after: 300 }, 1),
  aborted("twice", { silent: true }, { after: 200, twice: true }, 1),
  fault({
    family: "abort", rule, name: "by a signal of time", server: [{ silent: true }], abort: { timeout: 200 },
    expect: { reason: "TimeoutError", requests: 1, within: 1_500 },
  }),
  fault({
    family: "abort", rule, name: "after the end", abort: { afterEnd: true }, expect: { results: RESULTS, requests: 1 },
  }),
];

export const time = [...timeouts, ...aborts];
