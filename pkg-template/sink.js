// Where the runs of a call go as they are settled: into one outcome, or one by one to whoever walks a stream.
// Nothing here decides what is asked for, or when.
import { Direct } from "./glue/translation_results.js";

class Sink {
  #onItem;
  #onProgress;

  /** Functions of the caller's, where there are any. */
  listen(onItem, onProgress) {
    this.#onItem = onItem;
    this.#onProgress = onProgress;
  }

  /** The well-formed runs of an answer. */
  landed({ results, sound }) {
    for (const runId of sound) this.#settle({ ok: true, runId, texts: results[runId].texts });
  }

  /** Runs that all failed with one error. */
  failed(ids, error) {
    for (const runId of ids) this.#settle({ ok: false, runId, error });
  }

  #settle(item) {
    this.deliver(item);
    if (this.#onItem) Direct.tell(this.#onItem, item);
  }

  /** How far the call is. */
  progress(total, succeeded, failed, requests, retries, elapsedMs) {
    this.stats = { total, succeeded, failed, requests, retries, elapsedMs };
    if (this.#onProgress) Direct.tell(this.#onProgress, { ...this.stats });
  }

  /** Has a function called once there is more room, or whoever took the items has left. */
  onChange() {}

  /** Drops what nobody has taken. */
  clear() {}

  /** How many items nobody has taken yet; -1 once whoever took them has left. */
  undelivered() {
    return 0;
  }

  /** The end of the call: with all that has landed, with an error of ours, or with what somebody else threw. */
  end = new Promise((resolve, reject) => {
    this.settle = resolve;
    this.reject = reject;
  });

  resolve() {
    this.settle(this.outcome());
  }

  stop(error) {
    this.reject(this.stopped(error));
  }

  outcome() {}

  stopped(error) {
    return error;
  }
}

/* What a sink is; 3 is a stream of what cannot be read. */

const BATCH = 0;
const LIST = 1;
const STREAM = 2;

/** Keeps the results of one batch, which nobody is told of. */
export class Batch extends Sink {
  kind = BATCH;
  #results;

  landed({ results }) {
    this.#results = results;
  }

  outcome() {
    return this.#results;
  }
}

/** Gathers the outcome of a list. */
export class Collector extends Sink {
  kind = LIST;
  #ids;
  #results = {};
  #errors = new Map();

  /** For the run ids asked for; where they are none, they are refused. */
  constructor(ids) {
    super();
    this.#ids = ids;
  }

  deliver({ ok, runId, texts, error }) {
    if (ok) this.#results[runId] = { texts };
    else this.#errors.set(runId, error);
  }

  #distinct() {
    return [...new Set(this.#ids)];
  }

  outcome() {
    const failed = this.#distinct().filter((runId) => this.#errors.has(runId));
    const failures = failed.map((runId) => ({ runId, error: this.#errors.get(runId) }));
    return { results: this.#results, failures, stats: this.stats };
  }

  /** Says what there was when an error stopped the call. Not enumerable, as nobody wants all that in a log. */
  stopped(error) {
    const outcome = this.outcome();
    const isPending = (runId) => !(Object.hasOwn(outcome.results, runId) || this.#errors.has(runId));
    const value = { ...outcome, pending: this.#distinct().filter(isPending) };
    return Object.defineProperty(error, "partial", { value, configurable: true });
  }
}

/** A full request. After so many items taken, there is room for another. */
const BATCH_MAX = 5;

/**
 * The stream of a bulk call: an async iterator by hand, as a generator would queue its `return` behind a `next` that
 * still waits, and whoever leaves wants it cancelled at once.
 */
export class ResultStream extends Sink {
  kind = STREAM;
  #given;
  #iterator;
  #isAsync;
  #reading = false;
  #carryOut;
  #carriedOut;
  #closed;
  #items = [];
  #takers = [];
  #taken = 0;
  #changed;
  #left = false;
  #over = false;
  #cleared = false;
  #error;

  /** `carryOut` is given the stream, and settles when the call is over. */
  constructor(source, carryOut) {
    super();
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
    this.#changed?.();
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
      this.#changed?.();
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
    return this.#left ? -1 : this.#items.length;
  }

  /** Has a function called once there is more room, or whoever took the items has left. */
  onChange(changed) {
    this.#changed = changed;
  }

  #open() {
    const source = this.#given;
    const startAsync = source?.[Symbol.asyncIterator];
    const start = startAsync ?? source?.[Symbol.iterator];
    this.#isAsync = startAsync !== undefined;
    if (typeof start === "function") this.#iterator = start.call(source);
    if (this.#iterator === undefined) this.kind += 1;
  }

  /** Numbers of the source, at the most so many, NaN for what is none; none at its end. Rejects as the source does. */
  async read(most) {
    const numbers = [];
    this.#reading = true;
    try {
      while (this.#iterator && numbers.length < most) {
        const next = this.#iterator.next();
        const { done, value } = this.#isAsync ? await next : next;
        // What has ended is not closed.
        if (done) this.#iterator = undefined;
        else numbers.push(Direct.numberOf(value));
        if (this.#isAsync) break;
      }
    } catch (error) {
      this.#iterator = undefined;
      throw error;
    }
    this.#reading = false;
    return numbers;
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
