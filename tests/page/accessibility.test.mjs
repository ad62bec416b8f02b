// Accessibility, as far as a machine can check it: axe, reflow, reduced motion.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { ask, drawn, failedToLoad, heldApi, openDetails, opened, openSettings, pageTest, status, tryExample } from "./support/page.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

async function assertAccessible(page, state) {
  const { violations, passes } = await page.evaluate((values) =>
    globalThis.axe.run(document, { runOnly: { type: "tag", values } }), RULES);
  const where = ({ target, failureSummary }) => [target, failureSummary];
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(where)]), [], state);
  assert.ok(passes.some(({ id }) => id === "color-contrast"), "axe looked at the colours");
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [360, 1280]) {
    const options = {
      colorScheme,
      // Without animations, so that no colour is measured during a transition.
      reducedMotion: "reduce",
      viewport: { width, height: 800 },
      consoleMessages: [404, 400, 400].map((code) =>
        failedToLoad(code, code === 404 ? "Not Found" : "Bad Request")),
    };
    pageTest(`axe finds nothing, ${colorScheme}, ${width} px wide`, options, async ({ page }) => {
      await opened(page);
      await page.evaluate(axe);
      await assertAccessible(page, "results");
      await tryExample(page, "Long, empty and odd texts");
      await status(page, /^5 runs, 12 texts/);
      await assertAccessible(page, "odd texts");
      await ask(page, "12345 999 6789 70001 80003");
      await status(page, "2 of 5 runs fetched. 3 failed.");
      await drawn(page);
      await assertAccessible(page, "errors among results");
      await tryExample(page, "A run twice");
      await status(page, /^2 runs/);
      await assertAccessible(page, "a repeat");
      await tryExample(page, "Mistakes");
      await status(page, "Nothing was sent.");
      await assertAccessible(page, "mistakes");
      await tryExample(page, "Right to left");
      await status(page, /^4 runs/);
      await page.getByRole("searchbox").fill("9");
      await page.locator("#found").filter({ hasText: "in 3 runs" }).waitFor();
      await drawn(page);
      await assertAccessible(page, "right to left, searched");
      await page.getByRole("button", { name: "Clear" }).click();
      for (const summary of await page.locator("summary").all()) await summary.click();
      await page.getByLabel("Another base URL").check();
      await assertAccessible(page, "no ids, a service of one's own");
      await page.getByLabel("Sample data").check();
      await tryExample(page, "Five languages");
      await opened(page);
      for (const name of ["JavaScript", "Rust", "Command line", "curl"]) {
        await page.getByRole("tab", { name }).click();
        await assertAccessible(page, `everything open, ${name}`);
      }
    });

    pageTest(`axe finds nothing while the page waits for a retry, ${colorScheme}, ${width} px wide`, {
      ...options, consoleMessages: [], allowed: /503/,
    }, async ({ page }) => {
      await opened(page);
      await page.evaluate(axe);
      await openSettings(page, "Make it fail");
      await page.getByLabel("Fault").selectOption("503");
      await ask(page, "52001 52002 52003 52004 52005 52006 53001");
      await openDetails(page);
      await page.locator('#under-way [data-state="retrying"]').first().waitFor();
      await assertAccessible(page, "waiting to ask again");
      await page.getByRole("button", { name: "Cancel" }).click();
    });

    const { handler, release } = heldApi();
    pageTest(`axe finds nothing while the page waits, ${colorScheme}, ${width} px wide`, {
      ...options, handler, consoleMessages: [],
    }, async ({ page }) => {
      await status(page, "Fetching 5 runs …");
      await page.evaluate(axe);
      await assertAccessible(page, "waiting");
      await page.getByRole("button", { name: "Cancel" }).click();
      await status(page, "Cancelled.");
      await drawn(page);
      await assertAccessible(page, "cancelled");
      release();
    });
  }
}

const phone = { viewport: { width: 320, height: 640 }, consoleMessages: [failedToLoad(404, "Not Found")] };
pageTest("nothing is cut off or scrolls sideways at 320 px", phone, async ({ page }) => {
  await opened(page);
  const lists = ["12345 6789 20417", "61004 61005 61006 61009 61010", `61001 61003 999 ${Number.MAX_SAFE_INTEGER}`];
  for (const ids of lists) {
    await ask(page, ids);
    await page.locator(`.run:not(.waiting)[data-run-id="${ids.split(" ").at(-1)}"]`).waitFor();
    await drawn(page);
    const wide = await page.evaluate(() =>
      Array.from(document.querySelectorAll("body *"))
        // Code may scroll in its panel.
        .filter((element) => !element.matches(".visually-hidden, [role=tabpanel] *"))
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
        .map((element) => `${element.tagName}.${element.className}`));
    assert.deepEqual(wide, [], ids);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  }
});

for (const [reducedMotion, moving] of [["reduce", 0], ["no-preference", 5]]) {
  const { handler, release } = heldApi();
  const options = { handler, reducedMotion };
  pageTest(`${moving} animations with reduced motion ${reducedMotion}`, options, async ({ page }) => {
    await status(page, "Fetching 5 runs …");
    assert.equal(await page.evaluate(() => document.getAnimations().length), moving);
    release();
    await opened(page);
  });
}

pageTest("one main heading, and a landmark for each part", {}, async ({ page }) => {
  await opened(page);
  const headings = await page.getByRole("heading", { level: 1 }).allTextContents();
  assert.deepEqual(headings, ["Finished translations by run id"]);
  for (const role of ["banner", "main"]) assert.equal(await page.getByRole(role).count(), 1, role);
  for (const name of ["Fetch runs", "Results", "The call in your code", "Requests"]) {
    assert.equal(await page.getByRole("region", { name }).count(), 1, name);
  }
});
