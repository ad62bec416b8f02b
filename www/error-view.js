/** Shows an error of the package in plain words: what happened, why, and what to do next. */

import { adviceOn } from "./advice.js";
import { copyButton } from "./copy-button.js";
import { counted, duration, element, number } from "./dom.js";
import { TranslationResultsError } from "./pkg/index.js";

const FACTS = [
  ["Option", "option"],
  ["Status", "status"],
  ["Attempts", "attempts", (attempts) => (attempts > 1 ? String(attempts) : "")],
  ["Wait", "retryAfterMs", duration],
  ["Request id", "requestId"],
];

const fact = (name, value) => element("div", {}, element("dt", {}, name), element("dd", {}, value));

/** Returns a report that is safe to publish: errors of the package contain no key, and the report leaves out the answer's body. */
function report(error, runIds) {
  const { option, status, requestId, retryAfterMs, timeoutMs, path, expected, received } = error;
  const known = TranslationResultsError.is(error) ? error.toJSON() : { name: error?.name, message: String(error) };
  return JSON.stringify({
    ...known, runIds, option, status, requestId, retryAfterMs, timeoutMs, path, expected, received,
    at: new Date().toISOString(), userAgent: navigator.userAgent,
  }, undefined, 2);
}

/** Returns the subject of a report. */
function subject(runIds) {
  if (runIds === undefined) return "the error that stopped the call";
  return `the failure of ${runIds.length > 1 ? counted(runIds.length, "run") : `run ${runIds[0]}`}`;
}

/**
 * @param {object} what
 * @param {unknown[]} what.errors The errors of failed runs, with equal code and message, or the error that stopped a call.
 * @param {string} [what.message] Default: the message of the error.
 * @param {Node} [what.runs] Links to the failed runs.
 * @param {number[]} [what.runIds] The ids of the failed runs.
 */
export function errorCard({ errors, message, runs, runIds }) {
  const [error] = errors;
  const known = TranslationResultsError.is(error);
  const [title, next] = adviceOn(known ? error : undefined);
  const facts = element("dl");
  if (runs) facts.append(fact(runIds.length > 1 ? `${number(runIds.length)} runs` : "Run", runs));
  facts.append(fact("Why", message ?? (known ? error.message : String(error))), fact("What to do", next));
  for (const [name, member, inWords = String] of FACTS) {
    const values = new Set(errors.map((one) => one?.[member]));
    // Values that differ are not shown. The report has the first.
    const words = values.size === 1 && error?.[member] !== undefined && inWords(error[member]);
    if (words) facts.append(fact(name, words));
  }
  const code = element("span", { class: "code" }, known ? error.code : "ERROR");
  const copy = copyButton("Copy report", `Copy report of ${subject(runIds)}`, () => report(error, runIds));
  return element("div", { class: "error" }, element("h3", {}, code, " ", element("span", {}, title)), facts, copy);
}
