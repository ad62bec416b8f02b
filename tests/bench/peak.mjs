/**
 * Measures the peak memory of one answer of 12 MB, above that of the process before. Each contender has a fresh process, because a
 * call would reuse the memory of the one before. `peak.mjs [--rounds N]`
 */
import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { imported } from "../e2e/support/install.mjs";
import { summary } from "./figures.mjs";
import { answerOf, contendersFor, NOISE, stubFetch } from "./one-call.mjs";
import { keep, NODE } from "./results.mjs";

const BASE_URL = "https://service.test/apis";

const { values: args } = parseArgs({ options: { rounds: { type: "string", default: "7" }, one: { type: "string" } } });

/** Prints the MB of one call. */
async function one(name) {
  const contender = contendersFor(imported.TranslationResultsClient, BASE_URL)[name];
  const small = stubFetch(answerOf(366));
  for (let time = 0; time < 20; time += 1) await contender();
  small();
  stubFetch(answerOf(12_000_000));
  globalThis.gc();
  const before = process.memoryUsage().rss;
  await contender();
  console.log((process.resourceUsage().maxRSS * 1024 - before) / 1e6);
}

async function all() {
  const run = promisify(execFile);
  const names = Object.keys(contendersFor(imported.TranslationResultsClient, BASE_URL)).filter((name) => name !== NOISE);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < Number(args.rounds); round += 1) {
    for (const name of names) {
      const { stdout } = await run(process.execPath, ["--expose-gc", fileURLToPath(import.meta.url), "--one", name]);
      samples[name].push(Number(stdout));
    }
  }
  console.log(`Peak memory of an answer of 12 MB, ${NODE}, ${args.rounds} rounds`);
  console.log(summary(samples, "MB"));
  await keep("peak", NODE, { samples });
}

await (args.one ? one(args.one) : all());
