/** A table in which each row fetches its own run, as components of an application do. */

import { duration, element } from "./dom.js";
import { TranslationResultsError } from "./pkg/index.js";
import { findRun } from "./sample-api/generated.js";

/** The last run is unknown, and fails alone. */
const RUN_IDS = [12345, 6789, 20417, 31002, 48813, 20418, 20419, 20420, 20421, 48814, 48815, 999];

/**
 * @param {(id: string) => HTMLElement} part
 * @param {object} options
 * @param {() => import("./pkg/index.js").TranslationResultsClient} options.client
 * @param {() => void} options.onBegin
 */
export function createRows(part, { client, onBegin }) {
  const load = part("load-rows");
  const rows = RUN_IDS.map((runId) => ({ runId, cell: element("td", { dir: "auto", lang: findRun(runId)?.language }) }));
  part("rows-body").replaceChildren(...rows.map(({ runId, cell }) =>
    element("tr", {}, element("th", { scope: "row" }, String(runId)), cell)));

  /** Fetches a run into its row. @returns {Promise<boolean>} Whether the run was fetched. */
  async function show({ runId, cell }) {
    try {
      const { texts } = await client().getResult(runId);
      cell.textContent = texts[0];
      return true;
    } catch (error) {
      cell.textContent = TranslationResultsError.is(error) ? error.code : String(error);
      return false;
    }
  }

  load.addEventListener("click", async () => {
    load.disabled = true;
    for (const { cell } of rows) cell.textContent = "…";
    onBegin();
    const begun = performance.now();
    const came = await Promise.all(rows.map(show));
    const failed = came.filter((ok) => !ok).length;
    part("rows-status").textContent =
      `${came.length - failed} of ${came.length} rows fetched in ${duration(performance.now() - begun)}.`;
    load.disabled = false;
  });
  load.disabled = false;
}
