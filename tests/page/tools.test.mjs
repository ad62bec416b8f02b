// Searching results, copying and downloading them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { sampleIds, runs } from "../../www/sample-api/runs.js";
import { installDir } from "../e2e/support/install.mjs";
import { sampleApi } from "../servers/sample-api.mjs";
import { ask, board, failedToLoad, opened, pageTest, shown, status, tryExample } from "./support/page.mjs";

const search = (page) => page.getByRole("searchbox", { name: "Search the texts" });
const found = (page, text) => page.locator("#found").filter({ hasText: text }).waitFor();
/** Returns the marked parts of the texts. */
const marked = (page) => page.evaluate(() => [...CSS.highlights.get("found")].map(String));

pageTest("search shows the runs with matches, and marks the matches", {}, async ({ page }) => {
  await opened(page);
  await search(page).fill("PEDIDO");
  await found(page, "1 text in 1 run");
  assert.deepEqual(await board(page), [shown(12345)]);
  assert.deepEqual(await marked(page), ["pedido"]);
  await search(page).fill("9");
  await found(page, "5 texts in 5 runs");
  assert.deepEqual(await board(page), sampleIds.map(shown));
  assert.deepEqual(await marked(page), ["9", "9", "9", "9", "9"]);
  await search(page).fill("شكرًا");
  await found(page, "1 text in 1 run");
  assert.deepEqual(await board(page), [shown(20417)]);
  await search(page).fill("31002");
  await found(page, "0 texts in 1 run");
  assert.deepEqual(await board(page), [shown(31002)]);
  await search(page).fill("nowhere");
  await found(page, "0 texts in 0 runs");
  assert.deepEqual(await board(page), []);
  await search(page).fill("");
  await page.locator(".run").nth(4).waitFor();
  assert.deepEqual(await board(page), sampleIds.map(shown));
  assert.deepEqual(await marked(page), []);
  assert.equal(await page.locator("#found").textContent(), "");
});

pageTest("a new list clears the search", {}, async ({ page }) => {
  await opened(page);
  await search(page).fill("pedido");
  await found(page, "1 text in 1 run");
  await ask(page, "52006 1");
  await status(page, /^2 runs/);
  assert.equal(await search(page).inputValue(), "");
  assert.deepEqual(await board(page), [shown(52006), shown(1)]);
});

const pasted = (page) => page.evaluate(() => navigator.clipboard.readText());
const copied = (page) => page.locator("#copy-status").filter({ hasText: "Copied." }).waitFor();

pageTest("all results can be copied, and those of one run", {
  permissions: ["clipboard-read", "clipboard-write"],
}, async ({ page }) => {
  await opened(page);
  await page.getByRole("button", { name: "Copy the texts of run 6789" }).click();
  await copied(page);
  assert.equal(await pasted(page), runs.get(6789).texts.join("\n"));
  await page.getByRole("button", { name: "Copy the results" }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith("run 12345"));
  const all = sampleIds.map((id) => `${[`run ${id}`, ...runs.get(id).texts].join("\n")}\n`).join("\n");
  assert.equal(await pasted(page), all);
});

const run = promisify(execFile);

/** Returns the output of the command line for the same runs. */
async function commandLine(format, ids) {
  const cli = join(installDir, "node_modules", "translation-results", "cli.js");
  const args = [cli, "get", ...ids.map(String), "--format", format, "--concurrency", "1", "--base-url", await sampleApi()];
  const env = { ...process.env, CAMB_API_KEY: "sample-key" };
  // One run fails, so the exit code is 1.
  const { stdout } = await run(process.execPath, args, { env }).catch((error) => error);
  return stdout;
}

pageTest("a download equals the output of the command line", { consoleMessages: [failedToLoad(404, "Not Found")] }, async ({
  page,
}) => {
  await opened(page);
  const ids = [61001, 61004, 61007, 61009, 61010, 404404];
  await ask(page, ids.join(" "));
  await status(page, "5 of 6 runs fetched. 1 failed.");
  for (const format of ["json", "csv", "ndjson"]) {
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: format.toUpperCase(), exact: true }).click();
    const download = await waiting;
    assert.equal(download.suggestedFilename(), `translation-results.${format}`);
    const text = await readFile(await download.path(), "utf8");
    // The command line writes runs in the order of arrival, and request ids differ.
    const lines = (of) => of.replace(/"requestId":"[^"]*"/, "").split(/\r?\n/).map((line) => line.replace(/,$/, "")).sort();
    assert.deepEqual(lines(text), lines(await commandLine(format, ids)), format);
  }
});

pageTest("without a result there is no search, copy or download", {
  handler: async () => Response.json({ error: "Invalid API key", status: 401 }, {
    status: 401, headers: { "x-sample-api": "1" },
  }),
  consoleMessages: Array(2).fill(failedToLoad(401, "Unauthorized")),
}, async ({ page }) => {
  await status(page, "No run was fetched.");
  assert.ok(await search(page).isHidden());
});

pageTest("search finds one text in two thousand runs", {}, async ({ page }) => {
  await opened(page);
  await tryExample(page, /^2,000 runs/);
  // The sample API takes more than five seconds for them, and a slow machine doubles that.
  await status(page, /^2,000 runs,/, 40_000);
  await search(page).fill("№ 101234");
  await found(page, "1 text in 1 run");
  assert.deepEqual(await board(page), [shown(101234)]);
});
