/** The slim entry: nothing works before `init`, `init` accepts every source of the module, and may be retried after a failure. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { after, test } from "node:test";
import { installDir, required, runScript } from "./support/install.mjs";
import { sampleApi } from "../servers/sample-api.mjs";

const wasm = await readFile(join(installDir, "node_modules", "translation-results", "translation_results.wasm"));
const { version } = JSON.parse(
  await readFile(join(installDir, "node_modules", "translation-results", "package.json"), "utf8"),
);

/** Serves the module with a wrong type, as servers do by default, and a page of HTML, as single-page hosts do. */
const server = createServer(({ url }, response) => {
  if (url === "/missing") return response.writeHead(404).end();
  response.setHeader("content-type", url === "/page" ? "text/html" : "text/plain");
  return response.end(url === "/page" ? "<!doctype html>" : wasm);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
after(() => server.close());
const SERVED = `http://127.0.0.1:${server.address().port}`;
const env = { BASE_URL: await sampleApi(), SERVED };

const setUp = `
  import { readFile } from "node:fs/promises";
  import { fileURLToPath } from "node:url";
  import { runInNewContext } from "node:vm";
  import * as api from "translation-results/slim";
  const { SERVED } = process.env;
  const wasm = await readFile(fileURLToPath(import.meta.resolve("translation-results/translation_results.wasm")));
  const { TranslationResultsClient, TranslationResultsError, init, planBatches } = api;
  const told = (error) => TranslationResultsError.is(error) ? [error.code, error.message, error.cause?.message] : error;
  const print = (value) => console.log(JSON.stringify(value));
`;

let scripts = 0;
const run = async (script) => {
  const { stdout } = await runScript(`slim-${scripts += 1}.mjs`, `${setUp}\n${script}`, { env });
  return JSON.parse(stdout);
};

for (const [what, source] of Object.entries({
  "an address": "`${SERVED}/wasm`",
  "a URL": "new URL('wasm', SERVED)",
  "a promise of a response": "fetch(`${SERVED}/wasm`)",
  "bytes": "new Uint8Array(wasm)",
  "bytes in a larger buffer": "new Uint8Array([...wasm, 0, 0]).subarray(0, wasm.length)",
  "an ArrayBuffer": "new Uint8Array(wasm).buffer",
  "a module": "new WebAssembly.Module(wasm)",
  "a module of another realm": "runInNewContext('new WebAssembly.Module(wasm)', { wasm })",
})) {
  test(`the module comes from ${what}`, async () => {
    const texts = await run(`
      await init(${source});
      const client = new TranslationResultsClient({ apiKey: "sample-key", baseUrl: process.env.BASE_URL });
      print((await client.getResults([12345, 6789]))[12345].texts[0]);
    `);
    assert.equal(texts, "Tu pedido está en camino.");
  });
}

const words = (rest) => `WebAssembly could not be started: ${rest}`;

test("before init, every use says that init is missing", async () => {
  const errors = await run(`
    const uses = [() => new TranslationResultsClient(), () => planBatches([1]), () => api.checkRunIds([1, 2])];
    print(uses.map((use) => { try { return use(); } catch (error) { return told(error); } }));
  `);
  const expected = ["WASM_UNAVAILABLE", words("call init of translation-results/slim and await it before anything else"), null];
  assert.deepEqual(errors, [expected, expected, expected]);
});

for (const [what, source, why, cause = null] of [
  ["nothing", "undefined", "init takes a URL, a Response, bytes or a WebAssembly.Module"],
  ["a number", "5", "init takes a URL, a Response, bytes or a WebAssembly.Module"],
  ["a missing file", "`${SERVED}/missing`", `translation_results.wasm could not be fetched from ${SERVED}/missing: status 404`],
  ["a page", "`${SERVED}/page`", `the data received from ${SERVED}/page is not translation_results.wasm: check its source`],
  ["a file's address", "'file:///x.wasm'", "translation_results.wasm could not be fetched from file:///x.wasm", "fetch failed"],
  ["a promise that rejects", "Promise.reject(new Error('no'))", "translation_results.wasm could not be fetched", "no"],
  ["half of the bytes", "wasm.subarray(0, wasm.length / 2)", "the data received is not translation_results.wasm: check its source"],
  [
    "the module of another version",
    "Buffer.from(wasm.toString('latin1').replace(/.$/, 'x'), 'latin1')",
    `the module is ${version.replace(/.$/, "x")}, and slim is ${version}: serve the same version's`,
  ],
  [
    "another module",
    "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])",
    `the module is of another package, and slim is ${version}: serve the same version's`,
  ],
]) {
  test(`init says what is wrong with ${what}, and can be called again`, async () => {
    const [error, before, batches] = await run(`
      const error = await init(${source}).catch(told);
      let before;
      try { planBatches([1]); } catch (thrown) { before = told(thrown)[1]; }
      await init(wasm);
      print([error, before, planBatches([1, 2])]);
    `);
    assert.deepEqual(error, ["WASM_UNAVAILABLE", words(why), cause]);
    assert.equal(before, words("call init of translation-results/slim and await it before anything else"));
    assert.deepEqual(batches, [[1, 2]]);
  });
}

test("concurrent calls of init make one instance, and later calls load nothing", async () => {
  const [instances, later] = await run(`
    let instances = 0;
    WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
      construct(target, args) { instances += 1; return Reflect.construct(target, args); },
    });
    await Promise.all([init(wasm), init(SERVED + "/wasm"), init(new WebAssembly.Module(wasm))]);
    print([instances, await init(SERVED + "/missing").then(() => "resolved", told)]);
  `);
  assert.deepEqual([instances, later], [1, "resolved"]);
});

test("import and require give the exports of the default entry, and init", async () => {
  await writeFile(join(installDir, "required-slim.cjs"), 'module.exports = require("translation-results/slim");\n');
  const same = await run(`
    import required from "./required-slim.cjs";
    print(Object.keys(required).map((name) => [name, required[name] === api[name]]));
  `);
  const names = [...Object.keys(required), "init"].filter((name) => name !== "default");
  assert.deepEqual(same.sort(), names.sort().map((name) => [name, true]));
});
