// The error classes: an exported Rust struct cannot extend `Error`. Rust writes the messages and the fields, see
// `src/npm/error.rs`.

// Registered globally, so that every copy of the package in a process recognizes the errors of the others.
const BRAND = Symbol.for("translation-results.error");

/** The fields that are safe and useful in a log. */
const LOGGED = ["name", "code", "message", "attempts", "status", "requestId", "retryAfterMs", "missing"];

export class TranslationResultsError extends Error {
  constructor(message, { code, attempts = 0, ...fields } = {}, options) {
    super(message, options);
    Object.assign(this, { code, attempts }, fields);
  }

  static is(value) {
    try {
      return typeof value === "object" && value !== null && BRAND in value;
    } catch {
      return false; // a revoked proxy, or one that throws
    }
  }

  toJSON() {
    const fields = LOGGED.map((field) => [field, this[field]]);
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
}

export class InvalidOptionsError extends TranslationResultsError {}

// Rust sets every field. A test double may leave out those with a default.
export class InvalidRunIdsError extends TranslationResultsError {
  constructor(message, fields, options) {
    super(message, { problems: [], ...fields }, options);
  }
}
export class ApiError extends TranslationResultsError {
  constructor(message, fields, options) {
    super(message, { detail: [], ...fields }, options);
  }
}
export class NetworkError extends TranslationResultsError {}
export class TimeoutError extends TranslationResultsError {}
export class InvalidResponseError extends TranslationResultsError {
  constructor(message, fields, options) {
    super(message, { path: [], missing: [], results: {}, ...fields }, options);
  }
}
export class WasmUnavailableError extends TranslationResultsError {}

const classes = {
  TranslationResultsError,
  InvalidOptionsError,
  InvalidRunIdsError,
  ApiError,
  NetworkError,
  TimeoutError,
  InvalidResponseError,
  WasmUnavailableError,
};

// `name` is on the prototypes, as for built-in errors. It is a literal, because minifiers rename classes.
const hidden = (target, key, value) => Object.defineProperty(target, key, { value, configurable: true, writable: true });
hidden(TranslationResultsError.prototype, BRAND, true);
for (const [name, errorClass] of Object.entries(classes)) {
  hidden(errorClass, "name", name);
  hidden(errorClass.prototype, "name", name);
}

/** The errors that this package has made. An abort reason belongs to the caller, whatever its class. */
const made = new WeakSet();

/** Makes an error for Rust. */
export function makeError(className, message, fields, options) {
  const error = new classes[className](message, fields, options);
  made.add(error);
  return error;
}

/** Makes the stack of an error begin at the call of a function: the error was made in a callback of the platform. */
export function traceFrom(called, error) {
  // Without the method, the stack names only code of the package.
  if (made.has(error)) Error.captureStackTrace?.(error, called);
  return error;
}
