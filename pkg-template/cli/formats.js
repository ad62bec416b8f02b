// The formats of results. Only one run is in memory at a time.

/** Returns JSON with U+2028 and U+2029 escaped: some readers of NDJSON take them for line ends. */
const inOneLine = (value) =>
  JSON.stringify(value).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);

/** Spreadsheets drop some control characters, which then no longer hide a formula. Tabs and line ends are text. */
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** Invisible characters before the first visible one of a cell. */
const UNSEEN = /[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]*/u;

/** `= + - @`, and their full-width and small forms. The last is the minus sign. */
const STARTER = /[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]/u;

/** Cells that a spreadsheet may run. OWASP also names cells that begin with a tab or a line end. */
const FORMULA = new RegExp(`^(?:[\\t\\r\\n]|${UNSEEN.source}${STARTER.source})`, "u");

/** Returns the text of a cell. A quote before a formula makes spreadsheets show it as text. */
function safe(text) {
  const shown = text.replace(CONTROLS, "");
  return FORMULA.test(shown) ? `'${shown}` : shown;
}

export const CSV_COLUMNS = ["run_id", "status", "index", "text", "error"];

/** Returns the value of the column `status`. */
export const statusOf = (ok) => (ok ? "ok" : "failed");

/**
 * Returns the rows of a run: one for each text, or one if the run has no text.
 *
 * @returns {[runId: number, ok: boolean, index?: number, text?: string, error?: string][]}
 */
function csvRows({ ok, runId, texts, error }) {
  if (!ok) return [[runId, ok, undefined, undefined, safe(`${error.code}: ${error.message}`)]];
  if (texts.length === 0) return [[runId, ok, undefined, undefined, undefined]];
  return texts.map((text, index) => [runId, ok, index, safe(text), undefined]);
}

/**
 * The formats: `first`, `between` and `last` surround the runs, and `run` encodes one. With `failures`, `run` also takes failed
 * runs. With `rows`, `run` returns rows of cells, which the caller encodes.
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

/** Encodes runs one after the other. */
export class Encoder {
  #format;
  #csvOf;
  #runs = 0;

  /**
   * @param {keyof typeof FORMATS} name
   * @param {(rows: ReturnType<typeof csvRows>) => string} csvOf Encodes rows by RFC 4180: numbers bare, texts in quotes, `ok` by
   * {@link statusOf}. The command line uses a library, which would add 9 kB to the demo page.
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
