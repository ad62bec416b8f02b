// The panel of faults: it shows each error of the package, with the sample API inside the page and over HTTP.

import assert from "node:assert/strict";
import { FAULTS } from "../../www/sample-api/faults.js";
import { OUTCOMES } from "./support/outcomes.mjs";
import { ask, board, errorCard, noApi, openDetails, opened, openSettings, pageTest, shown, status } from "./support/page.mjs";

async function makeItFail(page, fault, when = "every") {
  await openSettings(page, "Make it fail");
  await page.getByLabel("Fault").selectOption(fault);
  await page.getByLabel("In", { exact: true }).selectOption(when);
}

async function option(page, label, value) {
  const open = await page.locator("#options").evaluate((details) => details.open);
  if (!open) await openSettings(page, "Options");
  await page.getByLabel(label).fill(value);
}

/** The faults that differ between a server and the page. */
const IN_PAGE = ["429", "reset", "cut", "slow", "silent", "missing"];
const PLACES = [["over HTTP", undefined, Object.keys(OUTCOMES)], ["inside the page", noApi, IN_PAGE]];

for (const [where, handler, faults] of PLACES) {
  for (const fault of faults) {
    const { stops = false, code, came = 0, wait, ...advice } = OUTCOMES[fault];
    // Inside the page, the service has a URL of its own.
    const next = (handler && advice.inPage) ?? advice.next;
    pageTest(`${where}: ${FAULTS[fault].label} is ${code}`, {
      handler,
      // The number of these messages depends on the browser.
      allowed: /^Failed to load resource/,
    }, async ({ page }) => {
      await opened(page);
      await option(page, "Further attempts", "1");
      await option(page, "Time for an attempt, ms", "400");
      await makeItFail(page, fault);
      await ask(page, "12345 6789 20417");
      await status(page, came > 0 ? /fetched/ : "No run was fetched.");
      const cards = page.locator(stops ? "#stop .error" : "#unfinished .error");
      await cards.first().waitFor();
      const card = await errorCard(cards.first());
      assert.equal(card.code, code);
      assert.equal(card.Wait, wait);
      assert.ok(card.Why.length > 10 && card["What to do"].startsWith(next), JSON.stringify(card));
      assert.doesNotMatch(JSON.stringify(card), /sample-key/);
      // Equal failures share a card.
      assert.equal(await cards.count(), 1);
      const runs = came > 0 || stops ? undefined : "12345, 6789, 20417";
      assert.equal(card["3 runs"], runs);
      if (!stops) assert.equal(await page.locator(".run.failed").count(), 3 - came);

      // Without the fault, the errors are gone.
      await page.getByLabel("Fault").selectOption("");
      await page.getByRole("button", { name: /^(Retry failed runs|Fetch pending runs)/ }).click();
      await status(page, /^3 runs, 9 texts/);
      assert.deepEqual(await board(page), [12345, 6789, 20417].map(shown));
      assert.equal(await page.locator(".error").count(), 0);
    });
  }
}

/** Records every state of the parts of the bar and of the request lines. */
const watch = (page) => page.evaluate(() => {
  const seen = { parts: new Set(), lines: new Set() };
  globalThis.seen = seen;
  new MutationObserver(() => {
    for (const part of document.querySelectorAll("#batches span")) seen.parts.add(part.dataset.state);
    for (const line of document.querySelectorAll("#under-way li")) seen.lines.add(line.textContent);
  }).observe(document.getElementById("progress"), { childList: true, subtree: true, attributes: true });
});
const seen = (page) => page.evaluate(() => ({ parts: [...seen.parts], lines: [...seen.lines] }));

pageTest("each batch shows its states: waiting, sending, retrying with the reason, and done", {
  allowed: /503/,
  // The random wait is made long enough to be seen.
  prepare: (page) => page.addInitScript(() => { Math.random = () => 0.9; }),
}, async ({ page }) => {
  await opened(page);
  await option(page, "Requests at once", "2");
  await makeItFail(page, "503", "first");
  await page.getByLabel(/^Latency/).fill("300");
  await openDetails(page);
  await watch(page);
  await ask(page, Array.from({ length: 20 }, (_, index) => 100_001 + index).join(" "));
  await status(page, /^20 runs, /);
  const { parts, lines } = await seen(page);
  assert.deepEqual(parts.toSorted(), ["done", "retrying", "sending", "waiting"]);
  assert.equal(await page.locator("#batches span").count(), 4);
  assert.ok(lines.some((line) => /^100001, 100002, 100003 and 2 more sending, \d+ ms$/.test(line)), lines.join("\n"));
  const waits = lines.filter((line) => / again in (\d+ ms|\d\.\d s) after SERVER_ERROR, attempt 2$/.test(line));
  // The line counts down.
  assert.ok(waits.length > 2, lines.join("\n"));
  assert.deepEqual(await page.locator("#under-way li").allTextContents(), ["No request is under way."]);
});

pageTest("with a rate limit nothing is lost", { allowed: /429/ }, async ({ page }) => {
  await opened(page);
  await makeItFail(page, "limit-told");
  await ask(page, Array.from({ length: 60 }, (_, index) => 100_001 + index).join(" "));
  await status(page, /^60 runs, /);
  const log = await page.locator("#wire-log").textContent();
  assert.match(log, /429, failed in \d+ ms: RATE_LIMITED, again in 1\.0 s/);
  assert.match(log, /pace at most \d requests? at once/);
});

const options = [
  ["Requests at once", "0", "concurrency"],
  ["Time for an attempt, ms", "a while", "timeoutMs"],
  ["Further attempts", "1.5", "maxRetries"],
  ["Time for the whole call, ms", "-1", "deadlineMs"],
];
pageTest("the package refuses an invalid option by name", {}, async ({ page, asked }) => {
  await opened(page);
  for (const [label, value, name] of options) {
    await option(page, label, value);
    await page.getByRole("button", { name: "Fetch results" }).click();
    const card = page.locator("#stop .error");
    await card.filter({ hasText: name }).waitFor();
    const { code, Option: named, "What to do": next } = await errorCard(card);
    assert.deepEqual([code, named, next], ["INVALID_OPTIONS", name, "Change it under Options, then fetch again."]);
    await option(page, label, "");
  }
  assert.equal(asked.length, 1);
});

pageTest("an error report can be copied, and has no key", {
  allowed: /401/, permissions: ["clipboard-read", "clipboard-write"],
}, async ({ page }) => {
  await opened(page);
  await makeItFail(page, "401");
  await ask(page, "12345 6789");
  await page.getByRole("button", { name: "Copy report of the error that stopped the call" }).click();
  await page.locator("#copy-status").filter({ hasText: "Copied." }).waitFor();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  const { code, status: refusal, attempts, at, userAgent } = JSON.parse(report);
  assert.deepEqual([code, refusal, attempts], ["UNAUTHORIZED", 401, 1]);
  assert.ok(Date.parse(at) > 0 && userAgent.includes("Chrome"));
  assert.doesNotMatch(report, /sample-key/);
});
