// What results are written as. A run at a time, so that any number of them takes no memory.

/** The two line ends of JavaScript that are none of NDJSON's, and readers that take them for such. */
const inOneLine = (value) =>
  JSON.stringify(value).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);

/** RFC 4180; what a spreadsheet would run as a formula it shows as text. */
function csvCell(text) {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
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
    first: "run_id,index,text\r\n",
    run: ({ runId, texts }) => texts.map((text, index) => `${runId},${index},${csvCell(text)}\r\n`).join(""),
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
