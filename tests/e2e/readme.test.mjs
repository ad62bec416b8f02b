/**
 * Runs the README's code as a reader would: in an empty folder, after only the install line, with each block copied into the file
 * that it names. A block must print the lines after its `//=>`.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { chromium } from "playwright-core";
import { sampleApi } from "../servers/sample-api.mjs";
import { tarball } from "./support/install.mjs";
import { assertPrinted, blocksOf, environment, SERVICE } from "./support/markdown.mjs";

const LIMIT_MS = 60_000;
const MAX_LINES = 180;

const readme = new URL("../../README.md", import.meta.url);
const blocks = await blocksOf(readme);
const folder = await mkdtemp(join(tmpdir(), "readme-"));
after(() => rm(folder, { recursive: true }));
const env = await environment();

/** Runs a program in the folder, and returns what it prints. */
async function output(program, args) {
  const { stdout } = await promisify(execFile)(program, args, { cwd: folder, env, timeout: LIMIT_MS });
  return stdout;
}

const install = blocks.filter(({ code }) => code.startsWith("npm install "));
assert.equal(install.length, 1, "the README has one install line");
// The package is not published, so the tarball is installed.
await output("sh", ["-c", install[0].code.replace("npm install translation-results", `npm install "${tarball}"`)]);

/** Returns the text of the page. Serves it from a server that also has the README's proxy, to a visitor with a session. */
async function pageText(file, t) {
  const { GET, POST } = await import(pathToFileURL(join(folder, "proxy.mjs")).href);
  process.env.CAMB_API_KEY = env.CAMB_API_KEY;
  const [{ fetch }, service] = [globalThis, await sampleApi()];
  t.mock.method(globalThis, "fetch", (url, init) => fetch(url.replace(SERVICE, service), init));
  const app = new Hono();
  app.get("/api/translations/*", ({ req }) => GET(req.raw));
  app.post("/api/translations/*", ({ req }) => POST(req.raw));
  app.use(serveStatic({ root: folder }));
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM });
  try {
    const url = `http://127.0.0.1:${server.address().port}`;
    const page = await browser.newPage();
    await page.context().addCookies([{ name: "session", value: "1", url }]);
    await page.goto(`${url}/${file}`);
    await page.waitForFunction("document.body.innerText.trim() !== ''", undefined, { timeout: LIMIT_MS });
    return await page.innerText("body");
  } finally {
    await browser.close();
    server.close();
  }
}

const RUNNERS = {
  ".mjs": (file) => output(process.execPath, [file]),
  ".cjs": (file) => output(process.execPath, [file]),
  ".sh": (file) => output("sh", [file]),
  ".html": pageText,
};

for (const { file, language, code, prints, title } of blocks) {
  if (file) {
    test(title, async (t) => {
      await writeFile(join(folder, file), code);
      assertPrinted(await RUNNERS[extname(file)](file, t), prints.length > 0 ? prints : [""]);
    });
  } else if (language === "rust") {
    test(title, async () => {
      // Compiled with the crate's documentation, by `cargo xtask test web`.
      const crate = await readFile(new URL("../../src/lib.rs", import.meta.url), "utf8");
      assert.ok(crate.includes('include_str!("../README.md")'), "the crate does not compile the README");
    });
  } else {
    test(title, () => {
      const other = code.split("\n").filter((line) => line && !/^(?:npm install translation-results$|cargo xtask (?:demo|test) )/.test(line));
      assert.deepEqual(other, [], "code that nothing runs");
    });
  }
}

test("the install line installs the package and nothing else", async () => {
  const { dependencies } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  assert.deepEqual(Object.keys(dependencies), ["translation-results"]);
});

test("the README is short", async () => {
  const lines = (await readFile(readme, "utf8")).trimEnd().split("\n").length;
  assert.ok(lines <= MAX_LINES, `${lines} lines`);
});
