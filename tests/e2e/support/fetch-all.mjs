/**
 * Fetches many runs, in Node or in a page. Returns plain data, which can leave a page. Imports nothing, because a page gets
 * this file alone.
 *
 * @param {typeof import("translation-results").TranslationResultsClient} Client
 * @param {{ baseUrl: string, count: number, how?: "list" | "stream" | "single", options?: object }} task
 *   Runs 1 to `count`, with `getAllResults`, `streamResults`, or `getResult` for each.
 */
export async function fetchAll(Client, { baseUrl, count, how = "list", options = {} }) {
  const client = new Client({ apiKey: "sample-key", baseUrl, dangerouslyAllowBrowser: true });
  const fetched = new Map();
  const failures = [];
  const twice = [];
  const take = ({ ok, runId, texts, error }) => {
    if (fetched.has(runId) || failures.some(([id]) => id === runId)) twice.push(runId);
    if (ok) fetched.set(runId, texts);
    else failures.push([runId, error.code, error.status ?? null]);
  };
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const begun = performance.now();
  let outcome;
  if (how === "single") {
    await Promise.all(ids.map((runId) => client.getResult(runId, options).then(
      ({ texts }) => take({ ok: true, runId, texts }),
      (error) => take({ ok: false, runId, error }),
    )));
  } else if (how === "stream") {
    async function* source() { yield* ids; }
    for await (const item of client.streamResults(source(), options)) take(item);
  } else {
    outcome = await client.getAllResults(ids, { ...options, onItem: take });
  }
  const ms = performance.now() - begun;

  const isRight = (id) => fetched.get(id)?.length === 1 && fetched.get(id)[0] === `text of ${id}`;
  return {
    ms,
    right: ids.filter(isRight).length,
    failures: failures.sort(([a], [b]) => a - b),
    twice,
    // The outcome, beside the items.
    outcome: outcome && {
      succeeded: Object.keys(outcome.results).length,
      failed: outcome.failures.length,
      stats: outcome.stats,
    },
  };
}
