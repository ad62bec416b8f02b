// Reads the NDJSON file of an earlier run.
import { open } from "node:fs/promises";
import { UsageError } from "./options.js";
import { refuseOtherThanFile } from "./output.js";
import { completeMove, keepOnly } from "./rewrite.js";

const CHUNK_BYTES = 2 ** 20;
const LINE_FEED = 10;

/** This program writes no longer line. The limit keeps other files from filling the memory. */
const LONGEST_LINE_BYTES = 2 ** 28;

/** The beginning of every line that this program writes. A torn line begins like this, too. */
const BEGINNING = '{"runId":';

/**
 * Removes failed runs and a torn last line from the file, so that those runs are requested again.
 *
 * @param {AbortSignal} signal Stops the reading. The file then stays unchanged.
 * @returns {Promise<Set<number>>} The runs whose results the file holds.
 */
export async function heldIn(out, signal) {
  refuseOtherThanFile(out);
  const file = await existing(out);
  if (file === undefined) return new Set();
  try {
    await completeMove(out, file);
    const { held, kept } = await resultsIn(out, file, signal);
    await keepOnly(out, file, kept, signal);
    return held;
  } finally {
    await file.close();
  }
}

async function existing(out) {
  try {
    return await open(out, "r+");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw new UsageError(`${out} cannot be continued: ${error.message}`);
  }
}

/** @returns {Promise<{ held: Set<number>, kept: [number, number][] }>} The runs with results, and the ranges of their lines. */
async function resultsIn(out, file, signal) {
  const held = new Set();
  const kept = [];
  let number = 0;
  for await (const { text, start, end, whole } of linesOf(file, signal)) {
    number += 1;
    const item = itemOf(text);
    if (item === undefined && text.trim() !== "") {
      if (!whole && BEGINNING.startsWith(text.slice(0, BEGINNING.length))) continue;
      throw new UsageError(`${out}, line ${number} was not written by this program: nothing was changed; use another --out`);
    }
    if (item === undefined || !isResult(item) || held.has(item.runId)) continue;
    held.add(item.runId);
    if (kept.at(-1)?.[1] === start) kept.at(-1)[1] = end;
    else kept.push([start, end]);
  }
  return { held, kept };
}

function itemOf(line) {
  try {
    const item = JSON.parse(line);
    return Number.isSafeInteger(item?.runId) && typeof item.ok === "boolean" ? item : undefined;
  } catch {
    return undefined;
  }
}

const isResult = ({ ok, texts }) => ok && Array.isArray(texts) && texts.every((text) => typeof text === "string");

/**
 * Yields lines, split at line feeds only: Node's `readline` also splits at other characters. `start` and `end` are byte offsets
 * in the file.
 */
async function* linesOf(file, signal) {
  // Leaves out the byte order mark that some editors add.
  const decoder = new TextDecoder();
  let pieces = [];
  let start = 0;
  let read = 0;
  const line = (whole) => {
    const bytes = Buffer.concat(pieces);
    pieces = [];
    const found = { text: decoder.decode(bytes), start, end: start + bytes.length, whole };
    start = found.end;
    return found;
  };
  for (;;) {
    signal.throwIfAborted();
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, read);
    if (bytesRead === 0) break;
    read += bytesRead;
    let rest = buffer.subarray(0, bytesRead);
    for (let at = rest.indexOf(LINE_FEED); at !== -1; at = rest.indexOf(LINE_FEED)) {
      pieces.push(rest.subarray(0, at + 1));
      rest = rest.subarray(at + 1);
      yield line(true);
    }
    pieces.push(rest);
    if (read - start > LONGEST_LINE_BYTES) yield line(true);
  }
  if (read > start) yield line(false);
}
