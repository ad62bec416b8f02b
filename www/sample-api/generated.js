/** Runs made up on the spot, so that there are enough of them for a long list: every id of a range is one. */

import { runs } from "./runs.js";

/** The ids that have a generated run, both ends included. */
export const GENERATED = { first: 100_001, last: 200_000 };

/** How long the API thinks about a request for generated runs: a near server under some load. */
const FASTEST_MS = 40;
const SPREAD_MS = 80;

const isGenerated = (id) => Number.isInteger(id) && id >= GENERATED.first && id <= GENERATED.last;

/** What they say, in each of its languages: the sentences of the first run's title. */
const [{ title: theme }] = runs.values();
const translations = [...runs.values()].filter(({ title }) => title === theme);

/** Evenly spread over 0 to 2^32 - 1, and the same for an id each time: the last steps of MurmurHash3. */
function scatter(id) {
  let hash = id;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function generate(id) {
  const { language, texts: [first, ...others] } = translations[scatter(id) % translations.length];
  // With a number no two runs are the same, and its sign is of no language.
  const texts = [`${first} (№ ${id})`, ...others.slice(0, id % (others.length + 1))];
  return { language, title: "Generated", texts };
}

/**
 * A run of either kind, undefined where no finished translation run has this id.
 *
 * @param {number} id
 * @returns {{ language: string, title: string, texts: string[] } | undefined}
 */
export const findRun = (id) => runs.get(id) ?? (isGenerated(id) ? generate(id) : undefined);

/**
 * How long the answer takes to a request for these runs: no time at all unless one of them is generated.
 *
 * @param {number[]} ids
 */
export function latency(ids) {
  const first = ids.find(isGenerated);
  return first === undefined ? 0 : FASTEST_MS + (scatter(first) % (SPREAD_MS + 1));
}

/** Returns the ids of the first generated runs. */
export const generatedIds = (count) => Array.from({ length: count }, (_, index) => GENERATED.first + index);
