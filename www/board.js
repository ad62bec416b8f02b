/** The board: a row for each run of a list that is to be seen, in the order asked for, a little drawn at a time. */

import { element } from "./dom.js";
import { runRow } from "./run-row.js";

/** Rows stand in blocks, since what is out of sight is left out of the layout block by block, not row by row. */
const BLOCK = 50;
/** The number of rows drawn of a long list, until all are asked for. */
export const FIRST = 50;

/** @param {HTMLElement} container Holds the board and nothing else. */
export function createBoard(container) {
  /** @type {ReturnType<typeof import("./run-list.js").createRunList> | undefined} */
  let list;
  /** The runs that are to be seen. */
  let ids = [];
  let rows = [];
  let most = FIRST;
  let positions = new Map();
  const stale = new Set();

  const draw = (runId) => runRow(runId, list.find(runId));

  return {
    /**
     * Takes what is there away and begins with another list, or others of its runs, unless they are the same.
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

    /** How many runs are to be seen, and how many of them are drawn or will be without `showAll`. */
    get size() {
      return { all: ids.length, shown: Math.min(most, ids.length) };
    },

    /** Lets `draw` go on to the end of the list. */
    showAll() {
      most = Infinity;
    },

    /** @returns {HTMLElement | undefined} A run's row, if it is drawn. */
    row: (runId) => rows[positions.get(runId)],

    /** A run of this list is not as it was drawn; it may not be drawn yet. */
    changed(of, runId) {
      if (of === list && positions.get(runId) < rows.length) stale.add(runId);
    },

    /**
     * Draws what is not drawn yet, up to a moment: a long list in one go would hold up the whole page.
     *
     * @param {number} until As `performance.now()` counts.
     * @returns {boolean} Whether all that is to be drawn is.
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
