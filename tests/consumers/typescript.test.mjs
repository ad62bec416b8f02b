/** TypeScript: code of users, compiled by each supported version in each setting. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { compileAll, install, link } from "../types/compile.mjs";
import { environment } from "./support/environment.mjs";
import { script, tools, version } from "./support/fixture.mjs";

const place = join(tools, "..", "typescript");
await install(place, process.env.TRANSLATION_RESULTS_TGZ);
await link(place, { undici: join(tools, "undici"), "node-fetch": join(tools, "node-fetch") });

const NAME = "node16 to nodenext, bundler, node10 before 6.0; DOM or Node types";
const NAME_WITH_LIBRARIES = `${NAME}; @types/bun, undici, node-fetch`;
const TYPES = join(tools, "@types");
/** The oldest and the newest release that can compile Bun's types. */
const RELEASES_WITH_LIBRARIES = ["5.7", "7.0"];
/** The types of Node 20. Newer types need TypeScript 5.6. */
const OLDER_TYPES = join(tools, "@types-node-20");

for (const [release, typeRoots] of [
  ["5.4", OLDER_TYPES],
  ["5.5", OLDER_TYPES],
  ["5.6", TYPES],
  ["5.7", TYPES],
  ["5.8", TYPES],
  ["5.9", TYPES],
  ["6.0", TYPES],
  ["7.0", TYPES],
]) {
  const name = `typescript-${release}`;
  const libraries = RELEASES_WITH_LIBRARIES.includes(release);
  environment("TypeScript", libraries ? NAME_WITH_LIBRARIES : NAME, version(name), async () => {
    const results = await compileAll(join(place, release), {
      release: Number(release),
      tsc: script(name, "bin/tsc"),
      typeRoots,
      libraries,
    });
    const failed = results.filter(({ complaints }) => complaints !== "");
    assert.ok(failed.length === 0, failed.map(({ name, complaints }) => `${name}: ${complaints}`).join("\n"));
  });
}
