#!/usr/bin/env node
// The command line: `npx translation-results`. Its exit codes are in the help.
import process from "node:process";
import { get } from "./get.js";
import { HELP } from "./help.js";
import { UsageError, commandLine } from "./options.js";
import { plan } from "./plan.js";

const USAGE = 2;
const KEY_REFUSED = 3;

async function run(argv) {
  const { command, options } = commandLine(argv);
  if (command === "help") return void process.stdout.write(HELP);
  if (command === "version") return void process.stdout.write(`${PACKAGE_VERSION}\n`);
  return command === "plan" ? plan(options) : get(options);
}

/** Which argument an option of the client's came from. */
const ARGUMENTS = {
  concurrency: "--concurrency: ",
  timeoutMs: "--timeout: ",
  deadlineMs: "--deadline: ",
  maxRetries: "--retries: ",
  baseUrl: "--base-url: ",
};

function codeOf({ name, code }) {
  if (name === "UsageError" || code === "INVALID_OPTIONS") return USAGE;
  return code === "UNAUTHORIZED" || code === "FORBIDDEN" ? KEY_REFUSED : 1;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`translation-results: ${ARGUMENTS[error.option] ?? ""}${error.message}\n`);
  if (error instanceof UsageError) process.stderr.write("translation-results --help says more\n");
  process.exitCode = codeOf(error);
}
// A pipe that nobody closes would keep the process alive.
process.stdin.destroy();
