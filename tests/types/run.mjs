/**
 * Compiles code of users with the newest TypeScript. `tests/consumers/typescript.test.mjs` does so with older versions.
 *
 *   node types/run.mjs [package folder or tarball, ../pkg if left out]
 */
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compileAll, install, refusals } from "./compile.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "target", "types");
const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
const release = Number.parseFloat(require("typescript/package.json").version);

await install(folder, resolve(process.argv[2] ?? join(root, "pkg")));
const results = await compileAll(folder, { release, tsc, typeRoots: join(root, "tests", "node_modules", "@types") });
for (const { name, complaints } of results) {
  console.log(`${complaints === "" ? "pass" : "FAIL"}  ${name}`);
  if (complaints !== "") console.log(complaints.trimEnd().replace(/^/gm, "      "));
}
const failed = results.filter(({ complaints }) => complaints !== "").length;
console.log(`${results.length - failed} passed, ${failed} failed; ${refusals} lines that must not compile in each`);
process.exitCode = failed === 0 ? 0 : 1;
