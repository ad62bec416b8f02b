/** A reporter for Node's test runner: prints each environment when it is done, then a table of all, then the counts. */
import { inspect } from "node:util";
import { SEPARATOR } from "./environment.mjs";

/** The width of a reason in the table. The whole reason is printed above. */
const WIDTH = 80;

/** Returns the row of a test. A file that cannot be loaded is a row, too, with its name only. */
const rowOf = ({ name, details, skip, todo }, failed) => {
  const [kind, environment, version] = name.includes(SEPARATOR) ? name.split(SEPARATOR) : ["file", name, ""];
  const untested = skip !== undefined || todo !== undefined;
  const error = details.error?.cause ?? details.error;
  const why = failed ? (error?.message ?? String(error)) : "was not tested";
  return {
    kind,
    environment,
    version,
    outcome: failed || untested ? `failed: ${why.split("\n")[0].slice(0, WIDTH)}` : "passed",
    seconds: (details.duration_ms / 1000).toFixed(1),
    error: failed || untested ? error ?? why : undefined,
  };
};

const COLUMNS = ["kind", "environment", "version", "outcome", "seconds"];

function* table(rows) {
  const cells = [Object.fromEntries(COLUMNS.map((column) => [column, column])), ...rows];
  const widths = COLUMNS.map((column) => Math.max(...cells.map((row) => row[column].length)));
  const rule = `${widths.map((width) => "─".repeat(width)).join("──")}\n`;
  for (const [index, row] of cells.entries()) {
    const padded = COLUMNS.map((column, at) =>
      column === "seconds" ? row[column].padStart(widths[at]) : row[column].padEnd(widths[at]));
    yield `${padded.join("  ")}\n`;
    if (index === 0) yield rule;
  }
}

export default async function* report(events) {
  const rows = [];
  const printed = new Map();
  for await (const { type, data } of events) {
    if (type === "test:stderr" || type === "test:stdout") {
      printed.set(data.file, (printed.get(data.file) ?? "") + data.message);
    }
    const isRow = (type === "test:pass" || type === "test:fail") && data.nesting === 0;
    if (!isRow || data.details?.type === "suite") continue;
    const row = rowOf(data, type === "test:fail");
    rows.push(row);
    yield `${row.environment} ${row.version} ${row.error === undefined ? "passed" : "failed"}, ${row.seconds} s\n`;
    if (row.error !== undefined) yield `${inspect(row.error)}\n`;
    if (row.kind === "file") yield printed.get(data.name) ?? "";
  }
  // In a fixed order, as several files run at once.
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  yield "\n";
  yield* table(kinds.flatMap((kind) => rows.filter((row) => row.kind === kind)));
  const failed = rows.filter(({ error }) => error !== undefined).length;
  yield `\nℹ pass ${rows.length - failed}\nℹ fail ${failed}\n`;
}
