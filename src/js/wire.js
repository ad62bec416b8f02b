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
/** No object is made to say so, and no table of wasm-bindgen's has to hold one. */
const NOTHING = { kind: 4 };

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
  sound;
  missing;
  results;
  /** Of the time after which it is given up. */
  timer;
  #connection;
  #controller = new AbortController();
  #response;
  #reader;
  #refused;

  constructor(connection, number, runIds) {
    this.#connection = connection;
    this.number = number;
    this.runIds = runIds;
    this.alone = runIds.length === 1;
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
    const status = this.#status();
    this.status = status;
    const requestId = this.#header("x-request-id") ?? this.#header("cf-ray");
    this.requestId = requestId && connection.mask(requestId);
    hear();
    // A `fetch` that heeds no signal: what it gives after all is given up too. What a redirect says is of no use.
    if (!signal.aborted) {
      const { mostBytes } = connection;
      const isAnswer = status >= 200 && status < 300;
      const reading = isAnswer ? this.#readText(mostBytes) : status >= 400 ? this.#readRefused(mostBytes) : [NO_RESPONSE];
      const [end, text, cause] = await reading;
      this.end = end;
      this.body = text;
      this.cause = cause;
      if (isAnswer && end === WHOLE) this.#parse();
    }
    if (this.end !== WHOLE) this.cancel();
  }

  #parse() {
    try {
      const json = JSON.parse(this.body);
      // A run that was asked for alone is told apart by nothing, so that it can be read as others are.
      this.body = this.alone ? { [this.runIds[0]]: json } : json;
    } catch {
      this.end = NO_JSON;
    }
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
   * What an answer has of the run at a place: one number of a level (0 no such member, 1 a run as documented, 2 no
   * object, 3 no texts, 4 texts that are no list, 5 one that is no string), 8 times the type of what is there, 64 times
   * its index. Own members only count.
   */
  shape(place) {
    const { body: runs, runIds } = this;
    const runId = runIds[place];
    if (!isObject(runs) || !Object.hasOwn(runs, runId)) return 0;
    const run = runs[runId];
    if (!isObject(run)) return 2 + 8 * typeOf(run);
    if (!Object.hasOwn(run, "texts")) return 3;
    const { texts } = run;
    if (!Array.isArray(texts)) return 4 + 8 * typeOf(texts);
    // A loop, as a function for each of thousands takes as long as parsing them.
    for (let index = 0; index < texts.length; index += 1) {
      if (typeof texts[index] !== "string") return 5 + 8 * typeOf(texts[index]) + 64 * index;
    }
    return 1;
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

  /** Takes away all but the runs at some places, one bit each: what is left is as the engine's parser made it. */
  keep(sound, missing) {
    const runs = this.body;
    this.sound = this.#at(sound);
    this.missing = missing ? this.#at(missing) : [];
    const keys = Object.keys(runs);
    if (keys.length > this.sound.length) {
      const kept = new Set(this.sound.map(String));
      for (const key of keys) if (!kept.has(key)) delete runs[key];
    }
    this.results = runs;
  }

  #at(places) {
    return this.runIds.filter((_, place) => (places >> place) & 1);
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

  /** Of what a refusal says, not much is kept, and it is not waited for. */
  async #readRefused(mostBytes) {
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
    const pieces = [];
    let length = 0;
    let end = WHOLE;
    let cause;
    try {
      const { body, bodyUsed } = this.#response;
      if (bodyUsed || body?.locked) return [ALREADY_READ, ""];
      if (body === null) return [WHOLE, ""];
      if (typeof body?.getReader !== "function") return await this.#readAtOnce(most);
      const reader = (this.#reader = body.getReader());
      while (end === WHOLE) {
        let piece;
        try {
          piece = await reader.read();
        } catch (reason) {
          [end, cause] = [BROKEN, reason];
          break;
        }
        const { done, value } = piece;
        if (done) break;
        if (!ArrayBuffer.isView(value)) return [NO_RESPONSE, ""];
        if (length + value.byteLength > most) {
          end = TOO_LARGE;
        } else {
          length += value.byteLength;
          pieces.push(value);
        }
      }
    } catch {
      return [NO_RESPONSE, ""];
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
  #connection;
  #headers;
  #signal;
  #sink;
  #isBatch;
  #events = [];
  #flights = new Set();
  #timer;
  #until = Infinity;
  #onAbort;
  #leave;
  #goOn;
  #woken = false;

  /** Takes what was given of the call's options, in the order of their names. They and a signal may be missing. */
  constructor(connection, given, signal, sink) {
    this.#connection = connection;
    this.#headers = given?.[6] ? Direct.merged(connection.headers, given[6]) : connection.headers;
    this.#signal = signal;
    this.#sink = sink;
    this.#isBatch = sink.kind === 0;
    sink.listen(given?.[12], given?.[13]);
  }

  /** Starts to listen: from now on Rust is woken, for the call of this number, to take what there is. */
  open(call) {
    this.#goOn = () => {
      this.#woken = false;
      Direct.wake(call);
    };
    Direct.live.add(this);
    this.#wake();
    if (!this.#isBatch) {
      const wake = () => this.#wake();
      this.#sink.onChange(wake);
      // Another bulk call of this client's may have the answer that is waited for.
      this.#leave = this.#connection.join(wake);
    }
    if (!this.#signal) return;
    this.#onAbort = () => this.#hear();
    try {
      // The signal itself never reaches `fetch`, which leaves its own listeners behind: one that outlives many calls
      // would gather them.
      this.#signal.addEventListener("abort", this.#onAbort);
      this.#hear();
    } catch (value) {
      // A test double's.
      this.#tell({ kind: LEFT, value });
    }
  }

  /** Not at once: Rust may be amid this call or another, which has then all the stack. */
  #wake() {
    if (this.#woken) return;
    this.#woken = true;
    Promise.resolve().then(this.#goOn);
  }

  /** Whether the caller has aborted, which is then the next thing that has happened. */
  #hear() {
    if (!this.#signal?.aborted) return false;
    this.#sink.clear();
    // A call for one batch has no use for what came before.
    if (this.#isBatch) this.#events.length = 0;
    this.#tell({ kind: LEFT, value: this.#signal.reason });
    return true;
  }

  #tell(event) {
    this.#events.push(event);
    this.#wake();
  }

  /** The next thing that has happened. */
  take() {
    const events = this.#events;
    // There is seldom more than one, and engines take the last one faster.
    return (events.length > 1 ? events.shift() : events.pop()) ?? NOTHING;
  }

  /** Wakes Rust at a time of the clock, and not as was said before; never, where it is infinite. */
  wait(until) {
    if (until === this.#until) return;
    clearTimeout(this.#timer);
    this.#until = until;
    if (until === Infinity) return;
    const ring = () => {
      // A timer may be early: what was to be waited for may still be to come.
      this.#until = Infinity;
      this.#wake();
    };
    this.#timer = setTimeout(ring, Math.ceil(until - performance.now()));
  }

  /** Asks for runs with a request that is given up after so many ms, 0 for never. After an abort nothing is sent. */
  send(number, runIds, attempt, ms) {
    const connection = this.#connection;
    connection.tellRequest(runIds, attempt);
    if (this.#hear()) return;
    const exchange = new Exchange(connection, number, runIds);
    const sentAt = connection.listens && performance.now();
    const hear = () => {
      if (!this.#flights.has(exchange)) return;
      connection.tell(() => {
        const { status, requestId } = exchange;
        const event = { type: "response", runIds: [...runIds], attempt, status, durationMs: performance.now() - sentAt };
        return requestId === undefined ? event : { ...event, requestId };
      });
    };
    const late = () => {
      this.#forget(exchange);
      exchange.expire();
      this.#tell(exchange);
    };
    this.#flights.add(exchange);
    if (ms) exchange.timer = setTimeout(late, ms);
    exchange.carryOut(this.#headers, hear).then(() => {
      if (this.#forget(exchange)) this.#tell(exchange);
    });
  }

  /** Whether it was under way. */
  #forget(exchange) {
    clearTimeout(exchange.timer);
    return this.#flights.delete(exchange);
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

  /** Ends the call, where Rust cannot any more. */
  stop(error) {
    this.close();
    this.#sink.stop(error);
  }
}
