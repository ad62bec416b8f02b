// The hosts of the page: with the sample API, or any server of static files, with a strict policy or none.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { realService } from "../../www/real-service.mjs";
import { sampleApi } from "../servers/sample-api.mjs";
import { sampleIds } from "../../www/sample-api/runs.js";
import {
  ask, board, failedToLoad, IN_PAGE, noApi, opened, openSettings, pageTest, shown, site, status, tryExample,
} from "./support/page.mjs";

const NOT_FOUND = [failedToLoad(404, "Not Found")];

const folder = await mkdtemp(join(tmpdir(), "translation-results-page-"));
after(() => rm(folder, { recursive: true }));
before(async () => {
  await symlink(resolve(site), join(folder, "demo"), "junction");
  await cp(site, join(folder, "windows"), { recursive: true });
  const index = join(folder, "windows", "index.html");
  const html = await readFile(index, "utf8");
  await writeFile(index, html.replaceAll("\n", "\r\n"));
});

/** Fails unless the page works without an API on its server. */
async function worksInPage({ page, asked }) {
  await opened(page);
  assert.equal(await page.locator("#badge").textContent(), IN_PAGE);
  assert.deepEqual(await board(page), sampleIds.map(shown));
  await ask(page, "52006 1");
  await status(page, /^2 runs, 5 texts/);
  assert.deepEqual(await board(page), [shown(52006), shown(1)]);
  await tryExample(page, /^200 runs, a few bad/);
  await status(page, "197 of 200 runs fetched. 3 failed.");
  await page.locator("#unfinished .code").nth(2).waitFor();
  assert.deepEqual(
    await page.locator("#unfinished .code").allTextContents(),
    ["NOT_FOUND", "MISSING_RESULT", "BAD_REQUEST"],
  );
  assert.deepEqual(asked, []);
  assert.match(await page.locator("#wire-hint").textContent(), /reached no network/);
}

const service = { proxy: join(site, "pkg", "proxy.js"), apiKey: "sample-key", baseUrl: await sampleApi() };
const real = await realService(service);

pageTest("the real service, behind the proxy", { handler: real, consoleMessages: NOT_FOUND }, async ({ page }) => {
  await page.locator("#controls:enabled").waitFor();
  assert.equal(await page.locator("#badge").textContent(), "your runs, through the proxy");
  assert.equal(await page.getByText(/sample/i).filter({ visible: true }).count(), 0);
  await ask(page, "12345 6789 404404");
  await status(page, "2 of 3 runs fetched. 1 failed.");
  assert.deepEqual((await board(page)).slice(0, 2), [shown(12345), shown(6789)]);
  // Sample data is still available.
  await openSettings(page, "Service");
  await page.getByLabel("Sample data").check();
  assert.equal(await page.locator("#badge").textContent(), IN_PAGE);
  const asked = page.waitForRequest(/sample\.invalid/, { timeout: 500 }).catch(() => "no request");
  await tryExample(page, "Right to left");
  await status(page, /^4 runs,/);
  assert.equal(await asked, "no request");
});

test("only the page itself may use the proxy's key", async () => {
  const post = (url, origin) => real(new Request(`${url}/apis/translation-results`, {
    method: "POST", body: '{"run_ids":[12345,6789]}', headers: { "content-type": "application/json", ...origin },
  }));
  const own = "http://127.0.0.1:8787";
  assert.equal((await post(own)).status, 200);
  assert.equal((await post(own, { origin: own })).status, 200);
  assert.equal((await post(own, { origin: "https://evil.example" })).status, 401);
  assert.equal((await post("http://evil.example:8787")).status, 401);
});

pageTest("a static host", { handler: noApi, consoleMessages: NOT_FOUND }, worksInPage);

pageTest("a folder of a static host", {
  root: folder, path: "demo/", handler: noApi, consoleMessages: NOT_FOUND,
}, worksInPage);

pageTest("a static host that answers every path with the page", {
  handler: async () => new Response("<!doctype html><title>Home</title>", { headers: { "content-type": "text/html" } }),
}, worksInPage);

pageTest("a page with Windows line breaks", {
  root: join(folder, "windows"), handler: noApi, consoleMessages: NOT_FOUND,
}, worksInPage);

pageTest("a static host without TLS, where browsers lack many features", {
  origin: "http://demo.test/", handler: noApi, consoleMessages: NOT_FOUND,
}, async (parts) => {
  const { page } = parts;
  await worksInPage(parts);
  assert.equal(await page.evaluate(() => isSecureContext), false);
  await page.getByRole("button", { name: "Copy the install command" }).click();
  await page.locator("#copy-status").filter({ hasText: "Copied." }).waitFor();
  await page.getByRole("searchbox").press("Control+v");
  assert.equal(await page.getByRole("searchbox").inputValue(), "npm install translation-results");
});

const policies = {};
pageTest("the policy allows no inline script, in the header and in the page", {
  prepare: async (page) => page.on("response", (response) => {
    policies.header ??= response.headers()["content-security-policy"];
  }),
}, async ({ page }) => {
  await opened(page);
  policies.page = await page.locator("meta[http-equiv=content-security-policy]").getAttribute("content");
  // A page cannot set `frame-ancestors` itself.
  assert.equal(policies.header, `${policies.page}; frame-ancestors 'none'`);
  assert.match(policies.page, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
  assert.doesNotMatch(policies.page, /'unsafe-/);
});
