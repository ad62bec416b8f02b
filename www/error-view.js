/** An error of the package, in plain words: what happened, and what to do next. */

import { element, listOf } from "./dom.js";
import { TranslationResultsError } from "./pkg/index.js";

const REFUSED = "The service refused the request";
const LATER = "Ask again in a while.";

/** @type {Record<string, [title: string, next: string]>} */
const ADVICE = {
  INVALID_OPTIONS: ["The client cannot be set up like this", "Mend the option that the message names."],
  INVALID_RUN_IDS: ["The run ids are not valid", "Mend the run ids; nothing was sent."],
  WASM_UNAVAILABLE: [
    "WebAssembly is not allowed here",
    "Let the page's Content-Security-Policy have script-src 'wasm-unsafe-eval'.",
  ],
  BAD_REQUEST: [
    REFUSED,
    "A request is refused as a whole, so no run came. Leave out the run that does not fit, and ask again.",
  ],
  UNAUTHORIZED: ["The key was refused", "Check the API key."],
  PAYMENT_REQUIRED: ["The account's credit is used up", "Add credit to the account."],
  FORBIDDEN: ["The key may not read these runs", "Ask with the key of the account that the runs belong to."],
  NOT_FOUND: ["There is nothing at this address", "Check baseUrl and the run ids."],
  UNPROCESSABLE: [REFUSED, "Mend the run ids that the message names."],
  RATE_LIMITED: ["Too many requests", LATER],
  SERVER_ERROR: ["The service failed", LATER],
  UNEXPECTED_STATUS: [REFUSED, LATER],
  REDIRECTED: ["The service points elsewhere", "Set baseUrl to the address that answers; a key is not sent along."],
  NETWORK: ["The service was not reached", "Check the connection, then ask again."],
  TIMEOUT: ["No answer in time", "Ask again, or allow more time with timeoutMs."],
  INVALID_RESPONSE: ["The answer is not as documented", LATER],
  MISSING_RESULT: ["The answer is not whole", "Check the run ids."],
};

/** One sentence for each run at fault where the error tells them, else what is true of its code. */
function nextSteps(error) {
  const { path = [], received, missing = [] } = error;
  const steps = [];
  if (path.length === 1 && received === "null") {
    steps.push(`Run ${path[0]} has no texts yet. Ask for it again once it is finished.`);
  }
  if (missing.length > 0) {
    const [which, each] = missing.length === 1 ? ["Run", "the run"] : ["Runs", "each"];
    steps.push(`${which} ${listOf(missing)} did not come: check that ${each} exists and belongs to this account.`);
  }
  return steps.length > 0 ? steps : [ADVICE[error.code]?.[1] ?? "See the message."];
}

const fact = (name, ...values) =>
  element("div", {}, element("dt", {}, name), ...values.map((value) => element("dd", {}, String(value))));

/**
 * @param {number[]} runIds What was asked for.
 * @param {unknown} error What the call rejected with.
 */
export function errorCard(runIds, error) {
  const known = TranslationResultsError.is(error);
  const facts = element("dl", {}, fact("Message", known ? error.message : String(error)));
  if (known) facts.append(fact("What to do", ...nextSteps(error)));
  if (runIds.length > 0) facts.append(fact("Asked for", runIds.join(", ")));
  for (const [name, member] of [["Status", "status"], ["Attempts", "attempts"], ["Request id", "requestId"]]) {
    if (error?.[member] !== undefined) facts.append(fact(name, error[member]));
  }
  return element(
    "div",
    { class: "error" },
    element(
      "h3",
      {},
      element("span", { class: "code" }, known ? error.code : "ERROR"),
      " ",
      element("span", {}, (known && ADVICE[error.code]?.[0]) || "Something else went wrong"),
    ),
    facts,
  );
}
