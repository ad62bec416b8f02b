/** Lists of run ids to try, the mistakes among them. */

import { counted, element } from "./dom.js";
import { generatedIds } from "./sample-api/generated.js";
import { otherType, sampleIds, unfinished, unknownIds } from "./sample-api/runs.js";

const [spanish, japanese] = sampleIds;
const [inProgress] = unfinished;
const [unknown] = unknownIds;
const dubbing = [...otherType.keys()].find((id) => otherType.get(id) === "dubbing");

/** Two hundred, of which these three come to nothing. */
const bad = [unknown, inProgress, dubbing];
const someBad = generatedIds(200 - bad.length);
bad.forEach((id, index) => someBad.splice(7 + 61 * index, 0, id));

/** @type {[label: string, ids: (number | string)[], note?: string][]} */
export const EXAMPLES = [
  ["Five languages", sampleIds],
  ["200 runs", generatedIds(200), "generated"],
  ["200 runs, a few bad", someBad, bad.join(", ")],
  ["2,000 runs", generatedIds(2000), "generated"],
  ["Right to left", [20417, 20418, 20419, 61003]],
  ["Long, empty and odd texts", [61004, 61007, 61008, 61009, 61001]],
  ["An unknown run", [spanish, unknown, japanese]],
  ["An unfinished run", [spanish, inProgress]],
  ["A dubbing run", [spanish, dubbing]],
  ["A run twice", [spanish, japanese, spanish]],
  ["Mistakes", [spanish, "20417x", 0]],
];

/**
 * @param {HTMLElement} list
 * @param {(ids: (number | string)[]) => void} onChoose
 */
export function showExamples(list, onChoose) {
  for (const [label, ids, note = ids.length > 3 ? counted(ids.length, "run") : ids.join(", ")] of EXAMPLES) {
    const button = element(
      "button",
      { type: "button" },
      element("span", {}, label),
      " ",
      element("span", { class: "example-note" }, note),
    );
    button.addEventListener("click", () => onChoose(ids));
    list.append(element("li", {}, button));
  }
}
