// Reads the options that the user typed, and checks them as far as possible without the client.
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { parseArgs } from "node:util";
import { closestMatch } from "leven";
import { textOf } from "./encoding.js";
import { FORMATS } from "./formats.js";

/** The user typed something wrong. The message says what, and how to correct it. */
export class UsageError extends Error {
  name = "UsageError";
}

const text = { type: "string" };
const flag = { type: "boolean", default: false };
const OPTIONS = {
  file: { ...text, short: "f" },
  column: text,
  out: { ...text, short: "o" },
  format: text,
  bom: flag,
  resume: flag,
  "fail-fast": flag,
  concurrency: text,
  timeout: text,
  deadline: text,
  retries: text,
  "base-url": text,
  header: { ...text, multiple: true },
  "key-file": text,
  progress: flag,
  quiet: flag,
  verbose: flag,
  help: { ...flag, short: "h" },
  version: { ...flag, short: "v" },
};

const COMMANDS = ["get", "plan"];

/** The format for each file name extension of `--out`. */
const ENDINGS = { txt: "text", text: "text", json: "json", ndjson: "ndjson", jsonl: "ndjson", csv: "csv" };

/** @returns {{ command: "help" | "version" | "get" | "plan", options: object }} */
export function commandLine(argv) {
  const { values, positionals } = parsed(argv);
  if (values.help) return { command: "help" };
  if (values.version) return { command: "version" };
  const [command, ...ids] = positionals;
  if (command === undefined) throw new UsageError("a command is missing: get or plan");
  if (!COMMANDS.includes(command)) {
    throw new UsageError(`"${command}" is not a command: use get or plan${suggestion(command, COMMANDS)}`);
  }
  const { file, column, out, bom, resume, progress, quiet, verbose } = values;
  if (ids.length > 0 && file !== undefined) throw new UsageError("run ids are arguments or in --file, not both");
  if (ids.length > 0 && column !== undefined) throw new UsageError("--column is for run ids in --file or in a pipe");
  if (progress && quiet) throw new UsageError("use --progress or --quiet, not both");
  const format = formatOf(values);
  if (resume && (out === undefined || format !== "ndjson")) {
    throw new UsageError("--resume continues an NDJSON file: name it with --out results.ndjson");
  }
  if (bom && format !== "csv") throw new UsageError("--bom is for CSV: add --format csv");
  const options = { ids, file, column, out, format, bom, resume, progress, quiet, verbose, failFast: values["fail-fast"] };
  return { command, options: { ...options, client: clientOptions(values), call: callOptions(values), given: values } };
}

/** Parses the arguments. Checks them here, because the messages of `parseArgs` are not ours. */
function parsed(argv) {
  const { tokens, ...found } = parseArgs({
    args: argv, options: OPTIONS, allowPositionals: true, strict: false, tokens: true,
  });
  for (const token of tokens) if (token.kind === "option") check(token);
  return found;
}

function check({ name, rawName, value, inlineValue }) {
  if (!Object.hasOwn(OPTIONS, name)) {
    if (/^(api[-_]?)?key$/i.test(name)) {
      throw new UsageError("arguments are public: give the API key in CAMB_API_KEY or with --key-file");
    }
    const known = Object.keys(OPTIONS).map((option) => `--${option}`);
    throw new UsageError(`${rawName} is not an option${suggestion(rawName, known)}`);
  }
  if (OPTIONS[name].type === "boolean") {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
  } else if (value === undefined || (!inlineValue && value.startsWith("-") && value !== "-")) {
    throw new UsageError(`${rawName} needs a value: for one that begins with a dash, write --${name}=VALUE`);
  }
}

/** Suggests a known word that is similar to a misspelt one, or that shares its beginning. */
function suggestion(word, known) {
  const given = word.toLowerCase().replaceAll("_", "-");
  const letters = given.replace(/^-+/, "");
  const isPart = (name) => letters.length > 1 && (name.startsWith(given) || given.startsWith(name));
  const found = known.find(isPart) ?? closestMatch(given, known, { maxDistance: Math.ceil(letters.length / 3) });
  return found === undefined ? "" : `; did you mean ${found}?`;
}

function formatOf({ format, out }) {
  const known = Object.keys(FORMATS);
  if (format !== undefined) {
    if (!known.includes(format)) throw new UsageError(`--format is one of ${known.join(", ")}, not "${format}"`);
    return format;
  }
  if (out === undefined) return "text";
  const ending = extname(out).slice(1).toLowerCase();
  if (!Object.hasOwn(ENDINGS, ending)) {
    const endings = Object.keys(ENDINGS).map((name) => `.${name}`);
    throw new UsageError(`--out ${out} does not end with ${endings.join(", ")}: add --format for another name`);
  }
  return ENDINGS[ending];
}

/** Returns NaN for a value that is not a number: the client refuses it, and its message states the rule. */
const number = (given) => (given === undefined ? undefined : /^\d+(\.\d+)?$/.test(given) ? Number(given) : NaN);

/** The client's longest timeout, in ms. */
const MAX_MS = 2 ** 31 - 1;

/** Converts an option from seconds. Checks it here, because the client's message speaks of milliseconds. */
function milliseconds(values, name) {
  const ms = Math.round(number(values[name]) * 1000);
  if (values[name] === undefined) return undefined;
  if (ms >= 1 && ms <= MAX_MS) return ms;
  const most = Math.floor(MAX_MS / 1000);
  throw new UsageError(`--${name} must be a number of seconds from 0.001 to ${most}, not "${values[name]}"`);
}

/** Parses `--header` options. Messages do not repeat a header, as it may hold a secret. */
function headersOf(lines = []) {
  const headers = new Map();
  for (const line of lines) {
    const [, name, value] = /^([^:]*):(.*)$/s.exec(line) ?? [];
    if (!name?.trim()) throw new UsageError('--header must be "name: value"');
    const key = name.trim().toLowerCase();
    if (headers.has(key)) throw new UsageError(`--header must not have ${key} twice`);
    headers.set(key, value.trim());
  }
  return Object.fromEntries(headers);
}

const clientOptions = (values) => ({
  baseUrl: values["base-url"],
  timeoutMs: milliseconds(values, "timeout"),
  maxRetries: number(values.retries),
  headers: headersOf(values.header),
  keyFile: values["key-file"],
});

const callOptions = (values) => ({
  concurrency: number(values.concurrency),
  deadlineMs: milliseconds(values, "deadline"),
});

/** Returns the API key. The key is never an argument, because every user of a machine can read arguments. */
export function apiKey(keyFile, baseUrl, env) {
  if (keyFile !== undefined) {
    try {
      return textOf(readFileSync(keyFile)).trim();
    } catch (error) {
      throw new UsageError(`the key could not be read from ${keyFile}: ${error.message}`);
    }
  }
  const key = env.CAMB_API_KEY?.trim();
  if (!key && baseUrl === undefined) throw new UsageError("there is no API key: set CAMB_API_KEY, or give --key-file");
  return key || undefined;
}
