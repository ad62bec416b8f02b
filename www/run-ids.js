/** What was typed as run ids: the numbers, what is wrong with each, and the requests that a bulk call makes of them. */

import { counted, listOf, number } from "./dom.js";
import { InvalidRunIdsError, planBatches } from "./pkg/index.js";

/** Whatever stands between ids in code, in a table, in JSON or in prose. */
const SEPARATORS = /[\s,;:|/\\()[\]{}<>"'`、，；]+/;
/** A plan of more requests than these is a number. */
const MOST_SIZES = 6;
const MOST_NAMED = 5;

export const wordsIn = (text) => text.split(SEPARATORS).filter((word) => word !== "");

export const endsWithSeparator = (text) => SEPARATORS.test(text.slice(-1));

/** NaN where a word is not digits alone. */
const numberIn = (word) => (/^[+-]?\d+$/.test(word) ? Number(word) : NaN);

function why(problem, word) {
  switch (problem) {
    case "not_an_integer":
      return /^[+-]?\d*[.,]\d+$/.test(word) ? "a fraction" : "not a number";
    case "not_positive":
      return Number(word) === 0 ? "zero: run ids begin at 1" : "run ids begin at 1";
    case "too_large":
      return `too large: run ids end at ${Number.MAX_SAFE_INTEGER}`;
    default:
      return problem;
  }
}

/**
 * @param {string[]} words
 * @returns {{ ids: number[], batches: number[][], wrong: Map<number, string>, repeats: Set<number> }} `batches` of those that
 *   are right; `wrong` and `repeats` by the place in the list. A repeat is not wrong: it is asked for once.
 */
export function read(words) {
  const ids = words.map(numberIn);
  const seen = new Set();
  const repeats = new Set(ids.flatMap((id, index) => (seen.size === seen.add(id).size ? [index] : [])));
  try {
    return { ids, batches: planBatches(ids), wrong: new Map(), repeats };
  } catch (error) {
    if (!(error instanceof InvalidRunIdsError)) throw error;
    const wrong = new Map(error.problems.map(({ problem, index }) => [index, why(problem, words[index])]));
    return { ids, batches: planBatches(ids.filter((_, index) => !wrong.has(index))), wrong, repeats };
  }
}

/** "11 ids → 4 + 4 + 3" */
export function planText(batches) {
  const ids = counted(batches.flat().length, "id");
  const sizes = batches.map((batch) => batch.length);
  const several = sizes.length > 1 && sizes.length <= MOST_SIZES;
  return `${ids} → ${several ? sizes.join(" + ") : counted(sizes.length, "request")}`;
}

/** What is given more than once is asked for once, which somebody may want to know. */
export function repeatsText({ ids, repeats }) {
  const repeated = [...new Set(Array.from(repeats, (index) => ids[index]))];
  if (repeated.length === 0) return "";
  return repeated.length > MOST_NAMED
    ? `${number(repeated.length)} of them are given more than once: each is asked for once.`
    : `${listOf(repeated)} ${repeated.length === 1 ? "is" : "are"} given more than once: asked for once.`;
}
