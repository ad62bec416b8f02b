// What every entry exports. The classes and functions that Rust exports need an instance to exist; these see to it.
import { Client, checkRunIds as check, planBatches as plan } from "./glue/translation_results.js";
import { ensureInstance } from "./instance.js";
import { Collector, ResultStream } from "./sink.js";

export {
  ApiError,
  InvalidOptionsError,
  InvalidResponseError,
  InvalidRunIdsError,
  NetworkError,
  TimeoutError,
  TranslationResultsError,
} from "./glue/translation_results.js";

export class TranslationResultsClient {
  static {
    // In words, as a minifier renames classes: it is what consoles show.
    Object.defineProperty(this, "name", { value: "TranslationResultsClient", configurable: true });
  }

  #client;

  constructor(options) {
    ensureInstance();
    this.#client = new Client(options);
  }

  getResults(runIds, options) {
    return this.#client.getResults(runIds, options);
  }

  getAllResults(runIds, options) {
    return this.#client.getAllResults(runIds, options, new Collector());
  }

  streamResults(runIds, options) {
    return new ResultStream(runIds, (stream) => this.#client.stream(stream, options));
  }
}

export function checkRunIds(runIds) {
  ensureInstance();
  return check(runIds);
}

export function planBatches(runIds) {
  ensureInstance();
  return plan(runIds);
}
