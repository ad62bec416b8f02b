// What one call has under way: its requests, its timer, the listener on the caller's signal, the source of its ids.
// What happens to any of them becomes an event, and Rust is woken to take it; closed, all of them end. Nothing here
// decides.
//
// In JavaScript, because here one `try` holds whatever a caller's own `fetch` may do: getters that throw, a stream that
// lies, a `text` that gives no promise. Rust is told how it went, and decides what that means. In one file with the
// requests, as the server of the browsers' tests leaves one waiting that asks for more than four at once.
import { Direct, decimal, decoded, httpDate, isObject } from "./platform.js";
import { typeOf } from "../../pkg-template/errors.js";

/* What has happened. */

const REPLY = 0;
const TIMED_OUT = 1;
const READ = 2;
const LEFT = 3;

/* How a body ended. */

const WHOLE = 0;
const TOO_LARGE = 1;
const BROKEN = 2;
const ALREADY_READ = 3;
const NO_RESPONSE = 4;
const NO_JSON = 5;

/** The status where `fetch` gave no response but threw. */
const NONE = -1;

// Of what a refusal says, 2,000 characters are kept; and one that keeps its body back is a refusal all the same.
const REFUSAL_MAX_BYTES = 1_048_576;
const REFUSAL_MAX_MS = 2_000;

const ignore = () => {};

/** A request, and what came of it, for Rust to judge. */
class Exchange {
  // Each is a member of its own, whatever a page has put on every object.
  kind = REPLY;
  status = NONE;
  requestId;
  end = BROKEN;
  body;
  cause;
  wrapped = false;
  missing;
  results;
  #connection;
  #controller = new AbortController();
  #response;
  #reader;
  #refused;

  constructor(connection, number, runIds) {
    this.#connection = connection;
    Object.assign(this, { number, runIds, alone: runIds.length === 1 });
  }

  /**
   * Asks for runs and reads the answer. Never rejects.
   *
   * @param hear  Is called as soon as status and request id are there.
   */
  async carryOut(headers, hear) {
    const { signal } = this.#controller;
    const connection = this.#connection;
    const { alone, runIds } = this;
    // The global one is looked up each time, so that what replaces it on the page or in a test takes part.
    const { fetch = globalThis.fetch } = connection;
    try {
      // Neither credentials, mode, cache nor referrerPolicy: some versions of workerd throw on them. Redirects are not
      // followed, as they would carry the key to wherever they point, and are no error, which would look like a lost
      // connection. The headers are a copy, as a caller's `fetch` may write to what it is given.
      this.#response = await fetch(connection.urlOf(runIds), {
        method: alone ? "GET" : "POST",
        headers: alone ? { ...headers } : { "content-type": "application/json", ...headers },
        body: alone ? undefined : `{"run_ids":[${runIds}]}`,
        redirect: "manual",
        signal,
      });
    } catch (cause) {
      this.cause = cause;
      return;
    }
    this.status = this.#status();
    const requestId = this.#header("x-request-id") ?? this.#header("cf-ray");
    this.requestId = requestId && connection.mask(requestId);
    hear();
    // A `fetch` that heeds no signal: what it gives after all is given up too.
    if (!signal.aborted) [this.end, this.body, this.cause] = await this.#read(this.status);
    if (this.end !== WHOLE) this.cancel();
    // A run that was asked for alone is told apart by nothing, so that it can be read as others are.
    else if (alone && this.status < 300) this.body = { [runIds[0]]: this.body };
  }

  /* The waits that the service asks for. */

  get inMs() {
    return decimal(this.#header("retry-after-ms"), "");
  }

  get inSeconds() {
    return decimal(this.#header("retry-after"), "e3");
  }

  get until() {
    return httpDate(this.#header("retry-after"));
  }

  /** What a refusal says, without the key. Read once, as it is asked for by more than one. */
  refusal() {
    return (this.#refused ??= this.#readRefusal());
  }

  #readRefusal() {
    const body = this.#connection.refusalBody(this.body, this.end === WHOLE);
    const { detail, error } = Direct.merged(body);
    const isFieldError = (error) =>
      Array.isArray(error?.loc) && typeof error.msg === "string" && typeof error.type === "string";
    const texts = [detail, Array.isArray(detail) && detail[0]?.msg, error];
    return {
      body,
      // The field errors of a 422, those of the documented shape.
      detail: this.status === 422 && Array.isArray(detail) ? detail.filter(isFieldError) : [],
      // In words, cut to a length that a message bears.
      said: texts.find((text) => typeof text === "string" && text.trim())?.match(/^.{0,200}/su)[0],
    };
  }

  /** The positions among the run ids that field errors name, one bit each: `["body", "run_ids", 1]` names the second. */
  named() {
    let bits = 0;
    for (const { loc: [part, field, index] } of this.refusal().detail) {
      if (part === "body" && field === "run_ids" && [0, 1, 2, 3, 4].includes(index)) bits |= 1 << index;
    }
    return bits;
  }

  /**
   * What an answer has of a run: one number of a level (0 no such member, 1 a run as documented, 2 no object, 3 no texts,
   * 4 texts that are no list, 5 one that is no string), 8 times the type of what is there, 64 times its index. Own
   * members only count.
   */
  shape(runId) {
    const runs = this.body;
    if (!isObject(runs) || !Object.hasOwn(runs, runId)) return 0;
    const run = runs[runId];
    if (!isObject(run)) return 2 + 8 * typeOf(run);
    if (!Object.hasOwn(run, "texts")) return 3;
    const { texts } = run;
    if (!Array.isArray(texts)) return 4 + 8 * typeOf(texts);
    const index = texts.findIndex((text) => typeof text !== "string");
    return index < 0 ? 1 : 5 + 8 * typeOf(texts[index]) + 64 * index;
  }

  hasRuns() {
    return isObject(this.body);
  }

  /** Has the object under `results`, where there is one, take the place of the answer; whether it has. */
  unwrap() {
    this.wrapped = this.hasRuns() && Object.hasOwn(this.body, "results") && isObject(this.body.results);
    if (this.wrapped) this.body = this.body.results;
    return this.wrapped;
  }

  /** Takes away what is not of these runs: what is left is as the engine's parser made it. */
  keep(runIds) {
    const runs = this.body;
    this.missing = this.runIds.filter((runId) => !runIds.includes(runId) && this.shape(runId) === 0);
    const keys = Object.keys(runs);
    if (keys.length > runIds.length) {
      const kept = new Set(runIds.map(String));
      for (const key of keys) if (!kept.has(key)) delete runs[key];
    }
    this.results = runs;
  }

  /** 0 for a redirect that a browser hides, NaN where there is no HTTP status (RFC 9110 section 15). */
  #status() {
    try {
      const { status, type } = this.#response;
      if (type === "opaqueredirect") return 0;
      return Number.isInteger(status) && status > 0 && status < 600 ? status : NaN;
    } catch {
      return NaN;
    }
  }

  /** A header, where the service sends it and, in a page, exposes it. */
  #header(name) {
    try {
      const value = this.#response.headers.get(name);
      return typeof value === "string" ? value : undefined;
    } catch {
      return undefined;
    }
  }

  async #read(status) {
    const { mostBytes } = this.#connection;
    if (status >= 200 && status < 300) {
      const read = await this.#readText(mostBytes);
      if (read[0] !== WHOLE) return read;
      try {
        return [WHOLE, JSON.parse(read[1])];
      } catch {
        return [NO_JSON, read[1]];
      }
    }
    // What a redirect says is of no use.
    if (!(status >= 400)) return [NO_RESPONSE];
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, REFUSAL_MAX_MS, [BROKEN]);
    });
    const read = await Promise.race([this.#readText(Math.min(mostBytes, REFUSAL_MAX_BYTES)), late]);
    clearTimeout(timer);
    return read;
  }

  /**
   * The body, decoded, up to a number of bytes: how it ended, its text, what broke it. It is counted piece by piece:
   * `Content-Length` says how many bytes travel, and a few of them can unpack to any number.
   */
  async #readText(most) {
    try {
      const { body, bodyUsed } = this.#response;
      if (bodyUsed || body?.locked) return [ALREADY_READ, ""];
      if (body === null) return [WHOLE, ""];
      return typeof body?.getReader === "function" ? await this.#readPieces(body, most) : await this.#readAtOnce(most);
    } catch {
      return [NO_RESPONSE, ""];
    }
  }

  async #readPieces(body, most) {
    this.#reader = body.getReader();
    const pieces = [];
    let length = 0;
    let end = WHOLE;
    let cause;
    for (;;) {
      let piece;
      try {
        piece = await this.#reader.read();
      } catch (reason) {
        [end, cause] = [BROKEN, reason];
        break;
      }
      if (piece.done) break;
      if (!ArrayBuffer.isView(piece.value)) return [NO_RESPONSE, ""];
      const { buffer, byteOffset, byteLength } = piece.value;
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      if (length + bytes.length > most) {
        end = TOO_LARGE;
        break;
      }
      length += bytes.length;
      pieces.push(bytes);
    }
    try {
      return [end, decoded(pieces, length), cause];
    } catch {
      // More than an engine's arrays or strings hold.
      return [TOO_LARGE, ""];
    }
  }

  /** React Native, node-fetch and some test doubles have no streams of the web's kind. */
  async #readAtOnce(most) {
    const read = this.#response.text();
    let text;
    try {
      text = await read;
    } catch (cause) {
      return [BROKEN, "", cause];
    }
    if (typeof text !== "string") return [NO_RESPONSE, ""];
    return text.length > most ? [TOO_LARGE, ""] : [WHOLE, text];
  }

  /** Gives up as the time for it is over. */
  expire() {
    this.kind = TIMED_OUT;
    this.cancel();
  }

  /** Gives up: the request, and the body too, for streams that no signal reaches. */
  cancel() {
    this.#controller.abort();
    try {
      (this.#reader ?? this.#response?.body)?.cancel()?.catch(ignore);
    } catch {
      // A stream that cannot be cancelled is no longer read, which is all that can be done.
    }
  }
}

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
    Direct.live.add(this);
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
      if (!this.#flights.has(exchange)) return;
      const { status, requestId } = exchange;
      const durationMs = performance.now() - sentAt;
      connection.tell(() => {
        const event = { type: "response", runIds: [...runIds], attempt, status, durationMs };
        return requestId === undefined ? event : { ...event, requestId };
      });
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
    Direct.live.delete(this);
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
  /** Ends the call, where Rust cannot any more. */
  stop(error) {
    this.close();
    this.#sink.stop(error);
  }
}
