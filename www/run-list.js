/** A list of runs and their outcomes, over any number of calls. */

/**
 * @typedef {{ isSample?: boolean } & ({ state: "waiting" | "pending" } | { state: "whole", texts: string[] } |
 *   { state: "failed", error: import("./pkg/index.js").TranslationResultsError })} Run `isSample`: the sample API was asked.
 * @typedef {{ total: number, succeeded: number, failed: number, pending: number, requests: number, retries: number,
 *   elapsedMs: number }} Tally
 */

/** @param {number[]} runIds Repeats count once. */
export function createRunList(runIds) {
  const ids = [...new Set(runIds)];
  const texts = new Map();
  const errors = new Map();
  /** The runs that were requested from the sample API. */
  const ofSample = new Set();
  const earlier = { requests: 0, retries: 0, elapsedMs: 0 };
  /** The latest call, while it is under way. */
  let call;

  return {
    /** The run ids in the requested order. */
    ids,

    /** @returns {Run} */
    find(runId) {
      const isSample = ofSample.has(runId);
      if (texts.has(runId)) return { state: "whole", texts: texts.get(runId), isSample };
      if (errors.has(runId)) return { state: "failed", error: errors.get(runId), isSample };
      return { state: call ? "waiting" : "pending", isSample };
    },

    /** Returns the runs without a result. */
    missing: () => ids.filter((runId) => !texts.has(runId)),

    /** @returns {Tally} The counts of all calls together. */
    tally: () => ({
      total: ids.length,
      succeeded: texts.size,
      failed: errors.size,
      pending: ids.length - texts.size - errors.size,
      requests: earlier.requests + (call?.requests ?? 0),
      retries: earlier.retries + (call?.retries ?? 0),
      elapsedMs: earlier.elapsedMs + (call ? performance.now() - call.begun : 0),
    }),

    /** Yields every run that has a result or an error, in the package's form and the requested order. */
    *items() {
      for (const runId of ids) {
        if (texts.has(runId)) yield { ok: true, runId, texts: texts.get(runId) };
        else if (errors.has(runId)) yield { ok: false, runId, error: errors.get(runId) };
      }
    },

    textCount: () => Array.from(texts.values()).reduce((sum, some) => sum + some.length, 0),

    /**
     * Fetches the runs without a result. Keeps every run that arrives before the call ends, however it ends.
     *
     * @param {import("./pkg/index.js").TranslationResultsClient} client
     * @param {object} options
     * @param {AbortSignal} options.signal The signal and further options are passed to the client.
     * @param {boolean} options.isSample Whether the client uses the sample API.
     * @param {(runId: number, ok: boolean) => void} options.onSettled Called for each run that gets a result or an error.
     * @returns {Promise<unknown>} The error that stopped the call, if any.
     */
    async fetch(client, { isSample, onSettled, ...options }) {
      const missing = this.missing();
      for (const runId of missing) {
        if (isSample) ofSample.add(runId);
        else ofSample.delete(runId);
      }
      errors.clear();
      const own = { begun: performance.now(), requests: 0, retries: 0 };
      call = own;
      try {
        await client.getAllResults(missing, {
          ...options,
          onItem(item) {
            if (item.ok) texts.set(item.runId, item.texts);
            else errors.set(item.runId, item.error);
            onSettled(item.runId, item.ok);
          },
          onProgress({ requests, retries }) {
            Object.assign(own, { requests, retries });
          },
        });
        return undefined;
      } catch (error) {
        return error;
      } finally {
        earlier.requests += own.requests;
        earlier.retries += own.retries;
        earlier.elapsedMs += performance.now() - own.begun;
        if (call === own) call = undefined;
      }
    },
  };
}
