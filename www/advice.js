/** Advice on an error of the package, by its cause. It does not repeat the message, which says what happened. */

import { duration } from "./dom.js";

const REFUSED = "The service refused the request";
const OF_SERVICE = ["apiKey", "baseUrl"];

const says = (error, words) => error.message.includes(words);
const fromProxy = (error) => says(error, "the proxy at ");

/** Advice that depends on the fields of the error. @type {Record<string, (error: any) => string>} */
const remedies = {
  option: ({ option }) => `Change it under ${OF_SERVICE.includes(option) ? "Service" : "Options"}, then fetch again.`,

  key: (error) => (fromProxy(error)
    ? "Sign in where the proxy asks for it, or check what its authorize function lets through."
    : "Enter the key again under Service, then fetch pending runs."),

  owner: (error) => (fromProxy(error)
    ? "Use a proxy with the key of the account that the runs belong to."
    : "Use the key of the account that the runs belong to."),

  absent: (error) => (says(error, "baseUrl")
    ? "Check the id and the base URL. The run may also belong to another account."
    : "Check the id. The run may also belong to another account."),

  wait: ({ retryAfterMs }) => (retryAfterMs > 0
    ? `The service named a wait of ${duration(retryAfterMs)}: fetch pending runs after it.`
    : "Fetch pending runs later, with fewer requests at once."),

  connection: (error) => {
    if (says(error, "while reading")) return "Retry: the service was reached, and the connection broke off.";
    if (says(error, "CORS")) return "Check the base URL. A service may not allow calls from pages (CORS): use a proxy then.";
    return "Check the network, then retry.";
  },

  time: (error) => (says(error, "deadlineMs")
    ? "Allow the call more time under Options, or ask for fewer runs."
    : "Allow an attempt more time under Options, or retry."),

  answer: ({ received, path }) => {
    if (received === "HTML or XML") return "Check the base URL: a sign-in or error page answered in the service's place.";
    if (path?.length > 0) return "Report it to the service: this run is not as documented. Others are not affected.";
    return "Retry: the answer may have been cut off on its way. If it stays so, report it to the service.";
  },

  wasm: (error) => (says(error, "memory")
    ? "Fetch again, fewer runs at a time."
    : "Let the page's Content-Security-Policy have script-src 'wasm-unsafe-eval'."),
};

/** @type {Record<string, [title: string, next: string | ((error: any) => string)]>} */
const ADVICE = {
  INVALID_OPTIONS: ["An option cannot be used", remedies.option],
  WASM_UNAVAILABLE: ["WebAssembly cannot be used here", remedies.wasm],
  BAD_REQUEST: [REFUSED, "Leave the run out: a retry gives the same answer."],
  UNAUTHORIZED: ["The key was refused", remedies.key],
  PAYMENT_REQUIRED: ["The account has no credit", "Add credit or change the plan, then fetch pending runs."],
  FORBIDDEN: ["The runs belong to another account", remedies.owner],
  NOT_FOUND: ["There is no such run", remedies.absent],
  UNPROCESSABLE: [REFUSED, "Leave the run out: a retry gives the same answer."],
  RATE_LIMITED: ["Too many requests", remedies.wait],
  SERVER_ERROR: ["The service failed", "Retry later: nothing is wrong with the request."],
  UNEXPECTED_STATUS: [REFUSED, "Check the base URL. If it is right, report the status to the service."],
  REDIRECTED: ["The service redirects requests", "Enter the address of the redirect as the base URL."],
  NETWORK: ["The service was not reached", remedies.connection],
  TIMEOUT: ["There was no answer in time", remedies.time],
  INVALID_RESPONSE: ["The answer is not as documented", remedies.answer],
  MISSING_RESULT: ["The run has no result", "If the run is still under way, retry when it is finished. If not, check the id."],
};

const UNKNOWN = ["Something else went wrong", "Look at the browser's console, and report it."];

/**
 * @param {import("./pkg/index.js").AnyTranslationResultsError} error
 * @returns {[title: string, next: string]}
 */
export function adviceOn(error) {
  const [title, next] = ADVICE[error?.code] ?? UNKNOWN;
  return [title, typeof next === "function" ? next(error) : next];
}
