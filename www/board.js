/** The board: a row for each visible run of a list, in the requested order. Rows are drawn a few at a time. */

import { element } from "./dom.js";
import { runRow } from "./run-row.js";

/** The rows in a block. The style sheet leaves blocks that are out of sight out of the layout. */
const BLOCK = 50;
/** The number of rows drawn of a long list, until the user shows all. */
export const FIRST = 50;

/** @param {HTMLElement} container Contains only the board. */
export function createBoard(container) {
  /** @type {ReturnType<typeof import("./run-list.js").createRunList> | undefined} */
  let list;
  /** The visible runs. */
  let ids = [];
  let rows = [];
  let most = FIRST;
  let positions = new Map();
  const stale = new Set();

  const draw = (runId) => runRow(runId, list.find(runId));

  return {
    /**
     * Replaces the board by other runs of this list or another. Does nothing if they are the same.
     *
     * @param {typeof list} other
     * @param {number[]} seen
     */
    show(other, seen) {
      if (other === list && seen === ids) return;
      if (other !== list) most = FIRST;
      list = other;
      ids = seen;
      rows = [];
      positions = new Map(ids.map((runId, index) => [runId, index]));
      stale.clear();
      container.replaceChildren();
    },

    /** The number of visible runs, and how many of them are drawn without `showAll`. */
    get size() {
      return { all: ids.length, shown: Math.min(most, ids.length) };
    },

    /** Makes `draw` continue to the end of the list. */
    showAll() {
      most = Infinity;
    },

    /** @returns {HTMLElement | undefined} A run's row, if it is drawn. */
    row: (runId) => rows[positions.get(runId)],

    /** Notes that a run has changed since it was drawn. Ignores runs that are not drawn, and other lists. */
    changed(of, runId) {
      if (of === list && positions.get(runId) < rows.length) stale.add(runId);
    },

    /**
     * Draws missing and changed rows until a deadline: drawing a long list at once would block the page.
     *
     * @param {number} until In ms, as `performance.now()` returns.
     * @returns {boolean} Whether every row is drawn.
     */
    draw(until) {
      for (const runId of stale) {
        if (performance.now() > until) return false;
        const position = positions.get(runId);
        const row = draw(runId);
        rows[position].replaceWith(row);
        rows[position] = row;
        stale.delete(runId);
      }
      const end = Math.min(most, ids.length);
      while (rows.length < end && performance.now() <= until) {
        if (rows.length % BLOCK === 0) container.append(element("ol", { class: "runs", role: "list" }));
        const row = draw(ids[rows.length]);
        container.lastElementChild.append(row);
        rows.push(row);
      }
      return rows.length === end;
    },
  };
}
