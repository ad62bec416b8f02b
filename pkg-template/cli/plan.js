// `plan`: what `get` would ask for.
import process from "node:process";
import { planBatches } from "translation-results";
import { source } from "./ids.js";

export async function plan(options) {
  let bad = 0;
  const { ids } = source(options, (message) => {
    bad += 1;
    process.stderr.write(`${message}\n`);
  });
  const all = [];
  for await (const id of ids) all.push(id);
  const batches = planBatches(all);
  process.stdout.write(batches.map((batch) => `${batch.join(" ")}\n`).join(""));
  process.stderr.write(`${batches.flat().length} runs, ${batches.length} requests\n`);
  return bad === 0 ? 0 : 1;
}
