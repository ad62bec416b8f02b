#!/usr/bin/env node
// The command line: `npx translation-results`.
import process from "node:process";
import { endWith } from "./end.js";
import { get } from "./get.js";
import { HELP } from "./help.js";
import { UsageError, commandLine } from "./options.js";
import { plan } from "./plan.js";
import { print, say } from "./standard.js";

let given;

async function run(argv) {
  const { command, options } = commandLine(argv);
  given = options?.given;
  if (command === "help") return print(HELP);
  if (command === "version") return print(`${PACKAGE_VERSION}\n`);
  return command === "plan" ? plan(options) : get(options);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.exitCode = endWith(error, given);
  if (error instanceof UsageError) say("translation-results --help says more\n");
}
