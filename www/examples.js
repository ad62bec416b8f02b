/** Lists of run ids to try, the mistakes among them. */

import { counted, element } from "./dom.js";
import { otherType, sampleIds, unfinished, unknownIds } from "./sample-api/runs.js";

const [spanish, japanese] = sampleIds;
const [inProgress] = unfinished;
const [unknown] = unknownIds;
const dubbing = [...otherType.keys()].find((id) => otherType.get(id) === "dubbing");

/** @type {[label: string, ids: (number | string)[]][]} */
export const EXAMPLES = [
  ["Five languages", sampleIds],
  ["Right to left", [20417, 20418, 20419, 61003]],
  ["Long, empty and odd texts", [61004, 61007, 61008, 61009, 61001]],
  ["An unknown run", [spanish, unknown, japanese]],
  ["An unfinished run", [spanish, inProgress]],
  ["A dubbing run", [spanish, dubbing]],
  ["Mistakes", [spanish, spanish, "20417x"]],
];

/**
 * @param {HTMLElement} list
 * @param {(ids: (number | string)[]) => void} onChoose
 */
export function showExamples(list, onChoose) {
  for (const [label, ids] of EXAMPLES) {
    const shortIds = ids.length > 3 ? counted(ids.length, "run") : ids.join(", ");
    const button = element(
      "button",
      { type: "button" },
      element("span", {}, label),
      " ",
      element("span", { class: "example-ids" }, shortIds),
    );
    button.addEventListener("click", () => onChoose(ids));
    list.append(element("li", {}, button));
  }
}
