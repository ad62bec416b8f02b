// The page while it waits for an answer, after a cancel, and after an error.

import assert from "node:assert/strict";
import { sampleIds } from "../../www/sample-api/runs.js";
import {
  ask, askMeanwhile, board, errorCard, failedToLoad, failures, heldApi, opened, pageTest, runIds, shown, status, tryExample, wireLines,
} from "./support/page.mjs";

const boardIds = (page) => page.locator(".run .run-id").evaluateAll((ids) => ids.map((id) => Number(id.textContent)));
const cancel = (page) => page.getByRole("button", { name: "Cancel" });

{
  const { handler, release } = heldApi();
  pageTest("while the page waits, it shows the pending runs", { handler }, async ({ page }) => {
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
  pageTest("Cancel ends the request, and the same button fetches again", { handler }, async ({ page }) => {
    await status(page, "Fetching 5 runs …");
    const failed = page.waitForEvent("requestfailed");
    await cancel(page).focus();
    await page.keyboard.press("Enter");
    assert.equal((await failed).failure().errorText, "net::ERR_ABORTED");
    await status(page, "Cancelled.");
    assert.deepEqual(await board(page), sampleIds.map((id) => [id, "pending"]));
    assert.equal(await page.locator(".error").count(), 0);
    assert.ok(await cancel(page).isHidden());
    assert.equal(await page.evaluate(() => document.activeElement.id), "fetch");
    assert.ok(await page.getByRole("button", { name: "Fetch results" }).isVisible());
    assert.match((await wireLines(page)).at(-1), /^stop cancelled here after/);
    release();
    await ask(page, "12345 6789");
    await status(page, /^2 runs/);
  });
}

{
  const { handler, release } = heldApi(1);
  pageTest("a new request replaces one under way", { handler }, async ({ page, asked }) => {
    await opened(page);
    await ask(page, "52001 52002");
    await status(page, "Fetching 2 runs …");
    const failed = page.waitForEvent("requestfailed");
    await askMeanwhile(page, "1 61009 61011");
    await failed;
    await status(page, "Fetching 3 runs …");
    assert.ok(await cancel(page).isVisible());
    release();
    await status(page, /^3 runs, 23 texts/);
    assert.deepEqual(await boardIds(page), [1, 61009, 61011]);
    assert.deepEqual(
      (await wireLines(page)).map((line) => line.replace(/ in \d+ ms.*| after .*/, "")),
      [
        `POST ${sampleIds.join(", ")}, status 200, done`, "POST 52001, 52002, given up", "stop cancelled here",
        "POST 1, 61009, 61011, status 200, done",
      ],
    );
    assert.deepEqual(asked.slice(1), [[52001, 52002], [1, 61009, 61011]]);
  });
}

{
  const { handler, release } = heldApi(1);
  pageTest("Cancel ends a request that has replaced another", { handler }, async ({ page }) => {
    await opened(page);
    await ask(page, "52001 52002");
    await status(page, "Fetching 2 runs …");
    await askMeanwhile(page, "1 61009 61011");
    await status(page, "Fetching 3 runs …");
    await cancel(page).click();
    await status(page, "Cancelled. No run was fetched. 3 pending.");
    assert.deepEqual(await board(page), [1, 61009, 61011].map((id) => [id, "pending"]));
    release();
  });
}

/** Examples with one failing run, and the card of that run. */
const oneFails = [
  ["An unknown run", [12345, 999, 6789], 999, [404], /^run 999 was not found \(404\)$/, {
    code: "NOT_FOUND",
    "What to do": "Check the id. The run may also belong to another account.",
    Status: "404",
  }],
  ["An unfinished run", [12345, 70001], 70001, [], /^run 70001 has no result: it is unknown or not finished yet$/, {
    code: "MISSING_RESULT",
    "What to do": "If the run is still under way, retry when it is finished. If not, check the id.",
  }],
  ["A dubbing run", [12345, 80003], 80003, [400, 400], /^the service refused the request \(400: Run 80003 is not a translation run\)$/, {
    code: "BAD_REQUEST",
    "What to do": "Leave the run out: a retry gives the same answer.",
    Status: "400",
  }],
];
for (const [name, ids, failing, refusals, says, expected] of oneFails) {
  const consoleMessages = refusals.map((code) => failedToLoad(code, code === 404 ? "Not Found" : "Bad Request"));
  pageTest(`${name}: the run fails alone, and the card says why`, { consoleMessages }, async ({ page }) => {
    await opened(page);
    await tryExample(page, name);
    await status(page, `${ids.length - 1} of ${ids.length} runs fetched. 1 failed.`);
    assert.deepEqual(await board(page), ids.map((id) => (id === failing ? [id, "failed"] : shown(id))));
    const { Why: message, "Request id": requestId, ...card } = await errorCard(failures(page));
    assert.match(message, says);
    // Without a refusal, there is no request id.
    if (refusals.length > 0) assert.match(requestId, /^sample-\d+$/);
    else assert.equal(requestId, undefined);
    assert.deepEqual(card, { ...expected, Run: String(failing) });

    await tryExample(page, "Five languages");
    await opened(page);
    assert.equal(await page.locator(".error").count(), 0);
  });
}

/** Serves the page with a policy that forbids WebAssembly. */
const withoutWasm = (page) => page.route(({ pathname }) => pathname === "/", async (route) => {
  const response = await route.fetch();
  const policy = response.headers()["content-security-policy"].replace("'wasm-unsafe-eval'", "");
  await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
});
pageTest("the page says that WebAssembly is forbidden", { prepare: withoutWasm }, async ({ page, asked }) => {
  await page.locator("#badge").filter({ hasText: "not started" }).waitFor();
  const { code } = await errorCard(page.locator(".error"));
  assert.equal(code, "WASM_UNAVAILABLE");
  assert.ok(await runIds(page).isDisabled());
  assert.deepEqual(asked, []);
});

pageTest("without scripts the page says what it needs", { javaScriptEnabled: false }, async ({ page }) => {
  await page.getByText("The page needs JavaScript").waitFor();
  assert.ok(await runIds(page).isDisabled());
});
