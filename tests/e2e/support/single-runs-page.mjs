/** The recipes of `docs/single-runs.md` as pages in Chromium, on a proxy and the sample API. */
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { createSampleApi } from "../../../www/sample-api/app.js";
import { serve } from "../../../www/serve.mjs";
import { CHROMIUM_ARGS } from "../../chromium-args.mjs";
import { test } from "./bounded.mjs";
import { installDir } from "./install.mjs";

/** The time limit of every wait in a test. */
const STEP_MS = 10_000;

const pages = fileURLToPath(new URL("single-runs-pages/", import.meta.url));
const recipes = await readFile(new URL("../../../docs/single-runs.md", import.meta.url), "utf8");
const blocks = [...recipes.matchAll(/^```\w+\n.*?^```$/gms)];
/** The named blocks, with the code of each as the page shows it. */
const named = recipes.matchAll(/`([\w-]+\.jsx?)`[^\n]*:\n\n```jsx?\n(.*?)^```$/gms);
const files = [...named].map(([, name, code]) => ({ name, code }));
assert.deepEqual(files.map(({ name }) => name), ["client.js", "tanstack-query.jsx", "swr.jsx"]);
assert.equal(blocks.length, files.length, "a block of docs/single-runs.md has no file name, so that nothing runs it");

/** Returns the code of a named block. */
export const codeOfRecipe = (wanted) => files.find(({ name }) => name === wanted).code;

const folder = await mkdtemp(join(tmpdir(), "single-runs-"));
const launched = chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: CHROMIUM_ARGS });
after(async () => {
  await (await launched).close();
  await rm(folder, { recursive: true });
});
await cp(pages, folder, { recursive: true });
for (const { name, code } of files) await writeFile(join(folder, name), code);

const HTML = '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/page.js"></script>';

/** Bundles a recipe's page, for development: only then does React mount twice in `StrictMode`. */
async function bundle(library) {
  const { outputFiles: [{ text }] } = await build({
    entryPoints: [join(folder, `${library}-page.jsx`)],
    bundle: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"' },
    nodePaths: [join(installDir, "node_modules"), fileURLToPath(new URL("../../node_modules", import.meta.url))],
  });
  return text;
}

const proxyModule = join(installDir, "node_modules", "translation-results", "proxy.js");
const { createProxy } = await import(pathToFileURL(proxyModule).href);

/** Serves a page, and the sample API behind a proxy. Closes both after the test. */
async function servePage(t, script, handler) {
  const service = await serve({ handler });
  t.after(() => service.close());
  const proxy = createProxy({ apiKey: "sample-key", authorize: () => true, baseUrl: new URL("apis", service.url).href });
  const answer = (body, type) => new Response(body, { headers: { "content-type": type } });
  const server = await serve({
    handler(request) {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith("/api/translations/")) return proxy(request);
      if (pathname === "/page.js") return answer(script, "text/javascript");
      return answer(HTML, "text/html");
    },
  });
  t.after(() => server.close());
  return server.url;
}

/** Returns a gate for requests, which is closed until `open` is called. */
function gate() {
  let open;
  const opened = new Promise((resolve) => { open = resolve; });
  return { open, opened };
}

/** The requests of a page to its server. */
class Wire {
  /** The requests in the order of their sending: the method and the run ids. */
  sent = [];
  /** The run ids of the requests that the page has cancelled before the answer. */
  ended = [];
  /** Errors and warnings on the console, uncaught exceptions, and unhandled rejections. */
  complaints = [];

  constructor(page) {
    const asked = (request) => {
      const [, alone] = /\/translation-result\/(\d+)$/.exec(request.url()) ?? [];
      if (alone) return [Number(alone)];
      return request.method() === "POST" ? JSON.parse(request.postData()).run_ids : undefined;
    };
    page.on("request", (request) => {
      const runIds = asked(request);
      if (runIds) this.sent.push([request.method(), ...runIds]);
    });
    // Chromium reports some requests with chunked bodies as failed, even if the body was read to its end.
    const answered = new Set();
    page.on("response", (response) => answered.add(response.request()));
    page.on("requestfailed", (request) => {
      if (!answered.has(request)) this.ended.push(asked(request));
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(message.text());
    });
  }
}

/**
 * Tests one recipe in a page of its own. The sample API answers at once, unless `hold` was called.
 *
 * @param {string} library
 * @param {string} name
 * @param {(opened: {
 *   page: import("playwright-core").Page,
 *   wire: Wire,
 *   hold: () => () => void,
 *   show: (runIds: number[]) => Promise<void>,
 * }) => Promise<void>} run `hold` holds back answers, and returns a function that releases them.
 */
export function recipeTest(library, name, run) {
  const script = bundle(library);
  script.catch(() => {});
  test(`${library}: ${name}`, async (t) => {
    const api = createSampleApi();
    let held;
    const url = await servePage(t, await script, async (request) => {
      await held?.opened;
      return api(request);
    });
    const context = await (await launched).newContext();
    t.after(() => context.close());
    context.setDefaultTimeout(STEP_MS);
    const page = await context.newPage();
    await page.clock.install();
    const wire = new Wire(page);
    await page.goto(url);
    await page.waitForFunction("window.table");
    await run({
      page,
      wire,
      hold: () => {
        held = gate();
        t.after(held.open);
        return held.open;
      },
      show: (runIds) => page.evaluate((ids) => window.table.show(ids), runIds),
    });
  });
}
