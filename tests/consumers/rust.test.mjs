/** The applications in Rust of `docs/examples/`, which `cargo xtask test consumers` builds. */
import assert from "node:assert/strict";
import { copyFile, cp, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";
import { serve } from "../../www/serve.mjs";
import { sampleApi } from "../servers/sample-api.mjs";
import { environment } from "./support/environment.mjs";
import { fixture, run, version as versionOf, wrangler } from "./support/fixture.mjs";
import { browsers, By, startAll } from "./support/webdriver.mjs";

const apps = process.env.RUST_APPS;
if (!apps) throw new Error("the applications in Rust are not built: run these tests with `cargo xtask test consumers`");
const baseUrl = await sampleApi();

const { createProxy } = createRequire(join(await fixture("node", { folder: "rust-proxy" }), "package.json"))(
  "translation-results/proxy",
);
// Before the first row, because the test runner stops servers and browsers when all known rows have run.
const [{ session: chromium, version }] = await startAll(browsers.filter(({ name }) => name === "Chromium"));

const path = (target, ...rest) => join(apps, "node", target, ...rest);
const bytes = (target) => readFile(path(target, "node_bg.wasm"));

/** Code that loads each target of wasm-bindgen, and gives the application's `report`. */
const LOADERS = {
  nodejs: async () => createRequire(import.meta.url)(path("nodejs", "node.js")).report,
  web: async () => {
    // Without a package.json, Node loads a `.js` file as CommonJS first.
    await writeFile(path("web", "package.json"), '{"type":"module"}');
    const { default: init, report } = await import(pathToFileURL(path("web", "node.js")));
    await init({ module_or_path: await bytes("web") });
    return report;
  },
  "no-modules": async () => {
    const source = await readFile(path("no-modules", "node.js"), "utf8");
    const bindgen = runInThisContext(`${source}\nwasm_bindgen`);
    await bindgen({ module_or_path: await bytes("no-modules") });
    return bindgen.report;
  },
};

for (const [target, load] of Object.entries(LOADERS)) {
  environment("Rust", `wasm-bindgen --target ${target}, in Node`, process.versions.node, async () => {
    const report = await load();
    const lines = (await report(baseUrl, "sample-key", new Uint32Array([12345, 6789, 404404]))).split("\n");
    assert.deepEqual(lines.map((line) => line.split(" ")[0]), ["6789:", "12345:", "404404:"]);
    assert.match(lines[1], /^12345: Tu pedido está en camino\./);
    assert.equal(lines[2], "404404: NOT_FOUND");
    await assert.rejects(report(baseUrl, "another-key", new Uint32Array([12345, 6789])), /check apiKey \(401/);
  });
}

environment("Rust", "wasm-bindgen --target bundler, by Node's own imports of WebAssembly", process.versions.node, async () => {
  const cwd = await mkdtemp(join(tmpdir(), "bundler-"));
  for (const file of await readdir(path("bundler"))) await copyFile(path("bundler", file), join(cwd, file));
  await writeFile(join(cwd, "package.json"), '{"type":"module"}');
  await writeFile(join(cwd, "main.js"), `import { report } from "./node.js";
    console.log(await report(${JSON.stringify(baseUrl)}, "sample-key", new Uint32Array([12345, 6789])));`);
  const flags = ["--experimental-wasm-modules", "--no-warnings"];
  assert.match(await run(process.execPath, [...flags, "main.js"], { cwd }), /^12345: Tu pedido está en camino\./m);
});

environment("Rust", "exports, files and allocator of an application", process.versions.node, async () => {
  const names = WebAssembly.Module.exports(new WebAssembly.Module(await bytes("web"))).map(({ name }) => name);
  // Exports of wasm-bindgen itself.
  const machinery = /^(memory|__.*|wasm_bindgen__convert__closures.*)$/;
  assert.deepEqual(names.filter((name) => !machinery.test(name)), ["report"]);
  for (const target of ["web", "bundler", "nodejs", "no-modules"]) {
    // JavaScript files of a crate would be in `snippets/`.
    const files = (await readdir(path(target))).filter((name) => name !== "package.json");
    const glue = target === "bundler" ? ["node.js", "node_bg.js", "node_bg.wasm"] : ["node.js", "node_bg.wasm"];
    assert.deepEqual(files.sort(), glue, target);
  }
  // The allocator of the npm package. The example is built with `--locked`.
  assert.doesNotMatch(await readFile(new URL("../../docs/examples/node/Cargo.lock", import.meta.url), "utf8"), /"rlsf"/);
});

/**
 * Opens the application in Chromium, with the sample API behind a proxy. Waits for the element `awaited`. Returns a function that
 * reads texts by a selector.
 */
async function openYew(authorize, awaited) {
  const root = join(apps, "yew", "web");
  const source = fileURLToPath(new URL("../../docs/examples/yew/", import.meta.url));
  for (const file of ["index.html", "start.js"]) await cp(join(source, file), join(root, file));
  const server = await serve({ root, handler: createProxy({ apiKey: "sample-key", baseUrl, authorize }) });
  after(() => server.close());
  const { browser } = await chromium;
  await browser.get(server.url);
  await browser.findElement(By.css(awaited));
  return (selector) =>
    browser.executeScript("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector);
}

environment("Rust", "Yew in Chromium, a list of runs with its progress", version, async () => {
  const texts = await openYew(() => true, 'progress[max="4"][value="4"]');
  assert.deepEqual(await texts("output"), ["3 of 4, 1 failed"]);
  assert.match((await texts("li.done")).join("\n"), /^12345: Tu pedido está en camino\./m);
  assert.match((await texts("li.failed")).join("\n"), /^404404: run 404404 was not found \(404\)/);
  assert.deepEqual(await texts("[role=alert]"), []);
});

environment("Rust", "Yew in Chromium, a key that is not accepted", version, async () => {
  const texts = await openYew(() => false, "[role=alert]");
  assert.match((await texts("[role=alert]")).join(), /refused the request \(401/);
  assert.deepEqual(await texts("li.done"), []);
});

environment("Rust", "workers-rs in workerd, by wrangler", versionOf("workerd"), async () => {
  const cwd = await mkdtemp(join(tmpdir(), "worker-"));
  await cp(join(apps, "worker", "bundler"), cwd, { recursive: true });
  const source = fileURLToPath(new URL("../../docs/examples/worker/", import.meta.url));
  for (const file of ["index.js", "wrangler.jsonc"]) await copyFile(join(source, file), join(cwd, file));
  await writeFile(join(cwd, ".dev.vars"), `CAMB_API_KEY=sample-key\nCAMB_BASE_URL=${baseUrl}`);
  const url = await wrangler(cwd, ["wrangler.jsonc"]);
  const response = await fetch(new URL("/runs/12345,404404", url));
  const runs = await response.json();
  assert.equal(runs[12345].texts[0], "Tu pedido está en camino.");
  assert.deepEqual(runs[404404], { error: "NOT_FOUND" });
  assert.equal((await fetch(new URL("/runs/12345,x", url))).status, 400);
});
