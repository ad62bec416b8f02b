// Run ids as users write them.

/** Separates run ids in arguments and in lists. */
export const SEPARATOR = /[\s,;|"'`()[\]{}]/;
const SEPARATORS = new RegExp(`${SEPARATOR.source}+`);

/** A longer text is not a run id. Messages show this many characters of it. */
export const LONGEST = 64;

export const RULE = `an integer from 1 to ${Number.MAX_SAFE_INTEGER}`;

/** Parses a run id. Returns `undefined` if the text is not a run id. */
export function runId(text) {
  const id = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  return id >= 1 && Number.isSafeInteger(id) ? id : undefined;
}

const quoted = (text) => JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

export const notARunId = (text) => `${quoted(text)} is not a run id: ${RULE}`;

/** The characters between groups of three digits: `12,345`, `12'345`, or a no-break space. */
export const GROUPING = ",'\\u00a0\\u202f";
const GROUPED = new RegExp(`^\\d{1,3}(?:[${GROUPING}]\\d{3})+$`);

/** Returns whether a text may be either one number or several. */
export const isAmbiguous = (text) => GROUPED.test(text) && runId(text.replace(/\D/g, "")) !== undefined;

export function ambiguous(text) {
  const number = text.replace(/\D/g, "");
  const several = text.split(/\D/).join(" ");
  return `${quoted(text)} may be one run id or several: write ${number} or ${several}`;
}

/** Returns the parts of a text between separators. */
export const partsOf = (text) => text.split(SEPARATORS).filter(Boolean);
