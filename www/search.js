/** Searching the results: which runs hold what is looked for, and marks where it is. */

/** Drawn by the style sheet; the texts themselves stay as they are. */
const MARKS = "found";

/** Letters alike in both cases, and in either way of writing an accent. */
const folded = (text) => text.normalize("NFC").toLowerCase();

/**
 * @param {ReturnType<typeof import("./run-list.js").createRunList>} list
 * @param {string} query
 * @returns {{ ids: number[], texts: number }} The runs, by their id or their texts, and how many texts it is in.
 */
export function search(list, query) {
  const wanted = folded(query.trim());
  if (wanted === "") return { ids: list.ids, texts: list.textCount() };
  let texts = 0;
  const ids = list.ids.filter((runId) => {
    const run = list.find(runId);
    const found = (run.texts ?? []).filter((text) => folded(text).includes(wanted)).length;
    texts += found;
    return found > 0 || String(runId) === wanted;
  });
  return { ids, texts };
}

/** Marks what is looked for in the texts that are drawn. @param {HTMLElement} container */
export function mark(container, query) {
  // Not every engine has them; the runs that are left then say where it is.
  if (!globalThis.CSS?.highlights) return;
  const wanted = query.trim().toLowerCase();
  const ranges = wanted === "" ? [] : [...container.querySelectorAll(".text")].flatMap((text) => rangesIn(text, wanted));
  CSS.highlights.set(MARKS, new Highlight(...ranges));
}

function rangesIn({ firstChild: node }, wanted) {
  const text = node.data.toLowerCase();
  // A few letters have another length in lower case.
  if (text.length !== node.data.length) return [];
  const ranges = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
    const range = new Range();
    range.setStart(node, at);
    range.setEnd(node, at + wanted.length);
    ranges.push(range);
  }
  return ranges;
}
