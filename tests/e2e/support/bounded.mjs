/** `test` with a time limit, so that a call that never settles cannot block a test file. */
import { test as unbounded } from "node:test";

const TEST_MS = 20_000;

export const test = (name, run) => unbounded(name, { timeout: TEST_MS }, run);
