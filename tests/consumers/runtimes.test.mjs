/** Runtimes other than Node. */
import assert from "node:assert/strict";
import { cp, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { codeOf } from "../e2e/support/markdown.mjs";
import { sampleApi } from "../servers/sample-api.mjs";
import { assertWorked, environment } from "./support/environment.mjs";
import { fixture, run, serve, tool, version, wrangler } from "./support/fixture.mjs";
import { browsers, shown, start } from "./support/webdriver.mjs";

const { TranslationResultsClient } = createRequire(join(await fixture("node", { folder: "node-client" }), "package.json"))(
  "translation-results",
);
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

// [the runtime, what it may do, the variable, the key that is sent or why there is none]
for (const [name, args, CAMB_API_KEY, sent] of [
  ["Deno", ["--allow-env=CAMB_API_KEY"], "of-env", "of-env"],
  ["Deno", ["--allow-env=CAMB_API_KEY"], "", "InvalidOptionsError apiKey"],
  ["Deno", [], "of-env", "InvalidOptionsError apiKey"],
  ["Bun", [], "of-env", "of-env"],
]) {
  const may = args.length > 0 || name === "Bun" ? "that it may read" : "that it may not read";
  environment("Runtime", `${name}, a variable ${may}: ${CAMB_API_KEY || "empty"}`, version(name.toLowerCase()), async () => {
    const cwd = await fixture("environment-key", { folder: `${name.toLowerCase()}-key-${args.length}-${sent.length}` });
    const output = await run(tool(name.toLowerCase()), ["run", ...args, "main.js"], { cwd, env: { CAMB_API_KEY } });
    assert.equal(output, `${sent}\n`);
  });
}

for (const name of ["Deno", "Bun"]) {
  environment("Runtime", `${name}, import and require in one process`, version(name.toLowerCase()), async () => {
    const cwd = await fixture("node", { folder: `${name.toLowerCase()}-both` });
    assert.equal(await run(tool(name.toLowerCase()), ["run", "both.mjs"], { cwd }), "true true\n");
  });
}

for (const [name, args] of [["Deno", ["run", "--allow-net", "--allow-env", "proxy.js"]], ["Bun", ["run", "proxy.js"]]]) {
  environment("Runtime", `${name}, as a proxy`, version(name.toLowerCase()), async () => {
    const cwd = await fixture(name.toLowerCase(), { folder: `${name.toLowerCase()}-proxy` });
    const [, url] = await serve(tool(name.toLowerCase()), args, { cwd, env, ready: /listening on (\S+)/ });
    await assertProxy(url);
  });
}

// Not awaited here: where they do not start, their rows say so.
const chromium = start(browsers.find(({ name }) => name === "Chromium"));
chromium.catch(() => {});
const worker = startWorker();
worker.catch(() => {});
for (const [name, path] of [["workerd, by wrangler", "/default"], ["workerd, by wrangler, slim entry", "/slim"]]) {
  environment("Runtime", name, version("workerd"), async () => {
    assertWorked(await (await fetch(new URL(path, await worker))).text());
  });
}

environment("Runtime", "workerd, by wrangler, service binding", version("workerd"), async () => {
  const response = await fetch(new URL("/service-binding", await worker));
  assert.equal((await response.json())[0], "Tu pedido está en camino.");
});

environment("Runtime", "workerd, by wrangler, the Worker in docs/proxy.md", version("workerd"), async () => {
  await assertProxy(new URL("/api/translations", await worker), { headers: { cookie: "user=known" } });
  const unknown = new TranslationResultsClient({ baseUrl: new URL("/api/translations", await worker) });
  await assert.rejects(unknown.getResults([12345, 6789]), { code: "UNAUTHORIZED" });
});

environment("Runtime", "workerd, by wrangler, that Worker with a page in Chromium", version("workerd"), async () => {
  assertWorked(await shown(await chromium, await worker));
});

/** A proxy that runs in a runtime, asked without a key. */
async function assertProxy(baseUrl, options) {
  const client = new TranslationResultsClient({ baseUrl, ...options });
  const { results, failures } = await client.getAllResults([12345, 6789, 404404]);
  assert.equal(results[12345].texts[0], "Tu pedido está en camino.");
  assert.deepEqual(failures.map(({ error }) => error.code), ["NOT_FOUND"]);
}

async function startWorker() {
  const cwd = await fixture("workerd");
  await cp(join(cwd, "node_modules/translation-results/index.js"), join(cwd, "public/translation-results.js"));
  await cp(join(cwd, "exercise.js"), join(cwd, "public/exercise.js"));
  await writeFile(join(cwd, "src/worker.ts"), await codeOf(new URL("../../docs/proxy.md", import.meta.url), "worker.ts"));
  const workers = ["wrangler.jsonc", "api/wrangler.jsonc"];
  const vars = `SERVICE_URL=${SERVICE_URL}\nCAMB_API_KEY=sample-key`;
  for (const path of [".dev.vars", "api/.dev.vars"]) await writeFile(join(cwd, path), vars);
  return wrangler(cwd, workers);
}
