// What one call has under way: its requests, its timer, the listener on the caller's signal, the source of its ids.
// What happens to any of them becomes an event, and Rust is woken to take it; closed, all of them end. Nothing here
// decides.
import { Exchange } from "./exchange.js";
import { Direct } from "./platform.js";

/* What has happened, beside what happens to a request; see `exchange.js`. */

const READ = 2;
const LEFT = 3;

/** What one call has under way. */
export class Wire {
  #wake;
  #connection;
  #headers;
  #signal;
  #sink;
  #isBatch;
  #events = [];
  #flights = new Map();
  #timer;
  #until = Infinity;
  #leave;

  /** Takes what was given of the call's options, in the order of their names. A signal may be missing. */
  constructor(connection, given, signal, sink) {
    this.#connection = connection;
    this.#headers = Direct.merged(connection.headers, given[6]);
    this.#signal = signal;
    this.#sink = sink;
    this.#isBatch = sink.kind === 0;
    sink.listen(given[12], given[13]);
  }

  /** Starts to listen: from now on a task of Rust's is woken to take what there is. Throws what the signal throws. */
  open(task) {
    this.#wake = () => Direct.wake(task);
    this.#sink.onChange(this.#wake);
    // Another bulk call of this client's may have the answer that is waited for.
    if (!this.#isBatch) this.#leave = this.#connection.join(this.#wake);
    // The signal itself never reaches `fetch`, which leaves its own listeners behind: one that outlives many calls
    // would gather them.
    this.#signal?.addEventListener("abort", this.#hear);
    this.#hear();
  }

  #hear = () => {
    if (!this.#signal?.aborted) return false;
    this.#sink.clear();
    // A call for one batch has no use for what came before.
    if (this.#isBatch) this.#events.length = 0;
    this.#tell({ kind: LEFT, value: this.#signal.reason });
    return true;
  };

  #tell(event) {
    this.#events.push(event);
    this.#wake();
  }

  /** The next thing that has happened. */
  take() {
    return this.#events.shift();
  }

  /** Wakes Rust at a time of the clock, and not as was said before; never, where it is infinite. */
  wait(until) {
    if (until === this.#until) return;
    clearTimeout(this.#timer);
    this.#until = until;
    if (until < Infinity) this.#timer = setTimeout(this.#ring, Math.ceil(until - performance.now()));
  }

  #ring = () => {
    // A timer may be early: what was to be waited for may still be to come.
    this.#until = Infinity;
    this.#wake();
  };

  /** Asks for runs with a request that is given up after so many ms, 0 for never. After an abort nothing is sent. */
  send(number, runIds, attempt, ms) {
    const connection = this.#connection;
    connection.tellRequest(runIds, attempt);
    if (this.#hear()) return;
    const sentAt = performance.now();
    const exchange = new Exchange(connection, number, runIds);
    const hear = () => {
      const { status, requestId } = exchange;
      const event = { type: "response", runIds: [...runIds], attempt, status, durationMs: performance.now() - sentAt };
      if (this.#flights.has(exchange)) connection.tell(requestId === undefined ? event : { ...event, requestId });
    };
    const late = () => {
      this.#forget(exchange);
      exchange.expire();
      this.#tell(exchange);
    };
    this.#flights.set(exchange, ms && setTimeout(late, ms));
    exchange.carryOut(this.#headers, hear).then(() => {
      if (!this.#flights.has(exchange)) return;
      this.#forget(exchange);
      this.#tell(exchange);
    });
  }

  #forget(exchange) {
    clearTimeout(this.#flights.get(exchange));
    this.#flights.delete(exchange);
  }

  /** Reads run ids of the stream's source, after a pause in which timers and others have their turn. */
  async read(most, pause) {
    if (pause) await new Promise((resolve) => setTimeout(resolve));
    this.#sink.read(most).then(
      (value) => this.#tell({ kind: READ, value }),
      (value) => this.#tell({ kind: LEFT, value }),
    );
  }

  /** Ends all that is under way. */
  close() {
    this.wait(Infinity);
    this.#leave?.();
    for (const exchange of [...this.#flights.keys()]) {
      this.#forget(exchange);
      exchange.cancel();
    }
    try {
      this.#signal?.removeEventListener("abort", this.#hear);
    } catch {
      // A test double's.
    }
  }
}
