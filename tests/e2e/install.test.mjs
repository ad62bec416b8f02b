/** A user's first steps: install the tarball into an empty folder and run a few lines. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { otherType, runs, unknownIds } from "../../www/sample-api/runs.js";
import { imported, installDir, required, runScript } from "./support/install.mjs";
import { sampleApi } from "../servers/sample-api.mjs";

const BASE_URL = await sampleApi();
const env = { BASE_URL };
const printedTexts = `${inspect(runs.get(12345).texts)}\n`;

/** The part of a script that both module kinds share. CommonJS has no top-level `await`. */
const firstCall = `
  const client = new TranslationResultsClient({ apiKey: "sample-key", baseUrl: process.env.BASE_URL });
  const results = await client.getResults([12345, 6789]);
  console.log(results[12345].texts);
`;
const importLine = 'import { TranslationResultsClient } from "translation-results";';
const requireLine = 'const { TranslationResultsClient } = require("translation-results");';

test("the first lines of a user print the texts, with import", async () => {
  const { stdout, stderr } = await runScript("t.mjs", `${importLine}\n${firstCall}`, { env });
  assert.equal(stdout, printedTexts);
  assert.equal(stderr, "");
});

test("the first lines of a user print the texts, with require", async () => {
  const { stdout, stderr } = await runScript("t.cjs", `${requireLine}\n(async () => {${firstCall}})();`, { env });
  assert.equal(stdout, printedTexts);
  assert.equal(stderr, "");
});

test("an uncaught error is readable on the console", async () => {
  const unknownKey = firstCall.replace("sample-key", "wrong-key");
  for (const [name, script] of [["u.mjs", `${importLine}\n${unknownKey}`], ["u.cjs", `${requireLine}\n(async () => {${unknownKey}})();`]]) {
    const { stderr } = await runScript(name, script, { env }).then(() => assert.fail("it passed"), (error) => error);
    assert.match(stderr, /ApiError: the service did not accept the API key/);
    // Node prints the source line of the error, which may be long.
    assert.ok(stderr.length < 5_000, `${stderr.length} characters`);
  }
});

test("the package has no dependencies and no install scripts", async () => {
  const modules = await readdir(join(installDir, "node_modules"));
  assert.deepEqual(modules.filter((name) => !name.startsWith(".")), ["translation-results"]);
  const manifest = JSON.parse(
    await readFile(join(installDir, "node_modules", "translation-results", "package.json"), "utf8"),
  );
  assert.deepEqual(Object.keys(manifest.dependencies ?? {}), []);
  for (const hook of ["preinstall", "install", "postinstall", "prepare"]) {
    assert.equal(manifest.scripts?.[hook], undefined, hook);
  }
});

test("import and require give the same classes and functions", async () => {
  const names = Object.keys(required).filter((name) => name !== "default").sort();
  assert.deepEqual(Object.keys(imported).filter((n) => n !== "default" && n !== "module.exports").sort(), names);
  for (const name of names) assert.equal(imported[name], required[name], name);
  for (const name of [
    "TranslationResultsClient", "TranslationResultsError", "InvalidOptionsError", "InvalidRunIdsError", "ApiError",
    "NetworkError", "TimeoutError", "InvalidResponseError", "planBatches", "checkRunIds",
  ]) {
    assert.equal(typeof imported[name], "function", name);
  }

  const error = await new required.TranslationResultsClient({ apiKey: "wrong", baseUrl: BASE_URL })
    .getResults([12345, 6789])
    .catch((reason) => reason);
  assert.ok(error instanceof imported.ApiError);
  assert.ok(imported.TranslationResultsError.is(error));
});

test("errors are recognized across two copies of the package by `is` and `code`", async () => {
  const { stdout } = await runScript("copies.mjs", `
    import * as first from "translation-results";
    const second = await import(\`\${import.meta.resolve("translation-results")}?copy\`);
    let error;
    try { new first.TranslationResultsClient({ timeoutMs: 0 }); } catch (thrown) { error = thrown; }
    console.log(JSON.stringify({
      copies: first.TranslationResultsError !== second.TranslationResultsError,
      instance: error instanceof second.TranslationResultsError,
      is: second.TranslationResultsError.is(error),
      code: error.code,
    }));
  `);
  assert.deepEqual(JSON.parse(stdout), { copies: true, instance: false, is: true, code: "INVALID_OPTIONS" });
});

test("tools that cannot load ES modules by require get CommonJS with the same exports", async () => {
  const { stdout } = await runScript("without-module-sync.cjs", `
    const load = (entry) => Object.keys(require(entry)).sort();
    const entries = ["translation-results", "translation-results/slim", "translation-results/proxy"];
    console.log(JSON.stringify(entries.map((entry) => [require.resolve(entry).match(/\\.[cm]?js$/)[0], ...load(entry)])));
  `, { nodeFlags: ["--no-experimental-require-module"] });
  const expected = await Promise.all(
    ["translation-results", "translation-results/slim", "translation-results/proxy"].map(async (entry) => {
      const exported = Object.keys(createRequire(join(installDir, "consumer.cjs"))(entry));
      return [".cjs", ...exported.filter((name) => name !== "module.exports").sort()];
    }),
  );
  assert.deepEqual(JSON.parse(stdout), expected);
});

/** Returns a script that prints how long its process lives after the call. */
const thenExit = (call) => `
  import { TranslationResultsClient } from "translation-results";
  const client = new TranslationResultsClient({ apiKey: "sample-key", baseUrl: process.env.BASE_URL });
  let end;
  process.on("exit", () => console.log(JSON.stringify({ timers, lingeredMs: performance.now() - end })));
  await ${call};
  const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  end = performance.now();
`;

const endings = {
  "a result": "client.getResults([12345, 6789])",
  "a refusal": `client.getResults([12345, ${otherType.keys().next().value}]).catch(() => {})`,
  "a missing run": `client.getResults([12345, ${unknownIds[0]}]).catch(() => {})`,
  "an abort": `(async () => {
    const controller = new AbortController();
    const call = client.getResults([12345, 6789], { signal: controller.signal, deadlineMs: 60_000 });
    controller.abort();
    await call.catch(() => {});
  })()`,
};
for (const [number, [what, call]] of Object.entries(endings).entries()) {
  test(`the process exits by itself after ${what}`, async () => {
    const { stdout } = await runScript(`exit-${number}.mjs`, thenExit(call), { env });
    const { timers, lingeredMs } = JSON.parse(stdout);
    assert.equal(timers, 0);
    // The timer of an attempt would take a minute.
    assert.ok(lingeredMs < 5000, `lived on for ${lingeredMs} ms`);
  });
}

test("importing compiles no WebAssembly, starts no timer and calls nothing", async () => {
  const { stdout } = await runScript("import-only.mjs", `
    const calls = [];
    for (const name of ["Module", "Instance"]) {
      WebAssembly[name] = new Proxy(WebAssembly[name], { construct: () => calls.push(name) });
    }
    for (const name of ["compile", "instantiate"]) WebAssembly[name] = async () => calls.push(name);
    for (const name of ["fetch", "setTimeout", "setInterval"]) globalThis[name] = () => calls.push(name);
    await import("translation-results");
    process.stdout.write(JSON.stringify(calls));
  `);
  assert.deepEqual(JSON.parse(stdout), []);
});

for (const [what, options] of Object.entries({
  "the engine has none": { nodeFlags: ["--jitless"] },
  "a policy forbids it": {
    setUp: 'WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("forbidden"); } };',
  },
})) {
  test(`the constructor says that WebAssembly is missing: ${what}`, async () => {
    const name = `no-wasm-${Object.keys(options)[0]}.mjs`;
    const { stdout } = await runScript(name, `
      ${options.setUp ?? ""}
      const { TranslationResultsClient, TranslationResultsError, planBatches } = await import("translation-results");
      const errors = [() => new TranslationResultsClient(), () => planBatches([1, 2])].map((use) => {
        try { return use(); } catch (error) { return error; }
      });
      console.log(JSON.stringify(errors.map((e) => [TranslationResultsError.is(e), e.name, e.code, e.attempts])));
    `, options);
    const expected = [true, "WasmUnavailableError", "WASM_UNAVAILABLE", 0];
    assert.deepEqual(JSON.parse(stdout), [expected, expected]);
  });
}

test("a test environment that puts a window into Node is still Node", async () => {
  const { stdout } = await runScript("window.mjs", `
    globalThis.window = globalThis.self = globalThis;
    globalThis.document = { createElement() {}, location: { href: "http://localhost/" } };
    const { TranslationResultsClient } = await import("translation-results");
    ${firstCall}
  `, { env });
  assert.equal(stdout, printedTexts);
});
