// Counts runs and requests for the progress and the summary.
import { oneLine } from "./standard.js";
import { counted } from "./words.js";

export class Tally {
  #begun = performance.now();
  /** Requested runs that the output held before. */
  #held = new Set();
  /** The number of ids given for these runs, repeats included. */
  #heldIds = 0;
  /** The counts that the client reports: requests, and distinct run ids read. */
  #client = { total: 0, requests: 0 };
  /** Run ids that were given to the client, repeats included. */
  #given = 0;
  #repeats = 0;
  /** Whether the last run id has been read. */
  #hasEnded = false;
  succeeded = 0;
  failed = 0;
  /** Values that are not run ids. */
  skipped = 0;
  /** The number of run ids in the input, repeats included, once it is known. */
  counted = undefined;

  /** @param {import("translation-results").BulkProgress} progress */
  client(progress) {
    this.#client = progress;
    // The last id may be on its way to the client.
    this.#repeats = Math.max(0, this.#given - progress.total - (this.#hasEnded ? 0 : 1));
  }

  /** Yields the run ids that the output does not hold. */
  async *asked(ids, held) {
    for await (const id of ids) {
      if (held?.has(id)) {
        this.#held.add(id);
        this.#heldIds += 1;
        continue;
      }
      this.#given += 1;
      yield id;
    }
    this.#hasEnded = true;
  }

  get seconds() {
    return (performance.now() - this.#begun) / 1000;
  }

  get perSecond() {
    return (this.succeeded + this.failed) / Math.max(this.seconds, 0.001);
  }

  /** The number of settled run ids. It includes repeats, as {@link Tally#counted} does. */
  get settled() {
    return this.succeeded + this.failed + this.#heldIds + this.#repeats;
  }

  get all() {
    return this.#hasEnded ? this.#given + this.#heldIds : this.counted;
  }

  /** Returns the summary line. */
  summary(out) {
    const whole = this.#hasEnded ? this.#client.total + this.#held.size : this.counted;
    const came = (this.succeeded + this.#held.size).toLocaleString("en");
    const seconds = this.seconds.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    const parts = [
      whole === undefined ? counted(this.succeeded + this.#held.size, "run") : `${came} of ${counted(whole, "run")}`,
      `${this.failed.toLocaleString("en")} failed`,
      ...(this.#held.size > 0 ? [`${this.#held.size.toLocaleString("en")} from before`] : []),
      ...(this.skipped > 0 ? [`${counted(this.skipped, "value")} skipped`] : []),
      counted(this.#client.requests, "request"),
      `${seconds} s`,
    ];
    return parts.join(", ") + (out === undefined ? "" : ` -> ${oneLine(out)}`);
  }
}
