/** Tests the demo page in Chromium: each test gets a page and a server of its own, and fails on unexpected console messages. */
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
/** The time limit of every wait in a test. */
const STEP_MS = 10_000;

export const launched = chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: CHROMIUM_ARGS,
});
after(async () => (await launched).close());

export const SERVED = "sample data, served over HTTP";
export const IN_PAGE = "sample data, served inside this page";

/** Answers like a server without the sample API under /apis. */
export const noApi = async () => new Response("404 Not Found", { status: 404 });

/** Returns Chromium's console message for an answer that is not a success. */
export const failedToLoad = (status, statusText) =>
  `Failed to load resource: the server responded with a status of ${status} (${statusText})`;

/**
 * Returns a sample API that answers a POST only after it is released.
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
 * Adds a test with a page. The test also fails if the page prints an error or a warning that is not in `consoleMessages`,
 * breaks its own policy, or sends a request to another origin.
 *
 * @param {string} name
 * @param {object} options Further options are those of a browser context.
 * @param {string} [options.root]
 * @param {string} [options.path]
 * @param {string} [options.origin] An origin for the server with another host name, such as "http://demo.test/".
 * @param {(request: Request) => Promise<Response>} [options.handler]
 * @param {string[]} [options.consoleMessages]
 * @param {RegExp} [options.allowed] Console messages that may occur any number of times.
 * @param {string} [options.mayAsk] Another origin to which the page may send requests.
 * @param {(page: import("playwright-core").Page) => Promise<void>} [options.prepare] Called before the page is opened.
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
      // Requests at the same time may be refused in any order.
      complaints.sort();
      assert.deepEqual({ complaints, elsewhere }, { complaints: consoleMessages.toSorted(), elsewhere: [] });
    } finally {
      await context.close();
      await server.close();
    }
  });
}

/** Waits until the page shows this status. `timeout` is in ms. */
export const status = (page, pattern, timeout) =>
  page.locator("#status").filter({ hasText: pattern }).waitFor({ timeout });

/** Waits for the runs with which the page opens. */
export async function opened(page) {
  await status(page, /^5 runs, 15 texts, /);
  await drawn(page);
}

/** The field for run ids. */
export const runIds = (page) => page.getByRole("textbox", { name: "Run ids" });

/** Replaces the run ids in the field by typing. */
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

/** Fetches other runs during a call, when the button would cancel it. */
export async function askMeanwhile(page, text) {
  await enter(page, text);
  await runIds(page).press("Enter");
}

export const openSettings = (page, name) => page.locator("summary", { hasText: name }).click();

export const tryExample = (page, name) => page.getByRole("button", { name }).click();

/** Waits until every row is drawn. */
export const drawn = (page) => page.locator('#results[aria-busy="false"]').waitFor({ state: "attached" });

/**
 * Returns the rows of the board as `[run id, texts]`. A row without texts has its message in their place. The texts are JSON,
 * because values from the browser cannot contain half of a surrogate pair.
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

/** Returns the lines of the log, after all events are drawn. */
export async function wireLines(page) {
  await page.evaluate(() => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  }));
  return page.locator("#wire-log li").allTextContents();
}

/** The cards of failed runs. */
export const failures = (page) => page.locator("#unfinished .error");

/** Shows the numbers of the progress. */
export const openDetails = (page) => openSettings(page, "Details");

/** Returns the numbers of the progress. */
export const tally = (page) => page.locator("#tally > div").evaluateAll((cells) =>
  Object.fromEntries(cells.map((cell) => [
    cell.querySelector("dt").textContent.toLowerCase(),
    cell.querySelector("dd").textContent.trim(),
  ])));

/** Returns an error card as an object. */
export const errorCard = (card) => card.evaluate((element) => ({
  code: element.querySelector(".code").textContent,
  ...Object.fromEntries(Array.from(element.querySelectorAll("dl > div"), (fact) => [
    fact.querySelector("dt").textContent,
    fact.querySelector("dd").textContent,
  ])),
}));

/** Returns a run as `board` returns it. */
export const shown = (runId) => [runId, findRun(runId).texts.map((text) => JSON.stringify(text))];
