/** Lists of run ids to try, the mistakes among them: each button's `data-ids`. */

import { expanded } from "./ranges.js";

/**
 * @param {HTMLElement} list
 * @param {(words: string[]) => void} onChoose
 */
export function wireExamples(list, onChoose) {
  for (const button of list.querySelectorAll("button[data-ids]")) {
    button.disabled = false;
    button.addEventListener("click", () => onChoose(expanded(button.dataset.ids)));
  }
}
