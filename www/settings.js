/** The settings under the form: the service, the client's options, and the faults of the sample API. */

import { duration, element } from "./dom.js";
import { FAULTS } from "./sample-api/faults.js";

/** Faults that only a timeout ends. They set a shorter timeout, so that the error appears sooner. */
const ENDED_BY_TIME = ["slow", "silent"];
const SHORT_MS = "2000";

/** Which of a call's requests have the fault, counted from one. */
const WHEN = { every: () => true, first: (count) => count === 1, third: (count) => count % 3 === 0 };

const SERVICES = { sample: "sample data", proxy: "your runs", camb: "CAMB.AI", other: "another base URL" };
/** The host of the package's default base URL. */
const CAMB_HOST = "client.camb.ai";
const WITH_KEY = ["camb", "other"];

function addFaults(select) {
  const all = Object.entries(FAULTS);
  for (const group of new Set(all.map(([, fault]) => fault.group))) {
    const faults = all.filter(([, fault]) => fault.group === group);
    const options = faults.map(([value, { label }]) => element("option", { value }, label));
    select.append(element("optgroup", { label: group }, ...options));
  }
}

/**
 * @param {(id: string) => HTMLElement} part
 * @param {object} options
 * @param {"proxy" | "sample" | undefined} options.served
 * @param {ReturnType<typeof import("./link.js").createLink>} options.link
 * @param {() => void} options.onChange
 */
export function createSettings(part, { served, link, onChange }) {
  const [fault, when, latency, key, baseUrl] = ["fault", "fault-when", "latency", "api-key", "base-url"].map(part);
  const radios = [...part("service").querySelectorAll("[name=service]")];
  const numbers = [...part("options").querySelectorAll("[data-option]")];
  let sent = 0;

  const kind = () => radios.find(({ checked }) => checked).value;
  /** Returns the host that gets the key, if it is known. */
  function host() {
    if (kind() === "camb") return CAMB_HOST;
    const url = baseUrl.value.trim();
    return URL.canParse(url) ? new URL(url).host : undefined;
  }

  const option = (name) => {
    const { value } = numbers.find(({ dataset }) => dataset.option === name);
    return value.trim() === "" ? {} : { [name]: Number(value) };
  };

  function draw() {
    const now = kind();
    part("service-now").textContent = SERVICES[now];
    part("service-url").hidden = now !== "other";
    part("service-key").hidden = !WITH_KEY.includes(now);
    part("key-goes-to").textContent = host() ?? "the base URL";
    const set = numbers.filter(({ value }) => value.trim() !== "");
    part("options-now").textContent = set.length === 0 ? "defaults" : set.map(({ dataset }) => dataset.option).join(", ");
    part("faults").hidden = now !== "sample";
    const wrong = [fault.selectedOptions[0].value && fault.selectedOptions[0].textContent, latency.value > 0 && "latency"];
    part("faults-now").textContent = wrong.filter(Boolean).join(", ") || "nothing";
    part("latency-now").textContent = duration(Number(latency.value));
    for (const sample of document.querySelectorAll("[data-sample]")) sample.hidden = now !== "sample";
  }

  addFaults(fault);
  part("service-proxy").hidden = served !== "proxy";
  const usual = served === "proxy" ? "proxy" : "sample";
  const offered = radios.filter(({ value }) => value !== "proxy" || served === "proxy");
  (offered.find(({ value }) => value === link.service) ?? radios.find(({ value }) => value === usual)).checked = true;
  link.restore();
  for (const radio of radios) {
    // Another service must not get the key.
    radio.addEventListener("change", () => { key.value = ""; });
  }
  fault.addEventListener("change", () => {
    const timeout = numbers.find(({ dataset }) => dataset.option === "timeoutMs");
    if (ENDED_BY_TIME.includes(fault.value) && timeout.value === "") timeout.value = SHORT_MS;
  });
  for (const settings of ["service", "options", "faults"]) {
    part(settings).addEventListener("input", () => {
      draw();
      onChange();
    });
  }
  draw();

  return {
    /** The service, or `undefined` if it is the default here. */
    get unusualService() {
      return kind() === usual ? undefined : kind();
    },
    service: () => ({
      kind: kind(),
      baseUrl: kind() === "other" ? baseUrl.value.trim() : undefined,
      apiKey: WITH_KEY.includes(kind()) ? key.value : "",
    }),
    host,
    clientOptions: () => ({ ...option("timeoutMs"), ...option("maxRetries") }),
    callOptions: () => ({ ...option("concurrency"), ...option("deadlineMs") }),
    /** Counts the requests of a new call from one. */
    begin() {
      sent = 0;
    },
    /** Returns the fault and the latency of the next request to the sample API. */
    nextFault() {
      sent += 1;
      return { fault: WHEN[when.value](sent) ? fault.value : "", latency: Number(latency.value) };
    },
  };
}
