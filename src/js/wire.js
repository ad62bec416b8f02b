// What one call has under way: its requests, its timer, the listener on the caller's signal, the source of its ids.
// What happens to any of them becomes an event, and Rust is woken to take it; closed, all of them end. Nothing here
// decides.
//
// In JavaScript, because here one `try` holds whatever a caller's own `fetch` may do: getters that throw, a stream that
// lies, a `text` that gives no promise. Rust is told how it went, and decides what that means.
import { urlOf } from "./platform.js";

/* What has happened. */

const REPLY = 0;
const HEADERS = 1;
const TIMED_OUT = 2;
const READ = 3;
const LEFT = 4;

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

let decoder;

/** Pieces as one text. Drops a BOM and mends what is no UTF-8, as `Response.json` does. */
function decoded(pieces, length) {
  let bytes = pieces[0];
  if (pieces.length !== 1) {
    bytes = new Uint8Array(length);
    let offset = 0;
    for (const piece of pieces) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
  }
  decoder ??= new TextDecoder();
  return decoder.decode(bytes);
}

class Exchange {
  #connection;
  #controller = new AbortController();
  #response;
  #reader;

  constructor(connection) {
    this.#connection = connection;
  }

  /**
   * Asks for runs and reads the answer. Never rejects: `[status, request id, retry-after-ms,
   * retry-after, how the body ended, the body, what broke it]`, the body of a success parsed, that of a refusal as text.
   *
   * @param hear  Is told status and request id as soon as they are there.
   */
  async carryOut(runIds, headers, hear) {
    const { signal } = this.#controller;
    // The global one is looked up each time, so that what replaces it on the page or in a test takes part.
    const { url, fetch = globalThis.fetch } = this.#connection;
    const alone = runIds.length === 1;
    try {
      // Neither credentials, mode, cache nor referrerPolicy: some versions of workerd throw on them. Redirects are not
      // followed, as they would carry the key to wherever they point, and are no error, which would look like a lost
      // connection. The headers are a copy, as a caller's `fetch` may write to what it is given.
      this.#response = await fetch(urlOf(url, runIds), {
        method: alone ? "GET" : "POST",
        headers: alone ? { ...headers } : { "content-type": "application/json", ...headers },
        body: alone ? undefined : `{"run_ids":[${runIds}]}`,
        redirect: "manual",
        signal,
      });
    } catch (cause) {
      return [NONE, undefined, undefined, undefined, BROKEN, undefined, cause];
    }
    const status = this.#status();
    const requestId = this.#header("x-request-id") ?? this.#header("cf-ray");
    hear?.(status, requestId);
    // A `fetch` that heeds no signal: what it gives after all is given up too.
    const read = signal.aborted ? [BROKEN] : await this.#read(status);
    if (read[0] !== WHOLE) this.cancel();
    return [status, requestId, this.#header("retry-after-ms"), this.#header("retry-after"), ...read];
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

export class Wire {
  #wake;
  #connection;
  #headers;
  #signal;
  #sink;
  #events = [];
  #flights = new Map();
  #timer;
  #until = Infinity;

  /** `wake(task)` has Rust take what there is. A signal and a stream may be missing. Throws what the signal throws. */
  constructor(wake, task, connection, headers, signal, sink) {
    this.#wake = () => wake(task);
    this.#connection = connection;
    this.#headers = headers;
    this.#sink = sink;
    sink?.onChange(this.#wake);
    if (signal) {
      // The signal itself never reaches `fetch`, which leaves its own listeners behind: one that outlives many calls
      // would gather them.
      signal.addEventListener("abort", this.#hear);
      this.#signal = signal;
      this.#hear();
    }
  }

  #hear = () => {
    if (!this.#signal.aborted) return;
    this.#sink?.clear();
    // A call for one batch has no use for what came before.
    if (!this.#sink) this.#events.length = 0;
    this.#tell(LEFT, this.#signal.reason);
  };

  #tell(...event) {
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
  send(flight, runIds, ms) {
    if (this.#signal?.aborted) return this.#hear();
    const exchange = new Exchange(this.#connection);
    const hear = this.#connection.onEvent && ((...headers) => this.#tell(HEADERS, flight, ...headers));
    const late = () => {
      this.#end(flight);
      this.#tell(TIMED_OUT, flight);
    };
    this.#flights.set(flight, [exchange, ms && setTimeout(late, ms)]);
    exchange.carryOut(runIds, this.#headers, hear).then((reply) => {
      if (this.#flights.has(flight)) {
        clearTimeout(this.#flights.get(flight)[1]);
        this.#flights.delete(flight);
        this.#tell(REPLY, flight, ...reply);
      }
    });
  }

  #end(flight) {
    const [exchange, timer] = this.#flights.get(flight);
    this.#flights.delete(flight);
    clearTimeout(timer);
    exchange.cancel();
  }

  /** Reads run ids of the stream's source, after a pause in which timers and others have their turn. */
  async read(most, pause) {
    if (pause) await new Promise((resolve) => setTimeout(resolve));
    this.#sink.read(most).then(
      (numbers) => this.#tell(READ, numbers),
      (thrown) => this.#tell(LEFT, thrown),
    );
  }

  /** Ends all that is under way. */
  close() {
    this.wait(Infinity);
    for (const flight of [...this.#flights.keys()]) this.#end(flight);
    try {
      this.#signal?.removeEventListener("abort", this.#hear);
    } catch {
      // A test double's.
    }
  }
}
