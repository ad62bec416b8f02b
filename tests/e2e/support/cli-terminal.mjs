/** The command line on a pseudo-terminal, which `script` makes. */
import { spawn } from "node:child_process";
import { KEY } from "./calls.mjs";
import { ended, program as cli } from "./cli.mjs";

const LIMIT_MS = 60_000;
const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Runs the command line on a terminal. Returns its exit code, and everything that was sent to the terminal.
 *
 * @param {Record<string, string | undefined>} [env] Default: a terminal with colours.
 * @param {number[]} [ids] Ids for a pipe. The first arrives a second before the others.
 */
export async function onTerminal(args, env = {}, ids = undefined) {
  const program = [process.execPath, cli, ...args].map(quoted).join(" ");
  const command = ids === undefined ? program : `(echo ${ids[0]}; sleep 1; echo ${ids.slice(1).join(" ")}) | ${program}`;
  // These variables of a CI system would turn colours off.
  const { CI, NO_COLOR, FORCE_COLOR, NODE_DISABLE_COLORS, ...rest } = process.env;
  const child = spawn("script", ["--quiet", "--return", "--command", `stty columns 80; ${command}`, "/dev/null"], {
    env: { ...rest, CAMB_API_KEY: KEY, TERM: "xterm-256color", ...env },
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  const { code, stdout } = await ended(child);
  // The terminal adds a carriage return to each line feed.
  return { code, shown: stdout.replace(/\r+\n/g, "\n") };
}

/** Returns the text that stays on the terminal: the progress line is removed or overwritten. */
export const remaining = (shown) => shown.replace(/\r\x1b\[K[^\r\n]*(?=\r\x1b\[K)/g, "").replaceAll("\r\x1b[K", "");

/** Returns the progress lines in order. */
export const progressLines = (shown) => shown.split("\r\x1b[K").filter((text) => / · /.test(text));
