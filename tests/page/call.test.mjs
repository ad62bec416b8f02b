// The code that the page shows in each language: it follows the form, and works where it is pasted.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { runs } from "../../www/sample-api/runs.js";
import { installDir } from "../e2e/support/install.mjs";
import { sampleApi } from "../servers/sample-api.mjs";
import { enter, opened, openSettings, pageTest, runIds } from "./support/page.mjs";

const tab = (page, name) => page.getByRole("tab", { name });
const text = (page) => page.getByRole("tabpanel").textContent();
const inTab = async (page, name) => {
  await tab(page, name).click();
  return text(page);
};

pageTest("the code follows the typed ids and the options", {}, async ({ page }) => {
  await opened(page);
  assert.match(await text(page), /const runIds = \[\n  12345, 6789, 20417, 31002, 48813,\n\];/);
  await enter(page, "52001 52002");
  await runIds(page).pressSequentially("5200");
  assert.match(await text(page), /runIds = \[52001, 52002, 5200\];/);
  await runIds(page).press("Enter");
  await openSettings(page, "Options");
  await page.getByLabel("Further attempts").fill("5");
  await page.getByLabel("Requests at once").fill("12");
  await page.getByLabel("Time for an attempt, ms").fill("1500");
  assert.equal(await text(page), `import {
  TranslationResultsClient,
} from "translation-results";

const runIds = [52001, 52002, 5200];
const client = new TranslationResultsClient({
  apiKey: process.env.CAMB_API_KEY,
  timeoutMs: 1500,
  maxRetries: 5,
});
const { results, failures } =
  await client.getAllResults(runIds, {
    concurrency: 12,
  });

console.log(results);
for (const { runId, error } of failures) {
  console.error(runId, error.code);
}`);
  assert.equal(
    await inTab(page, "Command line"),
    "# reads the key from $CAMB_API_KEY\n" +
      "npx translation-results get 52001 52002 5200 \\\n  --timeout 1.5 --retries 5 --concurrency 12",
  );
  assert.equal(
    await inTab(page, "curl"),
    `curl -H "x-api-key: $CAMB_API_KEY" \\\n  --max-time 1.5 \\\n  -H 'content-type: application/json' \\\n` +
      `  -d '{"run_ids":[52001,52002,5200]}' \\\n  https://client.camb.ai/apis/translation-results`,
  );
  // Words that are not run ids are left out, which the code says.
  await runIds(page).pressSequentially("x,0,");
  const leftOut = (sign) => `^${sign} left out, not a run id:\\n${sign} "x", "0"\\n`;
  assert.match(await text(page), new RegExp(`${leftOut("#")}[^]*\\[52001,52002,5200\\]`));
  assert.match(await inTab(page, "Command line"), new RegExp(`${leftOut("#")}[^]* 52001 52002 5200 `, "m"));
  assert.match(await inTab(page, "TypeScript"), new RegExp(`${leftOut("//")}const runIds = \\[52001, 52002, 5200\\];`, "m"));
  await runIds(page).pressSequentially("-1 y ");
  assert.match(await text(page), /^\/\/ "x", "0", "-1" and 1 more$/m);
  await page.getByRole("button", { name: "Clear" }).click();
  assert.match(await text(page), /runIds = \[\];/);
  assert.equal(await inTab(page, "curl"), "# there is nothing to ask for");
  assert.match(await inTab(page, "Command line"), /get --timeout 1.5/);
});

pageTest("the tabs work with the keyboard", {}, async ({ page }) => {
  await opened(page);
  await tab(page, "TypeScript").focus();
  for (const [key, name] of [
    ["ArrowRight", "JavaScript"], ["ArrowRight", "Rust"], ["ArrowLeft", "JavaScript"], ["ArrowLeft", "TypeScript"],
    ["ArrowLeft", "curl"], ["ArrowLeft", "Command line"],
  ]) {
    await page.keyboard.press(key);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), name);
    assert.equal(await tab(page, name).getAttribute("aria-selected"), "true");
    assert.equal(await page.getByRole("tabpanel", { name }).count(), 1);
  }
  assert.equal(await page.getByRole("tab", { selected: true }).count(), 1);
});

pageTest("the call in Rust", {}, async ({ page }) => {
  await opened(page);
  await enter(page, "52001 52002");
  await openSettings(page, "Options");
  await page.getByLabel("Further attempts").fill("5");
  await page.getByLabel("Time for an attempt, ms").fill("1500");
  await page.getByLabel("Time for the whole call, ms").fill("20000");
  // The tests of the client for Rust compile it.
  const compiled = await readFile(new URL("../web/page_call.rs", import.meta.url), "utf8");
  assert.equal(await inTab(page, "Rust"), compiled.trimEnd());
  assert.equal(await page.locator("#install").textContent(), "cargo add translation-results");
  await tab(page, "curl").click();
  assert.equal(await page.locator("#install").textContent(), "npm install translation-results");
});

pageTest("the tokens of the code have colours by their kind", {}, async ({ page }) => {
  await opened(page);
  const coloured = () => page.locator("#call-text span").evaluateAll((all) =>
    all.map(({ className, textContent }) => [className, textContent]));
  assert.deepEqual((await coloured()).slice(0, 9), [
    ["keyword", "import"], ["keyword", "from"], ["string", '"translation-results"'],
    ["keyword", "const"],
    ["number", "12345"], ["number", "6789"], ["number", "20417"], ["number", "31002"], ["number", "48813"],
  ]);
  await tab(page, "Command line").click();
  assert.deepEqual((await coloured())[0], ["comment", "# reads the key from $CAMB_API_KEY"]);
});

const TABS = ["TypeScript", "JavaScript", "Rust", "Command line", "curl"];
for (const [width, fits] of [[1440, true], [360, false]]) {
  pageTest(`the code ${fits ? "fits its column" : "is scrolled"}, ${width} px wide`, {
    viewport: { width, height: 900 },
  }, async ({ page }) => {
    await opened(page);
    // The longest lines that ids and options of usual lengths make.
    await enter(page, "100001 100002 100003 100004 100005 100006");
    await openSettings(page, "Options");
    for (const label of ["Requests at once", "Further attempts"]) await page.getByLabel(label).fill("12");
    for (const time of ["Time for an attempt, ms", "Time for the whole call, ms"]) await page.getByLabel(time).fill("60000");
    for (const name of TABS) {
      await tab(page, name).click();
      const [own, room, lines, height] = await page.getByRole("tabpanel").evaluate((panel) => {
        const code = panel.querySelector("pre");
        return [panel.scrollWidth, panel.clientWidth, code.textContent.split("\n").length,
          code.getBoundingClientRect().height / parseFloat(getComputedStyle(code).lineHeight)];
      });
      assert.equal(own <= room, fits, `${name}: ${own} px in ${room} px`);
      // No line wraps.
      assert.equal(Math.round(height), lines, name);
    }
  });
}

pageTest("the code reads a long list from a file", {}, async ({ page }) => {
  await opened(page);
  await enter(page, Array.from({ length: 101 }, (_, index) => index + 1).join(" "));
  assert.match(await text(page), /await readFile\("run-ids.txt", "utf8"\);\nconst runIds =\n  text.trim\(\).split\(\/\\s\+\/\)/);
  assert.match(await inTab(page, "Command line"), /get --file run-ids.txt$/);
  assert.match(await inTab(page, "Rust"), /include_str!\("run-ids.txt"\)\n +\.split_whitespace\(\)/);
  assert.match(await inTab(page, "curl"), /^# the first of 21 requests\ncurl/);
});

const run = promisify(execFile);
const service = await sampleApi();

/** The languages that Node runs. */
const FILES = { TypeScript: "call.mjs", JavaScript: "call.cjs" };

/** Runs copied code in a folder with the package installed. */
async function runCopied(language, copied, folder) {
  const env = { ...process.env, CAMB_API_KEY: "sample-key", PATH: [join(installDir, "node_modules", ".bin"), process.env.PATH].join(delimiter) };
  if (!(language in FILES)) {
    // npx would look for the package in this folder. The command runs the same program.
    return run("sh", ["-c", copied.replace("npx ", "")], { cwd: folder, env });
  }
  await writeFile(join(folder, FILES[language]), copied);
  return run(process.execPath, [FILES[language]], { cwd: folder, env });
}

const LISTS = [[52001, 52002, 52003, 52004, 52005, 52006, 53001], [1]];
for (const language of ["TypeScript", "JavaScript", "Command line", "curl"]) {
  pageTest(`${language}: the copied code prints the texts`, {
    permissions: ["clipboard-read", "clipboard-write"],
  }, async ({ page }) => {
    await opened(page);
    const folder = await mkdtemp(join(installDir, "copied-"));
    try {
      await openSettings(page, "Service");
      await page.getByLabel("Another base URL").check();
      await page.getByLabel("Base URL", { exact: true }).fill(service);
      await page.getByLabel("API key").fill("sample-key");
      await tab(page, language).click();
      for (const ids of LISTS) {
        await enter(page, ids.join(" "));
        await page.getByRole("button", { name: "Copy the call" }).click();
        await page.locator("#copy-status").filter({ hasText: "Copied." }).waitFor();
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        assert.doesNotMatch(copied, /sample-key/);
        assert.match(copied, /CAMB_API_KEY/);
        const { stdout } = await runCopied(language, copied, folder);
        for (const id of ids) for (const line of runs.get(id).texts) assert.ok(stdout.includes(line), `${line} is in ${stdout}`);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
