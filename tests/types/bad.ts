/**
 * Code that must not compile. `@ts-expect-error` is itself an error if the next line compiles. Each case is one line, so that the
 * directive covers only that case.
 */
import * as api from "translation-results";
import type { ClientEvent, ClientOptions, ErrorCode, RunIdBatch, RunIdProblem } from "translation-results";
import * as slim from "translation-results/slim";
import { createProxy } from "translation-results/proxy";
import wasm from "translation-results/translation_results.wasm";

const { TranslationResultsClient, TranslationResultsError, checkRunIds, planBatches } = api;
const client = new TranslationResultsClient();

/* Run ids. */

export function ids(one: readonly [number], six: [1, 2, 3, 4, 5, 6], unknown: unknown) {
  // @ts-expect-error none
  client.getResults();
  // @ts-expect-error no id
  client.getResults([]);
  // @ts-expect-error one id
  client.getResults([1]);
  // @ts-expect-error six ids
  client.getResults([1, 2, 3, 4, 5, 6]);
  // @ts-expect-error a tuple of one
  client.getResults(one);
  // @ts-expect-error a tuple of six
  client.getResults(six);
  // @ts-expect-error texts
  client.getResults(["1", "2"]);
  // @ts-expect-error a text among numbers
  client.getResults([1, "2"]);
  // @ts-expect-error big integers
  client.getResults([1n, 2n]);
  // @ts-expect-error undefined among numbers
  client.getResults([1, undefined]);
  // @ts-expect-error no list
  client.getResults(5);
  // @ts-expect-error ids one by one
  client.getResults(1, 2);
  // @ts-expect-error a set
  client.getResults(new Set([1, 2]));
  // @ts-expect-error not known to be a list
  client.getResults(unknown);

  const wrapper = <const Ids extends readonly number[]>(ids: Ids & api.BatchOf<Ids>) => client.getResults(ids);
  // @ts-expect-error one id in a wrapper
  wrapper([1]);
  // @ts-expect-error six ids in a wrapper
  wrapper([1, 2, 3, 4, 5, 6]);
  // @ts-expect-error not asked for
  wrapper([1, 2]).then((results) => results[3]);

  // @ts-expect-error one
  const tooFew: RunIdBatch = [1];
  // @ts-expect-error six
  const tooMany: RunIdBatch = [1, 2, 3, 4, 5, 6];
  // @ts-expect-error no iterable
  planBatches(5);
  // @ts-expect-error no list of numbers
  planBatches(["1"]);
  // @ts-expect-error what to check
  checkRunIds();
  return [tooFew, tooMany];
}

/* Results. */

export async function results(list: number[], id: number) {
  const literal = await client.getResults([12345, 6789]);
  // @ts-expect-error not asked for
  literal[1];
  // @ts-expect-error perhaps not asked for
  literal[id];
  // @ts-expect-error no such field
  literal[12345].text;
  // @ts-expect-error texts are a list
  literal[12345].texts.trim();
  // @ts-expect-error a text is a string
  literal[12345].texts.map((text) => text.toFixed());
  const listed = await client.getResults(list);
  // @ts-expect-error perhaps not there
  listed[id].texts;
  // @ts-expect-error a promise
  client.getResults([1, 2])[1];
}

/* Options. */

export function options() {
  // @ts-expect-error no bag
  new TranslationResultsClient("key");
  // @ts-expect-error unknown
  new TranslationResultsClient({ apikey: "key" });
  // @ts-expect-error unknown
  new TranslationResultsClient({ retries: 3 });
  // @ts-expect-error of a call
  new TranslationResultsClient({ deadlineMs: 1000 });
  // @ts-expect-error number
  new TranslationResultsClient({ apiKey: 5 });
  // @ts-expect-error null
  new TranslationResultsClient({ apiKey: null });
  // @ts-expect-error text
  new TranslationResultsClient({ timeoutMs: "1000" });
  // @ts-expect-error text
  new TranslationResultsClient({ maxRetries: "3" });
  // @ts-expect-error text
  new TranslationResultsClient({ dangerouslyAllowBrowser: "yes" });
  // @ts-expect-error text
  new TranslationResultsClient({ fetch: "fetch" });
  // @ts-expect-error a fetch gives a promise for a response
  new TranslationResultsClient({ fetch: async () => "text" });
  // @ts-expect-error a fetch may be given a URL, which is no request
  new TranslationResultsClient({ fetch: (request: Request) => fetch(request) });
  // @ts-expect-error a response without headers
  new TranslationResultsClient({ fetch: async () => ({ status: 200, text: async () => "" }) });
  // @ts-expect-error number
  new TranslationResultsClient({ headers: { "x-a": 1 } });
  // @ts-expect-error list
  new TranslationResultsClient({ onEvent: [] });
  // @ts-expect-error no such field
  new TranslationResultsClient({ onEvent: (event) => event.kind });

  // @ts-expect-error of another call
  client.getResult(1, { concurrency: 2 });
  // @ts-expect-error text
  client.getResult("1");
  // @ts-expect-error a list
  client.getResult([1]);
  // @ts-expect-error nothing
  client.getResult();

  // @ts-expect-error of another call
  client.getResults([1, 2], { concurrency: 2 });
  // @ts-expect-error of the client
  client.getResults([1, 2], { apiKey: "key" });
  // @ts-expect-error of the client
  client.getResults([1, 2], { fetch });
  // @ts-expect-error the controller, not its signal
  client.getResults([1, 2], { signal: new AbortController() });
  // @ts-expect-error text
  client.getResults([1, 2], { deadlineMs: "1 s" });
  // @ts-expect-error no bag
  client.getResults([1, 2], new AbortController().signal.reason as number);

  // @ts-expect-error text
  const wrong: ClientOptions = { maxResponseBytes: "1 MiB" };
  return wrong;
}

/* Errors, events and problems. */

export function errors(error: unknown, code: ErrorCode, event: ClientEvent, problem: RunIdProblem) {
  // @ts-expect-error not known to be one
  error.code;
  // @ts-expect-error no such code
  code === "NOPE";
  // @ts-expect-error only of requests
  event.url;
  // @ts-expect-error no such event
  event.type === "redirect";
  // @ts-expect-error not of all problems
  problem.index;
  // @ts-expect-error no such problem
  problem.problem === "nope";
  if (!TranslationResultsError.is(error)) return;
  // @ts-expect-error read-only
  error.code = "NETWORK";
  // @ts-expect-error only of ApiError
  error.status;
  // @ts-expect-error only of InvalidResponseError
  error.missing;
  // @ts-expect-error not of this code
  if (error.code === "NETWORK") error.status;
  // @ts-expect-error no such code
  if (error.code === "NOPE") return;
  // @ts-expect-error a code of another class
  new api.ApiError("no", { code: "NETWORK", status: 404 });
  // @ts-expect-error no status
  new api.ApiError("no", { code: "NOT_FOUND" });
  // @ts-expect-error no code
  new api.NetworkError("no", {});
  // @ts-expect-error a text
  new api.TimeoutError("no", { code: "TIMEOUT", timeoutMs: "5" });
  // @ts-expect-error no such code
  new TranslationResultsError("no", { code: "NOPE" });
  if (!(error instanceof api.ApiError)) return;
  // @ts-expect-error no code of this class
  if (error.code === "TIMEOUT") return;
  // @ts-expect-error read-only
  error.status = 200;
  // @ts-expect-error not known what it holds
  error.body.detail;
  // @ts-expect-error perhaps absent
  error.retryAfterMs.toFixed();
}

/* Any number of runs. */

export function bulk(client: api.TranslationResultsClient, error: api.TranslationResultsError) {
  // @ts-expect-error texts
  client.getAllResults(["1", "2"]);
  // @ts-expect-error no list
  client.getAllResults(1);
  // @ts-expect-error an async source is for streams
  client.getAllResults((async function* () { yield 1; })());
  // @ts-expect-error no such option
  client.getAllResults([1], { parallel: 2 });
  // @ts-expect-error a text
  client.streamResults([1], { concurrency: "2" });
  // @ts-expect-error only of the bulk call
  client.getResults([1, 2], { concurrency: 2 });
  // @ts-expect-error perhaps absent
  error.partial.pending;
}

/* The slim entry. */

export function slimEntry() {
  // @ts-expect-error only of the slim entry
  api.init(wasm);
  // @ts-expect-error no module
  slim.init();
  // @ts-expect-error perhaps no module
  slim.init(Math.random() > 0.5 ? wasm : undefined);
  // @ts-expect-error number
  slim.init(5);
  // @ts-expect-error gives nothing
  slim.init(wasm).then((module) => module.exports);
  // @ts-expect-error a module of WebAssembly, its functions not in view
  wasm.fetch();
  // @ts-expect-error one id
  new slim.TranslationResultsClient().getResults([1]);
}

/* The proxy. */

export function proxies() {
  // @ts-expect-error open to whom
  createProxy({ apiKey: "key" });
  // @ts-expect-error no key
  createProxy({ authorize: "everybody" });
  // @ts-expect-error another word for all
  createProxy({ apiKey: "key", authorize: true });
  // @ts-expect-error nothing like yes
  createProxy({ apiKey: "key", authorize: () => "yes" });
  // @ts-expect-error an option of the client
  createProxy({ apiKey: "key", authorize: "everybody", maxRetries: 1 });
}
