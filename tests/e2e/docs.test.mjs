/** Runs every code block in `docs/`. It must print the lines after its `//=>`. Pages whose code needs more have tests of their own. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort } from "../servers/free-port.mjs";
import { behindProxy } from "../servers/behind-proxy.mjs";
import { imported, installDir } from "./support/install.mjs";
import { SERVICE, assertPrinted, blocksOf, environment } from "./support/markdown.mjs";

/** Pages with code that other tests run. */
const ELSEWHERE = {
  "queue.md": "tests/queue",
  "rust.md": "tests/consumers/rust.test.mjs",
  "single-runs.md": "tests/e2e/single-runs-react.test.mjs",
};

const run = promisify(execFile);
const docs = new URL("../../docs/", import.meta.url);
const env = { ...(await environment()), ...(await behindProxy(new URL(SERVICE).hostname)) };

// Links these packages beside the installed package, so that the code can import them.
const require = createRequire(import.meta.url);
for (const name of ["undici", "express", "hono", "@hono/node-server"]) {
  const link = join(dirname(installDir), "node_modules", name);
  await mkdir(dirname(link), { recursive: true });
  const installed = fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url));
  await symlink(installed, link, "junction").catch((error) => {
    if (error.code !== "EEXIST") throw error;
  });
}

async function assertRuns(name, { code, prints }) {
  assert.notEqual(prints.length, 0, "no comment says what it prints");
  const script = `${name}.mjs`;
  await writeFile(join(installDir, script), code);
  const { stdout } = await run(process.execPath, [script], { cwd: installDir, env, timeout: 20_000 });
  assertPrinted(stdout, prints);
}

/** Runs a block that starts a server. Fails unless a client without a key gets results from the server. */
async function assertServes(t, name, { code }) {
  const script = `${name}.mjs`;
  const port = await freePort();
  await writeFile(join(installDir, script), code.replace("3000", port));
  const server = spawn(process.execPath, [script], { cwd: installDir, env, stdio: "inherit", timeout: 20_000 });
  t.after(() => server.kill());
  // The retries wait until the server listens.
  const client = new imported.TranslationResultsClient({ baseUrl: `http://127.0.0.1:${port}/api/translations`, maxRetries: 20 });
  const results = await client.getResults([12345, 6789], { deadlineMs: 15_000 });
  assert.equal(results[12345].texts[0], "Tu pedido está en camino.");
}

async function assertCompiles(name, { code }) {
  const file = `${name}.mts`;
  await writeFile(join(installDir, file), code);
  const tsc = require.resolve("typescript/package.json").replace("package.json", "bin/tsc");
  const options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"];
  options.push("--types", "node", "--typeRoots", fileURLToPath(new URL("../node_modules/@types", import.meta.url)));
  await run(process.execPath, [tsc, ...options, file], { cwd: installDir, timeout: 60_000 });
}

for (const page of (await readdir(docs)).filter((name) => name.endsWith(".md") && !(name in ELSEWHERE))) {
  describe(page, async () => {
    for (const [index, block] of (await blocksOf(new URL(page, docs))).entries()) {
      const name = `docs-${page.replace(".md", "")}-${index}`;
      test(block.title, (t) => {
        if (block.language === "ts") return assertCompiles(name, block);
        if (block.code.includes('from "vitest"')) return assert.equal(page, "testing.md", "test-runners.test.mjs runs it");
        if (block.code.includes("port: 3000") || block.code.includes(".listen(")) return assertServes(t, name, block);
        if (block.language === "js") return assertRuns(name, block);
        // tests/e2e/cli-*.test.mjs run the command line.
        return assert.equal(block.language, "sh", "code that nothing runs");
      });
    }
  });
}
