/** The demo page in Chromium: each test gets a page and a server of its own, and leaves no complaint behind. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { createSampleApi } from "../../../www/sample-api/app.js";
import { findRun } from "../../../www/sample-api/generated.js";
import { serve } from "../../../www/serve.mjs";
import { CHROMIUM_ARGS } from "../../chromium-args.mjs";

export const site =
  process.env.TRANSLATION_RESULTS_SITE ?? fileURLToPath(new URL("../../../target/site", import.meta.url));
if (!existsSync(join(site, "index.html"))) {
  throw new Error(`there is no page in ${site}: make it with \`cargo xtask site\``);
}

const TEST_MS = 60_000;
/** How long any one thing that a test waits for may take. */
const STEP_MS = 10_000;

export const launched = chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: CHROMIUM_ARGS,
});
after(async () => (await launched).close());

export const SERVED = "sample data, served over HTTP";
export const IN_PAGE = "sample data, served inside this page";

/** The answer of a server without the sample API under /apis. */
export const noApi = async () => new Response("404 Not Found", { status: 404 });

/** Chromium's own message on the console for an answer that is not a success. */
export const failedToLoad = (status, statusText) =>
  `Failed to load resource: the server responded with a status of ${status} (${statusText})`;

/**
 * A sample API that waits before it answers a POST until it is let go.
 *
 * @param {number} [first] How many POSTs are answered at once.
 */
export function heldApi(first = 0) {
  const api = createSampleApi();
  let release;
  let posts = 0;
  const released = new Promise((resolve) => { release = resolve; });
  const handler = async (request) => {
    if (request.method === "POST" && ++posts > first) await released;
    return api(request);
  };
  return { handler, release };
}

/**
 * A test with a page. It fails as well where the page puts an error or a warning on the console that is not in
 * `consoleMessages`, breaks its own policy, or asks any other origin for anything.
 *
 * @param {string} name
 * @param {object} options Besides these, those of a browser context.
 * @param {string} [options.root]
 * @param {string} [options.path]
 * @param {string} [options.origin] A name for the server that is not of this machine, such as "http://demo.test/".
 * @param {(request: Request) => Promise<Response>} [options.handler]
 * @param {string[]} [options.consoleMessages]
 * @param {RegExp} [options.allowed] Console messages that may be there, in any number.
 * @param {string} [options.mayAsk] Another origin that it may ask for something.
 * @param {(page: import("playwright-core").Page) => Promise<void>} [options.prepare] Before the page is opened.
 * @param {(opened: {
 *   page: import("playwright-core").Page,
 *   asked: number[][],
 *   context: import("playwright-core").BrowserContext,
 * }) => Promise<void>} run `asked` has the run ids of every request that was sent.
 */
export function pageTest(name, options, run) {
  const { root = site, path = "", origin, handler, consoleMessages = [], allowed, mayAsk, prepare, ...contextOptions } = options;
  test(name, { timeout: TEST_MS }, async () => {
    const server = await serve({ root, handler });
    const context = await (await launched).newContext(contextOptions);
    try {
      context.setDefaultTimeout(STEP_MS);
      const address = origin ?? server.url;
      if (origin) {
        await context.route(`${origin}**`, async (route) => {
          const url = route.request().url().replace(origin, server.url);
          await route.fulfill({ response: await route.fetch({ url }) });
        });
      }
      const page = await context.newPage();
      const complaints = [];
      const elsewhere = [];
      const asked = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        const isComplaint = ["error", "warning"].includes(message.type());
        if (isComplaint && !allowed?.test(message.text())) complaints.push(message.text());
      });
      page.on("request", (request) => {
        const isAllowed = [address, mayAsk].some((start) => start && request.url().startsWith(start));
        if (!isAllowed) elsewhere.push(request.url());
        const [, alone] = /\/translation-result\/(\d+)$/.exec(request.url()) ?? [];
        if (request.method() === "POST") asked.push(JSON.parse(request.postData()).run_ids);
        else if (alone) asked.push([Number(alone)]);
      });
      await prepare?.(page);
      await page.goto(new URL(path, address).href);
      await run({ page, asked, context });
      // Requests under way at the same time are refused in any order.
      complaints.sort();
      assert.deepEqual({ complaints, elsewhere }, { complaints: consoleMessages.toSorted(), elsewhere: [] });
    } finally {
      await context.close();
      await server.close();
    }
  });
}

/** Waits until the page shows this outcome, and only then looks further. `timeout` in ms, where it takes its time. */
export const status = (page, pattern, timeout) =>
  page.locator("#status").filter({ hasText: pattern }).waitFor({ timeout });

/** Waits for the runs the page opens with. */
export async function opened(page) {
  await status(page, /^5 runs, 15 texts, /);
  await drawn(page);
}

/** The field for run ids. */
export const runIds = (page) => page.getByRole("textbox", { name: "Run ids" });

/** Types other run ids in the place of those that are there. */
export async function enter(page, text) {
  const clear = page.getByRole("button", { name: "Clear", exact: true });
  if (await clear.isEnabled()) await clear.click();
  await runIds(page).fill(text);
  await runIds(page).blur();
}

export async function ask(page, text) {
  await enter(page, text);
  await page.getByRole("button", { name: "Fetch results" }).click();
}

/** Asks for others while a call is under way, when the button cancels it. */
export async function askMeanwhile(page, text) {
  await enter(page, text);
  await runIds(page).press("Enter");
}

export const openSettings = (page, name) => page.locator("summary", { hasText: name }).click();

export const tryExample = (page, name) => page.getByRole("button", { name }).click();

/** Waits until every row is drawn. */
export const drawn = (page) => page.locator('#results[aria-busy="false"]').waitFor({ state: "attached" });

/**
 * The rows of the board as `[run id, texts]`; a row without texts has what it says instead. The texts are JSON, as what
 * the browser reports back cannot carry half of a surrogate pair.
 */
export async function board(page) {
  await drawn(page);
  return page.locator(".run").evaluateAll((elements) =>
    elements.map((row) => [
      Number(row.querySelector(".run-id").textContent),
      row.matches(".whole")
        ? Array.from(row.querySelectorAll(".text, .blank"), (text) => JSON.stringify(text.textContent))
        : row.querySelector(".notes").lastElementChild?.textContent,
    ]));
}

/** The lines of the log, once those of all events are drawn. */
export async function wireLines(page) {
  await page.evaluate(() => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  }));
  return page.locator("#wire-log li").allTextContents();
}

/** The cards of runs that failed. */
export const failures = (page) => page.locator("#unfinished .error");

/** Shows the numbers of the progress. */
export const openDetails = (page) => openSettings(page, "Details");

/** The numbers of the progress. */
export const tally = (page) => page.locator("#tally > div").evaluateAll((cells) =>
  Object.fromEntries(cells.map((cell) => [
    cell.querySelector("dt").textContent.toLowerCase(),
    cell.querySelector("dd").textContent.trim(),
  ])));

/** An error card as an object. */
export const errorCard = (card) => card.evaluate((element) => ({
  code: element.querySelector(".code").textContent,
  ...Object.fromEntries(Array.from(element.querySelectorAll("dl > div"), (fact) => [
    fact.querySelector("dt").textContent,
    fact.querySelector("dd").textContent,
  ])),
}));

/** Returns the texts that a row shows. */
export const shown = (runId) => [runId, findRun(runId).texts.map((text) => JSON.stringify(text))];
