/** Abbreviates lists of run ids, for the examples and the page's address: `1..5` is every id from 1 to 5. */

const RANGE = /^(\d{1,15})\.\.(\d{1,15})$/;
/** The most ids of a range. An address from somebody else may name any range. */
const MOST = 10_000;
/** The fewest ids that become a range. Fewer are shorter one by one. */
const FEWEST = 3;

/** @param {string} text Words and ranges with commas between them. @returns {string[]} */
export const expanded = (text) => text.split(",").filter(Boolean).flatMap((word) => {
  const [, first, last] = RANGE.exec(word)?.map(Number) ?? [];
  const length = last - first + 1;
  return length >= 1 && length <= MOST ? Array.from({ length }, (_, index) => String(first + index)) : [word];
});

/** The opposite. @param {string[]} words */
export function shortened(words) {
  const groups = [];
  for (const word of words) {
    const last = groups.at(-1);
    if (last && word === String(Number(last.at(-1)) + 1)) last.push(word);
    else groups.push([word]);
  }
  return groups.flatMap((group) => (group.length < FEWEST ? group : [`${group[0]}..${group.at(-1)}`])).join(",");
}
