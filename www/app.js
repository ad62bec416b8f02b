/** The page: connects the form, the client and the board. */

import { createBatches } from "./batches.js";
import { createCallPreview } from "./call-preview.js";
import { createConnection, findServed } from "./connection.js";
import "./copy-button.js";
import { element } from "./dom.js";
import { wireExamples } from "./examples.js";
import { createLink } from "./link.js";
import { createResultsView } from "./results-view.js";
import { planText, repeatsText } from "./run-ids.js";
import "./run-ids-field.js";
import { createRows } from "./rows.js";
import { createRunList } from "./run-list.js";
import { sampleIds } from "./sample-api/runs.js";
import { createSettings } from "./settings.js";
import { createWireLog } from "./wire-log.js";

/** If the answer is faster, it replaces the old results without a flash of the waiting state. */
const WAITING_AFTER_MS = 150;
const NOTHING_SENT = "Nothing was sent. The earlier results are below.";

const part = (id) => document.getElementById(id);
const field = part("field");
const link = createLink(part);
const wireLog = createWireLog(part("wire-log"));
const view = createResultsView(part, { onRetry: fetchMissing, onTurn: offerCancel });
const preview = createCallPreview({
  panel: part("call-panel"), tabs: part("call-tabs"), text: part("call-text"), install: part("install"),
});

let settings;
let connection;
/** The call under way. A new call replaces it. */
let current;

function cancel() {
  if (!current || current.controller.signal.aborted) return;
  current.controller.abort();
  wireLog.cancelled(performance.now() - current.begun);
}

/** Makes the fetch button a cancel button while a call is under way. */
function offerCancel(underWay) {
  const button = part("fetch");
  button.textContent = underWay ? "Cancel" : "Fetch results";
  // Not a submit button: Enter in a field of the form must not cancel.
  button.type = underWay ? "button" : "submit";
  button.classList.toggle("primary", !underWay);
}

function onEvent(event) {
  wireLog.onEvent(event);
  current?.batches.onEvent(event);
}

/** Returns the client for the settings. Throws if the package refuses them. */
const clientNow = () => connection.client(settings.service(), settings.clientOptions());

/** Fetches the runs of a list that have no result yet. */
async function fetchMissing(list) {
  cancel();
  let client;
  try {
    client = clientNow();
  } catch (error) {
    view.fail(error, NOTHING_SENT);
    return;
  }
  const missing = list.missing();
  const call = {
    list,
    asked: missing.length,
    batches: createBatches(missing),
    controller: new AbortController(),
    begun: performance.now(),
  };
  current = call;
  settings.begin();
  wireLog.begin();
  const { signal } = call.controller;
  const waiting = setTimeout(() => { view.begin(call); }, WAITING_AFTER_MS);

  const stopped = await list.fetch(client, {
    ...settings.callOptions(),
    signal,
    isSample: settings.service().kind === "sample",
    onSettled: (runId, ok) => view.settled(call, runId, ok),
  });
  clearTimeout(waiting);
  if (current !== call) return;
  current = undefined;
  if (signal.aborted) call.cancelled = true;
  else call.stopped = stopped;
  view.ended(call);
}

/** Fetches the runs in the field. @returns {boolean} Whether a call was made. */
function fetchEntered() {
  const isComplete = field.complete();
  if (isComplete) fetchMissing(createRunList(field.reading.ids));
  // The field shows the reason.
  else view.fail(undefined, NOTHING_SENT);
  return isComplete;
}

function submit() {
  if (fetchEntered()) bringIntoSight(part("results-title"));
}

/** Scrolls to the results unless they begin in the upper half of the screen. On a narrow screen they are below the form. */
function bringIntoSight(heading) {
  if (heading.getBoundingClientRect().top > innerHeight / 2) heading.scrollIntoView();
}

/** Shows the plan and the call for the field and the settings. */
function showCall() {
  const reading = field.reading;
  const { ids, batches, wrong } = reading;
  const plan = wrong.size > 0 || ids.length === 0 ? [] : [planText(batches), repeatsText(reading)];
  part("run-ids-plan").replaceChildren(...plan.filter(Boolean).map((text) => element("span", {}, text)));
  part("clear").disabled = ids.length === 0 && wrong.size === 0;
  const { kind, baseUrl, apiKey } = settings.service();
  preview.show({
    batches,
    leftOut: [...wrong.values()],
    // Only this page has the sample API and the proxy, so the code for them names no base URL.
    baseUrl: kind === "other" ? baseUrl || part("base-url").placeholder : undefined,
    withKey: kind !== "other" || apiKey !== "",
    ofClient: settings.clientOptions(),
    ofCall: settings.callOptions(),
  });
  const { words } = field;
  const isOpening = kind === "sample" ? String(words) === String(sampleIds) : words.length === 0;
  link.update(isOpening ? undefined : words, settings.unusualService);
}

function listen() {
  field.addEventListener("change", showCall);
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  part("fetch").addEventListener("click", (event) => {
    if (part("fetch").type === "submit") return;
    // After `cancel`, the button is a submit button again, and this click would send the form.
    event.preventDefault();
    cancel();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    part("form").requestSubmit();
  });
  part("clear").addEventListener("click", () => {
    field.set([]);
    part("run-ids").focus();
  });
  wireExamples(part("examples"), (words) => {
    field.set(words);
    submit();
  });
}

function showService(served) {
  const { kind } = settings.service();
  const sample = served === "sample" ? "sample data, served over HTTP" : "sample data, served inside this page";
  const host = settings.host() ?? "another base URL";
  const proxy = "your runs, through the proxy";
  part("badge").textContent = { sample, proxy, camb: `CAMB.AI, ${host}`, other: host }[kind];
  part("wire-hint").textContent = kind === "sample" && served !== "sample"
    ? "The sample API runs inside this page, so these requests reached no network."
    : "The events of the client, from its onEvent option.";
}

async function start() {
  part("results").replaceChildren();
  const served = await findServed();
  settings = createSettings(part, {
    served,
    link,
    onChange() {
      showService(served);
      showCall();
    },
  });
  connection = createConnection({ served, nextFault: settings.nextFault, onEvent });
  // If there can be no client, the page says so before anything is typed.
  connection.client(settings.service(), {});
  showService(served);
  listen();
  createRows(part, { client: clientNow, onBegin: wireLog.begin });
  part("controls").disabled = false;
  const isSample = settings.service().kind === "sample";
  // For a real service the page does not know which runs exist.
  field.set(link.words ?? (isSample ? sampleIds : []));
  // Somebody else may have written the address, so it starts calls to the sample API only.
  if (isSample && field.words.length > 0) fetchEntered();
}

start().catch((error) => {
  part("badge").textContent = "not started";
  view.fail(error, "No run was fetched.");
});
