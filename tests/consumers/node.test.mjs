/** Node: each major version, both kinds of module, worker threads, a proxy, and a bundle of one file that was moved away. */
import assert from "node:assert/strict";
import { mkdtemp, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { behindProxy } from "../servers/behind-proxy.mjs";
import { sampleApi } from "../servers/sample-api.mjs";
import { assertWorked, environment } from "./support/environment.mjs";
import { fixture, node, run, serve, tool, version } from "./support/fixture.mjs";

const env = { SERVICE_URL: await sampleApi() };
const host = "translations.example";
const proxied = { ...await behindProxy(host), NODE_USE_ENV_PROXY: "1", SERVICE_URL: `https://${host}/apis` };
const cwd = await fixture("node", { format: "cjs" });

for (const major of [20, 22, 24, 26]) {
  const program = node(major);
  for (const [name, file] of [["import", "import.mjs"], ["require", "require.cjs"], ["worker thread", "worker.mjs"]]) {
    environment("Node", name, version(`node-${major}`), async () => {
      assertWorked(await run(program, [file], { cwd, env }));
    });
  }
  environment("Node", "import and require in one process", version(`node-${major}`), async () => {
    assert.equal(await run(program, ["both.mjs"], { cwd, env }), "true true\n");
  });
}

for (const major of [22, 24, 26]) {
  environment("Node", "behind an HTTPS proxy", version(`node-${major}`), async () => {
    assertWorked(await run(node(major), ["import.mjs"], { cwd, env: proxied }));
  });
}

for (const format of ["esm", "cjs"]) {
  environment("Node", `server bundled by esbuild, ${format}`, version("esbuild"), async () => {
    const folder = await fixture("bundled-server", { folder: `bundled-server-${format}` });
    const options = ["--bundle", "--platform=node", `--format=${format}`, "--outfile=out.js", "--log-level=error"];
    await run(tool("esbuild"), ["server.js", ...options], { cwd: folder });
    const elsewhere = await mkdtemp(join(tmpdir(), "bundled-server-"));
    const file = join(elsewhere, format === "esm" ? "server.mjs" : "server.cjs");
    await rename(join(folder, "out.js"), file);
    const ready = /listening on (\S+)/;
    const [, url] = await serve(node(24), [file], { cwd: elsewhere, env, ready });
    assertWorked(await (await fetch(url)).text());
  });
}
