/** A list of runs and what came of each, over as many calls as it takes. */

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
  /** The runs that the sample API was asked for. */
  const ofSample = new Set();
  const earlier = { requests: 0, retries: 0, elapsedMs: 0 };
  /** The last call begun, while it is under way. */
  let call;

  return {
    /** In the order asked for. */
    ids,

    /** @returns {Run} */
    find(runId) {
      const isSample = ofSample.has(runId);
      if (texts.has(runId)) return { state: "whole", texts: texts.get(runId), isSample };
      if (errors.has(runId)) return { state: "failed", error: errors.get(runId), isSample };
      return { state: call ? "waiting" : "pending", isSample };
    },

    /** The runs that there is still no result of. */
    missing: () => ids.filter((runId) => !texts.has(runId)),

    /** @returns {Tally} Of all calls together. */
    tally: () => ({
      total: ids.length,
      succeeded: texts.size,
      failed: errors.size,
      pending: ids.length - texts.size - errors.size,
      requests: earlier.requests + (call?.requests ?? 0),
      retries: earlier.retries + (call?.retries ?? 0),
      elapsedMs: earlier.elapsedMs + (call ? performance.now() - call.begun : 0),
    }),

    /** Every run that has a result or an error, as the package gives it, in the order asked for. */
    *items() {
      for (const runId of ids) {
        if (texts.has(runId)) yield { ok: true, runId, texts: texts.get(runId) };
        else if (errors.has(runId)) yield { ok: false, runId, error: errors.get(runId) };
      }
    },

    textCount: () => Array.from(texts.values()).reduce((sum, some) => sum + some.length, 0),

    /**
     * Asks for what is missing, and for nothing else. Every run that came until the call ends is kept, however it ends.
     *
     * @param {import("./pkg/index.js").TranslationResultsClient} client
     * @param {object} options
     * @param {AbortSignal} options.signal These and others go to the client.
     * @param {boolean} options.isSample Whether the client asks the sample API.
     * @param {(runId: number, ok: boolean) => void} options.onSettled Told of each run that has a result or an error now.
     * @returns {Promise<unknown>} What stopped the call before its end, if anything did.
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
