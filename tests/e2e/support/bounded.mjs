/** Tests that cannot hang: what a call waits for in vain would keep a test file for good. */
import { test as unbounded } from "node:test";

const TEST_MS = 20_000;

export const test = (name, run) => unbounded(name, { timeout: TEST_MS }, run);
