/** Generated runs, for long lists: every id of a range is a run. */

import { runs } from "./runs.js";

/** The ids that have a generated run, both ends included. */
export const GENERATED = { first: 100_001, last: 200_000 };

/** The shortest latency of a request for generated runs, in ms: a near server under some load. */
const FASTEST_MS = 40;
const SPREAD_MS = 80;

const isGenerated = (id) => Number.isInteger(id) && id >= GENERATED.first && id <= GENERATED.last;

/** The generated texts are the sentences of the first run's title, in each of its languages. */
const [{ title: theme }] = runs.values();
const translations = [...runs.values()].filter(({ title }) => title === theme);

/** Returns a hash from 0 to 2^32 - 1, evenly spread and the same each time for an id: the last steps of MurmurHash3. */
function scatter(id) {
  let hash = id;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function generate(id) {
  const { language, texts: [first, ...others] } = translations[scatter(id) % translations.length];
  // The number makes each run different, and the sign № belongs to no language.
  const texts = [`${first} (№ ${id})`, ...others.slice(0, id % (others.length + 1))];
  return { language, title: "Generated", texts };
}

/**
 * Returns a stored or generated run, or `undefined` if no finished translation run has this id.
 *
 * @param {number} id
 * @returns {{ language: string, title: string, texts: string[] } | undefined}
 */
export const findRun = (id) => runs.get(id) ?? (isGenerated(id) ? generate(id) : undefined);

/**
 * Returns the latency of a request for these runs in ms: 0 unless one of them is generated.
 *
 * @param {number[]} ids
 */
export function latency(ids) {
  const first = ids.find(isGenerated);
  return first === undefined ? 0 : FASTEST_MS + (scatter(first) % (SPREAD_MS + 1));
}

/** Returns the ids of the first generated runs. */
export const generatedIds = (count) => Array.from({ length: count }, (_, index) => GENERATED.first + index);
