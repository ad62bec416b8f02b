/**
 * Kills the command line at random moments and continues it, and runs it with a million run ids. Fails if a run is lost or memory
 * grows. `soak-cli.mjs [--kills N] [--ids N]`
 */
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { program } from "../e2e/support/cli.mjs";

const { values } = parseArgs({ options: { kills: { type: "string", default: "100" }, ids: { type: "string", default: "1000000" } } });
const KILLS = Number(values.kills);
const IDS = Number(values.ids);
/** More than one run of the command line fetches before it is killed. */
const KILLED_IDS = 60_000;
const LATEST_KILL_MS = 2_500;
/** The client remembers each id, in about 25 bytes, so that it requests none twice. */
const MAY_GROW = 48 * 2 ** 20;

const folder = await mkdtemp(join(tmpdir(), "soak-cli-"));
const wrong = [];

async function served(...args) {
  const child = fork(fileURLToPath(new URL("soak-server.mjs", import.meta.url)), args);
  const [url] = await once(child, "message");
  return { url, close: () => child.disconnect() };
}

async function idsFile(name, count) {
  const file = join(folder, name);
  await writeFile(file, Array.from({ length: count }, (_, index) => `${index + 1}\n`).join(""));
  return file;
}

function started(args) {
  const child = spawn(process.execPath, [program, "get", ...args], {
    env: { ...process.env, CAMB_API_KEY: "sample-key" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const ended = once(child, "exit").then(([code, signal]) => ({ code: code ?? signal, said }));
  return { child, ended };
}

const holds = (text) => text.split("\n").slice(0, -1).map((line) => JSON.parse(line)).filter(({ ok }) => ok);
const textsOf = (id) => JSON.stringify([`text of ${id}`]);

/** Kills the command line `KILLS` times, then lets it fetch the remaining runs. */
async function killed() {
  const { url, close } = await served("healthy");
  const out = join(folder, "killed.ndjson");
  const args = ["--file", await idsFile("few", KILLED_IDS), "--out", out, "--resume", "--base-url", url];
  let before = new Set();
  const begun = performance.now();
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const { child, ended } = started(args);
    await sleep(Math.random() * LATEST_KILL_MS);
    child.kill("SIGKILL");
    await ended;
    const now = new Set(holds(await readFile(out, "utf8").catch(() => "")).map(({ runId }) => runId));
    for (const id of before) if (!now.has(id)) wrong.push(`run ${id} was lost at kill ${kill}`);
    before = now;
  }
  console.log(`${KILLS} kills in ${((performance.now() - begun) / 1000).toFixed(0)} s left ${before.size} of ${KILLED_IDS} runs in the file`);
  for (let code = 1, tries = 0; code === 1 && tries < 5; tries += 1) {
    const { code: end, said } = await started(args).ended;
    console.log(said.trimEnd().split("\n").at(-1));
    code = end;
  }
  close();
  const items = holds(await readFile(out, "utf8"));
  const ids = new Set(items.map(({ runId }) => runId));
  if (items.length !== KILLED_IDS || ids.size !== KILLED_IDS) wrong.push(`${items.length} lines of ${ids.size} runs, not ${KILLED_IDS}`);
  for (const { runId, texts } of items) if (JSON.stringify(texts) !== textsOf(runId)) wrong.push(`run ${runId} has ${texts}`);
}

/** Returns the memory of a process, in bytes. */
async function resident(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

/** Measures the memory of a command with many ids while its output grows. */
async function many() {
  const { url, close } = await served("healthy");
  const out = join(folder, "many.csv");
  const { child, ended } = started(["--file", await idsFile("many", IDS), "--out", out, "--base-url", url, "--concurrency", "16", "--progress"]);
  const samples = [];
  let isOver = false;
  const end = ended.finally(() => (isOver = true));
  while (!isOver) {
    await Promise.race([sleep(2_000), end]);
    const bytes = await resident(child.pid);
    if (bytes > 0) samples.push(bytes);
  }
  close();
  const { code, said } = await end;
  console.log(said.trimEnd().split("\n").at(-1));
  const at = (share) => samples[Math.floor(share * (samples.length - 1))];
  const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MB`;
  console.log([0.2, 0.4, 0.6, 0.8, 1].map((share) => `${share * 100} %: ${megabytes(at(share))}`).join(", "));
  if (code !== 0) wrong.push(`the run of ${IDS} ids ended with ${code}`);
  if (Math.max(...samples.slice(samples.length * 0.8)) > at(0.2) + MAY_GROW) wrong.push("the memory grew");
}

try {
  await killed();
  await many();
} finally {
  await rm(folder, { recursive: true });
}
for (const what of wrong.slice(0, 20)) console.error(what);
process.exitCode = wrong.length > 0 ? 1 : 0;
