// What every entry exports. The classes and functions that Rust exports need an instance to exist; these see to it.
import { begin, firstBatch, forget, problemOfBatch, problemOfElement, tell } from "../glue/translation_results_bg.js";
import { Call } from "../src/js/call.js";
import { Connection } from "../src/js/connection.js";
import { BULK, REQUEST, clientOptions, read } from "../src/js/options.js";
import { checked, numbers } from "../src/js/platform.js";
import { ListCall, ResultStream } from "./bulk.js";
import { invalidRunIds } from "./errors.js";
import { ensureInstance, enter, enterUnwatched } from "./instance.js";

export {
  ApiError,
  InvalidOptionsError,
  InvalidResponseError,
  InvalidRunIdsError,
  NetworkError,
  TimeoutError,
  TranslationResultsError,
} from "./errors.js";

Object.assign(Call, { enter: enterUnwatched, tell });

/** Has Rust forget a client once nobody has it any more, nor a call of its. Not every edge worker has such a registry. */
const unused = globalThis.FinalizationRegistry && new FinalizationRegistry((client) => {
  enterUnwatched(() => forget(client));
  Connection.giveBack(client);
});

export class TranslationResultsClient {
  static {
    // In words, as a minifier renames classes: it is what consoles show.
    Object.defineProperty(this, "name", { value: "TranslationResultsClient", configurable: true });
  }

  #connection;
  #options;

  constructor(options) {
    const all = clientOptions(options);
    ensureInstance();
    this.#connection = new Connection(all);
    unused?.register(this.#connection, this.#connection.number);
    // What is left is what its calls have that have no options of their own.
    all.headers = undefined;
    this.#options = all;
  }

  getResults(runIds, options) {
    return promised(() => this.#fetch(new Call(this.#connection, distinct(numbers(runIds, true), true)), options, REQUEST));
  }

  getAllResults(runIds, options) {
    return promised(() => this.#fetch(new ListCall(this.#connection, distinct(numbers(runIds))), options, BULK));
  }

  streamResults(runIds, options) {
    return new ResultStream(this.#connection, runIds, (stream) => this.#fetch(stream, options, BULK));
  }

  #fetch(call, options, scope) {
    const all = read(options, scope, this.#options);
    const { timeoutMs, maxRetries, deadlineMs, concurrency } = all;
    call.use(all);
    const { number } = this.#connection;
    const count = call.runIds.length;
    call.begin((run) => enter(() => begin(run, number, call.kind, count, timeoutMs, maxRetries, deadlineMs, concurrency)));
    return call.end;
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

/** The distinct ones, and all that is wrong with them. */
function checkedByRust(ids, isBatch) {
  ensureInstance();
  return enter(() => checked(ids, isBatch, problemOfBatch, problemOfElement));
}

/** The distinct ones of run ids that are one and all as they must be. */
function distinct(ids, isBatch) {
  const { runIds, problems } = checkedByRust(ids, isBatch);
  if (problems.length) throw invalidRunIds(problems);
  return runIds;
}

export const checkRunIds = (runIds) => checkedByRust(numbers(runIds, true), true).problems;

export function planBatches(runIds) {
  const rest = distinct(numbers(runIds));
  const plan = [];
  for (let at = 0; at < rest.length; at += plan.at(-1).length) {
    plan.push(rest.slice(at, at + enter(() => firstBatch(rest.length - at))));
  }
  return plan;
}
