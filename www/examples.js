/** Lists of run ids to try, the mistakes among them: each button's `data-ids`, in which `1..5` is all from one to five. */

const RANGE = /^(\d+)\.\.(\d+)$/;

function wordsOf(word) {
  const [, first, last] = RANGE.exec(word) ?? [];
  if (first === undefined) return [word];
  return Array.from({ length: last - first + 1 }, (_, index) => String(Number(first) + index));
}

/**
 * @param {HTMLElement} list
 * @param {(words: string[]) => void} onChoose
 */
export function wireExamples(list, onChoose) {
  for (const button of list.querySelectorAll("button[data-ids]")) {
    button.disabled = false;
    button.addEventListener("click", () => onChoose(button.dataset.ids.split(" ").flatMap(wordsOf)));
  }
}
