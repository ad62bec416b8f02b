/** Servers bundled with the package by various tools, and started away from `node_modules`. */
import assert from "node:assert/strict";
import { mkdtemp, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sampleApi } from "../servers/sample-api.mjs";
import { assertWorked, environment } from "./support/environment.mjs";
import { fixture, node, run, script, serve, tool, version } from "./support/fixture.mjs";

const env = { SERVICE_URL: await sampleApi() };

async function assertServes(args, options) {
  const [, url] = await serve(node(24), args, { ...options, env: { ...env, ...options.env }, ready: /listening on (\S+)/i });
  assertWorked(await (await fetch(url)).text());
}

const rollup = ["--plugin", "node-resolve={exportConditions:['node']}", "--plugin", "commonjs", "--silent"];

/** The commands that bundle a file and its imports into `out.js`. */
const BUNDLERS = {
  esbuild: (file, format) => [
    tool("esbuild"), file, "--bundle", "--platform=node", `--format=${format}`, "--outfile=out.js", "--log-level=error",
  ],
  Rollup: (file, format) => [node(24), script("rollup", "dist/bin/rollup"), file, "--format", format, "--file", "out.js", ...rollup],
  webpack: (file, format) => [
    node(24), script("webpack", "bin/webpack.js"), "--entry", `./${file}`, "--mode", "production", "--target", "node",
    "--output-path", ".", "--output-filename", "out.js",
    ...(format === "esm" ? ["--output-module"] : []),
  ],
};

/** Bundles a file of a fixture, and returns the path of the bundle in a folder without `node_modules`. */
async function bundled(name, file, bundler, format) {
  const cwd = await fixture(name, { folder: `${name}-${bundler.toLowerCase()}-${format}` });
  const [program, ...args] = BUNDLERS[bundler](file, format);
  await run(program, args, { cwd });
  return movedAway(join(cwd, "out.js"), format === "esm" ? "server.mjs" : "server.cjs");
}

async function movedAway(path, name) {
  const elsewhere = await mkdtemp(join(tmpdir(), "bundled-server-"));
  await rename(path, join(elsewhere, name));
  return { cwd: elsewhere, file: name };
}

for (const bundler of Object.keys(BUNDLERS)) {
  for (const format of ["esm", "cjs"]) {
    environment("Server", `${bundler}, ${format}`, version(bundler.toLowerCase()), async () => {
      const { cwd, file } = await bundled("bundled-server", "server.js", bundler, format);
      await assertServes([file], { cwd });
    });
  }
  environment("Server", `${bundler}, import and require in one bundle`, version(bundler.toLowerCase()), async () => {
    const { cwd, file } = await bundled("bundled-both", "main.js", bundler, "esm");
    assert.equal(await run(node(24), [file], { cwd }), "true true true\n");
  });
}

for (const vite of ["vite-6", "vite-7", "vite"]) {
  environment("Server", "Vite, SSR build with ssr.noExternal", version(vite), async () => {
    const cwd = await fixture("bundled-server", { folder: `bundled-server-${vite}` });
    await run(node(24), [script(vite, "bin/vite.js"), "build", "--ssr", "server.js"], { cwd });
    const built = await movedAway(join(cwd, "dist", "server.js"), "server.mjs");
    await assertServes([built.file], { cwd: built.cwd });
  });

  environment("Server", "Vite, SSR in the dev server with ssr.noExternal", version(vite), async () => {
    const cwd = await fixture("bundled-server", { folder: `bundled-server-dev-${vite}` });
    await assertServes(["dev.js", vite], { cwd });
  });
}

// adapter-node 5 bundles dev dependencies by Rollup and its plug-in for CommonJS; adapter-node 6 has no such step.
environment("Server", "SvelteKit, adapter-node, a dev dependency", version("@sveltejs/kit"), async () => {
  const cwd = await fixture("sveltekit", { dependency: "dev" });
  await run(node(24), [script("vite", "bin/vite.js"), "build"], { cwd });
  const built = await movedAway(join(cwd, "build"), "build");
  await assertServes([join(built.file, "index.js")], { cwd: built.cwd, env: { HOST: "127.0.0.1", PORT: "0" } });
});
