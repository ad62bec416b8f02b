/** Runs the code of `docs/single-runs.md` with React, TanStack Query and SWR in Chromium. */
import assert from "node:assert/strict";
import { findRun, generatedIds } from "../../www/sample-api/generated.js";
import { test } from "./support/bounded.mjs";
import { until } from "./support/bulk.mjs";
import { runScript } from "./support/install.mjs";
import { codeOfRecipe, recipeTest } from "./support/single-runs-page.mjs";

const IDS = generatedIds(20);
const [FIRST, ...OTHERS] = IDS;
const BATCHES = [0, 5, 10, 15].map((start) => ["POST", ...IDS.slice(start, start + 5)]);
const FIRST_FIVE = IDS.slice(0, 5);
const LAST_FIFTEEN = IDS.slice(5);
const UNKNOWN = 404404;

const cells = (page) => page.locator("td").allTextContents();
const textOf = (runId) => findRun(runId).texts.join(" ");

/** Waits until the table has exactly these rows, each with its texts or the given text. */
async function assertShows(page, runIds, special = {}) {
  const expected = runIds.map((runId) => special[runId] ?? textOf(runId));
  const shown = expected.map((text) => text.slice(0, 20));
  await page.waitForFunction((texts) => {
    const cells = [...document.querySelectorAll("td")].map((cell) => cell.textContent);
    return cells.length === texts.length && texts.every((text, index) => cells[index].startsWith(text));
  }, shown).catch(async (cause) => assert.fail(`${cause.message}, but the table shows ${JSON.stringify(await cells(page))}`));
  assert.deepEqual(await cells(page), expected);
}

const hasAborted = (page, runId) => page.evaluate((id) => window.table.hasAborted(id), runId);

test("a server that renders the page may import the client", async () => {
  const { stdout } = await runScript("rendering.mjs", `${codeOfRecipe("client.js")}\nconsole.log(typeof getClient);`);
  assert.equal(stdout, "function\n");
});

for (const library of ["tanstack-query", "swr"]) {
  const passesSignal = library === "tanstack-query";

  recipeTest(library, "20 rows that each ask for their run send 4 requests, in StrictMode", async ({ page, wire, show }) => {
    await show(IDS);
    await assertShows(page, IDS);
    assert.equal(await page.evaluate("window.table.mounts()"), 40, "each row is mounted twice");
    assert.deepEqual(wire.sent, BATCHES);
    assert.deepEqual(wire.ended, []);
    assert.deepEqual(wire.complaints, []);
  });

  recipeTest(library, "an unknown run shows its error in its row only, and is not retried", async ({ page, wire, show }) => {
    const ids = IDS.with(7, UNKNOWN);
    await show(ids);
    await assertShows(page, ids, { [UNKNOWN]: "run 404404 was not found (404)" });
    // After every retry of the library would be due.
    await page.clock.fastForward("10:00");
    await page.waitForTimeout(200);
    const batches = BATCHES.with(1, ["POST", ...ids.slice(5, 10)]);
    assert.deepEqual(wire.sent, [...batches, ["GET", UNKNOWN]]);
    assert.deepEqual(wire.complaints.length, 1, String(wire.complaints));
    assert.match(wire.complaints[0], /^Failed to load resource: .*404/);
  });

  recipeTest(library, "unmounting a row with a pending run does not affect the others", async ({ page, wire, show, hold }) => {
    const release = hold();
    await show(IDS);
    await until(() => wire.sent.length === 4);
    await show(OTHERS);
    await assertShows(page, OTHERS, Object.fromEntries(OTHERS.map((runId) => [runId, "…"])));
    assert.equal(await hasAborted(page, FIRST), passesSignal ? true : undefined);
    assert.equal(await hasAborted(page, OTHERS[0]), passesSignal ? false : undefined);
    release();
    await assertShows(page, OTHERS);
    assert.deepEqual(wire.sent, BATCHES);
    assert.deepEqual(wire.ended, [], "the page cancels no request");
    assert.deepEqual(wire.complaints, []);
  });

  recipeTest(library, "a row that returns while its run is pending shares the request", async ({ page, wire, show, hold }) => {
    const release = hold();
    await show(IDS);
    await until(() => wire.sent.length === 4);
    await show(OTHERS);
    await show(IDS);
    await assertShows(page, IDS, Object.fromEntries(IDS.map((runId) => [runId, "…"])));
    release();
    await assertShows(page, IDS);
    assert.deepEqual(wire.sent, BATCHES);
    assert.deepEqual(wire.complaints, []);
  });

  recipeTest(library, "a run that the library has cached is not requested again", async ({ page, wire, show }) => {
    await show(IDS);
    await assertShows(page, IDS);
    await show([]);
    await assertShows(page, []);
    await page.clock.fastForward("01:00");
    await show(IDS);
    await assertShows(page, IDS);
    await page.waitForTimeout(200);
    assert.deepEqual(wire.sent, BATCHES);
    assert.deepEqual(wire.complaints, []);
  });

  const outcome = passesSignal ? "ends the request" : "keeps the results for later";
  recipeTest(library, `unmounting all rows of a request ${outcome}`, async ({ page, wire, show, hold }) => {
    const release = hold();
    await show(IDS);
    await until(() => wire.sent.length === 4);
    await show(LAST_FIFTEEN);
    if (passesSignal) await until(() => wire.ended.length > 0);
    release();
    await assertShows(page, LAST_FIFTEEN);
    await show(IDS);
    await assertShows(page, IDS);
    assert.deepEqual(wire.ended, passesSignal ? [FIRST_FIVE] : []);
    assert.deepEqual(wire.sent, passesSignal ? [...BATCHES, BATCHES[0]] : BATCHES);
    assert.deepEqual(wire.complaints, []);
  });
}
