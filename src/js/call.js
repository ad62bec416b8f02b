// The JavaScript side of a call: what it has under way (its requests, its timer, the listener on the caller's signal), and
// what it has fetched. What happens to any of them is told to Rust; closed, all of them end. Nothing here decides.
import { codeOf, errorOf } from "../../pkg-template/errors.js";
import { Exchange } from "./exchange.js";
import { Numbers, merged } from "./platform.js";

// For Rust, see `rust.rs`.
export { Connection } from "./exchange.js";

/* What has happened, beside what comes of an exchange: the source has given numbers, the caller has left, it is time to look. */

const READ = 8;
const LEFT = 9;
const WOKEN = 10;

/** Each fact is a member of its own, whatever a page has put on every object. */
const news = (what, numbers) => ({ what, number: 0, status: NaN, numbers });

const NOTHING = news(WOKEN);

const runNumbers = new Numbers();

/** Those under way, by the numbers of their runs. */
export const live = [];

/** A call for one batch, which succeeds or fails as a whole. Those for more are derived from it. */
export class Call {
  /* What Rust exports; the entry sets it. */

  static give;
  static tell;

  /** How to come to Rust. */
  static enter = (work) => work();

  /** What is wanted: 0 a batch, 1 a list, 2 what a source gives, 3 what cannot be read. */
  kind = 0;
  hasLeft = false;
  end = new Promise((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
  #connection;
  #headers;
  #signal;
  #run;
  #events = [];
  #woken = false;
  /** What Rust has been told of last. */
  #heard;
  #flights = new Set();
  #timer;
  #until = Infinity;
  #onAbort;
  #leave;
  /** What the caller left with. */
  #reason;
  #error;
  #results;

  constructor(connection) {
    this.#connection = connection;
  }

  /** Takes what it needs of its options, see `options.js`. */
  use({ headers, signal }) {
    const all = this.#connection.headers;
    this.#headers = headers ? merged(all, headers) : all;
    this.#signal = signal;
  }

  /** Has a function begin with the run of a number. Where it has, Rust is told from now on of what happens. */
  begin(begin) {
    this.#run = runNumbers.take();
    const hasBegun = begin(this.#run);
    if (hasBegun) this.#open();
    else runNumbers.giveBack(this.#run);
    return hasBegun;
  }

  #open() {
    live[this.#run] = this;
    this.wake();
    // Another bulk call of this client's may have the answer that is waited for.
    if (this.kind) this.#leave = this.#connection.join(() => this.wake());
    if (!this.#signal) return;
    this.#onAbort = () => this.#hear();
    try {
      // The signal itself never reaches `fetch`, which leaves its own listeners behind: one that outlives many calls
      // would gather them.
      this.#signal.addEventListener("abort", this.#onAbort);
      this.#hear();
    } catch (reason) {
      // A test double's.
      this.left(reason);
    }
  }

  /** Has Rust look what there is to be done. Not at once, as it may be amid this call, or amid another with little stack. */
  wake() {
    if (this.#woken) return;
    this.#woken = true;
    Promise.resolve().then(() => this.#goOn());
  }

  #goOn() {
    this.#woken = false;
    Call.enter(() => {
      // One thing after the other, as what is told of one may be the call's end.
      for (let isAll; !isAll && live[this.#run] === this; ) {
        const { what, number, status, numbers } = (this.#heard = this.#events.shift() ?? NOTHING);
        isAll = this.#events.length === 0;
        numbers?.forEach(Call.give);
        Call.tell(this.#run, isAll, what, number, status, ...(status >= 300 ? this.#heard.asked() : []));
      }
    });
  }

  #happened(event) {
    this.#events.push(event);
    this.wake();
  }

  /** Whether the caller has aborted. It is told once, and after what happened before. */
  #hear() {
    if (!this.hasLeft && this.#signal?.aborted) {
      this.clear();
      // A call for one batch has no use for what came before.
      if (!this.kind) this.#events.length = 0;
      this.left(this.#signal.reason);
    }
    return this.hasLeft;
  }

  /** The caller has left, or the source has thrown. */
  left(reason) {
    this.hasLeft = true;
    this.#reason = reason;
    this.#happened(news(LEFT));
  }

  /** Drops what nobody has taken. */
  clear() {}

  /** Wakes Rust at a time of the clock, and not as was said before; never, where it is infinite. */
  wait(until) {
    if (until === this.#until) return;
    clearTimeout(this.#timer);
    this.#until = until;
    if (until === Infinity) return;
    const ring = () => {
      // A timer may be early: what was to be waited for may still be to come.
      this.#until = Infinity;
      this.wake();
    };
    this.#timer = setTimeout(ring, Math.ceil(until - performance.now()));
  }

  /**
   * Asks for runs with a request that is given up after so many ms, 0 for never. After an abort nothing is sent; whether
   * there was none.
   */
  send(number, attempt, ms, runIds) {
    const connection = this.#connection;
    if (!this.#hear()) connection.tellRequest(runIds, attempt);
    if (!this.#hear()) {
      const exchange = new Exchange(connection, number, runIds);
      const late = () => {
        this.#forget(exchange);
        exchange.expire();
        this.#happened(exchange);
      };
      this.#flights.add(exchange);
      if (ms) exchange.timer = setTimeout(late, ms);
      const tellResponse = connection.responseTo(runIds, attempt);
      exchange
        .carryOut(this.#headers, () => this.#flights.has(exchange) && tellResponse(exchange))
        .then(() => {
          if (!this.#forget(exchange)) return;
          this.#events.push(exchange);
          this.#goOn();
        });
    }
    return !this.#hear();
  }

  /** Whether it was under way. */
  #forget(exchange) {
    clearTimeout(exchange.timer);
    return this.#flights.delete(exchange);
  }

  /** The source has given numbers, NaN for each that is none; at its end there are none. */
  gave(numbers) {
    this.#happened(news(READ, numbers));
  }

  shape(place) {
    return this.#heard.shape(place);
  }

  unwrap() {
    return this.#heard.unwrap();
  }

  landed(sound, missing) {
    const results = this.#heard.keep(sound, missing);
    if (sound) this.keep(results, this.#heard.sound);
  }

  /** Keeps the well-formed runs of an answer. */
  keep(results) {
    this.#results = results;
  }

  retry(code, attempt, delayMs) {
    this.#connection.tellRetry(this.#heard.runIds, attempt, delayMs, codeOf(code));
  }

  /** Makes the error of what those are told next who have to do with it. */
  blame(code, first, second, attempts) {
    this.#error = errorOf(code, attempts, this.#heard, first, second);
  }

  failed(runIds) {
    this.lose(runIds, this.#error);
  }

  limit(limit) {
    this.#connection.tellLimit(limit);
  }

  stir() {
    this.#connection.stir();
  }

  /** How many items nobody has taken yet; -1 once whoever took them has left. */
  undelivered() {
    return this.hasLeft ? -1 : 0;
  }

  /** Ends all that is under way. */
  close() {
    this.wait(Infinity);
    this.#leave?.();
    for (const exchange of this.#flights) {
      this.#forget(exchange);
      exchange.cancel();
    }
    try {
      this.#signal?.removeEventListener("abort", this.#onAbort);
    } catch {
      // A test double's.
    }
  }

  /** Ends the call as Rust counts it: settled, failed, left. */
  settle(how) {
    this.#forgetRun();
    if (how === 0) this.resolve(this.outcome());
    else if (how === 1) this.reject(this.stopped(this.#error));
    else this.reject(this.#reason);
  }

  #forgetRun() {
    live[this.#run] = undefined;
    runNumbers.giveBack(this.#run);
  }

  /** All that has been fetched. */
  outcome() {
    return this.#results;
  }

  /** An error that stopped the call, with what there was. */
  stopped(error) {
    return error;
  }

  /** Ends the call, where Rust cannot any more. */
  stop(error) {
    this.close();
    this.#forgetRun();
    this.reject(this.stopped(error));
  }
}

/* What Rust calls, of the call whose run has a number. Run ids come as five numbers, 0 where there are fewer. */

const runIdsOf = (numbers) => numbers.filter((number) => number > 0);

export const wait = (run, until) => live[run].wait(until);
export const send = (run, number, attempt, ms, ...numbers) => live[run].send(number, attempt, ms, runIdsOf(numbers));
export const read = (run, most, pause) => live[run].read(most, pause);
export const close = (run) => live[run].close();
export const shape = (run, place) => live[run].shape(place);
export const unwrap = (run) => live[run].unwrap();
export const landed = (run, sound, missing) => live[run].landed(sound, missing);
export const blame = (run, code, first, second, attempts) => live[run].blame(code, first, second, attempts);
export const failed = (run, ...numbers) => live[run].failed(runIdsOf(numbers));
export const retry = (run, code, attempt, delayMs) => live[run].retry(code, attempt, delayMs);
export const limit = (run, limit) => live[run].limit(limit);
export const stir = (run) => live[run].stir();
export const progress = (run, ...numbers) => live[run].progress(...numbers);
export const undelivered = (run) => live[run].undelivered();
export const settle = (run, how) => live[run].settle(how);
