/** The last requests, each on a line with what came of it, and when: from what the client tells through `onEvent`. */

import { counted, duration, element } from "./dom.js";

const LINES = 12;

/**
 * @typedef {object} Line
 * @property {number} call Which call it belongs to: each has a time of its own.
 * @property {string} [key] Which request it is.
 * @property {string} kind
 * @property {string} mark
 * @property {string} text
 * @property {string[]} outcome What became of it.
 * @property {number} from
 * @property {number} [to] Until then it was under way.
 */

/** @param {HTMLElement} list */
export function createWireLog(list) {
  /** @type {Line[]} */
  let lines = [];
  let call = 0;
  let frame;

  const keyOf = ({ runIds, attempt }) => `${attempt}:${runIds}`;

  /** A track from the first to the last of its call that is shown, on which each has its place. */
  function track({ from, to = performance.now(), call: own }) {
    const together = lines.filter((line) => line.call === own);
    const begun = together[0].from;
    const length = Math.max(...together.map((line) => (line.to ?? line.from) - begun), 1);
    const bar = element("span", { class: "bar" });
    bar.style.insetInlineStart = `${(100 * (from - begun)) / length}%`;
    bar.style.inlineSize = `${Math.min(100, (100 * (to - from)) / length)}%`;
    return element("span", { class: "track", "aria-hidden": "true" }, bar);
  }

  function draw() {
    frame = undefined;
    list.replaceChildren(...lines.map((line) => element(
      "li",
      { "data-kind": line.kind },
      element("span", { class: "mark" }, line.mark),
      " ",
      element("span", {}, [line.text, ...line.outcome].filter(Boolean).join(", ")),
      ...(line.key === undefined ? [] : [track(line)]),
    )));
  }

  function changed() {
    frame ??= requestAnimationFrame(draw);
  }

  function add(line) {
    lines = [...lines.slice(1 - LINES), { call, ...line }];
    changed();
  }

  function asked({ runIds, attempt, url }) {
    const { pathname } = new URL(url);
    const again = attempt > 1 ? [`attempt ${attempt}`] : [];
    // Only a single run has an address of its own.
    const [mark, text] = pathname.endsWith("/translation-results") ? ["POST", runIds.join(", ")] : ["GET", pathname];
    return { kind: "request", mark, text, outcome: again, from: performance.now() };
  }

  function answered(line, { status, durationMs, requestId }) {
    line.kind = status >= 300 ? "refusal" : "response";
    line.to = line.from + durationMs;
    line.outcome.push(`${status} in ${duration(durationMs)}`, ...(requestId ? [requestId] : []));
  }

  return {
    /** A call begins. */
    begin() {
      call += 1;
    },

    /** @param {import("./pkg/index.js").ClientEvent} event */
    onEvent(event) {
      if (event.type === "concurrency") {
        const text = `at most ${counted(event.limit, "request")} at once from here`;
        add({ kind: "pace", mark: "pace", text, outcome: [], from: performance.now() });
        return;
      }
      const key = keyOf(event);
      if (event.type === "request") add({ key, ...asked(event) });
      const line = lines.findLast((one) => one.key === key);
      // Those of long ago are not kept.
      if (!line) return;
      if (event.type === "response") answered(line, event);
      if (event.type === "retry") {
        line.kind = "refusal";
        line.to ??= performance.now();
        line.outcome.push(`again in ${duration(event.delayMs)} after ${event.code}`);
      }
      changed();
    },

    cancelled(ms) {
      const now = performance.now();
      for (const line of lines) line.to ??= now;
      add({ kind: "stop", mark: "stop", text: `cancelled here after ${duration(ms)}`, outcome: [], from: now });
    },
  };
}
