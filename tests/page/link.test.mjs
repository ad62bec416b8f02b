// The page's address contains the ids and the settings, but not the key.

import assert from "node:assert/strict";
import { sampleIds } from "../../www/sample-api/runs.js";
import { board, enter, opened, openSettings, pageTest, runIds, shown, status, tryExample } from "./support/page.mjs";

/** Returns the hash, after it has been updated. */
const hash = async (page) => {
  await page.waitForTimeout(400);
  return page.evaluate(() => location.hash);
};

/** Opens an address in a new page, as a link does. */
async function follow(page, address) {
  await page.goto("about:blank");
  await page.goto(address);
}

pageTest("a page can be shared: its address has the ids and the settings", {
  allowed: /40[04]/,
}, async ({ page }) => {
  await opened(page);
  assert.equal(await hash(page), "");
  await enter(page, "12345 100001 100002 100003 999 x&y=1");
  await openSettings(page, "Options");
  await page.getByLabel("Further attempts").fill("5");
  await openSettings(page, "Make it fail");
  await page.getByLabel("Fault").selectOption("400");
  await page.getByLabel("In", { exact: true }).selectOption("first");
  assert.equal(await hash(page), "#ids=12345,100001..100003,999,x%26y%3D1&retries=5&fault=400&fault-when=first");

  await page.getByRole("button", { name: "Remove x&y=1" }).click();
  assert.doesNotMatch(await hash(page), /x/);
  await follow(page, page.url());
  await status(page, "4 of 5 runs fetched. 1 failed.");
  assert.deepEqual((await board(page)).map(([id]) => id), [12345, 100001, 100002, 100003, 999]);
  assert.equal(await page.getByLabel("Further attempts", { includeHidden: true }).inputValue(), "5");
  assert.equal(await page.locator("#faults-now").textContent(), "400 bad request");

  await page.getByLabel("Further attempts", { includeHidden: true }).evaluate((field) => { field.value = ""; });
  await openSettings(page, "Make it fail");
  await page.getByLabel("Fault").selectOption("");
  await page.getByLabel("In", { exact: true }).selectOption("every");
  await tryExample(page, "Five languages");
  await opened(page);
  assert.equal(await hash(page), "");
});

pageTest("an address does not start a call to another service", {}, async ({ page, asked }) => {
  await opened(page);
  const address = page.url();
  await follow(page, `${address}#ids=1,2&service=other&base-url=https%3A%2F%2Felsewhere.test%2Fapis&api-key=stolen`);
  await page.locator("#controls:enabled").waitFor();
  assert.equal(await page.locator("#badge").textContent(), "elsewhere.test");
  assert.equal(await page.getByLabel("API key", { includeHidden: true }).inputValue(), "");
  assert.deepEqual(await page.locator(".chips .word").allTextContents(), ["1", "2"]);
  assert.equal(await page.locator("#status").textContent(), "");
  assert.deepEqual(asked, [sampleIds]);
  assert.doesNotMatch(await hash(page), /stolen/);
  // A missing proxy, and a huge range.
  await follow(page, `${address}#ids=1..9999999999,61009&service=proxy`);
  await status(page, "Nothing was sent.");
  assert.deepEqual(await page.locator(".chips .word").allTextContents(), ["1..9999999999", "61009"]);
});

pageTest("a change of the address by hand loads the new address", {}, async ({ page }) => {
  await opened(page);
  await page.evaluate(() => { location.hash = "ids=52001,52002"; });
  await status(page, /^2 runs, 8 texts/);
  assert.deepEqual(await board(page), [shown(52001), shown(52002)]);
});

pageTest("Ctrl+Enter fetches from anywhere, once", {}, async ({ page, asked }) => {
  await opened(page);
  await enter(page, "52001 52002");
  await page.getByRole("searchbox").press("Control+Enter");
  await status(page, /^2 runs, 8 texts/);
  await runIds(page).pressSequentially("1");
  await runIds(page).press("Control+Enter");
  await status(page, /^3 runs, /);
  assert.deepEqual(asked, [sampleIds, [52001, 52002], [52001, 52002, 1]]);
});

pageTest("a long list is not in the address, unless it is a range", {}, async ({ page }) => {
  await opened(page);
  await tryExample(page, /^2,000 runs/);
  assert.equal(await hash(page), "#ids=100001..102000");
  await enter(page, Array.from({ length: 2000 }, (_, index) => 1 + 2 * index).join(" "));
  assert.equal(await hash(page), "");
});
