/** Tracks the requests of a call, from the client's events: the state of each batch, and the requests under way. */

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
 * @property {number} [until] The time of the retry, while the request waits for it.
 * @property {string} [code] The error that is retried.
 */

/** @param {number[]} ids The run ids of the call. */
export function createBatches(ids) {
  /** @type {Batch[]} */
  const batches = planBatches(ids).map((batch) => ({ ids: batch, settled: 0, failed: 0 }));
  const batchOf = new Map(batches.flatMap((batch) => batch.ids.map((id) => [id, batch])));
  /** @type {Map<number, UnderWay>} The last request for each run that has neither a result nor an error. */
  const underWay = new Map();

  return {
    batches,

    /** Returns the requests under way, the oldest first. It includes requests that wait for a retry. */
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
        // A retry event may follow, and adds the runs again.
        for (const id of runIds) underWay.delete(id);
      }
    },

    /** Notes that a run has a result or an error. */
    settle(runId, ok) {
      const batch = batchOf.get(runId);
      if (!batch) return;
      batch.settled += 1;
      if (!ok) batch.failed += 1;
      underWay.delete(runId);
    },

    /** Notes that the call has ended. */
    end: () => underWay.clear(),
  };
}
