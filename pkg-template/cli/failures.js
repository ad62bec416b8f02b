// Groups failures: one line for each reason.
import { counted, inWords } from "./words.js";

/** Further reasons are only counted: a service may give each run a message of its own. */
const MOST_REASONS = 20;

/** How deep errors may be the cause of each other. */
const DEEPEST_CAUSE = 5;

/** The error in the words of the command line, and without what only programs read. */
export function failureOf(item) {
  const message = inWords(item.error.message);
  const error = { ...item.error.toJSON(), message };
  return { ...item, error, cause: causeOf(item.error) };
}

/** The system's name for what stopped a connection, such as ENOTFOUND. */
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
   * @param {boolean} verbose Tells of each as it comes.
   * @param {(message: string) => void} tell
   */
  constructor(verbose, tell) {
    this.#verbose = verbose;
    this.#tell = tell;
  }

  /** Notes a value that is no run id. */
  value(message) {
    if (this.#verbose) return this.#tell(message);
    this.#values.count += 1;
    this.#values.first ??= message;
  }

  /** Notes a run that failed, as {@link failureOf} gives it. */
  run({ runId, error, cause }) {
    const reason = cause === undefined || error.message.includes(cause) ? error.message : `${error.message} (${cause})`;
    const named = reason.startsWith(`run ${runId} `) ? reason : `run ${runId}: ${reason}`;
    if (this.#verbose) return this.#tell(named);
    const words = withoutRun(reason, runId);
    // How often a connection was tried does not matter here.
    const key = `${error.code} ${cause ?? words}`;
    const known = this.#reasons.get(key);
    if (known) known.count += 1;
    else if (this.#reasons.size < MOST_REASONS) this.#reasons.set(key, { count: 1, named, words });
    else this.#others += 1;
  }

  /** Tells of all that were noted. */
  end() {
    const { count, first } = this.#values;
    if (count > 0) this.#tell(count === 1 ? first : `${counted(count, "value")} skipped, the first: ${first}`);
    for (const { count, named, words } of this.#reasons.values()) {
      this.#tell(count === 1 ? named : `${counted(count, "run")}: ${words}`);
    }
    if (this.#others > 0) this.#tell(`${counted(this.#others, "run")}: other reasons, see --verbose`);
  }
}

/** A message that names its run is the same for other runs. */
const withoutRun = (message, runId) => message.replace(new RegExp(`\\b${runId}\\b`, "g"), "…");
