// The error classes, and the words in them: Rust decides what went wrong and knows the facts of it, a code's row says what
// the caller is told. JavaScript because an exported Rust struct cannot extend `Error`.

// Registered, so that every copy of the package on a page or in a process knows the others' errors.
const BRAND = Symbol.for("translation-results.error");

export class TranslationResultsError extends Error {
  constructor(message, { code, attempts = 0, ...fields } = {}, options) {
    super(message, options);
    Object.assign(this, { code, attempts }, fields);
  }

  static is(value) {
    try {
      return typeof value === "object" && value !== null && BRAND in value;
    } catch {
      return false; // a proxy that was revoked, or that throws
    }
  }

  toJSON() {
    const { name, code, message, attempts } = this;
    return { name, code, message, attempts };
  }
}

export class InvalidOptionsError extends TranslationResultsError {}
export class InvalidRunIdsError extends TranslationResultsError {}
export class ApiError extends TranslationResultsError {}
export class NetworkError extends TranslationResultsError {}
export class TimeoutError extends TranslationResultsError {}
export class InvalidResponseError extends TranslationResultsError {}

// On the prototypes, as the built-in errors have it; and in words, as a minifier renames classes.
const hidden = (target, key, value) => Object.defineProperty(target, key, { value, configurable: true, writable: true });
hidden(TranslationResultsError.prototype, BRAND, true);
for (const [name, errorClass] of Object.entries({
  TranslationResultsError,
  InvalidOptionsError,
  InvalidRunIdsError,
  ApiError,
  NetworkError,
  TimeoutError,
  InvalidResponseError,
})) {
  hidden(errorClass, "name", name);
  hidden(errorClass.prototype, "name", name);
}

/** The first few of a list, and how many more there are. */
const listed = (texts, separator) =>
  `: ${texts.slice(0, 5).join(separator)}${texts.length > 5 ? ` and ${texts.length - 5} more` : ""}`;

/** Every problem of run ids in the order in which Rust counts them, from 1 on: its name, its facts, and what it says. */
const PROBLEMS = [
  ["not_an_array", () => ({}), () => "not an array"],
  ["too_few", (count) => ({ count, min: 2 }), ({ count }) => `${count} id${count === 1 ? "" : "s"} where 2 to 5 are needed`],
  ["too_many", (count) => ({ count, max: 5 }), ({ count }) => `${count} ids where 2 to 5 are needed`],
  ["not_an_integer", (index) => ({ index }), ({ index }) => `the id at index ${index} is not an integer`],
  ["not_positive", (index) => ({ index }), ({ index }) => `the id at index ${index} is not positive`],
  ["too_large", (index) => ({ index }), ({ index }) => `the id at index ${index} is above 9007199254740991`],
  [
    "duplicate",
    (index, firstIndex) => ({ index, firstIndex }),
    ({ index, firstIndex }) => `the id at index ${index} repeats the one at index ${firstIndex}`,
  ],
];

/** A problem as callers get it. */
export function problemOf(kind, ...numbers) {
  const [problem, facts] = PROBLEMS[kind - 1];
  return { problem, ...facts(...numbers) };
}

/** A problem in words. */
const inWords = (problem) => PROBLEMS.find(([name]) => name === problem.problem)[2](problem);

/** What a value of JSON is, in the order in which `shape` counts types. */
const TYPES = ["something else", "null", "an array", "an object", "a string", "a number", "a boolean"];

const TYPEOF = ["undefined", 0, 0, "object", "string", "number", "boolean", "function"];

/** The number of what a value is. */
export const typeOf = (value) => (value === null ? 1 : Array.isArray(value) ? 2 : TYPEOF.indexOf(typeof value));

const TEXTS = "an object with texts";
const LIST = "an array of strings";

/** What should stand where a run is not as it should be, by the first number of its shape. */
const EXPECTED = [TEXTS, "", TEXTS, LIST, LIST, "a string"];

/** What is wrong with a body as a whole, by how it ended. */
const BODIES = [
  ,
  () => ["a body within maxResponseBytes", "a larger one"],
  ,
  () => ["a body that is still to be read", "one that was already read"],
  () => ["a Response from fetch", "something else"],
  (text) => {
    const first = text.trimStart()[0];
    const other = first === "<" ? "HTML or XML" : "something else, or JSON that breaks off";
    return ["JSON", first === undefined ? "an empty body" : other];
  },
  (body) => ["an object of runs", TYPES[typeOf(body)]],
];

/** Where in an answer a run is not as it should be, and what is there; see `shape` of `exchange.js`. */
function runFault({ wrapped, alone }, runId, shape) {
  const level = shape % 8;
  const path = wrapped ? ["results"] : [];
  if (!alone) path.push(`${runId}`);
  if (level > 2) path.push("texts");
  if (level > 4) path.push(Math.floor(shape / 64));
  const received = level === 0 ? "nothing" : level === 3 ? "no such member" : TYPES[Math.floor(shape / 8) % 8];
  return [path, EXPECTED[level], received];
}

function refusal(event, retryAfterMs) {
  const { status } = event;
  const requestId = event.requestId();
  const { body, detail, said } = event.refusal();
  return [
    ` (status ${status})${said === undefined ? "" : `: ${said}`}`,
    { status, body, detail, ...(requestId !== undefined && { requestId }), ...(retryAfterMs >= 0 && { retryAfterMs }) },
  ];
}

function answer(event, place, shape) {
  const { what, batch, body, runIds, missing = runIds, results = {} } = event;
  const runId = batch[place];
  const [path, expected, received] = runId ? runFault(event, runId, shape) : [[], ...BODIES[what](body)];
  const at = path.length ? ` at ${path.join(".")}` : "";
  return [`: expected ${expected}, received ${received}${at}`, { path, expected, received, missing, results }];
}

/** For each class: what follows a code's phrase, the error's own fields, and its cause. */
const FACTS = new Map([
  [InvalidOptionsError, (option, must) => [` ${option}: ${must}`, { option }]],
  [
    InvalidRunIdsError,
    (event, kind, index) => {
      // All of a list, or the one at which a source was given up.
      const problems = kind === undefined ? event : [problemOf(kind, index)];
      return [listed(problems.map(inWords), "; "), { problems }];
    },
  ],
  [ApiError, refusal],
  [NetworkError, ({ cause }) => ["", {}, { cause }]],
  [TimeoutError, (_, timeoutMs) => [` ${timeoutMs} ms`, { timeoutMs }]],
  [InvalidResponseError, answer],
]);

/** Every code in the order in which Rust counts them, its class, what happened and, where there is one, the remedy. */
const CODES = [
  ["INVALID_OPTIONS", InvalidOptionsError, "invalid option"],
  ["INVALID_RUN_IDS", InvalidRunIdsError, "invalid run ids"],
  ["BAD_REQUEST", ApiError, "the service refused the request"],
  ["UNAUTHORIZED", ApiError, "the service did not accept the API key, see apiKey"],
  ["PAYMENT_REQUIRED", ApiError, "the service asks for payment, see the account's plan"],
  ["FORBIDDEN", ApiError, "the API key may not read these runs"],
  ["NOT_FOUND", ApiError, "the service found nothing there, check the run ids and baseUrl"],
  ["UNPROCESSABLE", ApiError, "the service refused the run ids"],
  ["RATE_LIMITED", ApiError, "the service asks for fewer requests"],
  ["SERVER_ERROR", ApiError, "the service failed"],
  ["UNEXPECTED_STATUS", ApiError, "the service gave an undocumented status"],
  [
    "REDIRECTED",
    ApiError,
    "redirects are not followed, as they would carry the API key along: set baseUrl to the final address",
  ],
  ["NETWORK", NetworkError, "the connection failed before the whole answer was there"],
  ["TIMEOUT", TimeoutError, "no whole answer within"],
  ["INVALID_RESPONSE", InvalidResponseError, "the answer is not as documented"],
  ["MISSING_RESULT", InvalidResponseError, "the answer lacks requested runs"],
];

export const codeOf = (code) => CODES[code][0];

/** An error of a code's class, made of the facts that it takes: what has happened, and two more. */
export function errorOf(index, attempts, ...facts) {
  const [code, errorClass, phrase] = CODES[index];
  const [more, fields, options] = FACTS.get(errorClass)(...facts);
  const words = code === "MISSING_RESULT" ? `: ${fields.missing.join(", ")}` : more;
  return new errorClass(phrase + words, { code, attempts, ...fields }, options);
}

export const invalidOption = (option, must) => errorOf(0, 0, option, must);

export const invalidRunIds = (problems) => errorOf(1, 0, problems);
