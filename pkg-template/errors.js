// The error classes: an exported Rust struct cannot extend `Error`. Rust writes the messages and the fields, see
// `src/npm/error.rs`.

// Registered, so that every copy of the package on a page or in a process knows the others' errors.
const BRAND = Symbol.for("translation-results.error");

/** The fields that are safe and useful in a log, if an error has them. */
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
      return false; // a proxy that was revoked, or that throws
    }
  }

  toJSON() {
    const fields = LOGGED.map((field) => [field, this[field]]);
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
}

export class InvalidOptionsError extends TranslationResultsError {}
export class InvalidRunIdsError extends TranslationResultsError {}
export class ApiError extends TranslationResultsError {}
export class NetworkError extends TranslationResultsError {}
export class TimeoutError extends TranslationResultsError {}
export class InvalidResponseError extends TranslationResultsError {}
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

// On the prototypes, as the built-in errors have it; and written out, as minifiers rename classes.
const hidden = (target, key, value) => Object.defineProperty(target, key, { value, configurable: true, writable: true });
hidden(TranslationResultsError.prototype, BRAND, true);
for (const [name, errorClass] of Object.entries(classes)) {
  hidden(errorClass, "name", name);
  hidden(errorClass.prototype, "name", name);
}

/** The errors that this package has made. An abort's reason is the caller's, whatever its class. */
const made = new WeakSet();

/** Makes an error for Rust. */
export function makeError(className, message, fields, options) {
  const error = new classes[className](message, fields, options);
  made.add(error);
  return error;
}

/** Has the stack of an error begin where a function was called: it was made in a callback of the platform's. */
export function traceFrom(called, error) {
  // Engines without the method name the code of the package only.
  if (made.has(error)) Error.captureStackTrace?.(error, called);
  return error;
}
