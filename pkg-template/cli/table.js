// Reads run ids from one column of a table: CSV by RFC 4180, also with semicolons, tabs or bars between the cells.
import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { parse as parseWhole } from "csv-parse/sync";
import { UsageError } from "./options.js";
import { notARunId, partsOf, runId } from "./run-id.js";

const DELIMITERS = [",", ";", "\t", "|"];

/** Keeps a quote that is never closed from filling the memory. */
const LONGEST_ROW = 2 ** 24;

const SHOWN_COLUMNS = 20;
const SHOWN_NAME = 40;

/** The number of rows that decide whether a text is a table or a list. */
const HEAD_ROWS = 20;

/** Returns the first rows of a text, which may end within a row. Accepts quotes anywhere, as the text may not be a table. */
function rowsOf(text, delimiter) {
  const rows = [];
  const on_record = (cells) => {
    if (!isBlank(cells)) rows.push(cells);
  };
  try {
    parseWhole(text, { delimiter, relax_column_count: true, relax_quotes: true, to: HEAD_ROWS, on_record });
  } catch {
    // The last row may be incomplete.
  }
  return rows;
}

const isBlank = (cells) => cells.every((cell) => cell.trim() === "");
const isOfIds = (cells) => cells.every((cell) => partsOf(cell).every((part) => runId(part) !== undefined));

/** Returns the delimiter that gives the first row the most cells. */
export function delimiterOf(text) {
  const counts = DELIMITERS.map((delimiter) => rowsOf(text, delimiter)[0]?.length ?? 0);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

/**
 * Returns the first row if a text looks like a table of several columns: it begins with a row of names, or has rows of equal
 * length with cells that are not run ids.
 */
export function headOfTable(text) {
  const rows = rowsOf(text, delimiterOf(text));
  if (rows.length > 0 && rows[0].length > 1 && !rows[0].some((cell) => isOfIds([cell]))) return rows[0];
  const at = rows.findIndex((cells, index) => {
    const next = rows[index + 1];
    return cells.length > 1 && next?.length === cells.length && !(isOfIds(cells) && isOfIds(next));
  });
  return rows[at];
}

/** Lists columns for a message. */
export function listOf(columns) {
  const shown = columns.slice(0, SHOWN_COLUMNS).map((name) => name.trim().slice(0, SHOWN_NAME));
  return [...shown, ...(columns.length > SHOWN_COLUMNS ? ["…"] : [])].join(", ");
}

/**
 * Yields the run ids of a column. Calls `onBad` with the place and the message of every other value.
 *
 * @param {AsyncIterable<string>} texts
 * @param {object} options
 * @param {string} options.column Its name in the first row, or its number, from 1.
 * @param {string} options.delimiter
 * @param {string} options.name The name of the file, for messages.
 * @param {(place: string, message: string) => void} options.onBad
 */
export async function* idsOfColumn(texts, { column, delimiter, name, onBad }) {
  const rows = parse({ delimiter, relax_column_count: true, max_record_size: LONGEST_ROW });
  // The loop below throws the error.
  pipeline(texts, rows, () => {});
  let number = 0;
  let index;
  try {
    for await (const cells of rows) {
      // As spreadsheets number them.
      number += 1;
      if (isBlank(cells)) continue;
      if (index === undefined) {
        index = indexOf(column, cells, name);
        if (isHead(column, cells[index])) continue;
      }
      const cell = (cells[index] ?? "").trim();
      const id = runId(cell);
      if (id === undefined) onBad(`row ${number}`, notARunId(cell));
      else yield id;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Error(`${name} is not CSV by RFC 4180: ${error.message}`, { cause: error });
  }
}

const isNumber = (column) => /^\d+$/.test(column);

/** A column that is given by its number may have a name too. */
const isHead = (column, cell) => !isNumber(column) || runId(cell.trim()) === undefined;

function indexOf(column, cells, name) {
  const names = cells.map((cell) => cell.trim());
  const refuse = (problem) => new UsageError(`${name} ${problem}: the columns are ${listOf(names)}`);
  if (isNumber(column)) {
    const index = Number(column) - 1;
    if (index < 0 || index >= names.length) throw refuse(`has no column ${column}`);
    return index;
  }
  const index = names.indexOf(column);
  if (index === -1) throw refuse(`has no column "${column}"`);
  if (names.lastIndexOf(column) !== index) throw refuse(`has several columns "${column}", give the number of one`);
  return index;
}
