/** An error of the package, in plain words: what happened, why, and what to do next. */

import { adviceOn } from "./advice.js";
import { copyButton } from "./copy-button.js";
import { duration, element } from "./dom.js";
import { TranslationResultsError } from "./pkg/index.js";

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
  const [title, next] = adviceOn(known ? error : undefined);
  const facts = element("dl", {}, fact("Why", known ? error.message : error), fact("What to do", next));
  for (const [name, member, inWords = String] of FACTS) {
    if (error?.[member] !== undefined) facts.append(fact(name, inWords(error[member])));
  }
  const code = element("span", { class: "code" }, known ? error.code : "ERROR");
  const label = `Copy report of ${runId === undefined ? "what stopped the call" : `run ${runId}'s failure`}`;
  const copy = copyButton("Copy report", label, () => report(error, runId));
  return element("div", { class: "error" }, element(heading, {}, code, " ", element("span", {}, title)), facts, copy);
}
