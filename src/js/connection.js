// What the requests of one client have in common: the address, the key, which nothing that is told has in it, and whoever
// listens.
import { Numbers, merged, tell } from "./platform.js";

/** What stands where the API key stood. No part of it is ASCII and all of a key is, so it can neither hold one nor make one. */
const MASK = "•••";

/** A text without what it may have of the beginning of the key at its end. */
function withoutTail(text, key) {
  let length = key.length;
  while (!text.endsWith(key.slice(0, length))) length -= 1;
  return text.slice(0, text.length - length);
}

const clientNumbers = new Numbers();

/** What the requests of a client have in common. Told listeners get events; see `ClientEvent`. */
export class Connection {
  /** The client's, by which Rust knows it. */
  number = clientNumbers.take();
  #key;
  #onEvent;
  /** Calls that wait for what the service makes of others'. */
  #waiting = new Set();

  /** Takes the client's options, see `options.js`. */
  constructor({ apiKey, baseUrl, fetch, onEvent, maxResponseBytes, headers }) {
    this.#key = apiKey;
    this.#onEvent = onEvent;
    this.url = baseUrl;
    this.fetch = fetch;
    this.mostBytes = maxResponseBytes;
    this.headers = { ...merged(apiKey && { "x-api-key": apiKey }, headers) };
  }

  /** Nobody has the client of this number any more. */
  static giveBack(number) {
    clientNumbers.giveBack(number);
  }

  /** A text without the key. */
  mask(text) {
    return this.#key ? text.replaceAll(this.#key, MASK) : text;
  }

  /**
   * What a refusal's body says, without the key: parsed where it is JSON, else the first 2,000 characters of its text. A
   * body that breaks off may do so amid the key. Of a redirect none is read.
   */
  refusalBody(text, whole) {
    if (text === undefined) return undefined;
    const key = this.#key;
    const forms = key ? [key, JSON.stringify(key).slice(1, -1)] : [];
    const masked = (text) => forms.reduce((text, form) => text.replaceAll(form, MASK), text);
    let json;
    try {
      // Written anew before it is masked: JSON has many ways to escape one and the same key.
      json = JSON.stringify(JSON.parse(text));
      return JSON.parse(masked(json));
    } catch {
      // A key can be a part of JSON that is no text: then it is told as a text.
      const without = whole || json ? masked(json ?? text) : forms.reduce(withoutTail, masked(text));
      return without.slice(0, 2000);
    }
  }

  /** Where a batch is asked for, or one run, which has an address of its own. */
  urlOf(runIds) {
    return runIds.length === 1 ? `${this.url}/translation-result/${runIds[0]}` : `${this.url}/translation-results`;
  }

  /** Tells of the event that a function makes, where there is somebody to tell. */
  #tell(event) {
    if (this.#onEvent) tell(this.#onEvent, event());
  }

  tellRequest(runIds, attempt) {
    this.#tell(() => ({ type: "request", runIds: [...runIds], attempt, url: this.mask(this.urlOf(runIds)) }));
  }

  /** A function that tells of the response to a request that is sent now. */
  responseTo(runIds, attempt) {
    const sentAt = this.#onEvent && performance.now();
    return (exchange) =>
      this.#tell(() => {
        const { status } = exchange;
        const event = { type: "response", runIds: [...runIds], attempt, status, durationMs: performance.now() - sentAt };
        const requestId = exchange.requestId();
        return requestId === undefined ? event : { ...event, requestId };
      });
  }

  tellRetry(runIds, attempt, delayMs, code) {
    this.#tell(() => ({ type: "retry", runIds: [...runIds], attempt, delayMs, code }));
  }

  tellLimit(limit) {
    this.#tell(() => ({ type: "concurrency", limit }));
  }

  /** Has a function called whenever the pace has changed; gives one that ends it. */
  join(stir) {
    this.#waiting.add(stir);
    return () => this.#waiting.delete(stir);
  }

  stir() {
    for (const stir of this.#waiting) stir();
  }
}
