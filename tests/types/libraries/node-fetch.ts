/** The `fetch` of node-fetch, whose bodies are Node streams. */
import fetch from "node-fetch";
import { Agent } from "node:https";
import { TranslationResultsClient } from "translation-results";
import { createProxy } from "translation-results/proxy";

const agent = new Agent({ keepAlive: true });

export const clients = [
  new TranslationResultsClient({ fetch }),
  new TranslationResultsClient({ fetch: (input, init) => fetch(input, { ...init, agent }) }),
];
export const proxy = createProxy({ apiKey: "key", authorize: "everybody", fetch });
