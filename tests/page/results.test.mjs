// The runs on the page: their order, their exact texts, and their layout.

import assert from "node:assert/strict";
import { runs, sampleIds } from "../../www/sample-api/runs.js";
import { ask, board, opened, pageTest, SERVED, shown, status, tryExample } from "./support/page.mjs";

/** Returns a text as the page shows it. */
const display = (text) => (text === "" ? "(empty)" : text.trim() === "" ? "(blank)" : text);

pageTest("the page opens with the five sample runs, fetched over HTTP", {}, async ({ page, asked }) => {
  await opened(page);
  assert.deepEqual(await board(page), sampleIds.map(shown));
  assert.deepEqual(asked, [sampleIds]);
  assert.equal(await page.locator("#badge").textContent(), SERVED);
  assert.equal(await page.locator("#results").getAttribute("aria-busy"), "false");
  assert.deepEqual(
    await page.locator(".run h3").allTextContents(),
    ["12345 Spanish", "6789 Japanese", "20417 Arabic", "31002 Hindi", "48813 Russian"],
  );
  assert.deepEqual(
    await page.locator(".run .text").evaluateAll((texts) => [...new Set(texts.map(({ lang }) => lang))]),
    ["es", "ja", "ar", "hi", "ru"],
  );
});

pageTest("other ids that are typed replace them, in the order typed", {}, async ({ page, asked }) => {
  await opened(page);
  await ask(page, "52006 1");
  await status(page, /^2 runs, 5 texts, /);
  assert.deepEqual(await board(page), [shown(52006), shown(1)]);
  assert.deepEqual(asked, [sampleIds, [52006, 1]]);
});

pageTest("ids may have any usual separator", {}, async ({ page, asked }) => {
  await opened(page);
  const text = `1,52001\t52002   \r\n 52003;52004\n\n[53001, "53002"] {'53003':53004} (53005)|61001/61002、61003`;
  const ids = [1, 52001, 52002, 52003, 52004, 53001, 53002, 53003, 53004, 53005, 61001, 61002, 61003];
  await ask(page, text);
  await status(page, /^13 runs, /);
  assert.deepEqual((await board(page)).map(([id]) => id), ids);
  assert.deepEqual(asked.slice(1).flat(), ids);
});

pageTest("every sample run is shown exactly", {}, async ({ page }) => {
  await opened(page);
  await ask(page, [...runs.keys()].join(" "));
  await status(page, new RegExp(`^${runs.size} runs, `));
  const expected = Array.from(runs, ([id, { texts }]) => {
    const visible = texts.length === 0 ? ["This run has no texts."] : texts.map(display);
    return [id, visible.map((text) => JSON.stringify(text))];
  });
  assert.deepEqual(await board(page), expected);
  assert.equal(await page.locator(".texts b, .texts img, .texts script").count(), 0);
});

pageTest("right-to-left texts begin at the right, their numbers too", {}, async ({ page }) => {
  await opened(page);
  const layout = (runId) => page.locator(`.run[data-run-id="${runId}"] .text`).first().evaluate((paragraph) => {
    const range = document.createRange();
    range.selectNodeContents(paragraph);
    const [text, box, item] = [range, paragraph, paragraph.parentElement].map((part) => part.getBoundingClientRect());
    return {
      direction: getComputedStyle(paragraph).direction,
      textToLeft: Math.round(text.left - box.left),
      textToRight: Math.round(box.right - text.right),
      numberAtLeft: Math.round(box.left - item.left),
      numberAtRight: Math.round(item.right - box.right),
    };
  });
  const spanish = await layout(12345);
  const arabic = await layout(20417);
  assert.equal(spanish.direction, "ltr");
  assert.equal(spanish.textToLeft, 0);
  assert.ok(spanish.textToRight > 50, JSON.stringify(spanish));
  assert.ok(spanish.numberAtLeft > 20 && spanish.numberAtRight === 0, JSON.stringify(spanish));
  assert.equal(arabic.direction, "rtl");
  assert.equal(arabic.textToRight, 0);
  assert.ok(arabic.textToLeft > 50, JSON.stringify(arabic));
  assert.ok(arabic.numberAtRight > 20 && arabic.numberAtLeft === 0, JSON.stringify(arabic));
});

pageTest("a long text is folded, and opens and folds again", {}, async ({ page }) => {
  await opened(page);
  await tryExample(page, "Long, empty and odd texts");
  await status(page, /^5 runs, 12 texts, /);
  const text = page.locator('.run[data-run-id="61004"] .text');
  const height = async () => (await text.boundingBox()).height;
  const folded = await height();
  const button = page.getByRole("button", { name: "Show all 6,214 characters" });
  assert.equal(await button.getAttribute("aria-expanded"), "false");
  await button.click();
  const open = await height();
  assert.ok(open > 5 * folded, `${open} is not far above ${folded}`);
  const fold = page.getByRole("button", { name: "Fold", exact: true });
  assert.equal(await fold.getAttribute("aria-expanded"), "true");
  await fold.click();
  assert.equal(await height(), folded);
});

pageTest("on paper the texts are complete, and controls are left out", {}, async ({ page }) => {
  await opened(page);
  await tryExample(page, "Long, empty and odd texts");
  await status(page, /^5 runs, 12 texts, /);
  await page.emulateMedia({ media: "print" });
  const hidden = await page.locator(".text").first().evaluate((text) => text.scrollHeight - text.clientHeight);
  assert.equal(hidden, 0);
  assert.equal(await page.locator("button:visible, textarea:visible").count(), 0);
  assert.equal(await page.locator(".run:visible").count(), 5);
  assert.equal(await page.locator("#tally:visible, #batches:visible").count(), 0);
});

const phone = { viewport: { width: 360, height: 640 } };
pageTest("on a narrow screen the page scrolls to the results", phone, async ({ page }) => {
  await opened(page);
  await tryExample(page, "Right to left");
  await status(page, /^4 runs/);
  const { y } = await page.getByRole("heading", { name: "Results" }).boundingBox();
  assert.ok(y >= 0 && y < 320, `the heading is at ${y}`);
});
