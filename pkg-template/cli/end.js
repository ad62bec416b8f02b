// How the program ends: its exit codes are in the help.
import { complain } from "./standard.js";
import { inWords, ofOption } from "./words.js";

const SOME_FAILED = 1;
const USAGE = 2;
const KEY_REFUSED = 3;

/** As shells count: 128 and the number of SIGPIPE. */
const READER_GONE = 141;

function codeOf({ name, code, readerGone }) {
  if (readerGone) return READER_GONE;
  if (name === "UsageError" || code === "INVALID_OPTIONS") return USAGE;
  return code === "UNAUTHORIZED" || code === "FORBIDDEN" ? KEY_REFUSED : SOME_FAILED;
}

/**
 * Says what has ended the program, and returns its exit code.
 *
 * @param {Record<string, unknown>} [given] The options as they were typed.
 */
export function endWith(error, given = {}) {
  const code = codeOf(error);
  if (code !== READER_GONE) complain(error.option ? ofOption(error, given) : inWords(error.message));
  return code;
}
