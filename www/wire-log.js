/** The last of what the client told through `onEvent`, one line for each event. */

import { counted, duration, element } from "./dom.js";

const LINES = 12;

/** @returns {[mark: string, text: string, kind: string]} */
function describe(event) {
  const runIds = event.runIds?.join(", ");
  switch (event.type) {
    case "request": {
      const { pathname } = new URL(event.url);
      const again = event.attempt > 1 ? `, attempt ${event.attempt}` : "";
      // Only a single run has an address of its own.
      return pathname.endsWith("/translation-results")
        ? ["POST", `${pathname} for ${runIds}${again}`, "request"]
        : ["GET", `${pathname}${again}`, "request"];
    }
    case "response": {
      const requestId = event.requestId ? `, ${event.requestId}` : "";
      const kind = event.status >= 400 ? "refusal" : "response";
      return [String(event.status), `for ${runIds} in ${duration(event.durationMs)}${requestId}`, kind];
    }
    case "retry":
      return ["wait", `${duration(event.delayMs)} after ${event.code} for ${runIds}, then again`, "retry"];
    default:
      return ["pace", `at most ${counted(event.limit, "request")} at once from here`, "pace"];
  }
}

/** @param {HTMLElement} list */
export function createWireLog(list) {
  let lines = [];
  let frame;

  function draw() {
    frame = undefined;
    list.replaceChildren(...lines.map(([mark, text, kind]) =>
      element("li", { "data-kind": kind }, element("span", { class: "mark" }, mark), " ", text)));
  }

  function add(line) {
    lines = [...lines.slice(1 - LINES), line];
    frame ??= requestAnimationFrame(draw);
  }

  return {
    /** @param {import("./pkg/index.js").ClientEvent} event */
    onEvent: (event) => add(describe(event)),
    cancelled: (ms) => add(["stop", `cancelled here after ${duration(ms)}`, "stop"]),
  };
}
