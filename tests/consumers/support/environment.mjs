/** A test for each environment of users. Its name has the columns of the table. */
import assert from "node:assert/strict";
import { test } from "node:test";

export const SEPARATOR = " │ ";

/** The time limit of an environment. The slowest one builds a whole application. */
const LIMIT_MS = 240_000;

/**
 * @param {string} kind The kind of environment, such as "Browser".
 * @param {string} name
 * @param {string} version
 * @param {(t: import("node:test").TestContext) => Promise<void>} run
 */
export const environment = (kind, name, version, run) =>
  test([kind, name, version].join(SEPARATOR), { timeout: LIMIT_MS }, run);

/** The result of `exercise` against the sample API. */
const EXPECTED = {
  text: "Tu pedido está en camino.",
  succeeded: 2,
  failed: ["404404 NOT_FOUND"],
  streamed: 2,
  refused: "InvalidRunIdsError INVALID_RUN_IDS",
  known: true,
  batches: [[1, 2, 3, 4], [5, 6, 7]],
};

/** Fails unless the last line that a program printed is the result of `exercise`. */
export function assertWorked(output) {
  const line = output.trim().split("\n").at(-1);
  let value;
  try {
    value = JSON.parse(line);
  } catch {
    assert.fail(`the last line should be the result of the exercise, not "${line}":\n${output}`);
  }
  assert.deepEqual(value, EXPECTED);
}
