// What every entry exports: a shell around the classes and functions that Rust exports, which need an instance to exist. See
// `src/npm/` for what they do.
import { instance } from "./instance.js";

export {
  ApiError,
  InvalidOptionsError,
  InvalidResponseError,
  InvalidRunIdsError,
  NetworkError,
  TimeoutError,
  TranslationResultsError,
} from "./errors.js";

export class TranslationResultsClient {
  static {
    // Written out, as minifiers rename classes: it is what consoles show.
    Object.defineProperty(this, "name", { value: "TranslationResultsClient", configurable: true });
  }

  /** For the client of the next instance, should this one trap. */
  #options;
  #instance;
  #client;

  constructor(options) {
    this.#options = instance().use(({ copyOptions }) => copyOptions(options));
    this.#current();
  }

  getResults(runIds, options) {
    return this.#start((client) => client.getResults(runIds, options));
  }

  getAllResults(runIds, options) {
    return this.#start((client) => client.getAllResults(runIds, options));
  }

  streamResults(runIds, options) {
    return new ResultStream(() => {
      const current = this.#current();
      return [current, current.use(() => this.#client.streamResults(runIds, options))];
    });
  }

  /** Returns the text without the key, or `undefined` if it does not hold the key. `proxy.js` uses it; it is not public. */
  [Symbol.for("translation-results.masked")](text) {
    return this.#current().use(() => this.#client.masked(text));
  }

  #start(call) {
    return promised(() => this.#current().use(() => call(this.#client)));
  }

  /** Returns the instance, in which this client has its Rust side. */
  #current() {
    const current = instance();
    if (this.#instance !== current) {
      this.#client = current.use(({ Client }) => new Client(this.#options));
      this.#instance = current;
    }
    return current;
  }
}

class ResultStream {
  #open;
  #instance;
  #stream;

  /** Takes a function that gives an instance and a stream in it. */
  constructor(open) {
    this.#open = open;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  next() {
    return this.#start((stream) => stream.next());
  }

  return(value) {
    // There is nothing left to close after a trap.
    if (this.#instance?.trap) return Promise.resolve({ done: true, value });
    return this.#start((stream) => stream.return(value));
  }

  #start(call) {
    return promised(() => {
      if (!this.#stream) [this.#instance, this.#stream] = this.#open();
      return this.#instance.use(() => call(this.#stream));
    });
  }
}

/** Rejects where a function throws that gives a promise. */
function promised(start) {
  try {
    return start();
  } catch (error) {
    return Promise.reject(error);
  }
}

export const checkRunIds = (runIds) => instance().use((glue) => glue.checkRunIds(runIds));

export const planBatches = (runIds) => instance().use((glue) => glue.planBatches(runIds));
