// How the program ends. The help lists its exit codes.
import { complain } from "./standard.js";
import { inWords, ofOption } from "./words.js";

const SOME_FAILED = 1;
const USAGE = 2;
const KEY_REFUSED = 3;

/** As in a shell: 128 plus the number of SIGPIPE. */
const READER_GONE = 141;

function codeOf({ name, code, readerGone }) {
  if (readerGone) return READER_GONE;
  if (name === "UsageError" || code === "INVALID_OPTIONS") return USAGE;
  return code === "UNAUTHORIZED" || code === "FORBIDDEN" ? KEY_REFUSED : SOME_FAILED;
}

/**
 * Prints why the program ends, and returns its exit code.
 *
 * @param {Record<string, unknown>} [given] The options as they were typed.
 */
export function endWith(error, given = {}) {
  const code = codeOf(error);
  if (code !== READER_GONE) complain(error.option ? ofOption(error, given) : inWords(error.message));
  return code;
}
