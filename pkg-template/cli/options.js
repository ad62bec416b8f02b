// What the user has typed, checked as far as it can be without the client.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { textOf } from "./encoding.js";
import { FORMATS } from "./formats.js";

/** Typed wrongly: the message says what, and what would be right. */
export class UsageError extends Error {
  name = "UsageError";
}

const text = { type: "string" };
const OPTIONS = {
  file: { ...text, short: "f" },
  out: { ...text, short: "o" },
  format: text,
  resume: { type: "boolean", default: false },
  concurrency: text,
  timeout: text,
  deadline: text,
  retries: text,
  "base-url": text,
  "key-file": text,
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
};

/** @returns {{ command: "help" | "version" | "get" | "plan", options: object }} */
export function commandLine(argv) {
  const { values, positionals } = parsed(argv);
  if (values.help) return { command: "help" };
  if (values.version) return { command: "version" };
  const [command, ...ids] = positionals;
  if (command !== "get" && command !== "plan") {
    throw new UsageError(command === undefined ? "a command is missing: get or plan" : `"${command}" is no command: get or plan`);
  }
  if (ids.length > 0 && values.file !== undefined) throw new UsageError("run ids are arguments or in --file, not both");
  const { file, out, resume } = values;
  const format = formatOf(values);
  if (resume && (out === undefined || format !== "ndjson")) {
    throw new UsageError("--resume continues an NDJSON file: name it with --out results.ndjson");
  }
  return { command, options: { ids, file, out, resume, format, client: clientOptions(values), call: callOptions(values) } };
}

function parsed(argv) {
  try {
    return parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    if (/--(api-)?key\b(?!-file)/.test(argv.join(" "))) {
      throw new UsageError("arguments are public: give the API key in CAMB_API_KEY or with --key-file");
    }
    throw new UsageError(error.message);
  }
}

function formatOf({ format, out = "" }) {
  const known = Object.keys(FORMATS);
  if (format === undefined) return known.find((name) => out.endsWith(`.${name}`)) ?? "text";
  if (!known.includes(format)) throw new UsageError(`--format is one of ${known.join(", ")}, not "${format}"`);
  return format;
}

function number(values, name) {
  const given = values[name];
  if (given === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(given)) throw new UsageError(`--${name} takes a number, not "${given}"`);
  return Number(given);
}

function milliseconds(values, name) {
  const seconds = number(values, name);
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

const clientOptions = (values) => ({
  baseUrl: values["base-url"],
  timeoutMs: milliseconds(values, "timeout"),
  maxRetries: number(values, "retries"),
  keyFile: values["key-file"],
});

const callOptions = (values) => ({
  concurrency: number(values, "concurrency"),
  deadlineMs: milliseconds(values, "deadline"),
});

/** The key never is an argument: everybody on a machine can read those. */
export function apiKey(keyFile, baseUrl, env) {
  if (keyFile !== undefined) {
    try {
      return textOf(readFileSync(keyFile)).trim();
    } catch (error) {
      throw new UsageError(`the key could not be read from ${keyFile}: ${error.message}`);
    }
  }
  const key = env.CAMB_API_KEY;
  if (!key && baseUrl === undefined) throw new UsageError("there is no API key: set CAMB_API_KEY, or give --key-file");
  return key || undefined;
}
