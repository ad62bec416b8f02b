/** The results: a status in words, the progress in numbers, and the board, all drawn at most once a frame. */

import { createBatches } from "./batches.js";
import { createBoard } from "./board.js";
import { counted, duration, number } from "./dom.js";
import { errorCard } from "./error-view.js";
import { createProgressView } from "./progress-view.js";
import { createResultsTools } from "./results-tools.js";
import { mark } from "./search.js";

/** How long a frame may take to draw rows: half of what a screen of 60 Hz gives it. */
const DRAW_MS = 8;

/**
 * @typedef {object} Call
 * @property {ReturnType<typeof import("./run-list.js").createRunList>} list
 * @property {number} asked How many runs it asks for.
 * @property {ReturnType<typeof createBatches>} batches
 * @property {boolean} [ended]
 * @property {boolean} [cancelled]
 * @property {unknown} [stopped] What stopped it, other than that it was cancelled.
 */

/** How a call ended, in a sentence or a few. */
function summary({ list, cancelled }) {
  const { total, succeeded, failed, pending, elapsedMs } = list.tally();
  if (succeeded === total) {
    return `${counted(total, "run")} with ${counted(list.textCount(), "text")} in ${duration(elapsedMs)}.`;
  }
  return [
    cancelled ? "Cancelled." : "",
    succeeded === 0 ? "No run came." : `${number(succeeded)} of ${counted(total, "run")} came.`,
    failed === 0 ? "" : `${number(failed)} failed.`,
    pending === 0 ? "" : `${number(pending)} pending.`,
  ].filter(Boolean).join(" ");
}

/**
 * @param {(id: string) => HTMLElement} part
 * @param {{ onCancel: () => void, onRetry: (list: Call["list"]) => void }} actions
 */
export function createResultsView(part, { onCancel, onRetry }) {
  const [status, section, stop] = ["status", "results", "stop"].map(part);
  const [cancel, retry] = ["cancel", "retry"].map(part);
  const board = createBoard(section);
  const progress = createProgressView({
    panel: part("progress"),
    bar: part("progress-bar"),
    batches: part("batches"),
    underWay: part("under-way"),
    numbers: part("tally"),
    unfinished: part("unfinished"),
    cancel,
    retry,
  });
  /** The call that is shown. */
  let shown;
  let frame;

  const tools = createResultsTools(part, () => {
    if (!shown) return;
    board.show(shown.list, tools.seen());
    section.setAttribute("aria-busy", "true");
    paint();
  });

  function paint() {
    cancelAnimationFrame(frame);
    const drawn = board.draw(performance.now() + DRAW_MS);
    progress.update(shown.list.tally(), shown.batches);
    tools.update();
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
    // What is to come, or to come again, is not as it was drawn.
    for (const runId of call.list.missing()) board.changed(call.list, runId);
    paint();
  }

  cancel.addEventListener("click", onCancel);
  retry.addEventListener("click", () => onRetry(shown.list));

  return {
    /** A call is under way. @param {Call} call */
    begin(call) {
      show(call);
      status.textContent = `Fetching ${counted(call.asked, "run")} …`;
    },
    /** A run of it has a result or an error. */
    settled({ list, batches }, runId, ok) {
      batches.settle(runId, ok);
      board.changed(list, runId);
    },
    /** It is over, though of a long list there may be rows to draw. */
    ended(call) {
      call.ended = true;
      call.batches.end();
      show(call);
      status.textContent = summary(call);
      if (call.stopped !== undefined) stop.replaceChildren(errorCard(call.stopped, "h3"));
      progress.end(call.list, part("fetch"));
    },
    /** Nothing was asked for, with or without an error that says why; what came before stays. */
    fail(error, text) {
      status.textContent = text;
      stop.replaceChildren(...(error === undefined ? [] : [errorCard(error, "h3")]));
    },
  };
}
