/** Runtimes other than Node. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { sampleApi } from "../servers/sample-api.mjs";
import { assertWorked, environment } from "./support/environment.mjs";
import { fixture, node, run, script, serve, tool, version } from "./support/fixture.mjs";

const SERVICE_URL = await sampleApi();
const env = { SERVICE_URL };

environment("Runtime", "Deno", version("deno"), async () => {
  const cwd = await fixture("deno");
  assertWorked(await run(tool("deno"), ["run", "--allow-net", "--allow-env", "main.js"], { cwd, env }));
});

environment("Runtime", "Bun", version("bun"), async () => {
  const cwd = await fixture("bun");
  assertWorked(await run(tool("bun"), ["run", "main.js"], { cwd, env }));
});

// Not awaited here: where it does not start, its rows say so.
const worker = startWorker();
worker.catch(() => {});
for (const [name, path] of [["workerd, by wrangler", "/"], ["workerd, by wrangler, slim entry", "/slim"]]) {
  environment("Runtime", name, version("workerd"), async () => {
    assertWorked(await (await fetch(new URL(path, await worker))).text());
  });
}

environment("Runtime", "workerd, by wrangler, service binding", version("workerd"), async () => {
  const response = await fetch(new URL("/service-binding", await worker));
  assert.equal((await response.json())[0], "Tu pedido está en camino.");
});

environment("Runtime", "workerd, by wrangler, as a proxy", version("workerd"), async () => {
  const { TranslationResultsClient } = createRequire(join(await fixture("node", { folder: "node-client" }), "package.json"))("translation-results");
  const baseUrl = new URL("/api/translations", await worker);
  const known = new TranslationResultsClient({ baseUrl, headers: { "x-user": "known" } });
  assert.equal((await known.getResults([12345, 6789]))[12345].texts[0], "Tu pedido está en camino.");
  const unknown = new TranslationResultsClient({ baseUrl });
  await assert.rejects(unknown.getResults([12345, 6789]), { code: "UNAUTHORIZED" });
});

async function startWorker() {
  const cwd = await fixture("workerd");
  const workers = ["-c", "wrangler.jsonc", "-c", "api/wrangler.jsonc"];
  for (const vars of [".dev.vars", "api/.dev.vars"]) await writeFile(join(cwd, vars), `SERVICE_URL=${SERVICE_URL}`);
  const options = ["dev", ...workers, "--ip", "127.0.0.1", "--port", "0"];
  const [, url] = await serve(node(24), [script("wrangler", "bin/wrangler.js"), ...options], {
    cwd,
    env: { WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_LOG_PATH: cwd },
    ready: /Ready on (\S+)/,
  });
  return url;
}
