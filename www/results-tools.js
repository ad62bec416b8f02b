/** Searches, copies and downloads results. */

import { counted, element } from "./dom.js";
import { Encoder, statusOf } from "../pkg-template/cli/formats.js";
import { search } from "./search.js";

const TYPING_MS = 150;

/** The formats of the command line. */
const DOWNLOADS = [["json", "application/json"], ["ndjson", "application/x-ndjson"], ["csv", "text/csv;charset=utf-8"]];

const cellOf = (value) => (typeof value === "string" ? `"${value.replaceAll('"', '""')}"` : value ?? "");
const rowOf = ([runId, ok, ...cells]) => `${[runId, statusOf(ok), ...cells.map(cellOf)].join(",")}\r\n`;

/** Returns a whole list in one of the formats. */
function encoded(list, format) {
  const encoder = new Encoder(format, (rows) => rows.map(rowOf).join(""));
  return [encoder.first, ...Array.from(list.items(), (item) => encoder.run(item)), encoder.last];
}

function download(parts, type, name) {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  element("a", { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

/**
 * @param {(id: string) => HTMLElement} part
 * @param {() => void} onSearch Called when the search has changed.
 */
export function createResultsTools(part, onSearch) {
  const [panel, field, found] = ["tools", "search", "found"].map(part);
  /** @type {ReturnType<typeof import("./run-list.js").createRunList>} */
  let list;
  let timer;

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(onSearch, TYPING_MS);
  });
  part("copy-results").text = () => encoded(list, "text").join("");
  for (const [format, type] of DOWNLOADS) {
    const button = element("button", { type: "button" }, format.toUpperCase());
    button.addEventListener("click", () => download(encoded(list, format), type, `translation-results.${format}`));
    part("downloads").append(element("li", {}, button));
  }

  return {
    /** Changes to another list, and clears the search. */
    show(other) {
      list = other;
      field.value = "";
      found.textContent = "";
    },

    /** Shows the tools. During a call they are shown before the first text arrives, so that nothing moves. */
    update(underWay) {
      panel.hidden = !underWay && list.textCount() === 0;
    },

    /** Clears the search. */
    clear() {
      field.value = "";
    },

    get query() {
      return field.value;
    },

    /** Returns the runs that match the search. @returns {number[]} */
    seen() {
      const { ids, texts } = search(list, field.value);
      found.textContent = field.value.trim() === "" ? "" : `${counted(texts, "text")} in ${counted(ids.length, "run")}`;
      return ids;
    },
  };
}
