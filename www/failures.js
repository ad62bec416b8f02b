/** Shows failed runs in groups of equal failures, each with its runs, its error and advice. */

import { element, number } from "./dom.js";
import { errorCard } from "./error-view.js";
import { runLink } from "./run-row.js";

/** The most runs that are named in a group. */
const MAX_NAMED = 12;

/** Replaces the run id in a message, so that the messages of different runs can be equal. */
const general = (runId, message) => message.replace(new RegExp(`\\b${runId}\\b`, "g"), "…");

/**
 * @typedef {{ runId: number, error: import("./pkg/index.js").AnyTranslationResultsError }} Failure
 *
 * @param {Failure[]} failures
 * @returns {{ message: string, failures: Failure[] }[]} Groups of equal code and message, in the order of their first runs.
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

/** Returns links to rows: "999, 70001, and 3 more". */
export function runLinks(runIds) {
  const links = runIds.slice(0, MAX_NAMED).map(runLink).flatMap((link, index) => (index > 0 ? [", ", link] : [link]));
  const more = runIds.length - MAX_NAMED;
  return element("span", {}, ...links, more > 0 ? `, and ${number(more)} more` : "");
}

/** @param {Failure[]} failures */
export const failureCards = (failures) => grouped(failures).map(({ message, failures: equal }) => errorCard({
  errors: equal.map(({ error }) => error),
  message,
  runs: runLinks(equal.map(({ runId }) => runId)),
  runIds: equal.map(({ runId }) => runId),
}));
