// The settings: the service, the key and the theme.

import assert from "node:assert/strict";
import { after } from "node:test";
import { serve } from "../../www/serve.mjs";
import { sampleApi } from "../servers/sample-api.mjs";
import { ask, board, errorCard, opened, openSettings, pageTest, shown, status } from "./support/page.mjs";

const service = await sampleApi();

const german = (ids) => Object.fromEntries(ids.map((id) => [id, { texts: ["Ihre Bestellung ist unterwegs."] }]));
const elsewhere = await serve({
  handler: async (request) => {
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    if (request.method === "OPTIONS") return new Response(null, { status: 204, headers });
    return Response.json(german((await request.json()).run_ids), { headers });
  },
});
after(() => elsewhere.close());

async function useOther(page, { baseUrl, key }) {
  await openSettings(page, "Service");
  await page.getByLabel("Another base URL").check();
  await page.getByLabel("Base URL", { exact: true }).fill(baseUrl);
  await page.getByLabel("API key").fill(key);
}

pageTest("the page uses another base URL, with the typed key", { mayAsk: service }, async ({ page, asked }) => {
  await opened(page);
  await useOther(page, { baseUrl: service, key: "sample-key" });
  assert.equal(await page.locator("#badge").textContent(), new URL(service).host);
  assert.equal(await page.locator("#key-goes-to").textContent(), new URL(service).host);
  const request = page.waitForRequest(`${service}/translation-results`);
  await ask(page, "52001 52002");
  assert.equal((await request).headers()["x-api-key"], "sample-key");
  await status(page, /^2 runs, 8 texts/);
  assert.deepEqual(await board(page), [shown(52001), shown(52002)]);
  assert.deepEqual(asked.at(-1), [52001, 52002]);
});

pageTest("facts of sample runs are not shown for another service", { mayAsk: elsewhere.url }, async ({ page }) => {
  await opened(page);
  await useOther(page, { baseUrl: `${elsewhere.url}apis`, key: "some-key" });
  await ask(page, "12345 6789");
  await status(page, /^2 runs, 2 texts/);
  assert.deepEqual(await page.locator(".run h3").allTextContents(), ["12345", "6789"]);
  assert.deepEqual(await page.locator(".run .notes").allTextContents(), ["1 text", "1 text"]);
  assert.deepEqual(await page.locator(".run .text").evaluateAll((texts) => texts.map(({ lang }) => lang)), ["", ""]);
  // The sample facts are shown again.
  await page.getByLabel("Sample data").check();
  await ask(page, "12345 6789");
  await status(page, /^2 runs, 6 texts/);
  assert.deepEqual(await page.locator(".run h3").allTextContents(), ["12345 Spanish", "6789 Japanese"]);
});

pageTest("a wrong key is reported, and can be corrected", {
  mayAsk: service, allowed: /401/,
}, async ({ page }) => {
  await opened(page);
  await useOther(page, { baseUrl: service, key: "wrong" });
  await ask(page, "52001 52002");
  await page.locator("#stop .error").waitFor();
  assert.equal((await errorCard(page.locator("#stop .error"))).code, "UNAUTHORIZED");
  await page.getByLabel("API key").fill("sample-key");
  await page.getByRole("button", { name: "Fetch pending runs" }).click();
  await status(page, /^2 runs, 8 texts/);
});

pageTest("the key is in a password field, and nowhere else", { mayAsk: service }, async ({ page, context }) => {
  await opened(page);
  await useOther(page, { baseUrl: service, key: "sample-key" });
  await ask(page, "52001 52002");
  await status(page, /^2 runs/);
  assert.equal(await page.getByLabel("API key").getAttribute("type"), "password");
  assert.doesNotMatch(await page.content(), /sample-key/);
  const { cookies, origins } = await context.storageState({ indexedDB: true });
  assert.deepEqual([cookies, origins], [[], []]);
  await page.waitForTimeout(400);
  assert.match(page.url(), /#.*service=other&base-url=/);
  assert.doesNotMatch(decodeURIComponent(page.url()), /sample-key/);
  assert.match(await page.locator("#api-key-hint").textContent(), /memory/);
  assert.match(await page.locator("#cors-hint").textContent(), /\(CORS\).*A proxy.*keeps the key on your server/s);
  await page.reload();
  await page.locator("#controls:enabled").waitFor();
  assert.equal(await page.getByLabel("API key", { includeHidden: true }).inputValue(), "");
});

pageTest("CAMB.AI is a named service, and no other service gets its key", {
  mayAsk: "https://client.camb.ai/",
  prepare: (page) => page.route("https://client.camb.ai/**", async (route) => {
    const { "x-api-key": key } = route.request().headers();
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    if (route.request().method() === "OPTIONS") return route.fulfill({ status: 204, headers });
    return route.fulfill({ json: { 12345: { texts: [key] }, 6789: { texts: ["2"] } }, headers });
  }),
}, async ({ page }) => {
  await opened(page);
  await openSettings(page, "Service");
  await page.getByLabel("CAMB.AI with my key").check();
  assert.equal(await page.locator("#badge").textContent(), "CAMB.AI, client.camb.ai");
  assert.ok(await page.getByLabel("Base URL", { exact: true }).isHidden());
  // The package says that the key is missing.
  await ask(page, "12345 6789");
  const { code, Option: option, "What to do": next } = await errorCard(page.locator("#stop .error"));
  assert.deepEqual([code, option, next], ["INVALID_OPTIONS", "apiKey", "Change it under Service, then fetch again."]);
  await page.getByLabel("API key").fill("key-of-camb");
  await ask(page, "12345 6789");
  await status(page, /^2 runs, 2 texts/);
  assert.deepEqual(await board(page), [[12345, ['"key-of-camb"']], [6789, ['"2"']]]);
  assert.doesNotMatch(await page.getByRole("tabpanel").textContent(), /baseUrl|key-of-camb/);
  await page.getByLabel("Another base URL").check();
  assert.equal(await page.getByLabel("API key").inputValue(), "");
  assert.equal(await page.locator("#badge").textContent(), "another base URL");
});

pageTest("an invalid base URL is refused by name, and plain HTTP with a key too", {}, async ({ page, asked }) => {
  await opened(page);
  const address = page.url();
  for (const baseUrl of ["ftp://service.test/apis", "http://service.test/apis"]) {
    await page.goto("about:blank");
    await page.goto(address);
    await opened(page);
    await useOther(page, { baseUrl, key: "sample-key" });
    await page.getByRole("button", { name: "Fetch results" }).click();
    const card = page.locator("#stop .error");
    await card.waitFor();
    const { code, Option: option, Why: why } = await errorCard(card);
    assert.deepEqual([code, option], ["INVALID_OPTIONS", "baseUrl"]);
    assert.doesNotMatch(why, /sample-key/);
  }
  assert.equal(asked.length, 3);
});

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const DARK = "rgb(18, 20, 22)";
const LIGHT = "rgb(255, 255, 255)";

pageTest("the theme follows the preference, or a switch that is remembered", { colorScheme: "dark" }, async ({ page }) => {
  await opened(page);
  assert.equal(await background(page), DARK);
  const theme = (name) => page.getByRole("group", { name: "Theme" }).getByRole("radio", { name });
  assert.ok(await theme("System").isChecked());
  await theme("Light").check();
  assert.equal(await background(page), LIGHT);
  await page.reload();
  await opened(page);
  assert.equal(await background(page), LIGHT);
  assert.ok(await theme("Light").isChecked());
  await page.emulateMedia({ colorScheme: "light" });
  await theme("Dark").check();
  assert.equal(await background(page), DARK);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await background(page), LIGHT);
  await theme("System").check();
  assert.equal(await background(page), LIGHT);
  await page.emulateMedia({ colorScheme: "dark" });
  assert.equal(await background(page), DARK);
});
