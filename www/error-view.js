/** An error of the package, in plain words: what happened, why, and what to do next. */

import { copyButton } from "./copy-button.js";
import { duration, element } from "./dom.js";
import { TranslationResultsError } from "./pkg/index.js";

const REFUSED = "The service refused the request";
const LATER = "Ask again in a while.";

/** @type {Record<string, [title: string, next: string]>} */
const ADVICE = {
  INVALID_OPTIONS: ["The client cannot be set up like this", "Mend the option that the message names."],
  WASM_UNAVAILABLE: [
    "WebAssembly is not allowed here",
    "Let the page's Content-Security-Policy have script-src 'wasm-unsafe-eval'.",
  ],
  BAD_REQUEST: [REFUSED, "Leave this run out: the message says why it does not fit."],
  UNAUTHORIZED: ["The key was refused", "Check the API key."],
  PAYMENT_REQUIRED: ["The account's credit is used up", "Add credit to the account."],
  FORBIDDEN: ["The key may not read this", "Ask with the key of the account that the run belongs to."],
  NOT_FOUND: ["No result is found there", "Check that the run exists, is finished and belongs to this account."],
  UNPROCESSABLE: [REFUSED, "Mend the run ids that the message names."],
  RATE_LIMITED: ["Too many requests", LATER],
  SERVER_ERROR: ["The service failed", LATER],
  UNEXPECTED_STATUS: [REFUSED, LATER],
  REDIRECTED: ["The service points elsewhere", "Set baseUrl to the address that answers; a key is not sent along."],
  NETWORK: ["The service was not reached", "Check the connection, then ask again."],
  TIMEOUT: ["No answer in time", "Ask again, or allow more time with timeoutMs."],
  INVALID_RESPONSE: ["The answer is not as documented", LATER],
  MISSING_RESULT: ["The run has no result", "Wait until it is finished, or check that it exists and belongs to this account."],
};

const FACTS = [
  ["Option", "option"],
  ["Status", "status"],
  ["Attempts", "attempts"],
  ["Wait", "retryAfterMs", duration],
  ["Request id", "requestId"],
];

const fact = (name, value) => element("div", {}, element("dt", {}, name), element("dd", {}, String(value)));

/** What may be shown to anybody: the package keeps keys out of its errors, and what a service answered is left out. */
function report(error, runId) {
  const { option, status, requestId, retryAfterMs, timeoutMs, path, expected, received } = error;
  const known = TranslationResultsError.is(error) ? error.toJSON() : { name: error?.name, message: String(error) };
  return JSON.stringify({
    ...known, runId, option, status, requestId, retryAfterMs, timeoutMs, path, expected, received,
    at: new Date().toISOString(), userAgent: navigator.userAgent,
  }, undefined, 2);
}

/**
 * @param {unknown} error What a run failed with, or what stopped the call.
 * @param {"h3" | "h4"} heading Of the level below what it stands under.
 * @param {number} [runId]
 */
export function errorCard(error, heading, runId) {
  const known = TranslationResultsError.is(error);
  const [title, next] = (known && ADVICE[error.code]) || ["Something else went wrong", "See the message."];
  const facts = element("dl", {}, fact("Why", known ? error.message : error), fact("What to do", next));
  for (const [name, member, inWords = String] of FACTS) {
    if (error?.[member] !== undefined) facts.append(fact(name, inWords(error[member])));
  }
  const code = element("span", { class: "code" }, known ? error.code : "ERROR");
  const label = `Copy report of ${runId === undefined ? "what stopped the call" : `run ${runId}'s failure`}`;
  const copy = copyButton("Copy report", label, () => report(error, runId));
  return element("div", { class: "error" }, element(heading, {}, code, " ", element("span", {}, title)), facts, copy);
}
