/** Runs the recipe of `docs/queue.md` with a real Redis, and kills a worker midway. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { installDir } from "../e2e/support/install.mjs";
import { freePort } from "../servers/free-port.mjs";
import { startService, textsOf, troubles } from "../servers/service.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const FILES = ["worker.mjs", "enqueue.mjs"];
const LOCK_MS = 1_000;
const LIMIT_MS = 60_000;

const folder = await mkdtemp(join(tmpdir(), "queue-"));
const children = new Set();
after(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all([...children].map((child) => child.exitCode ?? child.signalCode ?? once(child, "exit")));
  await rm(folder, { recursive: true });
});

function start(program, args, options) {
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"], timeout: LIMIT_MS, ...options });
  children.add(child);
  return child;
}

async function startRedis() {
  const program = process.env.REDIS;
  if (!program) throw new Error("REDIS is not set: run these tests with `cargo xtask test e2e`");
  const port = await freePort();
  const options = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", folder];
  // In Debian's package of tools the server has another name.
  const redis = start(program, options.map(String), { argv0: "redis-server" });
  redis.stdout.resume();
  return `redis://127.0.0.1:${port}`;
}

/** Makes the application's folder: the recipe's files, the package, and their dependencies. */
async function application() {
  const modules = join(folder, "node_modules");
  await mkdir(modules);
  await symlink(join(installDir, "node_modules", "translation-results"), join(modules, "translation-results"), "junction");
  for (const name of ["bullmq", "ioredis"]) {
    await symlink(join(dirname(here), "node_modules", name), join(modules, name), "junction");
  }
  for (const file of FILES) await cp(join(here, file), join(folder, file));
}

const REDIS_URL = await startRedis();
await application();
const redis = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
const queue = new Queue("runs", { connection: redis });
after(async () => {
  await queue.close();
  await redis.quit();
});

test("the recipe shows the files that are tested", async () => {
  const recipe = await readFile(join(here, "../../docs/queue.md"), "utf8");
  for (const file of FILES) {
    const source = await readFile(join(here, file), "utf8");
    assert.ok(recipe.includes(`\`\`\`js\n${source}\`\`\``), `docs/queue.md does not have ${file} as it is`);
  }
});

/** Returns the largest number of requests that began within a second. */
function mostInASecond(times) {
  return Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + 1_000).length));
}

test("after a worker is killed midway, every run is stored once, at the queue's pace", { timeout: LIMIT_MS }, async (t) => {
  let latency = 300;
  // The run 1050 is finished when it is requested alone for the second time.
  const isFinished = () => service.ledger.exchanges.filter(({ runIds }) => String(runIds) === "1050").length > 1;
  const troubleOf = { 404: () => ({ status: 404 }), 1050: () => (isFinished() ? undefined : troubles.null) };
  const service = await startService({ latencyMs: () => latency, trouble: (id) => troubleOf[id]?.() });
  t.after(() => service.close());
  const env = { ...process.env, REDIS_URL, SERVICE_URL: service.url, CAMB_API_KEY: "key", LOCK_MS: String(LOCK_MS) };
  const runIds = [404, ...Array.from({ length: 599 }, (_, index) => index + 1_000)];
  const enqueue = start(process.execPath, ["enqueue.mjs", ...runIds.map(String)], { env });
  const [printed] = await once(enqueue.stdout.setEncoding("utf8"), "data");
  assert.equal(printed, "600 runs in 120 jobs\n");

  const killed = start(process.execPath, ["worker.mjs"], { env });
  while (service.ledger.inFlight === 0 || service.ledger.given.size < 10) await sleep(10);
  killed.kill("SIGKILL");
  await once(killed, "exit");
  assert.ok((await queue.getJobCounts("active")).active > 0, "it was killed with jobs in its hands");

  latency = 10;
  const asked = service.ledger.exchanges.length;
  const worker = start(process.execPath, ["worker.mjs"], { env });
  while ((await queue.getJobCounts("completed")).completed < 120) await sleep(50);
  worker.kill("SIGTERM");
  const [code] = await once(worker, "exit");
  assert.equal(code, 0);

  const texts = await redis.hgetall("texts");
  assert.deepEqual(
    Object.entries(texts).map(([id, value]) => [Number(id), JSON.parse(value)]).sort(([a], [b]) => a - b),
    runIds.slice(1).map((id) => [id, textsOf(id)]),
  );
  assert.deepEqual(Object.keys(await redis.hgetall("failures")), ["404"]);
  assert.equal((await queue.getJobCounts("failed")).failed, 0);
  // 20 jobs, then 20 of the next second. The job with the bad run takes a few more requests.
  const most = mostInASecond(service.ledger.exchanges.slice(asked).map(({ at }) => at));
  assert.ok(most <= 50, `${most} requests in a second`);
});
