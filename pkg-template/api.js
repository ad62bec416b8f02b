// What every entry exports. The classes and functions that Rust exports need an instance to exist; these see to it.
import { Client, Direct, checkRunIds as check, planBatches as plan, wake } from "./glue/translation_results.js";
import { ensureInstance, enter, enterUnwatched, generation } from "./instance.js";
import { Batch, Collector, ResultStream } from "./sink.js";

export {
  ApiError,
  InvalidOptionsError,
  InvalidResponseError,
  InvalidRunIdsError,
  NetworkError,
  TimeoutError,
  TranslationResultsError,
} from "./glue/translation_results.js";

Direct.wake = (call) => enterUnwatched(() => wake(call));

const { given, numbers } = Direct;

export class TranslationResultsClient {
  static {
    // In words, as a minifier renames classes: it is what consoles show.
    Object.defineProperty(this, "name", { value: "TranslationResultsClient", configurable: true });
  }

  #client;
  #born;

  constructor(options = {}) {
    ensureInstance();
    const all = given(options, 0, 8);
    this.#client = enter(() => new Client(all));
    this.#born = generation;
  }

  getResults(runIds, options) {
    return promised(() => this.#fetch(numbers(runIds, true), given(options, 6, 10), new Batch()));
  }

  getAllResults(runIds, options) {
    return promised(() => {
      const ids = numbers(runIds);
      return this.#fetch(ids, given(options, 6, 13), new Collector(ids));
    });
  }

  streamResults(runIds, options) {
    return new ResultStream(runIds, (stream) => this.#fetch(undefined, given(options, 6, 13), stream));
  }

  #fetch(numbers, given, sink) {
    // The signal has the tenth name.
    enter(() => this.#client.fetch(numbers, given, given?.[9], sink), this.#born);
    return sink.end;
  }
}

/** As an asynchronous function, less a promise of its own, which would be waited for in turn. */
function promised(work) {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}

export function checkRunIds(runIds) {
  ensureInstance();
  const list = numbers(runIds, true);
  return enter(() => check(list));
}

export function planBatches(runIds) {
  ensureInstance();
  const list = numbers(runIds);
  return enter(() => plan(list));
}
