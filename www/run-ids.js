/** Reads typed run ids: returns the ids, the problems, and the requests of a bulk call. */

import { counted, listOf, number } from "./dom.js";
import { notARunId, runId } from "../pkg-template/cli/run-id.js";
import { planBatches } from "./pkg/index.js";

/** Separators of ids in code, tables, JSON and prose. */
const SEPARATORS = /[\s,;:|/\\()[\]{}<>"'`、，；]+/;
/** A plan of more requests is shown as a count. */
const MAX_SIZES = 6;
const MAX_NAMED = 5;

export const wordsIn = (text) => text.split(SEPARATORS).filter((word) => word !== "");

export const endsWithSeparator = (text) => SEPARATORS.test(text.slice(-1));

/**
 * @typedef {object} Reading
 * @property {number[]} ids The run ids among the words.
 * @property {number[][]} batches The run ids of each request.
 * @property {Map<number, string>} wrong The words that are not run ids, by their positions.
 * @property {Set<number>} repeats The positions of repeats. A repeat is not wrong: its run is requested once.
 * @property {number[]} repeated The repeated ids.
 */

/** @param {string[]} words @returns {Reading} */
export function read(words) {
  const ids = [];
  const wrong = new Map();
  const seen = new Set();
  const repeats = new Set();
  const repeated = new Set();
  words.forEach((word, index) => {
    const id = runId(word);
    if (id === undefined) {
      wrong.set(index, word);
      return;
    }
    if (seen.has(id)) {
      repeats.add(index);
      repeated.add(id);
    }
    seen.add(id);
    ids.push(id);
  });
  return { ids, batches: planBatches(ids), wrong, repeats, repeated: [...repeated] };
}

/** Returns why words are not run ids, in the words of the command line. */
export function wrongText(words) {
  if (words.length === 0) return "";
  const more = words.length - 1;
  return `${notARunId(words[0])}${more > 0 ? `; and ${number(more)} more` : ""}`;
}

/** Returns the plan: "11 ids → 4 + 4 + 3". */
export function planText(batches) {
  const ids = counted(batches.flat().length, "id");
  const sizes = batches.map((batch) => batch.length);
  const several = sizes.length > 1 && sizes.length <= MAX_SIZES;
  return `${ids} → ${several ? sizes.join(" + ") : counted(sizes.length, "request")}`;
}

/** Returns which ids are repeated. Each is requested once. */
export function repeatsText({ repeated }) {
  if (repeated.length === 0) return "";
  return repeated.length > MAX_NAMED
    ? `${number(repeated.length)} of them are given more than once: each is asked for once.`
    : `${listOf(repeated)} ${repeated.length === 1 ? "is" : "are"} given more than once: asked for once.`;
}
