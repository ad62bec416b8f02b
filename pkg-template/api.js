// What every entry exports. The classes and functions that Rust exports need an instance to exist; these see to it.
import { begin, checkIds, firstBatch, forget, give, tell } from "../glue/translation_results.js";
import { Call } from "../src/js/call.js";
import { Connection } from "../src/js/connection.js";
import { BULK, REQUEST, clientOptions, read } from "../src/js/options.js";
import { numbers } from "../src/js/platform.js";
import { ListCall, ResultStream } from "./bulk.js";
import { invalidRunIds, takeProblems } from "./errors.js";
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

/** What Rust takes for a list that is none. */
const NO_LIST = 3;

Object.assign(Call, { enter: enterUnwatched, give, tell });

/** Has Rust forget a client once nobody has it any more. Not every edge worker has such a registry. */
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
    unused?.register(this, this.#connection.number);
    // What is left is what its calls have that have no options of their own.
    all.headers = undefined;
    this.#options = all;
  }

  getResults(runIds, options) {
    return promised(() => {
      const ids = numbers(runIds, true);
      return this.#fetch(new Call(this.#connection), ids, options, REQUEST);
    });
  }

  getAllResults(runIds, options) {
    return promised(() => {
      const ids = numbers(runIds);
      return this.#fetch(new ListCall(this.#connection, ids), ids, options, BULK);
    });
  }

  streamResults(runIds, options) {
    return new ResultStream(this.#connection, runIds, (stream) => this.#fetch(stream, [], options, BULK));
  }

  #fetch(call, ids, options, scope) {
    const all = read(options, scope, this.#options);
    const { timeoutMs, maxRetries, deadlineMs, concurrency } = all;
    call.use(all);
    const client = this.#connection.number;
    const kind = ids ? call.kind : NO_LIST;
    const hasBegun = call.begin((run) =>
      enter(() => {
        ids?.forEach(give);
        return begin(run, client, kind, timeoutMs, maxRetries, deadlineMs, concurrency);
      }));
    if (!hasBegun) throw invalidRunIds(takeProblems());
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

/** What Rust finds wrong with run ids, as a batch or as a list: 0 or 1. */
function problemsOf(ids, kind) {
  ensureInstance();
  enter(() => {
    ids?.forEach(give);
    checkIds(ids ? kind : NO_LIST);
  });
  return takeProblems();
}

export const checkRunIds = (runIds) => problemsOf(numbers(runIds, true), 0);

export function planBatches(runIds) {
  const ids = numbers(runIds);
  const problems = problemsOf(ids, 1);
  if (problems.length) throw invalidRunIds(problems);
  const rest = [...new Set(ids)];
  const plan = [];
  for (let at = 0; at < rest.length; at += plan.at(-1).length) {
    plan.push(rest.slice(at, at + enter(() => firstBatch(rest.length - at))));
  }
  return plan;
}
