// The field for run ids: every mistake is named beside it before anything is sent.

import assert from "node:assert/strict";
import { runs, sampleIds } from "../../www/sample-api/runs.js";
import { ask, board, opened, pageTest, shown, status, tryExample } from "./support/page.mjs";

const problems = (page) => page.locator("#run-ids-problems li").allTextContents();
const invalid = (page) => page.getByLabel("Run ids").getAttribute("aria-invalid");

const mistakes = [
  ["", ["Enter a run id."]],
  [" ,;\n", ["Enter a run id."]],
  ["12345 6789x", ["“6789x” is not a whole number."]],
  ["12345 1.5", ["“1.5” is not a whole number."]],
  ["12345 1e3", ["“1e3” is not a whole number."]],
  ["12345 0", ["0 is too small: run ids begin at 1."]],
  ["-5 12345", ["-5 is too small: run ids begin at 1."]],
  ["12345 9007199254740992", ["9007199254740992 is too large: run ids end at 9007199254740991."]],
  ["0 abc 1 1 0", ["0 is too small: run ids begin at 1.", "“abc” is not a whole number."]],
  // What is pasted by mistake may be long.
  [`12345 ${"x".repeat(1000)}`, [`“${"x".repeat(24)}…” is not a whole number.`]],
  ["the quick brown fox jumps over the lazy dog", [
    ...["the", "quick", "brown", "fox", "jumps"].map((word) => `“${word}” is not a whole number.`),
    "And 3 mistakes more.",
  ]],
];
pageTest("every mistake is named, and nothing is sent", {}, async ({ page, asked }) => {
  await opened(page);
  for (const [text, sentences] of mistakes) {
    await ask(page, text);
    // In any order: which problem comes first is the package's to say.
    assert.deepEqual((await problems(page)).sort(), [...sentences].sort());
    assert.equal(await invalid(page), "true", text);
    assert.equal(await page.evaluate(() => document.activeElement.id), "run-ids", text);
    await status(page, "Nothing was sent.");
    assert.deepEqual(await board(page), sampleIds.map(shown));
  }
  await ask(page, "12345 6789");
  await status(page, /^2 runs/);
  assert.deepEqual(asked, [sampleIds, [12345, 6789]]);
  assert.deepEqual(await problems(page), []);
  assert.equal(await invalid(page), "false");
});

const plan = (page) => page.locator("#run-ids-plan > span");

pageTest("what is typed is planned, and a mistake in it named", {}, async ({ page, asked }) => {
  await opened(page);
  const field = page.getByLabel("Run ids");
  await field.fill("");
  await plan(page).first().waitFor({ state: "detached" });
  assert.deepEqual(await problems(page), []);
  await field.pressSequentially("12345");
  await plan(page).filter({ hasText: "1 id → 1 request" }).waitFor();
  await field.pressSequentially(" 0");
  await page.locator("#run-ids-problems li").waitFor();
  assert.deepEqual(await problems(page), ["0 is too small: run ids begin at 1."]);
  assert.deepEqual(await plan(page).allTextContents(), []);
  assert.equal(await invalid(page), "true");
  await field.press("Backspace");
  await page.locator("#run-ids-problems li").waitFor({ state: "detached" });
  assert.equal(await invalid(page), "false");
  assert.deepEqual(asked, [sampleIds]);
});

const upTo = (count) => Array.from({ length: count }, (_, index) => index + 1).join(" ");
const plans = [
  ["7", ["1 id → 1 request"]],
  [upTo(5), ["5 ids → 1 request"]],
  [upTo(6), ["6 ids → 3 + 3"]],
  [upTo(11), ["11 ids → 4 + 4 + 3"]],
  [upTo(30), ["30 ids → 5 + 5 + 5 + 5 + 5 + 5"]],
  [upTo(31), ["31 ids → 7 requests"]],
  [upTo(5000), ["5,000 ids → 1,000 requests"]],
  ["1 2 3 1 1", ["3 ids → 1 request", "1 is given more than once: asked for once."]],
  ["1 2 3 4 2 1", ["4 ids → 1 request", "2 and 1 are given more than once: asked for once."]],
  [`${upTo(11)} ${upTo(6)}`, ["11 ids → 4 + 4 + 3", "6 of them are given more than once: each is asked for once."]],
];
pageTest("the plan says how many requests it takes, and what is repeated", {}, async ({ page }) => {
  await opened(page);
  for (const [text, sentences] of plans) {
    await page.getByLabel("Run ids").fill(text);
    await plan(page).filter({ hasText: sentences[0] }).waitFor();
    assert.deepEqual(await plan(page).allTextContents(), sentences);
    assert.deepEqual(await problems(page), []);
    assert.equal(await invalid(page), "false", text);
  }
});

pageTest("a run that is given twice is asked for once", {}, async ({ page, asked }) => {
  await opened(page);
  await tryExample(page, "A run twice");
  await status(page, /^2 runs with 6 texts/);
  assert.deepEqual(asked, [sampleIds, [12345, 6789]]);
  assert.deepEqual(await board(page), [shown(12345), shown(6789)]);
});

pageTest("one id alone is asked for", {}, async ({ page, asked }) => {
  await opened(page);
  await ask(page, "52001");
  await status(page, /^1 run with 4 texts/);
  assert.deepEqual(asked, [sampleIds, [52001]]);
  assert.deepEqual(await board(page), [shown(52001)]);
});

pageTest("the problems belong to the field and are read out", {}, async ({ page }) => {
  await opened(page);
  const described = await page.getByLabel("Run ids").getAttribute("aria-describedby");
  for (const part of ["plan", "problems"]) assert.ok(described.split(" ").includes(`run-ids-${part}`), part);
  assert.equal(await page.locator("#run-ids-problems").getAttribute("aria-live"), "polite");
});

pageTest("an example fills the field, and one with mistakes sends nothing", {}, async ({ page, asked }) => {
  await opened(page);
  await tryExample(page, "Right to left");
  await status(page, /^4 runs/);
  assert.equal(await page.getByLabel("Run ids").inputValue(), "20417, 20418, 20419, 61003");
  await tryExample(page, "Mistakes");
  await status(page, "Nothing was sent.");
  assert.deepEqual(await problems(page), [
    "“20417x” is not a whole number.",
    "0 is too small: run ids begin at 1.",
  ]);
  assert.deepEqual(asked, [sampleIds, [20417, 20418, 20419, 61003]]);
});

/** What has the focus, and whether that can be seen. */
const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const name = element.id || element.getAttribute("aria-label") || element.textContent;
  return `${name}: ${outlineStyle} ${outlineWidth}`;
});

const charactersOf = (runId) => runs.get(runId).texts[0].length.toLocaleString("en");

pageTest("the keyboard alone does it all", {}, async ({ page, asked }) => {
  await opened(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("1,61009");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await status(page, /^2 runs with 4 texts/);

  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("61004 61005");
  await page.keyboard.press("Control+Enter");
  await status(page, /^2 runs with 2 texts/);
  assert.deepEqual(asked, [sampleIds, [1, 61009], [61004, 61005]]);

  const expected = [
    "run-ids",
    "fetch",
    "Five languages 5 runs",
    "200 runs generated",
    "200 runs, a few bad 999, 70001, 80003",
    "2,000 runs generated",
    "Right to left 4 runs",
    "Long, empty and odd texts 5 runs",
    "An unknown run 12345, 999, 6789",
    "An unfinished run 12345, 70001",
    "A dubbing run 12345, 80003",
    "A run twice 12345, 6789, 12345",
    "Mistakes 12345, 20417x, 0",
    `Show all ${charactersOf(61004)} characters`,
    `Show all ${charactersOf(61005)} characters`,
    "Copy the install command",
    "Copy the example",
  ];
  const stops = [];
  while (stops.length < expected.length) {
    stops.push(await focused(page));
    await page.keyboard.press("Tab");
  }
  assert.deepEqual(stops, expected.map((name) => `${name}: solid 3px`));
});

pageTest("the lines to copy are copied as they stand", {}, async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await opened(page);
  const pasted = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole("button", { name: "Copy the install command" }).click();
  await page.locator("#copy-status").filter({ hasText: "Copied." }).waitFor();
  assert.equal(await pasted(), "npm install translation-results");
  await page.getByRole("button", { name: "Copy the example" }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes("\n"));
  assert.equal(await pasted(), await page.locator("#example").textContent());
});
