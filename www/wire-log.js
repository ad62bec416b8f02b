/** A log of the latest requests, from the client's events: a line for each, with its time and outcome. */

import { counted, duration, element } from "./dom.js";

const LINES = 12;
/** The bar of a request under way grows once in this time, in ms. */
const GROWTH_MS = 250;

/**
 * @typedef {object} Line
 * @property {number} call The number of its call. Each call has a timeline of its own.
 * @property {string} kind "pace" and "stop", or of a request: "open" until it is "ok", "failed" or "cancelled".
 * @property {string} mark
 * @property {string} text
 * @property {number} from
 * @property {number} [to] When the request ended.
 * @property {string} [key] Identifies the request.
 * @property {number} [attempt]
 * @property {number} [status] Of the answer, once its headers have come.
 * @property {string} [requestId]
 * @property {string} [code] How the request failed.
 * @property {number} [delayMs] The wait before the retry, if there is one.
 */

const keyOf = ({ runIds, attempt }) => `${attempt}:${runIds}`;

/** Returns the line of a request that is about to be sent. */
function lineOf(event) {
  const { pathname } = new URL(event.url);
  // Only a request for a single run has the id in its URL.
  const [mark, text] = pathname.endsWith("/translation-results")
    ? ["POST", event.runIds.join(", ")]
    : ["GET", pathname];
  return { kind: "open", mark, text, key: keyOf(event), attempt: event.attempt, from: performance.now() };
}

/** Returns how a request ended: "done in 35 ms". */
function ending({ kind, from, to, code }) {
  const time = duration(to - from);
  switch (kind) {
    case "ok":
      return `done in ${time}`;
    case "failed":
      return `failed in ${time}: ${code}`;
    case "cancelled":
      return `given up after ${time}`;
    default:
      return "under way";
  }
}

function wordsOf(line) {
  if (line.key === undefined) return line.text;
  const { text, attempt, status, delayMs, requestId } = line;
  return [
    text,
    attempt > 1 && `attempt ${attempt}`,
    status && `status ${status}`,
    ending(line),
    delayMs !== undefined && `again in ${duration(delayMs)}`,
    requestId,
  ].filter(Boolean).join(", ");
}

/** @param {HTMLElement} list */
export function createWireLog(list) {
  /** @type {Line[]} */
  let lines = [];
  let call = 0;
  let frame;
  let timer;

  /** Returns the timeline of a call, from its first line to its last, with the request at its place. */
  function track({ from, to, call: own }, now) {
    const together = lines.filter((line) => line.call === own);
    const begun = together[0].from;
    const ended = Math.max(...together.map((line) => line.to ?? (line.kind === "open" ? now : line.from)));
    const share = (ms) => (100 * ms) / Math.max(ended - begun, 1);
    const bar = element("span", { class: "bar" });
    bar.style.insetInlineStart = `min(${share(from - begun)}%, 100% - 3px)`;
    bar.style.inlineSize = `${share((to ?? now) - from)}%`;
    return element("span", { class: "track", "aria-hidden": "true" }, bar);
  }

  function draw() {
    frame = undefined;
    const now = performance.now();
    list.replaceChildren(...lines.map((line) => element(
      "li",
      { "data-kind": line.kind },
      element("span", { class: "mark" }, line.mark),
      " ",
      element("span", {}, wordsOf(line)),
      ...(line.key === undefined ? [] : [track(line, now)]),
    )));
    clearTimeout(timer);
    if (lines.some(({ kind }) => kind === "open")) timer = setTimeout(changed, GROWTH_MS);
  }

  function changed() {
    frame ??= requestAnimationFrame(draw);
  }

  function add(line) {
    lines = [...lines.slice(1 - LINES), { call, ...line }];
    changed();
  }

  return {
    /** Notes that a call begins. */
    begin() {
      call += 1;
    },

    /** @param {import("./pkg/index.js").ClientEvent} event */
    onEvent(event) {
      if (event.type === "concurrency") {
        const text = `at most ${counted(event.limit, "request")} at once from here`;
        add({ kind: "pace", mark: "pace", text, from: performance.now() });
        return;
      }
      if (event.type === "request") {
        add(lineOf(event));
        return;
      }
      const ofRequest = lines.filter(({ key }) => key === keyOf(event));
      // A call that replaced another may request the same runs. The older request ends first.
      const line = event.type === "retry" ? ofRequest.at(-1) : ofRequest.find(({ kind }) => kind === "open");
      // Old lines are dropped.
      if (!line) return;
      const { type, status, requestId, outcome, code, durationMs, delayMs } = event;
      if (type === "response") Object.assign(line, { status, requestId });
      else if (type === "end") Object.assign(line, { kind: outcome, code, to: line.from + durationMs });
      else if (type === "retry") Object.assign(line, { delayMs });
      changed();
    },

    cancelled(ms) {
      add({ kind: "stop", mark: "stop", text: `cancelled here after ${duration(ms)}`, from: performance.now() });
    },
  };
}
