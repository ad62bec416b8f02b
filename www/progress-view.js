/** Shows the progress of a list: a bar, its numbers on demand, and the missing runs after a call. */

import { createBatchesView } from "./batches-view.js";
import { counted, duration, element, number } from "./dom.js";
import { failureCards, runLinks } from "./failures.js";

const write = (node, text) => {
  // An unchanged text needs no new layout.
  if (node.textContent !== text) node.textContent = text;
};

/** Returns the rate in runs a second. */
function pace(runs, ms) {
  const perSecond = ms > 0 ? (1000 * runs) / ms : 0;
  return perSecond < 10 ? perSecond.toFixed(1) : number(Math.round(perSecond));
}

/** Returns the progress of a call in words: "455 of 2,000 runs, 6 in flight". */
function nowText({ total, succeeded, failed }, inFlight, waiting) {
  return [
    `${number(succeeded + failed)} of ${counted(total, "run")}`,
    inFlight > 0 && `${number(inFlight)} in flight`,
    waiting > 0 && `${number(waiting)} waiting`,
  ].filter(Boolean).join(", ");
}

/** Returns the label of the button that fetches the missing runs. */
function retryLabel({ failed, pending }) {
  if (pending === 0) return "Retry failed runs";
  return failed === 0 ? "Fetch pending runs" : "Retry failed runs, fetch pending runs";
}

/** @param {(id: string) => HTMLElement} part */
export function createProgressView(part) {
  const [panel, bar, now, unfinished, retry] = ["progress", "progress-bar", "now", "unfinished", "retry"].map(part);
  const batchesView = createBatchesView({ bar: part("batches"), lines: part("under-way") });
  const cells = new Map(Array.from(part("tally").querySelectorAll("[data-count]"), (cell) => [cell.dataset.count, cell]));

  return {
    /** Shows that a call is under way. Moves the focus to the cancel button if the focused button disappears. */
    start() {
      if (document.activeElement === retry) part("fetch").focus();
      panel.hidden = false;
      retry.hidden = true;
      unfinished.replaceChildren();
    },

    /**
     * @param {import("./run-list.js").Tally} tally
     * @param {ReturnType<typeof import("./batches.js").createBatches>} call
     * @param {boolean} ended
     */
    update(tally, call, ended) {
      const { total, succeeded, failed, elapsedMs, ...others } = tally;
      batchesView.show(call);
      bar.max = total;
      bar.value = succeeded + failed;
      const underWay = call.underWay();
      const inFlight = underWay.filter(({ until }) => until === undefined).length;
      write(now, ended ? "" : nowText(tally, inFlight, underWay.length - inFlight));
      write(cells.get("succeeded"), number(succeeded));
      write(cells.get("total"), `of ${counted(total, "run")}`);
      write(cells.get("failed"), number(failed));
      cells.get("failed").classList.toggle("some", failed > 0);
      for (const name of ["pending", "requests", "retries"]) write(cells.get(name), number(others[name]));
      write(cells.get("inFlight"), number(inFlight));
      write(cells.get("elapsed"), duration(elapsedMs));
      write(cells.get("pace"), pace(succeeded, elapsedMs));
    },

    /**
     * Shows the missing runs, and a button that fetches them.
     *
     * @param {ReturnType<typeof import("./run-list.js").createRunList>} list
     */
    end(list) {
      const missing = list.missing().map((runId) => ({ runId, ...list.find(runId) }));
      const pending = missing.filter(({ state }) => state === "pending").map(({ runId }) => runId);
      unfinished.replaceChildren(...failureCards(missing.filter(({ state }) => state === "failed")));
      if (pending.length > 0) unfinished.append(element("p", {}, "Pending: ", runLinks(pending)));
      retry.textContent = retryLabel(list.tally());
      retry.hidden = missing.length === 0;
    },
  };
}
