/** The results: a status in words, the progress, and the board, all drawn at most once a frame. */

import { createBatches } from "./batches.js";
import { createBoard } from "./board.js";
import { counted, duration, number } from "./dom.js";
import { errorCard } from "./error-view.js";
import { createProgressView } from "./progress-view.js";
import { createResultsTools } from "./results-tools.js";
import { mark } from "./search.js";

/** The time to draw rows in a frame, in ms: half of a frame at 60 Hz. */
const DRAW_MS = 8;

/**
 * @typedef {object} Call
 * @property {ReturnType<typeof import("./run-list.js").createRunList>} list
 * @property {number} asked The number of requested runs.
 * @property {ReturnType<typeof createBatches>} batches
 * @property {boolean} [ended]
 * @property {boolean} [cancelled]
 * @property {unknown} [stopped] The error that stopped the call, unless it was cancelled.
 */

/** Returns how a call ended, in words. */
function summary({ list, cancelled }) {
  const { total, succeeded, failed, pending, requests, elapsedMs } = list.tally();
  if (succeeded === total) {
    return `${[
      counted(total, "run"), counted(list.textCount(), "text"), counted(requests, "request"), duration(elapsedMs),
    ].join(", ")}.`;
  }
  return [
    cancelled ? "Cancelled." : "",
    succeeded === 0 ? "No run was fetched." : `${number(succeeded)} of ${counted(total, "run")} fetched.`,
    failed === 0 ? "" : `${number(failed)} failed.`,
    pending === 0 ? "" : `${number(pending)} pending.`,
  ].filter(Boolean).join(" ");
}

/**
 * @param {(id: string) => HTMLElement} part
 * @param {object} actions
 * @param {(list: Call["list"]) => void} actions.onRetry
 * @param {(underWay: boolean) => void} actions.onTurn Called when a call begins and when it ends.
 */
export function createResultsView(part, { onRetry, onTurn }) {
  const [status, section, stop, rest] = ["status", "results", "stop", "rest"].map(part);
  const board = createBoard(section);
  const progress = createProgressView(part);
  /** The call that is shown. */
  let shown;
  let frame;

  const tools = createResultsTools(part, search);

  function search() {
    if (!shown) return;
    board.show(shown.list, tools.seen());
    draw();
  }

  /** Draws changes, a few rows in each frame. */
  function draw() {
    section.setAttribute("aria-busy", "true");
    paint();
  }

  function paint() {
    cancelAnimationFrame(frame);
    const drawn = board.draw(performance.now() + DRAW_MS);
    progress.update(shown.list.tally(), shown.batches, shown.ended);
    tools.update(!shown.ended);
    const { all, shown: first } = board.size;
    rest.hidden = first === all;
    part("rest-text").textContent = `The first ${number(first)} of ${counted(all, "run")}.`;
    if (!drawn || !shown.ended) {
      frame = requestAnimationFrame(paint);
      return;
    }
    mark(section, tools.query);
    section.setAttribute("aria-busy", "false");
  }

  function show(call) {
    if (call !== shown) {
      if (call.list !== shown?.list) tools.show(call.list);
      shown = call;
      stop.replaceChildren();
      section.setAttribute("aria-busy", "true");
      board.show(call.list, tools.seen());
      progress.start();
    }
    // The state of the missing runs has changed.
    for (const runId of call.list.missing()) board.changed(call.list, runId);
    paint();
  }

  /** Draws all rows now, and scrolls to one of them. */
  function goTo(runId) {
    tools.clear();
    board.show(shown.list, tools.seen());
    if (!board.row(runId)) board.showAll();
    board.draw(Infinity);
    draw();
    const row = board.row(runId);
    row.tabIndex = -1;
    row.scrollIntoView();
    row.focus({ preventScroll: true });
  }

  part("show-all").addEventListener("click", () => {
    const { shown: next } = board.size;
    board.showAll();
    draw();
    // The focused button has disappeared, so the focus moves to the first new row.
    const row = section.querySelectorAll(".run")[next];
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
  });
  part("unfinished").addEventListener("click", (event) => {
    const { toRun } = event.target.dataset;
    if (toRun === undefined) return;
    event.preventDefault();
    goTo(Number(toRun));
  });
  part("retry").addEventListener("click", () => onRetry(shown.list));

  return {
    /** Shows a new call. @param {Call} call */
    begin(call) {
      onTurn(true);
      show(call);
      status.textContent = `Fetching ${counted(call.asked, "run")} …`;
    },
    /** Shows that a run of a call has a result or an error. */
    settled({ list, batches }, runId, ok) {
      batches.settle(runId, ok);
      board.changed(list, runId);
    },
    /** Shows the end of a call. Rows of a long list may still be drawn later. */
    ended(call) {
      call.ended = true;
      call.batches.end();
      show(call);
      onTurn(false);
      status.textContent = summary(call);
      if (call.stopped !== undefined) stop.replaceChildren(errorCard({ errors: [call.stopped] }));
      progress.end(call.list);
    },
    /** Shows that no call was made, with the error if there is one. Earlier results stay. */
    fail(error, text) {
      status.textContent = text;
      stop.replaceChildren(...(error === undefined ? [] : [errorCard({ errors: [error] })]));
    },
  };
}
