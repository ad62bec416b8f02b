// The log of requests: each line shows the outcome, and its bar stays in its column.

import assert from "node:assert/strict";
import { createSampleApi } from "../../www/sample-api/app.js";
import { sampleIds } from "../../www/sample-api/runs.js";
import {
  ask, failedToLoad, heldApi, opened, openSettings, pageTest, status, tryExample, wireLines,
} from "./support/page.mjs";

pageTest("the log shows the requests and the answers", {}, async ({ page }) => {
  await opened(page);
  await ask(page, "52006 1");
  await status(page, /^2 runs/);
  await ask(page, "52006");
  await status(page, /^1 run,/);
  const [, several, alone, ...others] = await wireLines(page);
  assert.match(several, /^POST 52006, 1, status 200, done in \d+ ms, sample-\d+$/);
  assert.match(alone, /^GET \/apis\/translation-result\/52006, status 200, done in \d+ ms, sample-\d+$/);
  assert.deepEqual(others, []);
});

pageTest("the log keeps the latest of many events", {}, async ({ page }) => {
  await opened(page);
  await tryExample(page, /^200 runs generated/);
  await status(page, /^200 runs, /);
  const lines = await wireLines(page);
  assert.equal(lines.length, 12);
  assert.match(lines.at(-1), /^POST 100\d+, .*, status 200, done in \d+ ms, /);
});

{
  const api = createSampleApi();
  let posts = 0;
  /** Answers with a 503 twice, then well. */
  const handler = async (request) =>
    request.method === "POST" && ++posts <= 2
      ? Response.json({ detail: "one moment" }, { status: 503, headers: { "retry-after-ms": "20" } })
      : api(request);
  const consoleMessages = Array(2).fill(failedToLoad(503, "Service Unavailable"));
  pageTest("failed attempts are in the log", { handler, consoleMessages }, async ({ page }) => {
    await opened(page);
    const lines = await wireLines(page);
    const ids = sampleIds.join(", ");
    const isPace = (line) => line.startsWith("pace");
    assert.match(lines.find(isPace) ?? "", /^pace at most \d requests? at once from here$/);
    // Durations and request ids are left out.
    const requests = lines.filter((line) => !isPace(line)).map((line) =>
      line.replace(/(done|failed) in \d+ ms/, "$1").replace(/sample-\d+/, "ID"));
    assert.deepEqual(requests, [
      `POST ${ids}, status 503, failed: SERVER_ERROR, again in 20 ms`,
      `POST ${ids}, attempt 2, status 503, failed: SERVER_ERROR, again in 20 ms`,
      `POST ${ids}, attempt 3, status 200, done, ID`,
    ]);
  });
}

pageTest("a request with an invalid answer is shown as failed, with its code", {}, async ({ page }) => {
  await opened(page);
  await openSettings(page, "Make it fail");
  await page.getByLabel("Fault").selectOption("truncated");
  await ask(page, "52006 1");
  await status(page, "No run was fetched.");
  const [, ...lines] = await wireLines(page);
  assert.equal(lines.length, 3);
  for (const line of lines) assert.match(line, /, status 200, failed in \d+ ms: INVALID_RESPONSE/);
});

{
  const { handler, release } = heldApi(1);
  pageTest("a request is shown as under way until it is cancelled", { handler }, async ({ page }) => {
    await opened(page);
    await ask(page, "52001 52002");
    await status(page, "Fetching 2 runs …");
    assert.match((await wireLines(page)).at(-1), /^POST 52001, 52002, under way$/);
    await page.getByRole("button", { name: "Cancel" }).click();
    await status(page, "Cancelled.");
    const [given, stop] = (await wireLines(page)).slice(-2);
    assert.match(given, /^POST 52001, 52002, given up after (\d+ ms|\d\.\d s)$/);
    assert.match(stop, /^stop cancelled here after /);
    release();
  });
}

/** Returns how far each bar reaches out of its track, and its width, in px. */
const bars = (page) => page.locator("#wire-log .bar").evaluateAll((all) => all.map((bar) => {
  const [own, track] = [bar, bar.parentElement].map((part) => part.getBoundingClientRect());
  return { out: Math.max(track.left - own.left, own.right - track.right), width: own.width };
}));

async function assertInColumn(page) {
  for (const { out, width } of await bars(page)) assert.ok(width >= 3 && out < 0.5, `${width} px, ${out} px out`);
}

{
  const { handler, release } = heldApi(20);
  pageTest("bars stay in their column and grow while a request is under way", { handler }, async ({ page }) => {
    await opened(page);
    await tryExample(page, /^200 runs generated/);
    // The page has used one of the 20 answers to open. Further requests are held.
    await page.locator("#now").filter({ hasText: "95 of 200 runs, 6 in flight" }).waitFor();
    await wireLines(page);
    const width = () => page.evaluate(() =>
      [...document.querySelectorAll("#wire-log .bar")].at(-1).getBoundingClientRect().width);
    const before = await width();
    await page.waitForTimeout(700);
    const after = await width();
    assert.ok(after > before, `${after} px, before ${before}`);
    await assertInColumn(page);
    release();
    await status(page, /^200 runs/);
    await assertInColumn(page);
  });
}

/** Returns the colours of points of the page on the screen. */
async function coloursAt(page, points) {
  const picture = (await page.screenshot()).toString("base64");
  return page.evaluate(async ([data, places]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d", { willReadFrequently: true });
    canvas.drawImage(image, 0, 0);
    return places.map(({ x, y }) => [...canvas.getImageData(x, y, 1, 1).data].join());
  }, [picture, points]);
}

pageTest("bars are visible in forced colours", {
  forcedColors: "active", viewport: { width: 1440, height: 1600 },
}, async ({ page }) => {
  await opened(page);
  const { x, y, width, height } = await page.locator("#wire-log .bar").boundingBox();
  const middle = { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
  const [bar, below] = await coloursAt(page, [middle, { ...middle, y: middle.y + 20 }]);
  assert.notEqual(bar, below);
});
