import { RateLimitError, Worker } from "bullmq";
import { Redis } from "ioredis";
import { TranslationResultsClient } from "translation-results";

const { CAMB_API_KEY, REDIS_URL, SERVICE_URL, LOCK_MS = "30000" } = process.env;
const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
const client = new TranslationResultsClient({ apiKey: CAMB_API_KEY, baseUrl: SERVICE_URL });

/** Transient failures, and runs that are not finished. The queue retries them later, perhaps in another worker. */
const PASSING = new Set(["NETWORK", "TIMEOUT", "SERVER_ERROR", "MISSING_RESULT"]);

async function store(results) {
  for (const [runId, { texts }] of Object.entries(results)) await connection.hset("texts", runId, JSON.stringify(texts));
}

async function fetchTexts({ data: { runIds } }) {
  // An earlier attempt, or a killed worker, may have stored some of the runs.
  const stored = await connection.hmget("texts", ...runIds);
  const missing = runIds.filter((_, index) => stored[index] === null);
  const { results, failures } = await client.getAllResults(missing).catch(async (error) => {
    await store(error.partial?.results ?? {});
    if (error.code !== "RATE_LIMITED") throw error;
    // The wait is longer than a call waits for. No worker takes a job until it is over.
    await worker.rateLimit(error.retryAfterMs ?? 60_000);
    throw new RateLimitError();
  });
  await store(results);
  const again = failures.find(({ error }) => PASSING.has(error.code));
  if (again) throw again.error;
  for (const { runId, error } of failures) await connection.hset("failures", runId, JSON.stringify(error));
}

const worker = new Worker("runs", fetchTexts, {
  connection,
  concurrency: 4,
  // The rate that the service allows, for all workers together.
  limiter: { max: 20, duration: 1_000 },
  // If a worker does not renew its lock for this time, another worker takes its job.
  lockDuration: Number(LOCK_MS),
  stalledInterval: Number(LOCK_MS),
  maxStalledCount: 3,
});
worker.on("failed", (job, error) => console.error(`job ${job?.id}: ${error.message}`));
worker.on("error", (error) => console.error(error.message));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => worker.close().then(() => connection.quit()));
