#!/usr/bin/env node
// The command line: `npx translation-results`. Its exit codes are in the help.
import process from "node:process";
import { get } from "./get.js";
import { HELP } from "./help.js";
import { UsageError, commandLine } from "./options.js";
import { plan } from "./plan.js";
import { oneLine, print, say } from "./standard.js";

const USAGE = 2;
const KEY_REFUSED = 3;

/** As shells count: 128 and the number of SIGPIPE. */
const READER_GONE = 141;

async function run(argv) {
  const { command, options } = commandLine(argv);
  if (command === "help") return print(HELP);
  if (command === "version") return print(`${PACKAGE_VERSION}\n`);
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

function codeOf({ name, code, readerGone }) {
  if (readerGone) return READER_GONE;
  if (name === "UsageError" || code === "INVALID_OPTIONS") return USAGE;
  return code === "UNAUTHORIZED" || code === "FORBIDDEN" ? KEY_REFUSED : 1;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.exitCode = codeOf(error);
  if (process.exitCode !== READER_GONE) {
    say(`translation-results: ${ARGUMENTS[error.option] ?? ""}${oneLine(error.message)}\n`);
    if (error instanceof UsageError) say("translation-results --help says more\n");
  }
}
