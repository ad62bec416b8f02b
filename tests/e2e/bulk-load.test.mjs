/** Thousands of runs, a server that limits, bad runs, lost connections, a server that goes and comes back. */
import { fetchAll } from "./support/fetch-all.mjs";
import { imported } from "./support/install.mjs";
import { loadTests } from "./support/load.mjs";

loadTests((service, task) => fetchAll(imported.TranslationResultsClient, task));
