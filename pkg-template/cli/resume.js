// What an NDJSON file of an earlier run holds.
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { UsageError } from "./options.js";

/**
 * Makes the file end with a whole line, and hold results only: runs that had failed are asked for again. In one step, so
 * that a kill leaves the file as it was.
 *
 * @returns {Promise<Set<number>>} The runs that it holds.
 */
export async function heldIn(out) {
  const held = new Set();
  if (!existsSync(out)) return held;
  const fresh = `${out}.resuming`;
  try {
    await pipeline(resultsIn(out, held), createWriteStream(fresh));
    await rename(fresh, out);
  } finally {
    await rm(fresh, { force: true });
  }
  return held;
}

async function* resultsIn(out, held) {
  let number = 0;
  for await (const { line, whole } of linesOf(out)) {
    number += 1;
    if (line === "") continue;
    const item = itemOf(line);
    if (item === undefined) {
      // Torn, by a kill.
      if (!whole) continue;
      throw new UsageError(`${out}, line ${number} is none of this program's: nothing was changed; give another --out`);
    }
    if (!item.ok || held.has(item.runId)) continue;
    held.add(item.runId);
    yield `${line}\n`;
  }
}

function itemOf(line) {
  try {
    const item = JSON.parse(line);
    return Number.isSafeInteger(item?.runId) && typeof item.ok === "boolean" ? item : undefined;
  } catch {
    return undefined;
  }
}

/** By line feeds only, where Node's own reader of lines takes other characters for line ends too. */
async function* linesOf(path) {
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "utf8", highWaterMark: 2 ** 20 })) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) yield { line, whole: true };
  }
  yield { line: rest, whole: false };
}
