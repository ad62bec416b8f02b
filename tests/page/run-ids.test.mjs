// The field for run ids: chips, the plan, and every mistake marked in place before anything is sent.

import assert from "node:assert/strict";
import { runs, sampleIds } from "../../www/sample-api/runs.js";
import { ask, board, enter, opened, pageTest, runIds, shown, status, tryExample } from "./support/page.mjs";

/** Returns the chips as `word` or `word: why`. */
const chips = (page) => page.locator(".chips li").evaluateAll((items) => items.map((item) =>
  [item.querySelector(".word"), item.querySelector(".why")].filter(Boolean).map((part) => part.textContent).join(": ")
  || item.textContent));
const wrong = (page) => page.locator(".chip.wrong").count();
const invalid = (page) => runIds(page).getAttribute("aria-invalid");
const news = (page) => page.locator("#run-ids-problems").textContent();
const focusedName = (page) => page.evaluate(() =>
  document.activeElement.getAttribute("aria-label") ?? document.activeElement.id);

/** Returns the message of the command line for a word. */
const notARunId = (word) => `"${word}" is not a run id: an integer from 1 to 9007199254740991`;

const LONG = "x".repeat(1000);
/** [the typed text, the chips, the wrong words] */
const mistakes = [
  ["12345 6789x", ["12345", "6789x"], ["6789x"]],
  ["12345 1.5", ["12345", "1.5"], ["1.5"]],
  ["12345 1e3", ["12345", "1e3"], ["1e3"]],
  ["12345 +3", ["12345", "+3"], ["+3"]],
  ["12345 0", ["12345", "0"], ["0"]],
  ["-5 12345", ["-5", "12345"], ["-5"]],
  ["12345 9007199254740992", ["12345", "9007199254740992"], ["9007199254740992"]],
  ["0 abc 1 1", ["0", "abc", "1", "1: repeat"], ["0", "abc"]],
  // A text pasted by mistake may be long.
  [`12345 ${LONG}`, ["12345", `${"x".repeat(24)}…`], [LONG]],
];
pageTest("every mistake is marked in place and announced once, and nothing is sent", {}, async ({ page, asked }) => {
  await opened(page);
  for (const [text, expected, [first, ...more]] of mistakes) {
    await ask(page, text);
    assert.deepEqual(await chips(page), expected);
    assert.equal(await wrong(page), 1 + more.length);
    assert.equal(await invalid(page), "true", text);
    await status(page, "Nothing was sent.");
    const word = first.length > 64 ? `${first.slice(0, 64)}…` : first;
    assert.equal(await news(page), `${notARunId(word)}${more.length > 0 ? `; and ${more.length} more` : ""}`);
    assert.equal(await page.getByText("is not a run id").count(), 1);
    assert.equal(await focusedName(page), `Remove ${first.length > 24 ? `${first.slice(0, 24)}…` : first}`);
    assert.equal(await page.locator("#stop .error").count(), 0);
    assert.deepEqual(await board(page), sampleIds.map(shown));
  }
  await ask(page, "12345 6789");
  await status(page, /^2 runs/);
  assert.deepEqual(asked, [sampleIds, [12345, 6789]]);
  assert.equal(await wrong(page), 0);
  assert.equal(await news(page), "");
  assert.equal(await invalid(page), "false");
});

pageTest("without an id nothing is sent", {}, async ({ page, asked }) => {
  await opened(page);
  for (const text of ["", " ,;\n"]) {
    await ask(page, text);
    await status(page, "Nothing was sent.");
    assert.equal(await news(page), "Enter a run id.");
    assert.equal(await focusedName(page), "run-ids");
  }
  assert.deepEqual(asked, [sampleIds]);
});

const plan = (page) => page.locator("#run-ids-plan > span");

pageTest("typed words become chips and a plan, one at a time", {}, async ({ page, asked }) => {
  await opened(page);
  await page.getByRole("button", { name: "Clear" }).click();
  assert.equal(await focusedName(page), "run-ids");
  assert.deepEqual([await chips(page), await plan(page).allTextContents()], [[], []]);
  await page.keyboard.type("12345");
  assert.deepEqual(await chips(page), []);
  assert.deepEqual(await plan(page).allTextContents(), ["1 id → 1 request"]);
  await page.keyboard.type(",");
  assert.deepEqual(await chips(page), ["12345"]);
  assert.equal(await runIds(page).inputValue(), "");
  assert.deepEqual(await plan(page).allTextContents(), ["1 id → 1 request"]);
  await page.keyboard.type("0;");
  assert.deepEqual(await chips(page), ["12345", "0"]);
  assert.equal(await news(page), notARunId("0"));
  assert.deepEqual(await plan(page).allTextContents(), []);
  await page.keyboard.press("Backspace");
  assert.deepEqual(await chips(page), ["12345"]);
  assert.equal(await news(page), "");
  await page.keyboard.type("6789");
  await page.keyboard.press("Enter");
  assert.deepEqual(await chips(page), ["12345", "6789"]);
  await page.keyboard.type("20417");
  await runIds(page).blur();
  assert.deepEqual(await chips(page), ["12345", "6789", "20417"]);
  assert.deepEqual(asked, [sampleIds]);
});

pageTest("a pasted list is added to the ids that were there", {}, async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await opened(page);
  await enter(page, "1");
  await page.evaluate(() => navigator.clipboard.writeText("52001\t52002\r\n[52003, \"52004\"] x"));
  await runIds(page).press("Control+v");
  assert.deepEqual(await chips(page), ["1", "52001", "52002", "52003", "52004", "x"]);
});

pageTest("a click on a button works while a word is being typed", {}, async ({ page, asked }) => {
  await opened(page);
  await enter(page, "1");
  await runIds(page).fill("61009, 61011");
  await page.getByRole("button", { name: "Fetch results" }).click();
  await status(page, /^3 runs/);
  assert.deepEqual(asked, [sampleIds, [1, 61009, 61011]]);
  await runIds(page).fill("x, y, z");
  await page.getByRole("button", { name: "Fetch results" }).click({ delay: 50 });
  await status(page, "Nothing was sent.");
  assert.equal(await wrong(page), 3);
});

pageTest("chips are removed by a click and by the keyboard", {}, async ({ page }) => {
  await opened(page);
  await enter(page, "1 2 3 4 5");
  await runIds(page).fill("6");
  await page.getByRole("button", { name: "Remove 2" }).click();
  assert.equal(await focusedName(page), "run-ids");
  await page.getByRole("button", { name: "Remove 6" }).waitFor();
  assert.deepEqual(await chips(page), ["1", "3", "4", "5", "6"]);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await focusedName(page), "Remove 6");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Backspace");
  assert.deepEqual(await chips(page), ["1", "3", "4", "6"]);
  assert.equal(await focusedName(page), "Remove 4");
  await page.keyboard.press("Delete");
  assert.deepEqual(await chips(page), ["1", "3", "6"]);
  assert.equal(await focusedName(page), "Remove 6");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  assert.deepEqual(await chips(page), ["3", "6"]);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowRight");
  assert.equal(await focusedName(page), "run-ids");
});

const upTo = (count) => Array.from({ length: count }, (_, index) => index + 1).join(" ");

pageTest("a long list folds into a count and can be edited, and its wrong words are shown", {}, async ({ page }) => {
  await opened(page);
  await enter(page, upTo(20));
  assert.equal((await chips(page)).length, 20);
  await enter(page, `${upTo(2000)} 20417x`);
  assert.deepEqual(await chips(page), ["2,000 ids, 1 to 2000Edit", "20417x"]);
  // The list unfolds before a chip is removed.
  await runIds(page).press("Backspace");
  const all = await chips(page);
  assert.deepEqual([all.length, ...all.slice(59)], [62, "60", "and 1,940 more", "20417x"]);
  await enter(page, `${upTo(2000)} 20417x`);
  await page.getByRole("button", { name: "Edit the run ids" }).click();
  assert.deepEqual(await chips(page), all);
  assert.equal(await focusedName(page), "run-ids");
  await page.getByRole("button", { name: "Remove 20417x" }).click();
  assert.deepEqual(await plan(page).allTextContents(), ["2,000 ids → 400 requests"]);
});

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
pageTest("the plan says the number of requests and the repeated ids", {}, async ({ page }) => {
  await opened(page);
  for (const [text, sentences] of plans) {
    await enter(page, text);
    assert.deepEqual(await plan(page).allTextContents(), sentences);
    assert.equal(await wrong(page), 0);
    assert.equal(await invalid(page), "false", text);
  }
});

pageTest("a repeated run is requested once", {}, async ({ page, asked }) => {
  await opened(page);
  await tryExample(page, "A run twice");
  await status(page, /^2 runs, 6 texts/);
  assert.deepEqual(asked, [sampleIds, [12345, 6789]]);
  assert.deepEqual(await board(page), [shown(12345), shown(6789)]);
});

pageTest("a single id is fetched", {}, async ({ page, asked }) => {
  await opened(page);
  await ask(page, "52001");
  await status(page, /^1 run, 4 texts/);
  assert.deepEqual(asked, [sampleIds, [52001]]);
  assert.deepEqual(await board(page), [shown(52001)]);
});

pageTest("plan and problems belong to the field, and problems are read out", {}, async ({ page }) => {
  await opened(page);
  const described = await runIds(page).getAttribute("aria-describedby");
  for (const part of ["plan", "problems"]) assert.ok(described.split(" ").includes(`run-ids-${part}`), part);
  assert.equal(await page.locator("#run-ids-problems").getAttribute("role"), "status");
});

pageTest("an example fills the field, and one with mistakes sends nothing", {}, async ({ page, asked }) => {
  await opened(page);
  await tryExample(page, "Right to left");
  await status(page, /^4 runs/);
  assert.deepEqual(await chips(page), ["20417", "20418", "20419", "61003"]);
  await tryExample(page, "Mistakes");
  await status(page, "Nothing was sent.");
  assert.deepEqual(await chips(page), ["12345", "20417x", "0"]);
  assert.deepEqual(asked, [sampleIds, [20417, 20418, 20419, 61003]]);
});

/** Returns the focused element, and whether the focus is visible. */
const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  // The chips have theirs around them all.
  const { outlineStyle, outlineWidth } = getComputedStyle(element.closest(".chip-box") ?? element);
  const name = element.getAttribute("aria-label") || element.id || element.textContent;
  return `${name}: ${outlineStyle} ${outlineWidth}`;
});

const charactersOf = (runId) => runs.get(runId).texts[0].length.toLocaleString("en");

pageTest("everything works with the keyboard alone", {}, async ({ page, asked }) => {
  await opened(page);
  for (const stop of ["System", "run-ids"]) {
    await page.keyboard.press("Tab");
    assert.equal(await focusedName(page), stop);
  }
  for (const _ of sampleIds) await page.keyboard.press("Backspace");
  await page.keyboard.type("1,61009");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await status(page, /^2 runs, 4 texts/);

  await page.keyboard.press("Shift+Tab");
  for (const _ of [1, 61009]) await page.keyboard.press("Backspace");
  await page.keyboard.type("61004 61005");
  await page.keyboard.press("Control+Enter");
  await status(page, /^2 runs, 2 texts/);
  assert.deepEqual(asked, [sampleIds, [1, 61009], [61004, 61005]]);

  const expected = [
    "run-ids",
    "fetch",
    "clear",
    "Service sample data",
    "Options defaults",
    "Make it fail nothing",
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
    "Copy the install command",
    "call-tab-0",
    "call-panel",
    "Copy the call",
    "README",
    "the options",
    "the command line",
    "the proxy for pages",
    "One run a row each row fetches its own run",
    "Details ",
    "search",
    "Copy the results",
    "JSON",
    "NDJSON",
    "CSV",
    "Copy the texts of run 61004",
    `Show all ${charactersOf(61004)} characters`,
    "Copy the texts of run 61005",
    `Show all ${charactersOf(61005)} characters`,
  ];
  const stops = [];
  while (stops.length < expected.length) {
    stops.push(await focused(page));
    await page.keyboard.press("Tab");
  }
  assert.deepEqual(stops, expected.map((name) => `${name}: solid 3px`));
});
