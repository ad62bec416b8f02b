/** A call's requests: what has become of each batch, and which are under way. From what the client tells of itself. */

import { planBatches } from "./pkg/index.js";

/**
 * @typedef {object} Batch
 * @property {number[]} ids
 * @property {number} settled How many of its runs have a result or an error.
 * @property {number} failed
 * @typedef {object} UnderWay
 * @property {number[]} runIds
 * @property {number} attempt
 * @property {number} since
 * @property {number} [until] Set while it waits to be sent again.
 * @property {string} [code] Why it waits.
 */

/** @param {number[]} ids What a call asks for. */
export function createBatches(ids) {
  /** @type {Batch[]} */
  const batches = planBatches(ids).map((batch) => ({ ids: batch, settled: 0, failed: 0 }));
  const batchOf = new Map(batches.flatMap((batch) => batch.ids.map((id) => [id, batch])));
  /** @type {Map<number, UnderWay>} The last request for each run that has neither a result nor an error. */
  const underWay = new Map();

  return {
    batches,

    /** Requests under way, those that wait to be sent again among them, the oldest first. */
    underWay: () => [...new Set(underWay.values())],

    /** @returns {"waiting" | "sending" | "retrying" | "done"} */
    stateOf(batch) {
      if (batch.settled === batch.ids.length) return "done";
      const requests = batch.ids.map((id) => underWay.get(id)).filter(Boolean);
      if (requests.some(({ until }) => until !== undefined)) return "retrying";
      return requests.length > 0 ? "sending" : "waiting";
    },

    /** @param {import("./pkg/index.js").ClientEvent} event */
    onEvent(event) {
      if (!event.runIds?.every((id) => batchOf.has(id))) return;
      const { type, runIds, attempt } = event;
      const since = performance.now();
      if (type === "retry") {
        const waiting = { runIds, attempt: attempt + 1, since, until: since + event.delayMs, code: event.code };
        for (const id of runIds) underWay.set(id, waiting);
      } else if (type === "request") {
        const sending = { runIds, attempt, since };
        for (const id of runIds) underWay.set(id, sending);
      } else if (type === "end") {
        // Unless a retry is told next.
        for (const id of runIds) underWay.delete(id);
      }
    },

    /** A run has a result, or an error. */
    settle(runId, ok) {
      const batch = batchOf.get(runId);
      if (!batch) return;
      batch.settled += 1;
      if (!ok) batch.failed += 1;
      underWay.delete(runId);
    },

    /** Nothing is under way any more. */
    end: () => underWay.clear(),
  };
}
