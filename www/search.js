/** Searches the results, and marks the matches. */

/** The name of the highlight. The style sheet draws it, and the texts stay unchanged. */
const MARKS = "found";

/** Folds upper and lower case, and composed and decomposed accents. */
const folded = (text) => text.normalize("NFC").toLowerCase();

/**
 * @param {ReturnType<typeof import("./run-list.js").createRunList>} list
 * @param {string} query
 * @returns {{ ids: number[], texts: number }} The runs whose id or texts match, and the number of matching texts.
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

/** Marks the matches in the texts that are drawn. @param {HTMLElement} container */
export function mark(container, query) {
  // Some engines lack highlights. The runs are filtered there, too.
  if (!globalThis.CSS?.highlights) return;
  const wanted = query.trim().toLowerCase();
  const ranges = wanted === "" ? [] : [...container.querySelectorAll(".text")].flatMap((text) => rangesIn(text, wanted));
  CSS.highlights.set(MARKS, new Highlight(...ranges));
}

function rangesIn({ firstChild: node }, wanted) {
  const text = node.data.toLowerCase();
  // A few letters change their length in lower case, so positions would not match.
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
