/** A table in which each row fetches its own run, for the tests of `docs/single-runs.md`. */
import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { getClient } from "./client.js";

/** The calls that the rows have made: `{ runId, signal }`. */
const calls = [];
/** The number of mounts of rows: two for each row in `StrictMode`. */
let mounts = 0;

const client = getClient();
const { getResult } = client;
client.getResult = (runId, options) => {
  calls.push({ runId, signal: options?.signal });
  return getResult.call(client, runId, options);
};

function Mounted({ children }) {
  useEffect(() => {
    mounts += 1;
  }, []);
  return children;
}

/** Sets `window.table`, with which the test shows rows of a recipe's `Row`. */
export function openTable(Row, Provider) {
  const root = createRoot(document.querySelector("#root"));
  const show = (runIds) => root.render(
    <StrictMode>
      <Provider>
        <table>
          <tbody>
            {runIds.map((runId) => <Mounted key={runId}><Row runId={runId} /></Mounted>)}
          </tbody>
        </table>
      </Provider>
    </StrictMode>,
  );
  window.table = {
    show,
    mounts: () => mounts,
    /** Whether the signal of the latest call for a run has aborted. */
    hasAborted: (runId) => calls.findLast((call) => call.runId === runId).signal?.aborted,
  };
}
