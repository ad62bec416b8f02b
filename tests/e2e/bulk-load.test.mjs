/** Thousands of runs, a rate limit, bad runs, lost connections, and a server that stops and starts again. */
import { fetchAll } from "./support/fetch-all.mjs";
import { imported } from "./support/install.mjs";
import { loadTests } from "./support/load.mjs";

loadTests((service, task) => fetchAll(imported.TranslationResultsClient, task));
