/** The page: the form asks, the client fetches, the board shows. */

import { connect } from "./api.js";
import { wireCopyButtons } from "./copy-button.js";
import { counted, duration, element } from "./dom.js";
import { errorCard } from "./error-view.js";
import { showExamples } from "./examples.js";
import { resultsBoard, waitingBoard } from "./results-view.js";
import { createRunIdsField } from "./run-ids-field.js";
import { sampleIds } from "./sample-api/runs.js";
import { createWireLog } from "./wire-log.js";

/** An answer that is faster than this replaces what is there without a flash in between. */
const WAITING_AFTER_MS = 150;

const part = (id) => document.getElementById(id);
const results = part("results");
const cancelButton = part("cancel");
const wireLog = createWireLog(part("wire-log"));
const field = createRunIdsField({
  field: part("run-ids"),
  problems: part("run-ids-problems"),
  count: part("run-ids-count"),
});

let client;
/** The call under way. A new one takes its place, and what the old one brings is dropped. */
let current;

function show(status, ...content) {
  part("status").textContent = status;
  results.replaceChildren(...content);
}

function setBusy(busy) {
  results.setAttribute("aria-busy", String(busy));
  if (!busy && document.activeElement === cancelButton) part("fetch").focus();
  cancelButton.hidden = !busy;
}

function showOutcome(runIds, found, ms) {
  const texts = runIds.reduce((sum, runId) => sum + found[runId].texts.length, 0);
  const summary = `${counted(runIds.length, "run")} with ${counted(texts, "text")} in ${duration(ms)}.`;
  show(summary, resultsBoard(runIds, found));
}

function showError(runIds, error) {
  const found = error?.results ?? {};
  const came = runIds.filter((runId) => found[runId] !== undefined).length;
  const summary = came === 0 ? "No run came." : `${came} of ${counted(runIds.length, "run")} came.`;
  show(summary, errorCard(runIds, error), ...(came === 0 ? [] : [resultsBoard(runIds, found)]));
}

function cancel() {
  if (!current || current.controller.signal.aborted) return;
  current.controller.abort();
  wireLog.cancelled(performance.now() - current.begun);
}

async function fetchRuns(runIds) {
  cancel();
  const call = { controller: new AbortController(), begun: performance.now() };
  current = call;
  const { signal } = call.controller;
  const waiting = setTimeout(() => {
    show(`Fetching ${counted(runIds.length, "run")} …`, waitingBoard(runIds));
  }, WAITING_AFTER_MS);
  setBusy(true);

  const outcome = await client.getResults(runIds, { signal }).then(
    (found) => () => showOutcome(runIds, found, performance.now() - call.begun),
    (error) => () => showError(runIds, error),
  );
  clearTimeout(waiting);
  if (current !== call) return;
  current = undefined;
  if (signal.aborted) {
    show("Cancelled.", element("p", { class: "quiet" }, `Nothing was fetched for ${runIds.join(", ")}.`));
  } else {
    outcome();
  }
  setBusy(false);
}

/** Sends what the field holds, if it holds no mistake. */
function submit() {
  const runIds = field.submit();
  if (!runIds) {
    part("status").textContent = "Nothing was sent. Below is what came before.";
    return;
  }
  fetchRuns(runIds);
  bringIntoSight(part("results-title"));
}

/** On a narrow screen the results are far below the button. */
function bringIntoSight(heading) {
  if (heading.getBoundingClientRect().bottom > innerHeight) heading.scrollIntoView();
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
  cancelButton.addEventListener("click", cancel);
  showExamples(part("examples"), (ids) => {
    field.set(ids);
    submit();
  });
}

async function start() {
  wireCopyButtons(part("copy-status"));
  results.replaceChildren();
  const connection = await connect(wireLog.onEvent);
  client = connection.client;
  part("badge").textContent = `sample data, served ${connection.inPage ? "inside this page" : "over HTTP"}`;
  part("wire-hint").textContent = connection.inPage
    ? "The sample API runs inside this page, so these requests reached no network."
    : "What the client told through its onEvent option.";
  field.set(sampleIds);
  listen();
  part("controls").disabled = false;
  await fetchRuns(sampleIds);
}

start().catch((error) => {
  part("badge").textContent = "not started";
  showError([], error);
});
