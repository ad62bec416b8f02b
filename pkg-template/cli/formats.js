// What results are written as. A run at a time, so that any number of them takes no memory.

/** The two line ends of JavaScript that are none of NDJSON's, and readers that take them for such. */
const inOneLine = (value) =>
  JSON.stringify(value).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);

/** Spreadsheets drop some of them, so that the character after them is the first. Tabs and line ends are text. */
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** What nobody sees before the first character of a cell. */
const UNSEEN = /[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]*/u;

/** `= + - @`, and their full-width and small forms. The last is the minus sign. */
const STARTER = /[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]/u;

/** What a spreadsheet may run. OWASP names cells that begin with a tab or a line end besides. */
const FORMULA = new RegExp(`^(?:[\\t\\r\\n]|${UNSEEN.source}${STARTER.source})`, "u");

/** A cell by RFC 4180. A spreadsheet shows as text what it would run as a formula. */
function csvCell(text) {
  const shown = text.replace(CONTROLS, "");
  return `"${FORMULA.test(shown) ? "'" : ""}${shown.replaceAll('"', '""')}"`;
}

/** The rows of a run: one for each text, one where there is none. */
function csvRows({ ok, runId, texts, error }) {
  if (!ok) return `${runId},failed,,,${csvCell(`${error.code}: ${error.message}`)}\r\n`;
  if (texts.length === 0) return `${runId},ok,,,\r\n`;
  return texts.map((text, index) => `${runId},ok,${index},${csvCell(text)},\r\n`).join("");
}

/**
 * Each with what comes first, what is between two runs, what comes last, and one run; where `failures` is set, one that
 * failed too.
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
    run: ({ runId, texts }) => `\n  "${runId}": ${JSON.stringify({ texts })}`,
  },
  ndjson: {
    failures: true,
    run: ({ ok, runId, texts, error }) => `${inOneLine(ok ? { runId, ok, texts } : { runId, ok, error })}\n`,
  },
  csv: {
    first: "run_id,status,index,text,error\r\n",
    failures: true,
    run: csvRows,
  },
};

/** Gives the text for one run after the other. */
export class Encoder {
  #format;
  #runs = 0;

  constructor(name) {
    this.#format = FORMATS[name];
  }

  get first() {
    return this.#format.first ?? "";
  }

  get last() {
    return this.#format.last ?? "";
  }

  /** @param {import("../index.js").StreamItem} item */
  run(item) {
    if (!item.ok && !this.#format.failures) return "";
    this.#runs += 1;
    return (this.#runs > 1 ? this.#format.between ?? "" : "") + this.#format.run(item);
  }
}
