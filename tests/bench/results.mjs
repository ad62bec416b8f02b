/** Shared by the parts of the bench in Node: the number of rounds, and the place of the figures for `chart.mjs`. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** Returns the value of `--rounds N`, for scripts without other arguments. */
export const roundsOr = (byDefault) =>
  Number(parseArgs({ options: { rounds: { type: "string", default: String(byDefault) } } }).values.rounds);

/** The name and version of this Node. */
export const NODE = `Node ${process.versions.node}`;

const folder = fileURLToPath(new URL("../../target/bench/", import.meta.url));

/** Keeps the figures of a part, in one file for each runtime. A new run replaces the old one. */
export async function keep(subject, runtime, figures) {
  await mkdir(folder, { recursive: true });
  // Only the major version: figures of a later minor version replace those of an earlier one.
  const name = `${subject} ${runtime.split(".")[0]}`.toLowerCase().replaceAll(" ", "-");
  const report = JSON.stringify({ runtime, at: new Date(), ...figures }, undefined, 2);
  await writeFile(`${folder}${name}.json`, `${report}\n`);
}

/** Returns the kept figures of a subject, by runtime. */
export async function kept(subject) {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${subject}-`)).sort();
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(`${folder}${name}`, "utf8"))));
}
