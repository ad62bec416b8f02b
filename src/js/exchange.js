// One request of a call: what is sent, and what came of it, for Rust to judge.
//
// In JavaScript, because here one `try` holds whatever a caller's own `fetch` may do: getters that throw, a stream that
// lies, a `text` that gives no promise. Rust is told how it went, and decides what that means.
import { typeOf } from "../../pkg-template/errors.js";
import { at, decimal, decoded, httpDate, isObject, merged } from "./platform.js";

// For Rust, see `rust.rs`.
export { Connection } from "./connection.js";

/* What came of a body. */

const WHOLE = 0;
const TOO_LARGE = 1;
const BROKEN = 2;
const ALREADY_READ = 3;
const NO_RESPONSE = 4;
const NO_JSON = 5;
const NO_RUNS = 6;

/** Or its time was over. */
const TIMED_OUT = 7;

/** The status where `fetch` gave no response but threw. */
const NONE = -1;

// Of what a refusal says, 2,000 characters are kept; and one that keeps its body back is a refusal all the same.
const REFUSAL_MAX_BYTES = 1_048_576;
const REFUSAL_MAX_MS = 2_000;

const ignore = () => {};

export class Exchange {
  // Each is a member of its own, whatever a page has put on every object.
  what = BROKEN;
  status = NONE;
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

  /** For some run ids of a batch, the places in which are what Rust knows the runs by. */
  constructor(connection, number, batch, runIds) {
    this.#connection = connection;
    this.number = number;
    this.batch = batch;
    this.runIds = runIds;
    this.alone = runIds.length === 1;
  }

  /**
   * Asks for runs and reads the answer. Never rejects.
   *
   * @param hear  Is called as soon as status and headers are there.
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
    hear();
    // A `fetch` that heeds no signal: what it gives after all is given up too. What a redirect says is of no use.
    if (!signal.aborted) {
      const { mostBytes } = connection;
      const isAnswer = status >= 200 && status < 300;
      const reading = isAnswer ? this.#readText(mostBytes) : status >= 400 ? this.#readRefused(mostBytes) : [NO_RESPONSE];
      const [what, text, cause] = await reading;
      this.what = what;
      this.body = text;
      this.cause = cause;
      if (what === WHOLE) {
        if (isAnswer) this.#parse();
        return;
      }
    }
    this.cancel();
  }

  /** What the service calls the request, where it says so. */
  requestId() {
    const requestId = this.#header("x-request-id") ?? this.#header("cf-ray");
    return requestId && this.#connection.mask(requestId);
  }

  #parse() {
    try {
      const json = JSON.parse(this.body);
      // A run that was asked for alone is told apart by nothing, so that it can be read as others are.
      this.body = this.alone ? { [this.runIds[0]]: json } : json;
      if (!isObject(this.body)) this.what = NO_RUNS;
    } catch {
      this.what = NO_JSON;
    }
  }

  /** What a refusal asks for: the waits, and the places of the runs that its field errors name, one bit each. */
  asked() {
    const after = this.#header("retry-after");
    let named = 0;
    // As in `["body", "run_ids", 1]`, the second. One that is not there has the last bit, which is no run's.
    for (const { loc: [part, field, index] } of this.refusal().detail) {
      if (part === "body" && field === "run_ids" && Number.isInteger(index)) named |= 1 << this.batch.indexOf(this.runIds[index]);
    }
    return [decimal(this.#header("retry-after-ms"), ""), decimal(after, "e3"), httpDate(after), named];
  }

  /** What a refusal says, without the key. Read once, as it is asked for by more than one. */
  refusal() {
    return (this.#refused ??= this.#readRefusal());
  }

  #readRefusal() {
    const body = this.#connection.refusalBody(this.body, this.what === WHOLE);
    const { detail, error } = merged(body);
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

  /**
   * What an answer has of the run at a place: one number of a level (0 no such member, 1 a run as documented, 2 no
   * object, 3 no texts, 4 texts that are no list, 5 one that is no string), 8 times the type of what is there, 64 times
   * its index. Own members only count.
   */
  shape(place) {
    const { batch, body: runs } = this;
    const runId = batch[place];
    if (!Object.hasOwn(runs, runId)) return 0;
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

  /** Has the object under `results`, where there is one, take the place of the answer; whether it has. */
  unwrap() {
    const { body } = this;
    this.wrapped = Object.hasOwn(body, "results") && isObject(body.results);
    if (this.wrapped) this.body = body.results;
    return this.wrapped;
  }

  /** Takes away all but the runs at some places, one bit each: what is left is as the engine's parser made it. */
  keep(sound, missing) {
    const runs = this.body;
    this.sound = at(this.batch, sound);
    this.missing = at(this.batch, missing);
    const keys = Object.keys(runs);
    if (keys.length > this.sound.length) {
      const kept = new Set(this.sound.map(String));
      for (const key of keys) if (!kept.has(key)) delete runs[key];
    }
    return (this.results = runs);
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
    let what = WHOLE;
    let cause;
    try {
      const { body, bodyUsed } = this.#response;
      if (bodyUsed || body?.locked) return [ALREADY_READ, ""];
      if (body === null) return [WHOLE, ""];
      if (typeof body?.getReader !== "function") return await this.#readAtOnce(most);
      const reader = (this.#reader = body.getReader());
      while (what === WHOLE) {
        let piece;
        try {
          piece = await reader.read();
        } catch (reason) {
          [what, cause] = [BROKEN, reason];
          break;
        }
        const { done, value } = piece;
        if (done) break;
        if (!ArrayBuffer.isView(value)) return [NO_RESPONSE, ""];
        if (length + value.byteLength > most) {
          what = TOO_LARGE;
        } else {
          length += value.byteLength;
          pieces.push(value);
        }
      }
    } catch {
      return [NO_RESPONSE, ""];
    }
    try {
      return [what, decoded(pieces, length), cause];
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
    this.what = TIMED_OUT;
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
