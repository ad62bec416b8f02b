/**
 * Runs the README's code: every block as it stands there, against the sample API in place of the service. A comment
 * `<!-- prints: … -->` before a block names what its output must hold.
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { imported, installDir, runScript } from "./support/install.mjs";
import { behindProxy } from "../servers/behind-proxy.mjs";
import { sampleApi } from "../servers/sample-api.mjs";

const SERVICE = "https://client.camb.ai/apis";
const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");

const blocks = [...readme.matchAll(/((?:<!-- prints: [^\n]* -->\n)*)^```(\w+)\n(.*?)^```/gms)].map(
  ([, comments, language, code]) => ({
    language,
    code,
    prints: [...comments.matchAll(/<!-- prints: (.*) -->/g)].map(([, text]) => text),
  }),
);

/** What a block that goes on from the first example takes from it. */
function begun(code) {
  if (code.includes("import { TranslationResultsClient }")) return code;
  const client = code.includes("const client =")
    ? ""
    : "const client = new TranslationResultsClient({ apiKey: process.env.CAMB_API_KEY });\n";
  return `import { TranslationResultsClient } from "translation-results";\n${client}${code}`;
}

const baseUrl = await sampleApi();

// The one thing in the way of running the code as it stands: where the service is.
await writeFile(
  join(installDir, "as-the-service.mjs"),
  `const { fetch } = globalThis;
   globalThis.fetch = (url, init) => fetch(url.replace("${SERVICE}", "${baseUrl}"), init);`,
);

const proxied = await behindProxy(new URL(SERVICE).hostname);

// Found from the folder with the package as if they were installed there, which has nothing but the package.
const require = createRequire(import.meta.url);
for (const name of ["undici", "express", "@hono/node-server"]) {
  const link = join(dirname(installDir), "node_modules", name);
  await mkdir(dirname(link), { recursive: true });
  const installed = fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url));
  await symlink(installed, link, "junction").catch((error) => {
    if (error.code !== "EEXIST") throw error;
  });
}

async function output(index, { language, code }) {
  const isModule = language === "js";
  const source = isModule ? begun(code) : code;
  const { stdout } = await runScript(`readme-${index}.${isModule ? "mjs" : "cjs"}`, source, {
    env: { CAMB_API_KEY: "sample-key", NO_COLOR: "1", ...proxied },
    nodeFlags: ["--import", "./as-the-service.mjs"],
  });
  return stdout;
}

/** A block that makes a server: the client gets its results from there, without a key. */
async function assertServes(t, index, code) {
  const script = `readme-${index}.mjs`;
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await writeFile(join(installDir, script), code.replace("3000", port));
  await writeFile(join(installDir, "signed-in.mjs"), "globalThis.isSignedIn = () => true;");
  const flags = ["--import", "./as-the-service.mjs", "--import", "./signed-in.mjs"];
  const server = spawn(process.execPath, [...flags, script], {
    cwd: installDir,
    env: { ...process.env, CAMB_API_KEY: "sample-key" },
    stdio: "inherit",
    timeout: 20_000,
  });
  t.after(() => server.kill());
  // Until it listens.
  const client = new imported.TranslationResultsClient({ baseUrl: `http://127.0.0.1:${port}/api/translations`, maxRetries: 20 });
  const results = await client.getResults([12345, 6789], { deadlineMs: 15_000 });
  assert.equal(results[12345].texts[0], "Tu pedido está en camino.");
}

for (const [index, block] of blocks.entries()) {
  const title = `block ${index + 1}, ${block.language}: ${block.code.split("\n").find(Boolean)}`;
  if (block.code.includes('from "vitest"')) {
    test(title, () => assert.equal(block.language, "js", "tests/consumers/test-runners.test.mjs runs it"));
  } else if (block.code.includes(".listen(")) {
    test(title, (t) => assertServes(t, index, block.code));
  } else if (block.language === "js" || block.language === "cjs") {
    test(title, async () => {
      assert.notEqual(block.prints.length, 0, "no comment says what it prints");
      const printed = await output(index, block);
      for (const text of block.prints) assert.ok(printed.includes(text), `${text} is not in:\n${printed}`);
    });
  } else if (block.language === "ts") {
    test(title, async () => {
      const file = `readme-${index}.mts`;
      await writeFile(join(installDir, file), block.code);
      const tsc = require.resolve("typescript/package.json").replace("package.json", "bin/tsc");
      const options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"];
      options.push("--types", "node", "--typeRoots", fileURLToPath(new URL("../node_modules/@types", import.meta.url)));
      await promisify(execFile)(process.execPath, [tsc, ...options, file], { cwd: installDir, timeout: 60_000 });
    });
  } else if (block.language === "rust") {
    test(title, async () => {
      // Compiled with the crate's documentation, by `cargo xtask test web`.
      const crate = await readFile(new URL("../../src/lib.rs", import.meta.url), "utf8");
      assert.ok(crate.includes('include_str!("../README.md")'), "the crate does not compile the README");
    });
  } else {
    test(title, () => assert.ok(["sh", "text"].includes(block.language), "a kind of code that nothing runs"));
  }
}
