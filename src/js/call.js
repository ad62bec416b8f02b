// The JavaScript side of a call: what it has under way (its requests, its timer, the listener on the caller's signal), and
// what it has fetched. What happens to any of them is told to Rust; closed, all of them end. Nothing here decides.
import { codeOf, errorOf } from "../../pkg-template/errors.js";
import { Exchange } from "./exchange.js";
import { Numbers, at, merged } from "./platform.js";

// For Rust, see `rust.rs`.
export { Connection } from "./exchange.js";

/* What has happened, beside what comes of an exchange: the source has given a number, it has come to its end, the caller
   has left, it is time to look. */

export const GAVE = 8;
export const ENDED = 9;
const LEFT = 10;
const WOKEN = 11;

/** As an exchange has it. Each fact is a member of its own, whatever a page has put on every object. */
export const news = (what, number = 0, status = NaN) => ({ what, number, status });

const NOTHING = news(WOKEN);

/** What a refusal may ask for, where there is none: as `asked` of `exchange.js` tells. */
const NOT_ASKED = [NaN, NaN, NaN, 0];

/** The most runs that one request asks for. */
export const BATCH_MAX = 5;

const runNumbers = new Numbers();

/** Those under way, by the numbers of their runs. */
export const live = [];

/** A call for one batch, which succeeds or fails as a whole. Those for more are derived from it. */
export class Call {
  /* What Rust exports; the entry sets it. */

  static tell;

  /** How to come to Rust. */
  static enter = (work) => work();

  /** What is wanted: 0 a batch, 1 a list, 2 what a source gives. */
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

  /** For distinct run ids; Rust knows each by its place among them. */
  constructor(connection, runIds = []) {
    this.#connection = connection;
    this.runIds = runIds;
  }

  /** Takes what it needs of its options, see `options.js`. */
  use({ headers, signal }) {
    const all = this.#connection.headers;
    this.#headers = headers ? merged(all, headers) : all;
    this.#signal = signal;
  }

  /** Has a function begin with the run of a number. Rust is told from now on of what happens. */
  begin(begin) {
    this.#run = runNumbers.take();
    begin(this.#run);
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
        const { what, number, status } = (this.#heard = this.#events.shift() ?? NOTHING);
        isAll = this.#events.length === 0;
        const isRefusal = what < GAVE && status >= 300;
        Call.tell(this.#run, isAll, what, number, status, ...(isRefusal ? this.#heard.asked() : NOT_ASKED));
      }
    });
  }

  /** An exchange is over, or there is other news. */
  happened(event) {
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
    this.happened(news(LEFT));
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
   * Asks for the runs at some places of the five from one on, with a request that is given up after so many ms, 0 for
   * never. After an abort nothing is sent; whether there was none.
   */
  send(number, attempt, ms, first, places) {
    const connection = this.#connection;
    const batch = this.#batch(first);
    const runIds = at(batch, places);
    if (!this.#hear()) connection.tellRequest(runIds, attempt);
    if (!this.#hear()) {
      const exchange = new Exchange(connection, number, batch, runIds);
      const late = () => {
        this.#forget(exchange);
        exchange.expire();
        this.happened(exchange);
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

  /** The runs at some places of the five from one on have failed. */
  failed(first, places) {
    this.lose(at(this.#batch(first), places), this.#error);
  }

  /** The run ids that one request has room for, from one on. */
  #batch(first) {
    return this.runIds.slice(first, first + BATCH_MAX);
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

/* What Rust calls, of the call whose run has a number. */

export const wait = (run, until) => live[run].wait(until);
export const send = (run, number, attempt, ms, first, places) => live[run].send(number, attempt, ms, first, places);
export const read = (run, most) => live[run].read(most);
export const close = (run) => live[run].close();
export const shape = (run, place) => live[run].shape(place);
export const unwrap = (run) => live[run].unwrap();
export const landed = (run, sound, missing) => live[run].landed(sound, missing);
export const blame = (run, code, first, second, attempts) => live[run].blame(code, first, second, attempts);
export const failed = (run, first, places) => live[run].failed(first, places);
export const retry = (run, code, attempt, delayMs) => live[run].retry(code, attempt, delayMs);
export const limit = (run, limit) => live[run].limit(limit);
export const stir = (run) => live[run].stir();
export const progress = (run, ...numbers) => live[run].progress(...numbers);
export const undelivered = (run) => live[run].undelivered();
export const settle = (run, how) => live[run].settle(how);
