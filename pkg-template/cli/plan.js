// `plan`: prints the batches that `get` would request.
import { planBatches } from "translation-results";
import { Failures } from "./failures.js";
import { source } from "./ids.js";
import { oneLine, print, say } from "./standard.js";
import { counted } from "./words.js";

/** Prints the batches. Returns the exit code. */
export async function plan(options) {
  let skipped = 0;
  const failures = new Failures(options.verbose, (message) => say(`${oneLine(message)}\n`));
  const { ids, close } = source(options, (message) => {
    skipped += 1;
    failures.value(message);
  });
  const all = [];
  for await (const id of ids) all.push(id);
  close();
  const batches = planBatches(all);
  await print(batches.map((batch) => `${batch.join(" ")}\n`).join(""));
  failures.end();
  if (!options.quiet) say(`${counted(batches.flat().length, "run")}, ${counted(batches.length, "request")}\n`);
  return skipped === 0 ? 0 : 1;
}
