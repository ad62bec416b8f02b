/** Keeps the ids and the settings in the page's address, so that the page can be shared. The key is never in the address. */

import { expanded, shortened } from "./ranges.js";

/** The fields in the address, by their names there. */
const FIELDS = ["base-url", "concurrency", "timeout", "deadline", "retries", "fault", "fault-when", "latency"];
/** In characters. A longer list is left out of the address. */
const LONGEST = 4000;
/** The address is updated this long after the last change, in ms: browsers limit how often it may change. */
const SETTLED_MS = 200;

/** Encodes a value, but leaves commas readable. */
const written = (value) => encodeURIComponent(value).replaceAll("%2C", ",");

/** @param {(id: string) => HTMLInputElement | HTMLSelectElement} part */
export function createLink(part) {
  /** Returns the default of a field. A browser may keep the value itself across reloads. */
  const usual = (field) => field.defaultValue ?? field.options[0].value;
  const given = new URLSearchParams(location.hash.slice(1));
  let timer;

  // Another address, typed or followed, loads the page anew.
  addEventListener("hashchange", () => location.reload());

  return {
    /** The service in the address, if any. */
    service: given.get("service"),
    /** The ids in the address, if any. */
    words: given.has("ids") ? expanded(given.get("ids")) : undefined,

    /** Fills the fields with the values in the address. */
    restore() {
      for (const id of FIELDS) {
        if (given.has(id)) part(id).value = given.get(id);
      }
    },

    /**
     * @param {string[] | undefined} words The ids, or `undefined` for the ids with which the page opens.
     * @param {string | undefined} service The service, or `undefined` for the service with which the page opens.
     */
    update(words, service) {
      const ids = words && shortened(words);
      const entries = [
        ["ids", ids?.length > LONGEST ? undefined : ids],
        ["service", service],
        ...FIELDS.map((id) => [id, part(id).value === usual(part(id)) ? undefined : part(id).value]),
      ].filter(([, value]) => value !== undefined);
      const hash = entries.map(([name, value]) => `${name}=${written(value)}`).join("&");
      const { pathname, search } = location;
      const address = hash === "" ? `${pathname}${search}` : `#${hash}`;
      clearTimeout(timer);
      timer = setTimeout(() => history.replaceState(null, "", address), SETTLED_MS);
    },
  };
}
