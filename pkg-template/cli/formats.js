// The formats of results. Runs are written one at a time, so that any number of them takes no memory.

/** The two line ends of JavaScript that are none of NDJSON's, and readers that take them for such. */
const inOneLine = (value) =>
  JSON.stringify(value).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);

/** Spreadsheets drop some of them, so that the character after them is the first. Tabs and line ends are text. */
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** Invisible characters before the first visible one of a cell. */
const UNSEEN = /[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]*/u;

/** `= + - @`, and their full-width and small forms. The last is the minus sign. */
const STARTER = /[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]/u;

/** Cells that a spreadsheet may run. OWASP also names cells that begin with a tab or a line end. */
const FORMULA = new RegExp(`^(?:[\\t\\r\\n]|${UNSEEN.source}${STARTER.source})`, "u");

/** The text of a cell. A spreadsheet shows as text what it would run as a formula. */
function safe(text) {
  const shown = text.replace(CONTROLS, "");
  return FORMULA.test(shown) ? `'${shown}` : shown;
}

export const CSV_COLUMNS = ["run_id", "status", "index", "text", "error"];

/** The words for `ok` in the column `status`. */
export const statusOf = (ok) => (ok ? "ok" : "failed");

/**
 * The rows of a run: one for each text, one where there is none.
 *
 * @returns {[runId: number, ok: boolean, index?: number, text?: string, error?: string][]}
 */
function csvRows({ ok, runId, texts, error }) {
  if (!ok) return [[runId, ok, undefined, undefined, safe(`${error.code}: ${error.message}`)]];
  if (texts.length === 0) return [[runId, ok, undefined, undefined, undefined]];
  return texts.map((text, index) => [runId, ok, index, safe(text), undefined]);
}

/**
 * Each with what comes first, what is between two runs, what comes last, and one run; where `failures` is set, one that
 * failed too. Where `rows` is set, a run is rows of cells, which are still to be written.
 */
export const FORMATS = {
  text: {
    between: "\n",
    run: ({ runId, texts }) => `${[`run ${runId}`, ...texts].join("\n")}\n`,
  },
  json: {
    first: "{",
    between: ",",
    last: "\n}\n",
    failures: true,
    run: ({ ok, runId, texts, error }) => `\n  "${runId}": ${JSON.stringify(ok ? { texts } : { error })}`,
  },
  ndjson: {
    failures: true,
    run: ({ ok, runId, texts, error }) => `${inOneLine(ok ? { runId, ok, texts } : { runId, ok, error })}\n`,
  },
  csv: {
    first: `${CSV_COLUMNS.join(",")}\r\n`,
    failures: true,
    rows: true,
    run: csvRows,
  },
};

/** Gives the text for one run after the other. */
export class Encoder {
  #format;
  #csvOf;
  #runs = 0;

  /**
   * @param {keyof typeof FORMATS} name
   * @param {(rows: ReturnType<typeof csvRows>) => string} csvOf Writes rows by RFC 4180: numbers as they are, texts in quotes,
   * `ok` as {@link statusOf} has it. The command line has a library for it, of which a page would load 9 kB.
   */
  constructor(name, csvOf) {
    this.#format = FORMATS[name];
    this.#csvOf = csvOf;
  }

  get first() {
    return this.#format.first ?? "";
  }

  get last() {
    return this.#format.last ?? "";
  }

  /** @param {import("../index.js").StreamItem} item */
  run(item) {
    const { between = "", failures, rows, run } = this.#format;
    if (!item.ok && !failures) return "";
    this.#runs += 1;
    return (this.#runs > 1 ? between : "") + (rows ? this.#csvOf(run(item)) : run(item));
  }
}
