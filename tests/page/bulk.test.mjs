// Many runs: the progress, their order, and the runs that fail or are pending.

import assert from "node:assert/strict";
import { createSampleApi } from "../../www/sample-api/app.js";
import { generatedIds } from "../../www/sample-api/generated.js";
import { sampleIds } from "../../www/sample-api/runs.js";
import {
  ask, board, drawn, errorCard, failedToLoad, failures, opened, pageTest, shown, status, tally, tryExample,
} from "./support/page.mjs";

const NOT_FOUND = failedToLoad(404, "Not Found");
const button = (page, name) => page.getByRole("button", { name });
const focused = (page) => page.evaluate(() => document.activeElement.id);
const row = (page, id) => page.locator(`#run-${id}`);
/** Waits for the result of a run. */
const come = (page, id) => row(page, id).and(page.locator(".whole")).waitFor();

/** Returns the run ids of all requests but the first, which opens the page. */
const askedSince = (asked) => asked.slice(1).flat().toSorted((one, other) => one - other);

/**
 * Returns the sample API. If `decide` returns a response for the ids of a request, that is the answer.
 *
 * @param {(ids: number[]) => Response | undefined | Promise<Response | undefined>} decide
 */
function altered(decide) {
  const api = createSampleApi();
  return async (request) => {
    const [, alone] = /\/translation-result\/(\d+)$/.exec(request.url) ?? [];
    if (alone) return (await decide([Number(alone)])) ?? api(request);
    if (request.method !== "POST") return api(request);
    const { run_ids: ids } = await request.clone().json();
    return (await decide(ids)) ?? api(request);
  };
}

/** Holds requests with one of these ids until `release` is called. `decide` may answer the others. */
function holding(held, decide = () => undefined) {
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  const handler = altered(async (ids) => {
    if (ids.some(held)) await released;
    return decide(ids);
  });
  return { handler, release };
}

/** Answers like a service without these runs, which are in a map with the status of their refusals. */
const without = (absent) => (ids) => {
  if (!ids.some((id) => absent.has(id))) return undefined;
  return ids.length > 1 ? Response.json({}) : Response.json({ detail: "not yet" }, { status: absent.get(ids[0]) });
};

pageTest("two hundred runs are all shown in the requested order, with five to a request", {}, async ({ page, asked }) => {
  await opened(page);
  await tryExample(page, /^200 runs generated/);
  await status(page, /^200 runs, \d+ texts, /);
  const ids = generatedIds(200);
  assert.deepEqual(await board(page), ids.slice(0, 50).map(shown));
  await button(page, "Show all").click();
  assert.deepEqual(await board(page), ids.map(shown));
  assert.ok(await button(page, "Show all").isHidden());
  assert.equal(await page.evaluate(() => document.activeElement.id), `run-${ids[50]}`);
  assert.deepEqual(askedSince(asked), ids);
  assert.equal(asked.length, 1 + 40);
  const { elapsed, pace, ...numbers } = await tally(page);
  assert.deepEqual(numbers, {
    done: "200 of 200 runs", failed: "0", pending: "0", "in flight": "0", requests: "40", retries: "0",
  });
  assert.match(pace, /^\d+ runs\/s$/);
  assert.match(elapsed, /^(?:\d+ ms|\d+\.\d s)$/);
  assert.ok(await button(page, /^(?:Cancel|Retry|Fetch what)/).isHidden());
  assert.equal(await page.locator("#now").textContent(), "");
});

{
  const ids = generatedIds(40).toReversed();
  const { handler, release } = holding((id) => id === ids[0] || id === ids[39]);
  pageTest("runs are shown as they arrive, in the requested order", { handler }, async ({ page }) => {
    await opened(page);
    await ask(page, ids.join("\t"));
    await status(page, "Fetching 40 runs …");
    for (const id of ids.slice(5, 35)) await come(page, id);
    assert.equal(await page.locator(".run.whole").count(), 30);
    assert.deepEqual(
      await page.locator(".run.waiting .run-id").allTextContents(),
      [...ids.slice(0, 5), ...ids.slice(35)].map(String),
    );
    assert.deepEqual(await page.locator(".run .run-id").allTextContents(), ids.map(String));
    const bar = page.getByRole("progressbar", { name: "Settled runs" });
    assert.deepEqual(await bar.evaluate(({ value, max }) => [value, max]), [30, 40]);
    const { done, pending, requests, "in flight": inFlight } = await tally(page);
    assert.deepEqual({ done, pending, requests, inFlight }, {
      done: "30 of 40 runs", pending: "10", requests: "8", inFlight: "2",
    });

    const before = (await tally(page)).elapsed;
    await page.waitForFunction((text) => document.querySelector("[data-count=elapsed]").textContent !== text, before);
    release();
    await status(page, /^40 runs, /);
    assert.deepEqual(await board(page), ids.map(shown));
  });
}

{
  const ids = generatedIds(12);
  const bad = [ids[2], ids[9]];
  const absent = new Map([[bad[0], 404], [bad[1], 410]]);
  const handler = altered(without(absent));
  const consoleMessages = [NOT_FOUND, failedToLoad(410, "Gone")];
  pageTest("only failed runs are requested again, and join the others", { handler, consoleMessages }, async ({
    page, asked,
  }) => {
    await opened(page);
    await ask(page, ids.join(" "));
    await status(page, "10 of 12 runs fetched. 2 failed.");
    assert.deepEqual(await board(page), ids.map((id) => (bad.includes(id) ? [id, "failed"] : shown(id))));
    const cards = await Promise.all((await failures(page).all()).map(errorCard));
    assert.deepEqual(
      cards.map(({ code, Run: run, Status: refusal }) => [code, run, refusal]),
      [["NOT_FOUND", String(bad[0]), "404"], ["UNEXPECTED_STATUS", String(bad[1]), "410"]],
    );
    const first = await tally(page);

    await page.locator("#unfinished").getByRole("link", { name: String(ids[9]) }).click();
    await page.waitForFunction((id) => {
      const { top, bottom } = document.getElementById(`run-${id}`).getBoundingClientRect();
      return top > -1 && bottom < innerHeight + 1;
    }, ids[9]);

    absent.clear();
    asked.length = 0;
    await button(page, /^Retry failed runs$/).click();
    await status(page, /^12 runs, /);
    assert.deepEqual(asked, [bad]);
    assert.deepEqual(await board(page), ids.map(shown));
    assert.equal(await page.locator(".error").count(), 0);
    const { elapsed, pace, ...numbers } = await tally(page);
    assert.deepEqual(numbers, {
      done: "12 of 12 runs", failed: "0", pending: "0", "in flight": "0", requests: String(Number(first.requests) + 1), retries: "0",
    });
    assert.notEqual(elapsed, first.elapsed);
    assert.ok(await button(page, "Retry failed runs").isHidden());
    assert.equal(await page.locator("#unfinished").textContent(), "");
  });
}

{
  const ids = generatedIds(30);
  const { handler, release } = holding((id) => id > ids[14]);
  pageTest("runs that arrived before Cancel stay, and the others can be fetched", { handler }, async ({ page, asked }) => {
    await opened(page);
    await ask(page, ids.join(" "));
    for (const id of ids.slice(0, 15)) await come(page, id);
    await button(page, "Cancel").focus();
    await page.keyboard.press("Enter");
    await status(page, "Cancelled. 15 of 30 runs fetched. 15 pending.");
    assert.deepEqual(await board(page), ids.map((id, index) => (index < 15 ? shown(id) : [id, "pending"])));
    assert.equal(
      await page.locator("#unfinished").textContent(),
      `Pending: ${ids.slice(15, 27).join(", ")}, and 3 more`,
    );
    assert.equal(await page.locator(".error").count(), 0);
    // The focus stays on the button, which fetches again.
    assert.equal(await focused(page), "fetch");
    const { done, pending, elapsed } = await tally(page);
    assert.deepEqual({ done, pending }, { done: "15 of 30 runs", pending: "15" });
    // The time no longer changes.
    await page.waitForTimeout(100);
    assert.equal((await tally(page)).elapsed, elapsed);

    asked.length = 0;
    assert.equal(await button(page, "Fetch pending runs").textContent(), "Fetch pending runs");
    await button(page, "Fetch pending runs").focus();
    await page.keyboard.press("Enter");
    await status(page, "Fetching 15 runs …");
    assert.equal(await page.locator(".run.waiting").count(), 15);
    assert.equal(await focused(page), "fetch");
    assert.equal(await page.locator("#now").textContent(), "15 of 30 runs, 3 in flight");
    release();
    await status(page, /^30 runs, /);
    assert.deepEqual(await board(page), ids.map(shown));
    assert.deepEqual(asked.flat().toSorted((one, other) => one - other), ids.slice(15));
    assert.equal(await focused(page), "fetch");
  });
}

{
  const ids = generatedIds(30);
  let refuse;
  const refused = new Promise((resolve) => { refuse = resolve; });
  const handler = altered(async (batch) => {
    if (!batch.includes(ids[20])) return batch.some((id) => id > ids[20]) ? new Promise(() => {}) : undefined;
    await refused;
    return Response.json({ error: "Invalid API key", status: 401 }, { status: 401 });
  });
  const consoleMessages = [failedToLoad(401, "Unauthorized")];
  const options = { handler, consoleMessages };
  pageTest("an error that stops the call is shown once, and runs that arrived stay", options, async ({ page }) => {
    await opened(page);
    await ask(page, ids.join(" "));
    for (const id of ids.slice(0, 20)) await come(page, id);
    refuse();
    await status(page, "20 of 30 runs fetched. 10 pending.");
    assert.deepEqual(await board(page), ids.map((id, index) => (index < 20 ? shown(id) : [id, "pending"])));
    assert.equal(await page.locator(".error").count(), 1);
    const { code, "What to do": next } = await errorCard(page.locator("#stop .error"));
    assert.deepEqual([code, next], ["UNAUTHORIZED", "Enter the key again under Service, then fetch pending runs."]);
    await tryExample(page, "Right to left");
    await status(page, /^4 runs/);
    assert.equal(await page.locator(".error").count(), 0);
  });
}

{
  const ids = generatedIds(7);
  const absent = new Map([[ids[0], 404]]);
  const { handler, release } = holding((id) => id === ids[6], without(absent));
  pageTest("failed and pending runs are listed apart, and fetched together", {
    handler, consoleMessages: [NOT_FOUND],
  }, async ({ page, asked }) => {
    await opened(page);
    await ask(page, ids.join(" "));
    for (const id of ids.slice(1, 4)) await come(page, id);
    await row(page, ids[0]).and(page.locator(".failed")).waitFor();
    await button(page, "Cancel").click();
    await status(page, "Cancelled. 3 of 7 runs fetched. 1 failed. 3 pending.");
    assert.equal((await errorCard(failures(page))).Run, String(ids[0]));
    assert.deepEqual(await page.locator("#unfinished > p").allTextContents(), [`Pending: ${ids.slice(4).join(", ")}`]);
    absent.clear();
    release();
    asked.length = 0;
    await button(page, "Retry failed runs, fetch pending runs").click();
    await status(page, /^7 runs, /);
    assert.deepEqual(asked, [[ids[0], ...ids.slice(4)]]);
    assert.deepEqual(await board(page), ids.map(shown));
  });
}

{
  const ids = generatedIds(5000);
  const atOnce = (batch) => Response.json(Object.fromEntries(batch.map((id) => [id, { texts: [`${id}`] }])));
  const { handler, release } = holding((id) => id >= ids[0], atOnce);
  pageTest("five thousand runs do not block the page", { handler }, async ({ page }) => {
    await status(page, /^5 runs, /);
    await page.evaluate(() => {
      const seen = { frames: 0, longest: 0, updates: 0, mostRows: 0 };
      globalThis.seen = seen;
      let last = performance.now();
      const frame = (now) => {
        seen.frames += 1;
        seen.longest = Math.max(seen.longest, now - last);
        last = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      // An observer is called once for all changes of a task.
      new MutationObserver(() => { seen.updates += 1; })
        .observe(document.getElementById("tally"), { childList: true, subtree: true });
      new MutationObserver((changes) => {
        const rows = changes.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node.matches(".run"));
        seen.mostRows = Math.max(seen.mostRows, rows.length);
      }).observe(document.getElementById("results"), { childList: true, subtree: true });
    });
    await ask(page, ids.join(" "));
    await status(page, "Fetching 5,000 runs …");
    assert.equal(await page.locator(".run.waiting").count(), 50);
    await button(page, "Show all").click();
    await page.locator(".run.waiting").nth(ids.length - 1).waitFor({ state: "attached" });
    await button(page, "Cancel").click();
    await status(page, "Cancelled. No run was fetched. 5,000 pending.");
    await drawn(page);
    assert.equal(await page.locator(".run.pending").count(), ids.length);
    release();
    await ask(page, ids.slice(0, 1000).join(" "));
    await status(page, /^1,000 runs, 1,000 texts, /);
    await button(page, "Show all").click();
    await drawn(page);
    assert.equal(await page.locator(".run.whole").count(), 1000);

    const { frames, longest, updates, mostRows } = await page.evaluate(() => globalThis.seen);
    assert.ok(updates > 10 && updates <= frames + 3, `${updates} updates in ${frames} frames`);
    assert.ok(mostRows > 0 && mostRows < 1000, `${mostRows} rows were drawn in one go`);
    assert.ok(longest < 500, `a frame took ${longest} ms`);
  });
}

pageTest("a new call replaces a call for many runs", {}, async ({ page }) => {
  await opened(page);
  await tryExample(page, /^2,000 runs/);
  await status(page, "Fetching 2,000 runs …");
  await tryExample(page, "Five languages");
  await opened(page);
  assert.deepEqual(await board(page), sampleIds.map(shown));
  await page.waitForTimeout(200);
  assert.equal((await board(page)).length, 5);
});
