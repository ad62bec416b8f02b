/** The page: the form asks, the client fetches, the board shows. */

import { connect } from "./api.js";
import { wireCopyButtons } from "./copy-button.js";
import { showExamples } from "./examples.js";
import { createResultsView } from "./results-view.js";
import { createRunIdsField } from "./run-ids-field.js";
import { createRunList } from "./run-list.js";
import { sampleIds } from "./sample-api/runs.js";
import { createWireLog } from "./wire-log.js";

/** An answer that is faster than this replaces what is there without a flash in between. */
const WAITING_AFTER_MS = 150;

const part = (id) => document.getElementById(id);
const wireLog = createWireLog(part("wire-log"));
const field = createRunIdsField({
  field: part("run-ids"),
  problems: part("run-ids-problems"),
  plan: part("run-ids-plan"),
});
const view = createResultsView(part, { onCancel: cancel, onRetry: fetchMissing });

let client;
/** The call under way. A new one takes its place. */
let current;

function cancel() {
  if (!current || current.controller.signal.aborted) return;
  current.controller.abort();
  wireLog.cancelled(performance.now() - current.begun);
}

/** Asks for the runs of a list that there is no result of yet. */
async function fetchMissing(list) {
  cancel();
  const asked = list.missing().length;
  const call = { list, asked, controller: new AbortController(), begun: performance.now() };
  current = call;
  const { signal } = call.controller;
  const waiting = setTimeout(() => { view.begin(call); }, WAITING_AFTER_MS);

  const stopped = await list.fetch(client, { signal, onSettled: (runId) => view.settled(call, runId) });
  clearTimeout(waiting);
  if (current !== call) return;
  current = undefined;
  if (signal.aborted) call.cancelled = true;
  else call.stopped = stopped;
  view.ended(call);
}

/** Sends what the field holds, if it holds no mistake. */
function submit() {
  const runIds = field.submit();
  if (!runIds) {
    part("status").textContent = "Nothing was sent. Below is what came before.";
    return;
  }
  fetchMissing(createRunList(runIds));
  bringIntoSight(part("results-title"));
}

/** On a narrow screen the results are far below the button; the heading alone in sight would not help. */
function bringIntoSight(heading) {
  if (heading.getBoundingClientRect().top > innerHeight / 2) heading.scrollIntoView();
}

function listen() {
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  part("run-ids").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  });
  showExamples(part("examples"), (ids) => {
    field.set(ids);
    submit();
  });
}

const BADGES = {
  real: "your runs, through the proxy",
  served: "sample data, served over HTTP",
  "in page": "sample data, served inside this page",
};

async function start() {
  wireCopyButtons(part("copy-status"));
  part("results").replaceChildren();
  const connection = await connect(wireLog.onEvent);
  client = connection.client;
  part("badge").textContent = BADGES[connection.kind];
  part("wire-hint").textContent = connection.kind === "in page"
    ? "The sample API runs inside this page, so these requests reached no network."
    : "What the client told through its onEvent option.";
  listen();
  part("controls").disabled = false;
  if (connection.kind === "real") {
    // Nobody knows which runs a key has.
    for (const sample of document.querySelectorAll("[data-sample]")) sample.hidden = true;
    return;
  }
  field.set(sampleIds);
  await fetchMissing(createRunList(sampleIds));
}

start().catch((error) => {
  part("badge").textContent = "not started";
  view.fail(error);
});
