/** The `fetch` of Bun, whose type has further members. */
import { TranslationResultsClient, type AnyFetch, type FetchLike } from "translation-results";
import { createProxy } from "translation-results/proxy";

const same: FetchLike = fetch;
const traced: AnyFetch = async (url, init) => fetch(url, { ...init, verbose: true });

export const clients = [
  new TranslationResultsClient({ fetch }),
  new TranslationResultsClient({ fetch: globalThis.fetch }),
  new TranslationResultsClient({ fetch: same }),
  new TranslationResultsClient({ fetch: traced }),
  new TranslationResultsClient({ fetch: (input, init) => fetch(input, init) }),
  new TranslationResultsClient({ fetch: async () => Response.json({}) }),
];

const proxy = createProxy({ apiKey: "key", authorize: "everybody", fetch: async (input, init) => fetch(input, init) });
export const serve = () => Bun.serve({ fetch: proxy });
