/** The `fetch` of undici, whose types differ from the global ones. */
import { TranslationResultsClient } from "translation-results";
import { createProxy } from "translation-results/proxy";
import { EnvHttpProxyAgent, fetch } from "undici";

const dispatcher = new EnvHttpProxyAgent();

export const clients = [
  new TranslationResultsClient({ fetch: (input, init) => fetch(input, { ...init, dispatcher }) }),
  new TranslationResultsClient({ fetch }),
];
export const proxy = createProxy({
  apiKey: "key",
  authorize: "everybody",
  fetch: (input, init) => fetch(input, { ...init, dispatcher }),
});
