/** Bundlers, called as in their starters. Chromium opens the page that each builds or serves. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";
import { serve as serveFiles } from "../../www/serve.mjs";
import { sampleApi } from "../servers/sample-api.mjs";
import { assertWorked, environment } from "./support/environment.mjs";
import { fixture, node, run, script, serve, tool, version } from "./support/fixture.mjs";
import { browsers, shown, start } from "./support/webdriver.mjs";

const service = await sampleApi();

// Not awaited here: if Chromium does not start, the rows report it.
const chromium = start(browsers.find(({ name }) => name === "Chromium"));
chromium.catch(() => {});

/** Returns the text that the page at an origin shows for one of the package's entries. */
async function page(origin, path, entry) {
  const url = new URL(path, origin);
  url.search = new URLSearchParams({ service, entry });
  return shown(await chromium, url.href);
}

/** Serves a folder over HTTP. Returns the origin. */
async function origin(root) {
  const server = await serveFiles({ root, policy: () => undefined });
  after(() => server.close());
  return server.url;
}

const vite = [script("vite", "bin/vite.js")];
const viteDev = startVite();
viteDev.catch(() => {});
const viteBuilt = fixture("bundled-page", { folder: "vite-build" }).then(async (cwd) => {
  await run(node(24), [...vite, "build"], { cwd });
  return origin(join(cwd, "dist"));
});
viteBuilt.catch(() => {});

async function startVite() {
  const cwd = await fixture("bundled-page", { folder: "vite-dev" });
  const [, url] = await serve(node(24), [...vite, "--host", "127.0.0.1"], { cwd, ready: /Local: +(\S+)/ });
  return url;
}

for (const [name, from] of [["Vite, dev server", viteDev], ["Vite, build", viteBuilt]]) {
  for (const entry of ["default", "slim"]) {
    environment("Bundler", entry === "slim" ? `${name}, slim entry` : name, version("vite"), async () => {
      assertWorked(await page(await from, "/", entry));
    });
  }
}

/** The command of each bundler that makes `dist/main.js` from `src/main.js`. */
const COMMANDS = {
  webpack: [node(24), script("webpack", "bin/webpack.js"), "--mode", "production", "--entry", "./src/main.js"],
  Rollup: [node(24), script("rollup", "dist/bin/rollup"), "src/main.js", "--dir", "dist", "--plugin", "node-resolve"],
  esbuild: [tool("esbuild"), "src/main.js", "--bundle", "--splitting", "--format=esm", "--outdir=dist"],
};

for (const [name, [program, ...args]] of Object.entries(COMMANDS)) {
  const used = version(name.toLowerCase());
  const build = async (app) => {
    const cwd = await fixture(app, { folder: `${app}-${name.toLowerCase()}` });
    await run(program, args, { cwd });
    return cwd;
  };
  const built = build("bundled-page").then(origin);
  built.catch(() => {});

  environment("Bundler", name, used, async () => assertWorked(await page(await built, "/built.html", "default")));
  if (name === "webpack") {
    environment("Bundler", `${name}, slim entry`, used, async () => {
      assertWorked(await page(await built, "/built.html", "slim"));
    });
  }
  environment("Bundler", `${name}, leaves out what is not used`, used, async () => {
    const bundle = await readFile(join(await build("unused-import"), "dist", "main.js"), "utf8");
    assert.ok(bundle.includes("an application that uses none of it"));
    assert.ok(bundle.length < 200, `${bundle.length} characters, the package among them`);
  });
}
