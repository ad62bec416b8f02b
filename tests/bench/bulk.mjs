/**
 * Compares the bulk call with other ways to do the same work:
 *
 *   node --expose-gc tests/bench/bulk.mjs [--rounds N] [--only pool,large-pool,singles,bucket,retry-after,one-in-seven,memory]
 *
 * It reads the packed tarball that TRANSLATION_RESULTS_TGZ names, prints tables and keeps them in target/bench/.
 * `--expose-gc` is for the last part: without a collection before each figure, the size of the heap depends on the collector.
 * Contenders take turns, so that other work of the machine affects all of them. Nothing is asserted, because times depend on
 * the machine. Each goal is a ratio, and the output says whether it is met.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { barePool, loopOverSdk, ours, oursSingly, pLimitAroundSdk } from "./contenders.mjs";
import { median } from "./figures.mjs";
import { streamed } from "./memory.mjs";
import { keep, NODE } from "./results.mjs";

const { values: args } = parseArgs({ options: { rounds: { type: "string" }, only: { type: "string" } } });

const RUNS = 1000;
const REQUESTS = RUNS / 5;
const runIdsUpTo = (count) => Array.from({ length: count }, (_, index) => index + 1);

const server = fork(fileURLToPath(new URL("service-process.mjs", import.meta.url)));
async function ask(message) {
  server.send(message);
  return (await once(server, "message"))[0];
}

/* Figures. */

const seconds = (ms) => `${(ms / 1000).toFixed(3)} s`;
const percent = (share) => `${(share * 100).toFixed(1)} %`;
const spread = (numbers, show) => `${show(Math.min(...numbers))} to ${show(Math.max(...numbers))}`;

/** Measures the contenders in turn for a number of rounds. A contender with `once` takes part in the first round only. */
async function measure(service, contenders, rounds, runs = RUNS) {
  const runIds = runIdsUpTo(runs);
  const samples = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, { run, width, once: single }] of Object.entries(contenders)) {
      if (single && round > 0) continue;
      const { url } = await ask(service);
      globalThis.gc?.();
      const begun = performance.now();
      const came = await run(url, runIds, width);
      const ms = performance.now() - begun;
      samples[name].push({ ms, lost: runs - came, ...(await ask("report")) });
      process.stderr.write(".");
    }
  }
  process.stderr.write("\n");
  return samples;
}

function table(title, rows) {
  const [first] = rows;
  const line = (cells) => `| ${cells.join(" | ")} |`;
  console.log([
    `\n### ${title}\n`,
    line(Object.keys(first)),
    line(Object.keys(first).map(() => "---")),
    ...rows.map((row) => line(Object.values(row))),
  ].join("\n"));
}

/** Prints whether each goal was met: `[what, the figure, the limit, "<=" or ">=", how it is shown]`. */
function judge(goals) {
  const judged = goals.map(([what, value, limit, order, show = String]) => {
    const met = order === "<=" ? value <= limit : value >= limit;
    console.log(`- ${met ? "met" : "NOT MET"}: ${what} ${show(value)}, goal ${order} ${show(limit)}`);
    return { what, value, limit, order, met };
  });
  return judged;
}

/* The parts. */

async function pool(rounds, runs, contenders) {
  const service = { latencyMs: 50 };
  const all = {
    "translation-results, 10 wide": { run: ours, width: 10 },
    "bare fetch pool, 10 wide": { run: barePool, width: 10 },
    "p-limit(10) around @camb-ai/sdk": { run: pLimitAroundSdk, width: 10 },
    ...contenders,
  };
  const [own, bare, limited] = Object.values(all);
  await measure(service, { own, bare, limited }, 1); // Warms up: connections, compiled code.
  const samples = await measure(service, all, rounds, runs);
  const times = Object.entries(samples).map(([name, list]) => [name, list.map(({ ms }) => ms)]);
  const [[, oursMs], [, bareMs]] = times;
  table(`${runs} runs, an answer after 50 ms`, times.map(([name, ms]) => ({
    "": name,
    median: seconds(median(ms)),
    spread: spread(ms, seconds),
    "beside the pool": (median(ms) / median(bareMs)).toFixed(3),
    rounds: ms.length,
  })));
  const beside = +(median(oursMs) / median(bareMs)).toFixed(3);
  return { samples, goals: judge([["time beside the bare pool", beside, 1.05, "<="]]) };
}

/** Compares a call for each run, made in one task, with one call for all runs. */
async function singles(rounds) {
  const contenders = { "getResult for each run": { run: oursSingly }, "getAllResults": { run: ours } };
  await measure({ latencyMs: 50 }, contenders, 1); // Warms up: connections, compiled code.
  const samples = await measure({ latencyMs: 50 }, contenders, rounds);
  const [single, bulk] = Object.values(samples);
  const besideBulk = (list) => list.map(({ ms }, round) => ms / bulk[round].ms);
  table(`${RUNS} single calls in one task, an answer after 50 ms`, Object.entries(samples).map(([name, list]) => ({
    "": name,
    median: seconds(median(list.map(({ ms }) => ms))),
    spread: spread(list.map(({ ms }) => ms), seconds),
    "beside getAllResults": `${median(besideBulk(list)).toFixed(3)} (${spread(besideBulk(list), (ratio) => ratio.toFixed(3))})`,
    requests: spread(list.map(({ requests }) => requests), String),
    rounds: list.length,
  })));
  return {
    samples,
    goals: judge([
      ["time beside getAllResults", +median(besideBulk(single)).toFixed(3), 1.1, "<="],
      ["requests, at most", Math.max(...single.map(({ requests }) => requests)), REQUESTS, "<="],
      ["runs lost, at worst", Math.max(...single.map(({ lost }) => lost)), 0, "<="],
    ]),
  };
}

async function limited(title, service, floorMs, rounds, goalsOf) {
  const contenders = {
    "translation-results, 16 wide": { run: ours, width: 16 },
    "translation-results, as it comes (6 wide)": { run: ours },
    "p-limit(16) around @camb-ai/sdk": { run: pLimitAroundSdk, width: 16 },
    "a loop over @camb-ai/sdk": { run: loopOverSdk, once: true },
  };
  const samples = await measure({ latencyMs: 50, ...service }, contenders, rounds);
  const summary = (list) => ({
    beside: list.map(({ ms }) => ms / floorMs),
    lost: list.map(({ lost }) => lost),
    refused: list.map(({ refused, requests }) => refused / requests),
  });
  table(`${title}: ${REQUESTS} requests, floor ${seconds(floorMs)}`, Object.entries(samples).map(([name, list]) => {
    const { beside, lost, refused } = summary(list);
    return {
      "": name,
      median: seconds(median(list.map(({ ms }) => ms))),
      "time / floor": `${median(beside).toFixed(3)} (${spread(beside, (ratio) => ratio.toFixed(3))})`,
      "runs lost": spread(lost, String),
      "requests refused": `${percent(median(refused))} (${spread(refused, percent)})`,
      rounds: list.length,
    };
  }));
  const goals = Object.entries(samples).slice(0, 2).flatMap(([name, list]) => {
    const { beside, lost, refused } = summary(list);
    console.log(`\n${name}:`);
    return judge([
      ...goalsOf(median(beside)),
      ["runs lost, at worst", Math.max(...lost), 0, "<="],
      ["requests refused", median(refused), goalsOf.refused, "<=", percent],
    ]);
  });
  return { samples, goals };
}

/** Compares a service whose refusals do not depend on the rate with one that never refuses. */
async function oneInSeven(rounds) {
  const contenders = {
    "translation-results, as it comes (6 wide)": { run: ours },
    "p-limit(6) around @camb-ai/sdk": { run: pLimitAroundSdk, width: 6 },
  };
  const samples = await measure({ latencyMs: 36, limiter: ["oneIn", { count: 7 }] }, contenders, rounds);
  const without = await measure({ latencyMs: 36 }, { ours: { run: ours } }, rounds);
  const msOf = (list) => median(list.map(({ ms }) => ms));
  const floor = msOf(without.ours);
  table(`Every 7th of ${REQUESTS} requests refused, ${seconds(floor)} without`, Object.entries(samples).map(([name, list]) => ({
    "": name,
    median: seconds(msOf(list)),
    "beside the same without": (msOf(list) / floor).toFixed(3),
    "runs lost": spread(list.map(({ lost }) => lost), String),
    "requests refused": spread(list.map(({ refused, requests }) => refused / requests), percent),
    rounds: list.length,
  })));
  const [own] = Object.values(samples);
  return {
    samples: { ...samples, without: without.ours },
    goals: judge([
      ["time beside the same without refusals", +(msOf(own) / floor).toFixed(3), 2, "<="],
      ["runs lost, at worst", Math.max(...own.map(({ lost }) => lost)), 0, "<="],
    ]),
  };
}

const bucketGoals = Object.assign(
  (beside) => [["of the allowed rate", 1 / beside, 0.95, ">=", percent]], { refused: 0.03 },
);
const retryAfterGoals = Object.assign(
  (beside) => [["time beside the floor", +beside.toFixed(3), 1.25, "<="]], { refused: 0.05 },
);

async function memory() {
  const count = 100_000;
  const { url } = await ask({ latencyMs: 0 });
  const { marks, ms } = await streamed(url, count, [0.1, 0.5, 1]);
  const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(2)} MiB`;
  table(`${count} runs streamed in ${seconds(ms)}`, marks.map(({ share, ...figures }) => ({
    "": percent(share),
    ...Object.fromEntries(Object.entries(figures).map(([name, bytes]) => [name, mebibytes(bytes)])),
  })));
  if (!globalThis.gc) console.log("\nwithout --expose-gc: the heap holds what was not collected yet");
  const [first] = marks;
  const last = marks.at(-1);
  const perRun = (name) => (last[name] - first[name]) / (count * 0.9);
  console.log("");
  // The set of ids seen takes 8 bytes for each id, in a table with spare capacity, and in the smaller tables before it.
  return {
    samples: marks,
    goals: judge([
      ["heap grown, bytes a run", +perRun("heapUsed").toFixed(1), 64, "<="],
      ["linear memory grown, bytes a run", +perRun("linear").toFixed(1), 64, "<="],
    ]),
  };
}

const rounds = (usual) => (args.rounds === undefined ? usual : Number(args.rounds));
const parts = {
  pool: () => pool(rounds(7), RUNS, { "a loop over @camb-ai/sdk": { run: loopOverSdk, once: true } }),
  // Without the loop, which would take two more minutes.
  "large-pool": () => pool(rounds(3), 10 * RUNS),
  singles: () => singles(rounds(7)),
  bucket: () => limited("40 a second, burst of 10, no Retry-After",
    { limiter: ["tokenBucket", { rate: 40, burst: 10 }] }, 4750, rounds(3), bucketGoals),
  "retry-after": () => limited("20 a second, burst of 5, Retry-After: 1",
    { limiter: ["tokenBucket", { rate: 20, burst: 5 }], retryAfter: 1 }, 9750, rounds(3), retryAfterGoals),
  "one-in-seven": () => oneInSeven(rounds(3)),
  memory,
};

const wanted = args.only?.split(",") ?? Object.keys(parts);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length > 0 || !(rounds(1) >= 1)) {
  console.error(`usage: bulk.mjs [--rounds N] [--only ${Object.keys(parts).join(",")}]`);
  process.exit(1);
}
console.log(`Node ${process.version}, ${availableParallelism()} cores; medians, and the lowest to the highest`);
const found = {};
for (const name of wanted) found[name] = await parts[name]();
server.disconnect();

await keep("bulk", NODE, found);
