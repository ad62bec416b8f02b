/** Buttons that fill the field with example run ids, some of them with mistakes. Each button has its ids in `data-ids`. */

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
