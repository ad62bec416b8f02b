/** The command line of the installed package, as a process of its own. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { installDir } from "./install.mjs";
import { KEY } from "./calls.mjs";

export const program = join(installDir, "node_modules", ".bin", "translation-results");

/** The time limit of a process, so that none outlives its test. */
const LIMIT_MS = 60_000;

/** @param {object} [options] With `input: null`, standard input stays open. With `key: null`, there is no key. */
function begun(command, args, { input = "", key = KEY, env = {} } = {}) {
  const { CAMB_API_KEY, ...rest } = process.env;
  const child = spawn(command, args, {
    env: { ...rest, ...(key === null ? {} : { CAMB_API_KEY: key }), ...env },
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  child.stdin.on("error", () => {});
  if (input !== null) child.stdin.end(input);
  return child;
}

export const start = (args, options) => begun(process.execPath, [program, ...args], options);

/** Starts Bash with a script in which `"$@"` is the command line with its arguments. */
export const startShell = (script, args, options) =>
  begun("bash", ["-c", script, "bash", process.execPath, program, ...args], options);

/** Waits for a process to end. Returns its exit code and its output. */
export async function ended(child) {
  const [stdout, stderr, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: code ?? signal, stdout, stderr };
}

export const run = (args, options) => ended(start(args, options));

export const shell = (script, args, options) => ended(startShell(script, args, options));

/** Root may ignore file modes. `bound` runs the command line without that right. */
export const isRoot = process.getuid() === 0;
const BOUND = isRoot ? 'exec setpriv --bounding-set=-all --inh-caps=-all "$@"' : 'exec "$@"';
export const bound = (args) => shell(BOUND, args);

/** The summary of `get` on standard error. */
const LAST_LINE = String.raw`[\d,]+(?: of [\d,]+)? runs?, [\d,]+ failed(?:, [\d,]+ from before)?(?:, [\d,]+ values? skipped)?, [\d,]+ requests?, [\d,]+\.\d s(?: -> [^\n]+)?\n`;

/** Fails unless standard error has the lines of a pattern, followed by the summary. */
export function assertSays(stderr, pattern = "") {
  assert.match(stderr, new RegExp(`^${pattern}${LAST_LINE}$`));
}

/** Replaces times, which vary: `4.1 s` becomes `T s`. */
export const timeless = (stderr) => stderr.replace(/(, )[\d,]+\.\d s(?=\n| ->)/g, "$1T s");
