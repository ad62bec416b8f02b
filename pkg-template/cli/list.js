// Run ids in a list, with anything between them.
import { GROUPING, LONGEST, SEPARATOR, ambiguous, isAmbiguous, notARunId, partsOf, runId } from "./run-id.js";

/** Separates whatever may stand on either side: a separator that does not group digits. */
const CERTAIN = new RegExp(`(?![${GROUPING}])[\\s;|"\`()[\\]{}]`);
const GROUPING_CHARACTER = new RegExp(`[${GROUPING}]`);

/** The beginning of digits in groups. */
const MAY_BE_GROUPED = new RegExp(`^\\d{1,3}(?:[${GROUPING}]\\d{3})*(?:[${GROUPING}]\\d{0,3})?$`);

/** More characters than the digits of a run id with what groups them. */
const LONGEST_GROUPED = 24;

/**
 * Yields the run ids of a list. `onBad` gets every other value: where it is, and what is wrong with it.
 *
 * @param {AsyncIterable<string>} texts
 * @param {{ json?: boolean, onBad: (place: string, message: string) => void }} options `json`: commas always separate.
 */
export async function* idsOfList(texts, { json = false, onBad }) {
  for await (const { value, line } of valuesIn(texts, json)) {
    const id = runId(value);
    if (id !== undefined) yield id;
    else onBad(`line ${line}`, !json && isAmbiguous(value) ? ambiguous(value) : notARunId(value));
  }
}

/** Yields the values between separators. Digits in groups stay together unless they can only be several numbers. */
async function* valuesIn(texts, json) {
  let rest = "";
  let line = 1;
  /** The text before `rest` ended within a row of values that are no groups. */
  let within = false;
  const whole = function* (text) {
    for (const [index, part] of text.split("\n").entries()) {
      if (index > 0) line += 1;
      for (const [at, row] of part.split(CERTAIN).entries()) {
        if (index > 0 || at > 0) within = false;
        if (row === "") continue;
        const values = !json && !within && isAmbiguous(row) ? [row] : partsOf(row);
        for (const value of values) yield { value, line };
      }
    }
  };
  for await (const piece of texts) {
    const text = rest + piece;
    const end = endOfWhole(text, json, within);
    // One character more than what is shown of it.
    rest = text.slice(end, end + LONGEST + 1);
    yield* whole(text.slice(0, end));
    if (end > 0) within = GROUPING_CHARACTER.test(text[end - 1]);
  }
  yield* whole(rest);
}

/** Returns where the last value of a text begins, which the next text may continue. */
function endOfWhole(text, json, within) {
  const begin = lastAfter(SEPARATOR, text, 0);
  if (json || begin === 0 || !GROUPING_CHARACTER.test(text[begin - 1])) return begin;
  const first = Math.max(0, text.length - LONGEST_GROUPED);
  const row = lastAfter(CERTAIN, text, first);
  const isRow = row > first || (first === 0 && !within);
  return isRow && MAY_BE_GROUPED.test(text.slice(row)) ? row : begin;
}

/** Returns the place after the last separator, `first` where there is none. */
function lastAfter(separator, text, first) {
  let end = text.length;
  while (end > first && !separator.test(text[end - 1])) end -= 1;
  return end;
}
