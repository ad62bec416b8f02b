// Reads run ids from bytes: a list, a column of a table, or NDJSON.
import { textsOf } from "./encoding.js";
import { idsOfList } from "./list.js";
import { idsOfNdjson } from "./ndjson.js";
import { UsageError } from "./options.js";
import { partsOf, runId } from "./run-id.js";
import { delimiterOf, headOfTable, idsOfColumn, listOf } from "./table.js";

/** The most characters that are read to tell the kind of text. */
const LONGEST_HEAD = 2 ** 16;

/** Headings of a list of ids, after spaces and dashes are removed. */
const TITLE = /^(?:run)?ids?$/i;

/**
 * Yields the run ids of a stream of bytes.
 *
 * @param {AsyncIterable<Buffer>} chunks
 * @param {object} options
 * @param {string} options.name The name of the stream, for messages.
 * @param {string} [options.column] The name or the number of the column that holds the run ids.
 * @param {(message: string) => void} options.onBad Called for each value that is not a run id.
 * @throws {UsageError} Before the first id, if the text is a table and no column is named.
 */
export async function* idsIn(chunks, { name, column, onBad }) {
  const texts = textsOf(chunks);
  try {
    let head = "";
    let read;
    for (let done = false; !read; ) {
      const next = await texts.next();
      ({ done } = next);
      head += next.value ?? "";
      read = readerOf(head, { whole: done, column, name });
    }
    yield* read(joined(head, texts), { name, column, onBad: (place, message) => onBad(`${name}, ${place}: ${message}`) });
  } finally {
    await texts.return();
  }
}

async function* joined(head, texts) {
  yield head;
  yield* texts;
}

/** Returns the reader for a text, given its beginning, or `undefined` if more of the text is needed. */
function readerOf(text, { whole, column, name }) {
  const isEnough = whole || text.length >= LONGEST_HEAD;
  const begin = text.trimStart();
  if (begin === "") return isEnough ? idsOfList : undefined;
  if (begin.startsWith("{")) return idsOfNdjson;
  const line = lastLineEnd(begin);
  if (column !== undefined) return columnReader(begin, line, isEnough);
  if (begin.startsWith("[")) return jsonReader(begin, name, isEnough);
  if (line === 0 && !isEnough) return isBeginOfIds(begin) ? idsOfList : undefined;
  const lines = whole ? begin : begin.slice(0, line || undefined);
  const columns = headOfTable(lines);
  if (columns === undefined) return listReader(lines);
  throw new UsageError(
    `${name} is a table with the columns ${listOf(columns)}: name the one that holds run ids with --column, by its name or its number`,
  );
}

const lastLineEnd = (text) => text.lastIndexOf("\n") + 1;

function columnReader(begin, line, isEnough) {
  if (line === 0 && !isEnough) return undefined;
  const delimiter = delimiterOf(begin.slice(0, line || undefined));
  return (texts, options) => idsOfColumn(texts, { ...options, delimiter });
}

function jsonReader(begin, name, isEnough) {
  const first = begin.slice(1).trimStart()[0];
  if (first === undefined && !isEnough) return undefined;
  if (first === "{") {
    throw new UsageError(`${name} is a JSON array of objects: give NDJSON, an object with "runId" in each line`);
  }
  return (texts, options) => idsOfList(texts, { ...options, json: true });
}

/** Returns whether an unfinished line is a list of ids: ids from a pipe are fetched before their line ends. */
function isBeginOfIds(text) {
  const parts = partsOf(text.replace(/\S+$/, ""));
  return parts.length > 0 && parts.every((part) => runId(part) !== undefined);
}

function listReader(lines) {
  const title = lines.split(/\r?\n/, 1)[0].trim().replace(/^"|"$/g, "");
  if (!TITLE.test(title.replace(/[ _-]/g, ""))) return idsOfList;
  return (texts, options) => idsOfList(withoutTitle(texts), options);
}

/** Empties the title line, but keeps it, so that line numbers stay correct. */
async function* withoutTitle(texts) {
  let title = /\S[^\n]*/;
  for await (const text of texts) {
    yield title === undefined ? text : text.replace(title, "");
    title = undefined;
  }
}
