/** The last of what the client told through `onEvent`, one line for each event. */

import { duration, element } from "./dom.js";

const LINES = 8;

/** @returns {[mark: string, text: string] | undefined} */
function describe(event) {
  switch (event.type) {
    case "request": {
      const again = event.attempt > 1 ? `, attempt ${event.attempt}` : "";
      return ["POST", `${new URL(event.url).pathname} for ${event.runIds.join(", ")}${again}`];
    }
    case "response":
      return [String(event.status), `in ${duration(event.durationMs)}${event.requestId ? `, ${event.requestId}` : ""}`];
    case "retry":
      return ["wait", `${duration(event.delayMs)} after ${event.code}, then again`];
    default:
      return undefined;
  }
}

/** @param {HTMLElement} list */
export function createWireLog(list) {
  function add(mark, text, kind) {
    list.append(element("li", { "data-kind": kind }, element("span", { class: "mark" }, mark), " ", text));
    if (list.children.length <= LINES) return;
    // From a request on: an answer alone says little.
    do list.firstElementChild.remove(); while (list.firstElementChild.dataset.kind !== "request");
  }
  return {
    /** @param {import("./pkg/index.js").ClientEvent} event */
    onEvent(event) {
      const line = describe(event);
      if (line) add(...line, event.type === "response" && event.status >= 400 ? "refusal" : event.type);
    },
    cancelled: (ms) => add("stop", `cancelled here after ${duration(ms)}`, "stop"),
  };
}
