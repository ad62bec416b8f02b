/**
 * Takes pictures of every state of the demo page, at three widths, light and dark, for review.
 *
 *   node tests/page/shots.mjs FOLDER
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { argv, exit } from "node:process";
import { serve } from "../../www/serve.mjs";
import { ask, launched, opened, openSettings, site, status, tryExample } from "./support/page.mjs";

const WIDTHS = [360, 768, 1440];
const THEMES = ["light", "dark"];

const fail = async (page, fault) => {
  await openSettings(page, "Make it fail");
  await page.getByLabel("Fault").selectOption(fault);
};

/** Functions that bring an opened page into each state. */
const STATES = {
  opened: async () => {},
  empty: (page) => page.getByRole("button", { name: "Clear" }).click(),
  mistakes: async (page) => {
    await ask(page, "12345 20417x 0 12345 1.5 9007199254740992 -1 6789");
    await status(page, "Nothing was sent.");
  },
  "right-to-left": async (page) => {
    await tryExample(page, "Right to left");
    await status(page, /^4 runs/);
  },
  "odd-texts": async (page) => {
    await tryExample(page, "Long, empty and odd texts");
    await status(page, /^5 runs/);
  },
  scripts: async (page) => {
    await ask(page, "6789 20420 20421 31002 31003 31004 31005 61001 61006");
    await status(page, /^9 runs/);
  },
  failures: async (page) => {
    await ask(page, "12345 999 6789 70001 80003");
    await status(page, /3 failed/);
  },
  stopped: async (page) => {
    await fail(page, "401");
    await ask(page, "12345 6789 20417 31002 48813 52001");
    await status(page, "No run was fetched.");
  },
  loading: async (page) => {
    await openSettings(page, "Make it fail");
    await page.getByLabel(/^Latency/).fill("3000");
    await ask(page, "12345 6789 20417 31002 48813 52001");
    await page.waitForTimeout(500);
  },
  bulk: async (page) => {
    await tryExample(page, "2,000 runs");
    await page.waitForTimeout(1500);
  },
  retrying: async (page) => {
    await fail(page, "503");
    await tryExample(page, /^200 runs( generated)?$/);
    await openSettings(page, "Details");
    await page.locator('#under-way [data-state="retrying"]').first().waitFor();
  },
  cancelled: async (page) => {
    await tryExample(page, "2,000 runs");
    await page.waitForTimeout(1000);
    await page.getByRole("button", { name: "Cancel" }).click();
    await status(page, "Cancelled.");
  },
  search: async (page) => {
    await page.getByRole("searchbox").fill("9");
    await page.locator("#found:not(:empty)").waitFor();
  },
  rows: async (page) => {
    await openSettings(page, "One run a row");
    await page.getByRole("button", { name: "Load 12 rows" }).click();
    await page.locator("#rows-status:not(:empty)").waitFor();
  },
  settings: async (page) => {
    for (const summary of await page.locator("summary").all()) await summary.click();
    await page.getByLabel("Another base URL").check();
    await page.getByRole("tab", { name: "curl" }).click();
  },
};

/** The greatest height of a picture, in px. */
const HEIGHT = 2400;

const [, , folder] = argv;
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const server = await serve({ root: site });
const browser = await launched;
for (const colorScheme of THEMES) {
  for (const width of WIDTHS) {
    for (const [state, reach] of Object.entries(STATES)) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      const page = await context.newPage();
      await page.goto(server.url);
      await opened(page);
      await reach(page);
      const height = Math.min(HEIGHT, await page.evaluate(() => document.documentElement.scrollHeight));
      await page.setViewportSize({ width, height });
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: join(folder, `${state}-${width}-${colorScheme}.png`) });
      await context.close();
    }
  }
}
// The pictures of the README. Copy them to docs/ when the page has changed.
for (const colorScheme of THEMES) {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1440, height: 860 } });
  const page = await context.newPage();
  await page.goto(server.url);
  await opened(page);
  await page.screenshot({ path: join(folder, `page-${colorScheme}.png`) });
  await context.close();
}
console.log(`${Object.keys(STATES).length * WIDTHS.length * THEMES.length} pictures in ${folder}`);
await server.close();
await browser.close();
exit();
