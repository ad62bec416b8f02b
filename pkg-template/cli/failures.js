// Groups failures: one line for each reason.
import { counted, inWords } from "./words.js";

/** The most reasons that are printed. A service may give each run a message of its own, so further reasons are only counted. */
const MAX_REASONS = 20;

/** The longest chain of causes that is followed. */
const DEEPEST_CAUSE = 5;

/** Returns a failed run with its error as plain data. The message names options as the command line does. */
export function failureOf(item) {
  const message = inWords(item.error.message);
  const error = { ...item.error.toJSON(), message };
  return { ...item, error, cause: causeOf(item.error) };
}

/** Returns the system's code for a failed connection, such as ENOTFOUND. */
function causeOf(error) {
  let { cause } = error;
  for (let depth = 0; cause && depth < DEEPEST_CAUSE; depth += 1, { cause } = cause) {
    if (typeof cause.code === "string") return cause.code;
  }
  return undefined;
}

export class Failures {
  #verbose;
  #tell;
  #reasons = new Map();
  #others = 0;
  #values = { count: 0, first: undefined };

  /**
   * @param {boolean} verbose Prints every failure at once, instead of one line for each reason at the end.
   * @param {(message: string) => void} tell Prints a line.
   */
  constructor(verbose, tell) {
    this.#verbose = verbose;
    this.#tell = tell;
  }

  /** Notes a value that is not a run id. */
  value(message) {
    if (this.#verbose) return this.#tell(message);
    this.#values.count += 1;
    this.#values.first ??= message;
  }

  /** Notes a failed run, as {@link failureOf} returns it. */
  run({ runId, error, cause }) {
    const reason = cause === undefined || error.message.includes(cause) ? error.message : `${error.message} (${cause})`;
    const named = reason.startsWith(`run ${runId} `) ? reason : `run ${runId}: ${reason}`;
    if (this.#verbose) return this.#tell(named);
    const words = withoutRun(reason, runId);
    // Messages differ in the number of attempts. Failures with the same cause are still one reason.
    const key = `${error.code} ${cause ?? words}`;
    const known = this.#reasons.get(key);
    if (known) known.count += 1;
    else if (this.#reasons.size < MAX_REASONS) this.#reasons.set(key, { count: 1, named, words });
    else this.#others += 1;
  }

  /** Prints the reasons, and the first of the skipped values. */
  end() {
    const { count, first } = this.#values;
    if (count > 0) this.#tell(count === 1 ? first : `${counted(count, "value")} skipped, the first: ${first}`);
    for (const { count, named, words } of this.#reasons.values()) {
      this.#tell(count === 1 ? named : `${counted(count, "run")}: ${words}`);
    }
    if (this.#others > 0) this.#tell(`${counted(this.#others, "run")}: other reasons, see --verbose`);
  }
}

/** Replaces the run id in a message, so that the messages of different runs can be equal. */
const withoutRun = (message, runId) => message.replace(new RegExp(`\\b${runId}\\b`, "g"), "…");
