/** Measures the time from `import` to the first request, in a fresh process each time. `start.mjs [--rounds N]` */
import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { installDir } from "../e2e/support/install.mjs";
import { summary } from "./figures.mjs";
import { keep, NODE, roundsOr } from "./results.mjs";

const rounds = roundsOr(15);
const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

// The time is taken before the output is opened, which takes some ms itself.
const asked = "globalThis.fetch = () => { const ms = performance.now() - begun; process.stdout.write(String(ms)); process.exit(); };";
const options = '{ apiKey: "sample-key", baseUrl: "https://service.test/apis" }';
/** Returns a program that measures the time of `import` and use, without the start of the process. */
const program = (use) => `const begun = performance.now(); ${asked} ${use}`;

const CONTENDERS = {
  "translation-results": [installDir, program(`
    const { TranslationResultsClient } = await import("translation-results");
    await new TranslationResultsClient(${options}).getResults([1, 2]);`)],
  "@camb-ai/sdk": [here, program(`
    const { CambClient } = await import("@camb-ai/sdk");
    await new CambClient(${options}).translation.getTranslationResults({ body: { run_ids: [1, 2] } });`)],
  "fetch + valibot": [here, program(`
    const v = await import("valibot");
    v.record(v.string(), v.object({ texts: v.array(v.string()) }));
    await fetch("https://service.test/apis/translation-results");`)],
};

const samples = Object.fromEntries(Object.keys(CONTENDERS).map((name) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const [name, [cwd, source]] of Object.entries(CONTENDERS)) {
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", source], { cwd });
    samples[name].push(Number(stdout));
  }
}
console.log(`Import to first request, a fresh process each, ${NODE}, ${rounds} rounds`);
console.log(summary(samples, "ms", 1));
await keep("start", NODE, { samples });
