/** Lists of run ids in short: `1..5` is all from one to five. In the examples and in the page's address. */

const RANGE = /^(\d{1,15})\.\.(\d{1,15})$/;
/** An address can be anybody's: no more than this comes of a range. */
const MOST = 10_000;
/** Fewer are shorter one by one. */
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
