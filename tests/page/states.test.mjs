// While an answer is on its way, when it is given up, and when it is an error.

import assert from "node:assert/strict";
import { createSampleApi } from "../../www/sample-api/app.js";
import { sampleIds } from "../../www/sample-api/runs.js";
import { ask, board, failedToLoad, heldApi, opened, pageTest, shown, status, tryExample } from "./support/page.mjs";

const boardIds = async (page) => (await board(page)).map(([id]) => id);
const cancel = (page) => page.getByRole("button", { name: "Cancel" });

/** The error card as an object. */
const errorCard = (page) => page.locator(".error").evaluate((card) => ({
  code: card.querySelector(".code").textContent,
  ...Object.fromEntries(Array.from(card.querySelectorAll("dl > div"), (fact) => [
    fact.querySelector("dt").textContent,
    Array.from(fact.querySelectorAll("dd"), (value) => value.textContent).join(" "),
  ])),
}));

{
  const { handler, release } = heldApi();
  pageTest("while it waits it shows which runs are to come", { handler }, async ({ page }) => {
    await status(page, "Fetching 5 runs …");
    assert.deepEqual(await boardIds(page), sampleIds);
    assert.equal(await page.locator(".run.waiting").count(), 5);
    assert.equal(await page.locator("#results").getAttribute("aria-busy"), "true");
    assert.ok(await cancel(page).isVisible());
    release();
    await opened(page);
    assert.deepEqual(await board(page), sampleIds.map(shown));
    assert.equal(await page.locator("#results").getAttribute("aria-busy"), "false");
    assert.ok(await cancel(page).isHidden());
  });
}

{
  const { handler, release } = heldApi();
  pageTest("Cancel ends the request, and the focus stays in the form", { handler }, async ({ page }) => {
    await status(page, "Fetching 5 runs …");
    const failed = page.waitForEvent("requestfailed");
    await cancel(page).focus();
    await page.keyboard.press("Enter");
    assert.equal((await failed).failure().errorText, "net::ERR_ABORTED");
    await status(page, "Cancelled.");
    assert.equal(await page.locator(".run, .error").count(), 0);
    assert.ok(await cancel(page).isHidden());
    assert.equal(await page.evaluate(() => document.activeElement.id), "fetch");
    assert.match(await page.locator("#wire-log li").last().textContent(), /^stop cancelled here after/);
    release();
    await ask(page, "12345 6789");
    await status(page, /^2 runs/);
  });
}

{
  const { handler, release } = heldApi(1);
  pageTest("a new request takes the place of one under way", { handler }, async ({ page, asked }) => {
    await opened(page);
    await ask(page, "52001 52002");
    await status(page, "Fetching 2 runs …");
    const failed = page.waitForEvent("requestfailed");
    await ask(page, "1 61009 61011");
    await failed;
    await status(page, "Fetching 3 runs …");
    assert.ok(await cancel(page).isVisible());
    release();
    await status(page, /^3 runs with 23 texts/);
    assert.deepEqual(await boardIds(page), [1, 61009, 61011]);
    assert.deepEqual(
      (await page.locator("#wire-log li").allTextContents()).map((line) => line.slice(0, 4)),
      ["POST", "200 ", "POST", "stop", "POST", "200 "],
    );
    assert.deepEqual(asked.slice(1), [[52001, 52002], [1, 61009, 61011]]);
  });
}

pageTest("an unknown run: the others are kept", {}, async ({ page }) => {
  await opened(page);
  await tryExample(page, "An unknown run");
  await status(page, "2 of 3 runs came.");
  assert.deepEqual(await board(page), [shown(12345), [999, "no result"], shown(6789)]);
  const { Message: message, ...card } = await errorCard(page);
  assert.match(message, /\b999\b/);
  assert.deepEqual(card, {
    code: "MISSING_RESULT",
    "What to do": "Run 999 did not come: check that the run exists and belongs to this account.",
    "Asked for": "12345, 999, 6789",
    Attempts: "1",
  });
});

pageTest("an unfinished run: the others are kept", {}, async ({ page }) => {
  await opened(page);
  await ask(page, "6789 70001 404404 12345");
  await status(page, "2 of 4 runs came.");
  assert.deepEqual(await board(page), [shown(6789), [70001, "no result"], [404404, "no result"], shown(12345)]);
  const { code, "What to do": next } = await errorCard(page);
  assert.equal(code, "INVALID_RESPONSE");
  assert.equal(
    next,
    "Run 70001 has no texts yet. Ask for it again once it is finished. " +
      "Run 404404 did not come: check that the run exists and belongs to this account.",
  );
});

const consoleMessages = [failedToLoad(400, "Bad Request")];
pageTest("a run of another type: the request is refused as a whole", { consoleMessages }, async ({ page }) => {
  await opened(page);
  await tryExample(page, "A dubbing run");
  await status(page, "No run came.");
  assert.deepEqual(await board(page), []);
  const { Message: message, "Request id": requestId, ...card } = await errorCard(page);
  assert.match(message, /All run IDs must correspond to the same run type/);
  assert.match(requestId, /^sample-\d+$/);
  assert.deepEqual(card, {
    code: "BAD_REQUEST",
    "What to do":
      "A request is refused as a whole, so no run came. Leave out the run that does not fit, and ask again.",
    "Asked for": "12345, 80003",
    Status: "400",
    Attempts: "1",
  });
  const last = page.locator("#wire-log li").last();
  assert.match(await last.textContent(), /^400 in/);

  await tryExample(page, "Five languages");
  await opened(page);
  assert.equal(await page.locator(".error").count(), 0);
});

{
  const api = createSampleApi();
  let posts = 0;
  /** Out of order twice, then well. */
  const handler = async (request) =>
    request.method === "POST" && ++posts <= 2
      ? Response.json({ detail: "one moment" }, { status: 503, headers: { "retry-after-ms": "20" } })
      : api(request);
  const consoleMessages = Array(2).fill(failedToLoad(503, "Service Unavailable"));
  pageTest("attempts that fail are in the log", { handler, consoleMessages }, async ({ page }) => {
    await opened(page);
    const lines = await page.locator("#wire-log li").allTextContents();
    const ids = sampleIds.join(", ");
    assert.deepEqual(lines.map((line) => line.replace(/ in \d+ ms.*/, "")), [
      `POST /apis/translation-results for ${ids}`,
      "503",
      "wait 20 ms after SERVER_ERROR, then again",
      `POST /apis/translation-results for ${ids}, attempt 2`,
      "503",
      "wait 20 ms after SERVER_ERROR, then again",
      `POST /apis/translation-results for ${ids}, attempt 3`,
      "200",
    ]);
    await ask(page, "1 61009");
    await status(page, /^2 runs/);
    // The oldest make room, whole attempts at a time.
    const kept = await page.locator("#wire-log li").allTextContents();
    assert.deepEqual(kept.map((line) => line.slice(0, 4)), ["POST", "503 ", "wait", "POST", "200 ", "POST", "200 "]);
  });
}

/** The page as a server sends it whose policy forbids WebAssembly. */
const withoutWasm = (page) => page.route(({ pathname }) => pathname === "/", async (route) => {
  const response = await route.fetch();
  const policy = response.headers()["content-security-policy"].replace("'wasm-unsafe-eval'", "");
  await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
});
pageTest("where WebAssembly is forbidden, it says so", { prepare: withoutWasm }, async ({ page, asked }) => {
  await page.locator("#badge").filter({ hasText: "not started" }).waitFor();
  const { code } = await errorCard(page);
  assert.equal(code, "WASM_UNAVAILABLE");
  assert.ok(await page.getByLabel("Run ids").isDisabled());
  assert.deepEqual(asked, []);
});

pageTest("without scripts the page says what it needs", { javaScriptEnabled: false }, async ({ page }) => {
  await page.getByText("The page needs JavaScript").waitFor();
  assert.ok(await page.getByLabel("Run ids").isDisabled());
});
