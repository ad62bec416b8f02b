/** The page: the form asks, the client fetches, the board shows. */

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

/** An answer that is faster than this replaces what is there without a flash in between. */
const WAITING_AFTER_MS = 150;
const NOTHING_SENT = "Nothing was sent. Below is what came before.";

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
/** The call under way. A new one takes its place. */
let current;

function cancel() {
  if (!current || current.controller.signal.aborted) return;
  current.controller.abort();
  wireLog.cancelled(performance.now() - current.begun);
}

/** One button, as nobody needs both at a time. */
function offerCancel(underWay) {
  const button = part("fetch");
  button.textContent = underWay ? "Cancel" : "Fetch results";
  // Enter in a field of the form does not cancel.
  button.type = underWay ? "button" : "submit";
  button.classList.toggle("primary", !underWay);
}

function onEvent(event) {
  wireLog.onEvent(event);
  current?.batches.onEvent(event);
}

/** The client that the settings ask for. Fails where they ask for none that can be. */
const clientNow = () => connection.client(settings.service(), settings.clientOptions());

/** Asks for the runs of a list that there is no result of yet. */
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

/** Fetches the runs that the field holds. @returns {boolean} Whether anything is asked for. */
function fetchEntered() {
  const isComplete = field.complete();
  if (isComplete) fetchMissing(createRunList(field.reading.ids));
  // The field says why.
  else view.fail(undefined, NOTHING_SENT);
  return isComplete;
}

function submit() {
  if (fetchEntered()) bringIntoSight(part("results-title"));
}

/** On a narrow screen the results are far below the button; the heading alone in sight would not help. */
function bringIntoSight(heading) {
  if (heading.getBoundingClientRect().top > innerHeight / 2) heading.scrollIntoView();
}

/** The plan and the call, as the field and the settings are. */
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
    // What stands for the service here is nowhere else.
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
    // When the click is over, the button may send the form again.
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
    : "What the client told through its onEvent option.";
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
  // Where there can be no client, the page says so before anything is typed.
  connection.client(settings.service(), {});
  showService(served);
  listen();
  createRows(part, { client: clientNow, onBegin: wireLog.begin });
  part("controls").disabled = false;
  const isSample = settings.service().kind === "sample";
  // Nobody knows which runs a key has.
  field.set(link.words ?? (isSample ? sampleIds : []));
  // An address that somebody else wrote fetches from the sample API alone.
  if (isSample && field.words.length > 0) fetchEntered();
}

start().catch((error) => {
  part("badge").textContent = "not started";
  view.fail(error, "No run came.");
});
