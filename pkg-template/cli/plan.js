// `plan`: what `get` would ask for.
import { planBatches } from "translation-results";
import { source } from "./ids.js";
import { oneLine, print, say } from "./standard.js";

export async function plan(options) {
  let bad = 0;
  const { ids, close } = source(options, (message) => {
    bad += 1;
    say(`${oneLine(message)}\n`);
  });
  const all = [];
  for await (const id of ids) all.push(id);
  close();
  const batches = planBatches(all);
  await print(batches.map((batch) => `${batch.join(" ")}\n`).join(""));
  say(`${batches.flat().length} runs, ${batches.length} requests\n`);
  return bad === 0 ? 0 : 1;
}
