// The table in which each row fetches its own run: calls of the same task share requests, and a failing run fails alone.

import assert from "node:assert/strict";
import { runs } from "../../www/sample-api/runs.js";
import { failedToLoad, opened, openSettings, pageTest, wireLines } from "./support/page.mjs";

pageTest("twelve rows fetch their runs in three requests", {
  consoleMessages: [failedToLoad(404, "Not Found")],
}, async ({ page, asked }) => {
  await opened(page);
  await openSettings(page, "One run a row");
  await page.getByRole("button", { name: "Load 12 rows" }).click();
  await page.locator("#rows-status").filter({ hasText: /^11 of 12 rows fetched in \d+ ms\.$/ }).waitFor();
  const rows = await page.locator("#rows-body tr").evaluateAll((all) => all.map((row) =>
    [...row.children].map(({ textContent }) => textContent)));
  assert.equal(rows.length, 12);
  for (const [id, text] of rows) assert.equal(text, id === "999" ? "NOT_FOUND" : runs.get(Number(id)).texts[0], id);
  const [, ...sent] = asked;
  assert.deepEqual(sent.map((ids) => ids.length), [4, 4, 4, 1]);
  assert.deepEqual(sent.slice(0, 3).flat(), rows.map(([id]) => Number(id)));
  const [, ...log] = await wireLines(page);
  assert.equal(log.filter((line) => /^POST .*, status 200, (done|failed) in /.test(line)).length, 3);
  assert.match(log.at(-1), /^GET \/apis\/translation-result\/999, status 404, failed in \d+ ms: NOT_FOUND/);
});
