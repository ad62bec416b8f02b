import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { planBatches } from "translation-results";

const connection = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
const queue = new Queue("runs", { connection });
const options = { attempts: 5, backoff: { type: "exponential", delay: 1_000 } };

const runIds = process.argv.slice(2).map(Number);
const jobs = await queue.addBulk(planBatches(runIds).map((batch) => ({ name: "runs", data: { runIds: batch }, opts: options })));
console.log(`${runIds.length} runs in ${jobs.length} jobs`);
await queue.close();
await connection.quit();
