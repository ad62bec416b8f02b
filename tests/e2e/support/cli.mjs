/** The command line of the installed package, as a process of its own. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { installDir } from "./install.mjs";
import { KEY } from "./calls.mjs";

export const program = join(installDir, "node_modules", ".bin", "translation-results");

/** For any one process: none may outlive its test. */
const LIMIT_MS = 60_000;

/** @param {object} [options] `input` is left open where it is `null`; `key` is none where it is `null`. */
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

/** Its exit code and all that it printed. */
export async function ended(child) {
  const [stdout, stderr, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: code ?? signal, stdout, stderr };
}

export const run = (args, options) => ended(start(args, options));

export const shell = (script, args, options) => ended(startShell(script, args, options));

/** Root may do what the mode of a file forbids. Other users may not, and `bound` gives root no more than that. */
export const isRoot = process.getuid() === 0;
const BOUND = isRoot ? 'exec setpriv --bounding-set=-all --inh-caps=-all "$@"' : 'exec "$@"';
export const bound = (args) => shell(BOUND, args);

/** The last line of `get` on standard error. */
const LAST_LINE = String.raw`[\d,]+(?: of [\d,]+)? runs?, [\d,]+ failed(?:, [\d,]+ from before)?(?:, [\d,]+ values? skipped)?, [\d,]+ requests?, [\d,]+\.\d s(?: -> [^\n]+)?\n`;

/** Fails unless standard error is the lines of a pattern, and the summary after them. */
export function assertSays(stderr, pattern = "") {
  assert.match(stderr, new RegExp(`^${pattern}${LAST_LINE}$`));
}

/** Times vary: `4.1 s` is `T s`. */
export const timeless = (stderr) => stderr.replace(/(, )[\d,]+\.\d s(?=\n| ->)/g, "$1T s");
