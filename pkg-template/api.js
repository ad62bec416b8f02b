// The exports of every entry: a shell around the classes and functions of `src/npm/`, which exist only within an instance of the
// module.
import { instance } from "./instance.js";
import { traceFrom } from "./errors.js";

export {
  ApiError,
  InvalidOptionsError,
  InvalidResponseError,
  InvalidRunIdsError,
  NetworkError,
  TimeoutError,
  TranslationResultsError,
  WasmUnavailableError,
} from "./errors.js";

/** Tags the objects of a class, so that Vue does not wrap them in proxies. A proxy has no private members. */
function tag(tagged, value) {
  Object.defineProperty(tagged.prototype, Symbol.toStringTag, { value, configurable: true });
}

export class TranslationResultsClient {
  static {
    // Consoles show this name. Minifiers rename the class itself.
    Object.defineProperty(this, "name", { value: "TranslationResultsClient", configurable: true });
    tag(this, "TranslationResultsClient");
  }

  /** Kept to make the client again in a new instance, after a trap. */
  #options;
  #instance;
  #client;

  constructor(options) {
    traced(TranslationResultsClient, () => {
      this.#options = instance().use(({ copyOptions }) => copyOptions(options));
      this.#current();
    });
  }

  getResult(runId, options) {
    return this.#start((client) => client.getResult(runId, options));
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
    return called(() => this.#current().use(() => call(this.#client)));
  }

  /** Returns the instance. Makes the Rust side of this client if the instance is new. */
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
  static {
    tag(this, "ResultStream");
  }

  #open;
  #instance;
  #stream;

  /** Takes a function that returns an instance and a stream in it. */
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
    return called(() => {
      if (!this.#stream) [this.#instance, this.#stream] = this.#open();
      return this.#instance.use(() => call(this.#stream));
    });
  }
}

/** Makes a call. It is asynchronous so that engines record who awaits it: the stack of an error then names the caller's line. */
async function called(start) {
  try {
    return await start();
  } catch (error) {
    throw traceFrom(called, error);
  }
}

export function checkRunIds(runIds) {
  return traced(checkRunIds, () => instance().use((glue) => glue.checkRunIds(runIds)));
}

export function planBatches(runIds) {
  return traced(planBatches, () => instance().use((glue) => glue.planBatches(runIds)));
}

/** Runs the body of an exported function. The stack of an error begins with the caller's line. */
function traced(exported, work) {
  try {
    return work();
  } catch (error) {
    throw traceFrom(exported, error);
  }
}
