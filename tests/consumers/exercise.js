/**
 * Uses the package as a program would: one batch, any number of runs, a stream, a refusal. Returns the outcomes as plain data,
 * which can leave a page or a process as one line of JSON.
 */
export async function exercise(api, baseUrl, options = { apiKey: "sample-key", dangerouslyAllowBrowser: true }) {
  const { TranslationResultsClient, TranslationResultsError, planBatches } = api;
  const client = new TranslationResultsClient({ baseUrl, ...options });
  const results = await client.getResults([12345, 6789]);
  const { stats, failures } = await client.getAllResults([12345, 6789, 404404]);
  let streamed = 0;
  for await (const { ok } of client.streamResults([12345, 6789])) streamed += Number(ok);
  const refused = await client.getResults([1]).catch((error) => error);
  return {
    text: results[12345].texts[0],
    succeeded: stats.succeeded,
    failed: failures.map(({ runId, error }) => `${runId} ${error.code}`),
    streamed,
    refused: `${refused.name} ${refused.code}`,
    known: TranslationResultsError.is(refused) && refused instanceof TranslationResultsError,
    batches: planBatches([1, 2, 3, 4, 5, 6, 7]),
  };
}
