/** The runs that failed: equal failures together, each group with its runs, its error and what to do about it. */

import { element, number } from "./dom.js";
import { errorCard } from "./error-view.js";
import { runLink } from "./run-row.js";

/** How many of a group's runs are named. */
const MOST_NAMED = 12;

/** A message without the id of its run, which says the same of another run. */
const general = (runId, message) => message.replace(new RegExp(`\\b${runId}\\b`, "g"), "…");

/**
 * @typedef {{ runId: number, error: import("./pkg/index.js").AnyTranslationResultsError }} Failure
 *
 * @param {Failure[]} failures
 * @returns {{ message: string, failures: Failure[] }[]} Of equal code and message each, in the order of their first runs.
 */
export function grouped(failures) {
  const groups = new Map();
  for (const failure of failures) {
    const { runId, error } = failure;
    const message = general(runId, error.message);
    const key = `${error.code} ${message}`;
    const group = groups.get(key) ?? { message, failures: [] };
    group.failures.push(failure);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) =>
    (group.failures.length === 1 ? { ...group, message: group.failures[0].error.message } : group));
}

/** Links to rows: "999, 70001, and 3 more" */
export function runLinks(runIds) {
  const links = runIds.slice(0, MOST_NAMED).map(runLink).flatMap((link, index) => (index > 0 ? [", ", link] : [link]));
  const more = runIds.length - MOST_NAMED;
  return element("span", {}, ...links, more > 0 ? `, and ${number(more)} more` : "");
}

/** @param {Failure[]} failures */
export const failureCards = (failures) => grouped(failures).map(({ message, failures: equal }) => errorCard({
  errors: equal.map(({ error }) => error),
  message,
  runs: runLinks(equal.map(({ runId }) => runId)),
  runIds: equal.map(({ runId }) => runId),
}));
