// The error classes. They are JavaScript because an exported Rust struct cannot extend `Error`.

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

// Every code that is not the service's own refusal, with its class and the fields that this has.
const CLASSES = {
  INVALID_OPTIONS: [InvalidOptionsError, "option"],
  INVALID_RUN_IDS: [InvalidRunIdsError, "problems"],
  NETWORK: [NetworkError],
  TIMEOUT: [TimeoutError, "timeoutMs"],
  INVALID_RESPONSE: [InvalidResponseError, "path", "expected", "received", "missing", "results"],
};
CLASSES.MISSING_RESULT = CLASSES.INVALID_RESPONSE;
const REFUSAL = [ApiError, "status", "body", "detail", "requestId", "retryAfterMs"];

/** What Rust calls, with the values of the fields that the code's class has; a NetworkError's is its cause. */
export function makeError(code, message, attempts, ...values) {
  const [errorClass, ...names] = CLASSES[code] ?? REFUSAL;
  const fields = { code, attempts };
  names.forEach((name, index) => {
    // The last two are not always there.
    if (index < 3 || values[index] !== undefined) fields[name] = values[index];
  });
  return new errorClass(message, fields, errorClass === NetworkError ? { cause: values[0] } : undefined);
}
