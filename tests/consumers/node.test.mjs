/** Node: each major version, both kinds of module, worker threads, and a proxy. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { behindProxy } from "../servers/behind-proxy.mjs";
import { sampleApi } from "../servers/sample-api.mjs";
import { assertWorked, environment } from "./support/environment.mjs";
import { fixture, node, run, version } from "./support/fixture.mjs";

const env = { SERVICE_URL: await sampleApi() };
const host = "translations.example";
const proxied = { ...await behindProxy(host), NODE_USE_ENV_PROXY: "1", SERVICE_URL: `https://${host}/apis` };
const cwd = await fixture("node", { format: "cjs" });

/** The oldest version of Node that the package supports. */
const OLDEST = "20.19";

environment("Node", "the oldest is the one in `engines`", version(`node-${OLDEST}`), async () => {
  const manifest = await readFile(join(cwd, "node_modules", "translation-results", "package.json"), "utf8");
  assert.equal(JSON.parse(manifest).engines.node, `>=${OLDEST}`);
});

for (const major of [OLDEST, 20, 22, 24, 26]) {
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
