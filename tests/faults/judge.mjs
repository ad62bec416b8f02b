/** Compares the outcome of a case with its expectation. */
import { isDeepStrictEqual } from "node:util";
import { WITHIN_MS } from "./cases/fault.mjs";

const inShort = (value) => JSON.stringify(value)?.slice(0, 200);

/** Returns the expectation of a case in a runtime. Some engines differ. */
export const expected = (testCase, runtime) => testCase[runtime] ?? testCase.expect;

/**
 * @param {object} expect
 * @param {object} outcome The outcome that `perform` returned.
 * @param {number} requests The number of requests that the server received.
 * @param {{ ours: boolean, slack: number }} rules If not `ours`, any error is accepted where an error is expected. `slack` is the
 *   time in ms that a busy machine may add, and `load` the factor by which it may slow a call down.
 * @returns {string[]} The differences. It is empty if there are none.
 */
export function complaints(expect, outcome, requests, { ours, slack = 0, load = 1 }) {
  const found = [];
  const { results, error, reason, ms, settled, size, leaks } = outcome;
  const failed = reason !== undefined;
  const codes = expect.codes ?? (expect.code === undefined ? [] : [expect.code]);

  const resolvedWell = expect.results !== undefined && isDeepStrictEqual(results, expect.results);
  const rejectedWell = codes.length > 0 && failed && (!ours || codes.includes(error?.code));
  const leftWell = expect.reason !== undefined && failed && (!ours || String(reason) === expect.reason);
  const largeWell = expect.size !== undefined && size >= expect.size;
  if (!(resolvedWell || rejectedWell || leftWell || largeWell)) {
    const seen = failed ? `${error?.code ?? reason}` : `results ${inShort(results)}`;
    found.push(`${seen} instead of ${[...codes, expect.reason, inShort(expect.results)].filter(Boolean).join(" or ")}`);
  }
  if (leaks) found.push("the key is in the error");
  const [least, most = least] = [expect.requests ?? [0, Infinity]].flat();
  if (requests < least || requests > most) found.push(`${requests} requests instead of ${inShort(expect.requests)}`);
  if (ms < (expect.atLeast ?? 0)) found.push(`after ${Math.round(ms)} ms, before ${expect.atLeast}`);
  const within = load * (expect.within ?? WITHIN_MS) + slack;
  if (ms > within) found.push(`after ${Math.round(ms)} ms instead of ${within}`);
  if (expect.settles !== undefined && settled > expect.settles + slack) {
    found.push(`${Math.round(settled)} ms after the abort`);
  }
  if (ours && expect.option !== undefined && error?.option !== expect.option) found.push(`names ${error?.option}`);
  if (ours && expect.retryAfterMs !== undefined && error?.retryAfterMs !== expect.retryAfterMs) {
    found.push(`retryAfterMs is ${error?.retryAfterMs}`);
  }
  return found;
}
