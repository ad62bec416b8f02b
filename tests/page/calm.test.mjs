// Thousands of runs: equal failures share a card, nothing jumps, and the code is not far down.

import assert from "node:assert/strict";
import { generatedIds } from "../../www/sample-api/generated.js";
import { ask, errorCard, failures, openDetails, opened, pageTest, status, tryExample } from "./support/page.mjs";

pageTest("equal failures share a card, whose links lead to rows that are not drawn yet", {
  allowed: /Failed to load resource/,
}, async ({ page }) => {
  await opened(page);
  const bad = Array.from({ length: 15 }, (_, index) => 999_001 + index);
  await ask(page, [...generatedIds(60), ...bad, 80003].join(" "));
  await status(page, "60 of 76 runs fetched. 16 failed.");
  const [unknown, ofOtherType, ...others] = await Promise.all((await failures(page).all()).map(errorCard));
  assert.deepEqual(others, []);
  assert.equal(unknown.code, "NOT_FOUND");
  assert.equal(unknown["15 runs"], `${bad.slice(0, 12).join(", ")}, and 3 more`);
  assert.equal(unknown.Why, "run … was not found (404)");
  assert.equal("Request id" in unknown, false);
  assert.deepEqual([ofOtherType.code, ofOtherType.Run], ["BAD_REQUEST", "80003"]);
  assert.equal(await page.locator("#run-80003").count(), 0);
  await page.getByRole("searchbox").fill("nowhere");
  await page.locator("#found").filter({ hasText: "0 texts" }).waitFor();
  await failures(page).getByRole("link", { name: "80003" }).click();
  await page.waitForFunction(() => {
    const { top, bottom } = document.getElementById("run-80003").getBoundingClientRect();
    return top > -1 && bottom < innerHeight + 1;
  });
  assert.equal(await page.evaluate(() => document.activeElement.id), "run-80003");
  assert.equal(await page.locator(".run").count(), 76);
});

for (const width of [360, 1440]) {
  pageTest(`nothing jumps while a call runs, ${width} px wide`, {
    viewport: { width, height: 900 }, allowed: /Failed to load resource/,
  }, async ({ page }) => {
    await opened(page);
    await tryExample(page, /^2,000 runs/);
    await openDetails(page);
    const places = () => page.evaluate(() => ["fetch", "clear", "now", "tally", "tools", "results", "call"].map((id) => {
      const { top, left } = document.getElementById(id).getBoundingClientRect();
      // The horizontal position of the summary depends on its text.
      return [id, Math.round(top + scrollY), id === "now" || Math.round(left)];
    }));
    await page.waitForFunction(() => document.querySelector("#now").textContent.includes("in flight"));
    const before = await places();
    for (let count = 0; count < 10; count += 1) {
      await page.waitForTimeout(100);
      assert.deepEqual(await places(), before);
    }
    await page.getByRole("button", { name: "Cancel" }).click();
    await status(page, "Cancelled.");
    // Only the parts above the missing runs.
    assert.deepEqual((await places()).slice(0, 4), before.slice(0, 4));
  });
}

const phone = { viewport: { width: 360, height: 640 } };
pageTest("on a narrow screen the code comes before the results", phone, async ({ page }) => {
  await opened(page);
  const [code, results] = await page.evaluate(() => ["call", "results-title"].map((id) =>
    document.getElementById(id).getBoundingClientRect().top));
  assert.ok(code < results, `${code} and ${results}`);
});
