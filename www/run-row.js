/** Makes the rows of the board: the run id, and beside it the texts or the code of the error. */

import { copyButton } from "./copy-button.js";
import { counted, element } from "./dom.js";
import { findRun } from "./sample-api/generated.js";

const languageNames = new Intl.DisplayNames("en", { type: "language" });

/** In characters. Longer texts are folded. This many fill more lines than a folded text shows, even in the widest column. */
const FOLD_AT = 600;
const FOLD_AT_LINES = 8;

/** Returns the item for one text, with a direction and language of its own. */
function textItem(text, language, id) {
  if (text.trim() === "") {
    return element("li", {}, element("p", { class: "blank" }, text === "" ? "(empty)" : "(blank)"));
  }
  const paragraph = element("p", { class: "text", lang: language, id });
  paragraph.textContent = text;
  const item = element("li", { dir: "auto" }, paragraph);
  if (text.length > FOLD_AT || text.split("\n").length > FOLD_AT_LINES) item.append(foldButton(paragraph));
  return item;
}

function foldButton(paragraph) {
  const button = element("button", { type: "button", class: "fold", dir: "ltr", "aria-controls": paragraph.id });
  const fold = (folded) => {
    paragraph.classList.toggle("folded", folded);
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = folded ? `Show all ${counted(paragraph.textContent.length, "character")}` : "Fold";
  };
  button.addEventListener("click", () => fold(!paragraph.classList.contains("folded")));
  fold(true);
  return button;
}

/** Returns the texts of a finished run. */
function textList(runId, texts, language) {
  if (texts.length === 0) return element("p", { class: "blank" }, "This run has no texts.");
  const items = texts.map((text, index) => textItem(text, language, `text-${runId}-${index}`));
  return element("ol", { class: "texts", role: "list" }, ...items);
}

/** Returns the note under a run id, and the content beside it. */
function content(runId, run, language) {
  switch (run.state) {
    case "whole":
      return [counted(run.texts.length, "text"), textList(runId, run.texts, language)];
    case "failed":
      return ["failed", element("p", { class: "why-not" }, run.error.code)];
    case "waiting":
      return ["", element("div", { class: "bars", "aria-hidden": "true" })];
    default:
      return [run.state];
  }
}

const rowId = (runId) => `run-${runId}`;

/** Returns a link to a run's row, which may not be drawn yet. */
export const runLink = (runId) => element("a", { href: `#${rowId(runId)}`, "data-to-run": runId }, String(runId));

/**
 * @param {number} runId
 * @param {import("./run-list.js").Run} run
 */
export function runRow(runId, run) {
  // Another service's runs have the same ids.
  const { language, title } = (run.isSample && findRun(runId)) || {};
  const heading = element("h3", {}, element("span", { class: "run-id" }, String(runId)));
  if (language) heading.append(" ", element("span", { class: "language" }, languageNames.of(language)));
  const [state, ...beside] = content(runId, run, language);
  const notes = [title, state].filter(Boolean).map((note) => element("span", {}, note));
  const head = element("div", { class: "run-head" }, heading, element("p", { class: "notes" }, ...notes));
  if (run.state === "whole" && run.texts.length > 0) {
    head.append(copyButton("Copy", `Copy the texts of run ${runId}`, () => run.texts.join("\n")));
  }
  return element("li", { class: `run ${run.state}`, id: rowId(runId), "data-run-id": runId }, head, ...beside);
}
