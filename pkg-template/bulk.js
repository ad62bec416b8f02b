// The calls for any number of runs: what is settled goes into one outcome, or one by one to whoever walks a stream.
// Nothing here decides what is asked for, or when.
import { BATCH_MAX, Call, ENDED, GAVE, news } from "../src/js/call.js";
import { checked, numberOf, tell } from "../src/js/platform.js";
import { invalidRunIds } from "./errors.js";

class BulkCall extends Call {
  #onItem;
  #onProgress;

  use(options) {
    super.use(options);
    this.#onItem = options.onItem;
    this.#onProgress = options.onProgress;
  }

  /** The well-formed runs of an answer. */
  keep(results, sound) {
    for (const runId of sound) this.#settle({ ok: true, runId, texts: results[runId].texts });
  }

  /** Runs that all failed with one error. */
  lose(ids, error) {
    for (const runId of ids) this.#settle({ ok: false, runId, error });
  }

  #settle(item) {
    this.deliver(item);
    if (this.#onItem) tell(this.#onItem, item);
  }

  /** How far the call is. */
  progress(total, succeeded, failed, requests, retries, elapsedMs) {
    this.stats = { total, succeeded, failed, requests, retries, elapsedMs };
    if (this.#onProgress) tell(this.#onProgress, { ...this.stats });
  }
}

/** Gathers the outcome of a list. */
export class ListCall extends BulkCall {
  kind = 1;
  #results = {};
  #errors = new Map();

  deliver({ ok, runId, texts, error }) {
    if (ok) this.#results[runId] = { texts };
    else this.#errors.set(runId, error);
  }

  outcome() {
    const failed = this.runIds.filter((runId) => this.#errors.has(runId));
    const failures = failed.map((runId) => ({ runId, error: this.#errors.get(runId) }));
    return { results: this.#results, failures, stats: this.stats };
  }

  /** Says what there was when an error stopped the call. Not enumerable, as nobody wants all that in a log. */
  stopped(error) {
    const outcome = this.outcome();
    const isPending = (runId) => !(Object.hasOwn(outcome.results, runId) || this.#errors.has(runId));
    const value = { ...outcome, pending: this.runIds.filter(isPending) };
    return Object.defineProperty(error, "partial", { value, configurable: true });
  }
}

/**
 * The stream of a bulk call: an async iterator by hand, as a generator would queue its `return` behind a `next` that
 * still waits, and whoever leaves wants it cancelled at once.
 */
export class ResultStream extends BulkCall {
  kind = 2;
  #given;
  #iterator;
  #isAsync;
  #reading = false;
  /** The numbers that it has given, and whether those it gave last were there before. */
  #seen = new Set();
  #onlyRepeats = false;
  #carryOut;
  #carriedOut;
  #closed;
  #items = [];
  #takers = [];
  #taken = 0;
  #left = false;
  #over = false;
  #cleared = false;
  #error;

  /** `carryOut` is given the stream, and settles when the call is over. */
  constructor(connection, source, carryOut) {
    super(connection);
    this.#given = source;
    this.#carryOut = carryOut;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  next() {
    if (!this.#left) this.#carriedOut ??= this.#run();
    return new Promise((resolve, reject) => {
      this.#takers.push({ resolve, reject });
      this.#serve();
    });
  }

  async return(value) {
    this.#left = true;
    this.clear();
    this.wake();
    await this.#carriedOut;
    await this.#closed;
    return { done: true, value };
  }

  async #run() {
    try {
      this.#open();
      await this.#carryOut(this);
    } catch (error) {
      this.#error = { error };
    }
    this.#over = true;
    this.#serve();
    this.#closed = this.#close();
  }

  #serve() {
    while (this.#takers.length && (this.#items.length || this.#over || this.#left)) {
      const { resolve, reject } = this.#takers.shift();
      if (this.#items.length) {
        this.#taken += 1;
        resolve({ done: false, value: this.#items.shift() });
      } else if (this.#error && !this.#left) {
        reject(this.#error.error);
        this.#error = undefined;
      } else {
        resolve({ done: true, value: undefined });
      }
    }
    if (this.#taken >= BATCH_MAX || !this.#items.length) {
      this.#taken = 0;
      this.wake();
    }
  }

  deliver(item) {
    if (this.#cleared) return;
    this.#items.push(item);
    this.#serve();
  }

  /** Drops what nobody has taken. */
  clear() {
    this.#cleared = true;
    this.#items.length = 0;
    this.#serve();
  }

  undelivered() {
    return this.#left || this.hasLeft ? -1 : this.#items.length;
  }

  #open() {
    const source = this.#given;
    const startAsync = source?.[Symbol.asyncIterator];
    const start = startAsync ?? source?.[Symbol.iterator];
    this.#isAsync = startAsync !== undefined;
    if (typeof start === "function") this.#iterator = start.call(source);
    if (this.#iterator === undefined) throw invalidRunIds(checked().problems);
  }

  /** Reads numbers of the source, at the most so many. */
  async read(most) {
    // Where there are repeats and nothing else, timers and others have their turn all the same.
    if (this.#onlyRepeats) await new Promise((resolve) => setTimeout(resolve));
    this.#onlyRepeats = true;
    this.#reading = true;
    try {
      for (let count = 0; this.#iterator && count < most; count += 1) {
        const next = this.#iterator.next();
        const { done, value } = this.#isAsync ? await next : next;
        if (done) this.#ended();
        else this.#gave(numberOf(value));
        if (this.#isAsync) break;
      }
    } catch (error) {
      this.#iterator = undefined;
      this.left(error);
      return;
    }
    this.#reading = false;
  }

  #gave(number) {
    const isNew = !this.#seen.has(number);
    if (isNew) {
      this.#onlyRepeats = false;
      this.#seen.add(number);
      this.runIds.push(number);
    }
    this.happened(news(GAVE, Number(isNew), number));
  }

  #ended() {
    // It is not closed then.
    this.#iterator = undefined;
    this.happened(news(ENDED));
  }

  /** Closes a source that has not ended. One that still owes an answer may never close: that is not waited for. */
  async #close() {
    try {
      const closed = this.#iterator?.return?.();
      if (this.#reading) closed?.catch?.(() => {});
      else await closed;
    } catch {
      // It is left; how it takes that is its own affair.
    }
  }
}
