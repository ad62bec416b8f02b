/** Ways to fetch many runs: each takes a URL, the run ids and a width, and returns the number of fetched runs. */
import { CambClient } from "@camb-ai/sdk";
import pLimit from "p-limit";
import { imported } from "../e2e/support/install.mjs";

const KEY = "sample-key";
const BATCH = 5;

const batchesOf = (ids) =>
  Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, index) => ids.slice(index * BATCH, (index + 1) * BATCH));

export async function ours(baseUrl, ids, width) {
  const client = new imported.TranslationResultsClient({ apiKey: KEY, baseUrl });
  const { stats } = await client.getAllResults(ids, { concurrency: width });
  return stats.succeeded;
}

/** Makes a call for each run, all in one task. */
export async function oursSingly(baseUrl, ids) {
  const client = new imported.TranslationResultsClient({ apiKey: KEY, baseUrl });
  return (await Promise.all(ids.map((id) => client.getResult(id)))).length;
}

/** The minimum: the same number of requests at once, without checks, retries or pace. */
export async function barePool(baseUrl, ids, width) {
  const batches = batchesOf(ids).values();
  const headers = { "x-api-key": KEY, "content-type": "application/json" };
  const results = {};
  const work = async () => {
    for (const run_ids of batches) {
      const body = JSON.stringify({ run_ids });
      const response = await fetch(`${baseUrl}/translation-results`, { method: "POST", headers, body });
      Object.assign(results, await response.json());
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return Object.keys(results).length;
}

/** Fetches one batch with the vendor's SDK and its own retries. A failed batch counts as no run. */
const bySdk = (client) => async (run_ids) => {
  try {
    return Object.keys(await client.translation.getTranslationResults({ body: { run_ids } })).length;
  } catch {
    return 0;
  }
};

const sum = (counts) => counts.reduce((total, count) => total + count, 0);
const sdkClient = (baseUrl) => new CambClient({ apiKey: KEY, baseUrl });

export async function pLimitAroundSdk(baseUrl, ids, width) {
  const limit = pLimit(width);
  return sum(await limit.map(batchesOf(ids), bySdk(sdkClient(baseUrl))));
}

export async function loopOverSdk(baseUrl, ids) {
  const counts = [];
  const fetchBatch = bySdk(sdkClient(baseUrl));
  for (const batch of batchesOf(ids)) counts.push(await fetchBatch(batch));
  return sum(counts);
}
