/** How far a list of runs is: a bar, its numbers, and which runs are without a result once nothing is under way. */

import { createBatchesView } from "./batches-view.js";
import { counted, duration, element, number } from "./dom.js";
import { rowId } from "./run-row.js";

/** How many of a long list are named. */
const MOST_NAMED = 5;

const write = (node, text) => {
  // A number that is the same needs no new layout.
  if (node.textContent !== text) node.textContent = text;
};

/** Runs a second. */
function pace(runs, ms) {
  const perSecond = ms > 0 ? (1000 * runs) / ms : 0;
  return perSecond < 10 ? perSecond.toFixed(1) : number(Math.round(perSecond));
}

/** "Failed: 999, 70001", each a link to its row. */
function named(word, runIds) {
  const line = element("p", {}, `${word}: `);
  runIds.slice(0, MOST_NAMED).forEach((runId, index) => {
    line.append(index > 0 ? ", " : "", element("a", { href: `#${rowId(runId)}` }, String(runId)));
  });
  const more = runIds.length - MOST_NAMED;
  line.append(more > 0 ? ` and ${number(more)} more.` : ".");
  return line;
}

/** What the button does that asks again. */
function retryLabel({ failed, pending }) {
  if (pending === 0) return "Retry what failed";
  return failed === 0 ? "Fetch what is pending" : "Retry what failed, fetch what is pending";
}

/**
 * @param {object} parts
 * @param {HTMLElement} parts.panel
 * @param {HTMLProgressElement} parts.bar
 * @param {HTMLElement} parts.batches
 * @param {HTMLElement} parts.underWay
 * @param {HTMLElement} parts.numbers Holds an element with `data-count` for each number.
 * @param {HTMLElement} parts.unfinished
 * @param {HTMLButtonElement} parts.cancel
 * @param {HTMLButtonElement} parts.retry
 */
export function createProgressView({ panel, bar, batches, underWay, numbers, unfinished, cancel, retry }) {
  const batchesView = createBatchesView({ bar: batches, lines: underWay });
  const cells = new Map(Array.from(numbers.querySelectorAll("[data-count]"), (cell) => [cell.dataset.count, cell]));

  return {
    /** Shows that a call is under way. The focus goes along where the button that has it gives way. */
    start() {
      const hadFocus = document.activeElement === retry;
      panel.hidden = false;
      cancel.hidden = false;
      retry.hidden = true;
      unfinished.replaceChildren();
      if (hadFocus) cancel.focus();
    },

    /**
     * @param {import("./run-list.js").Tally} tally
     * @param {ReturnType<typeof import("./batches.js").createBatches>} call
     */
    update(tally, call) {
      const { total, succeeded, failed, elapsedMs, ...others } = tally;
      batchesView.show(call);
      bar.max = total;
      bar.value = succeeded + failed;
      write(cells.get("succeeded"), number(succeeded));
      write(cells.get("total"), `of ${counted(total, "run")}`);
      write(cells.get("failed"), number(failed));
      cells.get("failed").classList.toggle("some", failed > 0);
      for (const name of ["pending", "requests", "retries"]) write(cells.get(name), number(others[name]));
      write(cells.get("inFlight"), number(call.underWay().filter(({ until }) => until === undefined).length));
      write(cells.get("elapsed"), duration(elapsedMs));
      write(cells.get("pace"), pace(succeeded + failed, elapsedMs));
    },

    /**
     * Shows how it ended, and offers to ask again where that can help.
     *
     * @param {ReturnType<typeof import("./run-list.js").createRunList>} list
     * @param {HTMLElement} focusElse Has the focus where the button that had it is gone, and there is nothing to retry.
     */
    end(list, focusElse) {
      const missing = list.missing();
      const inState = (state) => missing.filter((runId) => list.find(runId).state === state);
      const lines = [["Failed", inState("failed")], ["Pending", inState("pending")]];
      unfinished.replaceChildren(
        ...lines.filter(([, runIds]) => runIds.length > 0).map(([word, runIds]) => named(word, runIds)));
      const hadFocus = document.activeElement === cancel;
      retry.textContent = retryLabel(list.tally());
      retry.hidden = missing.length === 0;
      if (hadFocus) (retry.hidden ? focusElse : retry).focus();
      cancel.hidden = true;
    },
  };
}
