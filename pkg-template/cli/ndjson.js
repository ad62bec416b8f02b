// Reads run ids from NDJSON: one JSON object a line.
import { RULE, notARunId, runId } from "./run-id.js";

/** The members that may hold the run id if there is no `--column`: this program's name, and the service's. */
const KEYS = ["runId", "run_id"];

/** No line of results is longer. The limit keeps other files from filling the memory. */
const LONGEST_LINE = 2 ** 28;

/**
 * Yields the run id of each line. Calls `onBad` with the place and the message of every line without a run id.
 *
 * @param {AsyncIterable<string>} texts
 * @param {{ column?: string, onBad: (place: string, message: string) => void }} options
 */
export async function* idsOfNdjson(texts, { column, onBad }) {
  const keys = column === undefined ? KEYS : [column];
  let number = 0;
  for await (const line of linesOf(texts)) {
    number += 1;
    if (line.trim() === "") continue;
    const value = memberOf(line, keys);
    const id = runId(String(value ?? ""));
    if (id !== undefined) yield id;
    else if (value === undefined) onBad(`line ${number}`, `there is no JSON object with "${keys[0]}": ${RULE}`);
    else onBad(`line ${number}`, notARunId(typeof value === "string" ? value : JSON.stringify(value)));
  }
}

function memberOf(line, keys) {
  try {
    const found = JSON.parse(line);
    const key = keys.find((name) => Object.hasOwn(found, name));
    return key === undefined ? undefined : found[key];
  } catch {
    return undefined;
  }
}

/** Splits at line feeds only. Node's `readline` also splits at other characters. */
async function* linesOf(texts) {
  let pieces = [];
  let length = 0;
  for await (const text of texts) {
    const [first, ...more] = text.split("\n");
    pieces.push(first);
    length += first.length;
    for (const next of more) {
      yield pieces.join("");
      pieces = [next];
      length = next.length;
    }
    if (length > LONGEST_LINE) throw new Error(`a line is longer than ${LONGEST_LINE} characters`);
  }
  yield pieces.join("");
}
