/** Runs as the rows of a board, in the order asked for: the run at the side, its texts beside it. */

import { counted, element } from "./dom.js";
import { runs } from "./sample-api/runs.js";

const languageNames = new Intl.DisplayNames("en", { type: "language" });

/** Texts above this are folded. In the widest column it is more than the lines that stay in sight. */
const FOLD_AT = 600;
const FOLD_AT_LINES = 8;

/** A lone text element, its direction and language its own. */
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
    button.textContent = folded ? `Show all ${paragraph.textContent.length.toLocaleString("en")} characters` : "Fold";
  };
  button.addEventListener("click", () => fold(!paragraph.classList.contains("folded")));
  fold(true);
  return button;
}

/** A row: the run at its side, and what is to be said of it. */
function row(runId, kind, state, ...content) {
  const { language, title } = runs.get(runId) ?? {};
  const heading = element("h3", {}, element("span", { class: "run-id" }, String(runId)));
  if (language) heading.append(" ", element("span", { class: "language" }, languageNames.of(language)));
  const notes = [title, state].filter(Boolean).map((note) => element("span", {}, note));
  const head = element("div", { class: "run-head" }, heading, element("p", { class: "notes" }, ...notes));
  return element("li", { class: `run ${kind}`, "data-run-id": runId }, head, ...content);
}

function resultRow(runId, texts) {
  if (texts === undefined) return row(runId, "absent", "no result");
  if (texts.length === 0) {
    return row(runId, "whole", counted(0, "text"), element("p", { class: "blank" }, "This run has no texts."));
  }
  const language = runs.get(runId)?.language;
  const items = texts.map((text, index) => textItem(text, language, `text-${runId}-${index}`));
  return row(runId, "whole", counted(texts.length, "text"), element("ol", { class: "texts", role: "list" }, ...items));
}

const board = (...rows) => element("ol", { class: "runs", role: "list" }, ...rows);

/**
 * @param {number[]} runIds In the order asked for, which an object with integer keys does not keep.
 * @param {import("./pkg/index.js").PartialResults} results
 */
export const resultsBoard = (runIds, results) =>
  board(...runIds.map((runId) => resultRow(runId, results[runId]?.texts)));

/** The same rows while the texts are still on their way. */
export const waitingBoard = (runIds) =>
  board(...runIds.map((runId) => row(runId, "waiting", "", element("div", { class: "bars", "aria-hidden": "true" }))));
