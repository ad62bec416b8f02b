// Reads run ids from a list with any separators.
import { GROUPING, LONGEST, SEPARATOR, ambiguous, isAmbiguous, notARunId, partsOf, runId } from "./run-id.js";

/** The separators that cannot group digits. */
const CERTAIN = new RegExp(`(?![${GROUPING}])[\\s;|"\`()[\\]{}]`);
const GROUPING_CHARACTER = new RegExp(`[${GROUPING}]`);

/** Matches digits in groups, or the beginning of such digits. */
const MAY_BE_GROUPED = new RegExp(`^\\d{1,3}(?:[${GROUPING}]\\d{3})*(?:[${GROUPING}]\\d{0,3})?$`);

/** A run id with grouped digits is shorter. */
const LONGEST_GROUPED = 24;

/**
 * Yields the run ids of a list. Calls `onBad` with the place and the message of every other value.
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
  /** Whether `rest` continues values that are separated by grouping characters, such as `1,2,3`. */
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
    // Messages show the first LONGEST characters. One more tells that the value is longer.
    rest = text.slice(end, end + LONGEST + 1);
    yield* whole(text.slice(0, end));
    if (end > 0) within = GROUPING_CHARACTER.test(text[end - 1]);
  }
  yield* whole(rest);
}

/** Returns the position of the last value, which the next text may continue. */
function endOfWhole(text, json, within) {
  const begin = lastAfter(SEPARATOR, text, 0);
  if (json || begin === 0 || !GROUPING_CHARACTER.test(text[begin - 1])) return begin;
  const first = Math.max(0, text.length - LONGEST_GROUPED);
  const row = lastAfter(CERTAIN, text, first);
  const isRow = row > first || (first === 0 && !within);
  return isRow && MAY_BE_GROUPED.test(text.slice(row)) ? row : begin;
}

/** Returns the position after the last separator, or `first` if there is no separator. */
function lastAfter(separator, text, first) {
  let end = text.length;
  while (end > first && !separator.test(text[end - 1])) end -= 1;
  return end;
}
