/** The ids and the settings in the page's address, so that the page can be shared. The key is never there. */

import { expanded, shortened } from "./ranges.js";

/** Fields by the names that they have in the address. */
const FIELDS = ["base-url", "concurrency", "timeout", "deadline", "retries", "fault", "fault-when", "latency"];
/** A longer list is not in the address. */
const LONGEST = 4000;
/** Browsers limit how often an address changes, and a slider that is moved changes much. */
const SETTLED_MS = 200;

/** Commas and ranges stay readable. */
const written = (value) => encodeURIComponent(value).replaceAll("%2C", ",");

/** @param {(id: string) => HTMLInputElement | HTMLSelectElement} part */
export function createLink(part) {
  /** Not the value: a browser may keep that when the page is loaded again. */
  const usual = (field) => field.defaultValue ?? field.options[0].value;
  const given = new URLSearchParams(location.hash.slice(1));
  let timer;

  // Another address that is typed or followed is another page.
  addEventListener("hashchange", () => location.reload());

  return {
    /** The service that the address names, if it does. */
    service: given.get("service"),
    /** The ids that it names, if it does. */
    words: given.has("ids") ? expanded(given.get("ids")) : undefined,

    /** Fills the fields as the address has them. */
    restore() {
      for (const id of FIELDS) {
        if (given.has(id)) part(id).value = given.get(id);
      }
    },

    /**
     * @param {string[] | undefined} words The ids, unless they are those that the page opens with.
     * @param {string | undefined} service The service, unless it is that which the page opens with.
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
