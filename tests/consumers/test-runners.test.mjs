/** Test runners. They have their own module loaders, and replace globals. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sampleApi } from "../servers/sample-api.mjs";
import { assertWorked, environment } from "./support/environment.mjs";
import { fixture, node, run, script, version } from "./support/fixture.mjs";

const SERVICE_URL = await sampleApi();

/** The example in the documentation. */
const page = await readFile(new URL("../../docs/testing.md", import.meta.url), "utf8");
const [, example] = /^```js\n((?:(?!^```)[^\n]*\n)*?[^\n]* from "vitest";\n.*?)^```/ms.exec(page);

/** Runs the tests of a folder. The package's results are in a file, because runners format their output. */
async function runTests(folder, args, options, more = {}) {
  const cwd = await fixture(folder, options);
  for (const [file, source] of Object.entries(more)) await writeFile(join(cwd, file), source);
  const OUTPUT = join(cwd, "output.json");
  await run(node(24), args, { cwd, env: { SERVICE_URL, OUTPUT } });
  assertWorked(await readFile(OUTPUT, "utf8"));
}

environment("Test runner", "Vitest", version("vitest"), () =>
  runTests("vitest", [script("vitest", "vitest.mjs"), "run"], {}, { "documented.test.js": example }));

environment("Test runner", "Vitest, happy-dom", version("happy-dom"), () =>
  runTests("vitest-happy-dom", [script("vitest", "vitest.mjs"), "run"]));

environment("Test runner", "Jest, CommonJS", version("jest"), () =>
  runTests("jest", [script("jest", "bin/jest.js")], { format: "cjs" }));

environment("Test runner", "Jest, jsdom", version("jest-environment-jsdom"), () =>
  runTests("jest-jsdom", [script("jest", "bin/jest.js")], { format: "cjs" }));

environment("Test runner", "node:test", version("node-24"), () => runTests("node-test", ["--test"]));
