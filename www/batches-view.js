/** Shows a bar with a part for each batch of a call, and a line for each request under way. */

import { counted, duration, element, listOf } from "./dom.js";

/** The most parts of the bar. With more batches, several share a part. */
const MAX_PARTS = 160;
const MAX_LINES = 6;
const MAX_IDS = 3;

const URGENCY = ["done", "waiting", "sending", "retrying"];

function lineOf({ runIds, attempt, since, until, code }, now) {
  const others = runIds.length - MAX_IDS;
  const runs = others > 1 ? `${runIds.slice(0, MAX_IDS).join(", ")} and ${others} more` : listOf(runIds);
  const again = attempt > 1 ? `, attempt ${attempt}` : "";
  const [state, text] = until === undefined
    ? ["sending", `sending, ${duration(now - since)}${again}`]
    : ["retrying", `${until > now ? `again in ${duration(until - now)}` : "due again"} after ${code}${again}`];
  return element("li", { "data-state": state }, element("span", { class: "ids" }, runs), " ", element("span", {}, text));
}

/**
 * @param {object} parts
 * @param {HTMLElement} parts.bar
 * @param {HTMLElement} parts.lines
 */
export function createBatchesView({ bar, lines }) {
  /** @type {ReturnType<typeof import("./batches.js").createBatches>} */
  let shown;
  /** The parts of the bar, each with its batches. */
  let parts = [];

  function divide() {
    const { batches } = shown;
    const count = Math.min(batches.length, MAX_PARTS);
    parts = Array.from({ length: count }, (_, index) => {
      const from = Math.floor((index * batches.length) / count);
      const own = batches.slice(from, Math.floor(((index + 1) * batches.length) / count));
      const size = own.reduce((sum, { ids }) => sum + ids.length, 0);
      const node = element("span");
      // The page's policy forbids style attributes in markup.
      node.style.flexGrow = String(size);
      return { own, size, node };
    });
    bar.replaceChildren(...parts.map(({ node }) => node));
  }

  /** Reserves a line for each request that may be under way at once, so that nothing below moves. */
  function reserve() {
    lines.style.setProperty("--lines", String(Math.min(shown.batches.length, MAX_LINES)));
  }

  function draw({ own, size, node }) {
    const states = own.map(shown.stateOf);
    const state = URGENCY.findLast((one) => states.includes(one));
    const sum = (member) => own.reduce((total, batch) => total + batch[member], 0);
    node.dataset.state = state;
    node.style.setProperty("--settled", `${(100 * sum("settled")) / size}%`);
    node.style.setProperty("--failed", `${(100 * sum("failed")) / size}%`);
  }

  return {
    /** @param {ReturnType<typeof import("./batches.js").createBatches>} batches */
    show(batches) {
      if (batches !== shown) {
        shown = batches;
        divide();
        reserve();
      }
      parts.forEach(draw);
      const all = shown.underWay();
      const now = performance.now();
      const room = Math.min(shown.batches.length, MAX_LINES);
      const drawn = all.length > room ? room - 1 : all.length;
      const rest = all.length - drawn;
      lines.replaceChildren(
        ...all.slice(0, drawn).map((one) => lineOf(one, now)),
        ...(all.length === 0 ? [element("li", { class: "quiet" }, "No request is under way.")] : []),
        ...(rest > 0 ? [element("li", {}, counted(rest, drawn > 0 ? "other request" : "request"))] : []),
      );
    },
  };
}
