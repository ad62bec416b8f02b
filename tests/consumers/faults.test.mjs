/** The table of faults in browsers and edge runtimes. */
import assert from "node:assert/strict";
import { cp, writeFile } from "node:fs/promises";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { cases } from "../faults/cases/index.mjs";
import { complaints, expected } from "../faults/judge.mjs";
import { startFaults } from "../faults/server.mjs";
import { environment } from "./support/environment.mjs";
import { fixture, run, tool, version, wrangler } from "./support/fixture.mjs";
import { browsers, startAll } from "./support/webdriver.mjs";

/** The time that a busy machine may add, and the factor by which it may slow a call down. */
const SLACK_MS = 1_000;
const LOAD = 3;
const PATIENCE_MS = 120_000;

const root = await fixture("browser", { folder: "browser-faults" });
const faults = fileURLToPath(new URL("../faults/", import.meta.url));
const server = await startFaults(cases, {
  "/page.html": join(faults, "page.html"),
  "/faults/": faults,
  "/package/": `${join(root, "node_modules", "translation-results")}/`,
});
after(() => server.close());

/** Checks every case in one row, as there are hundreds of cases for each engine. */
function assertAll(engine, outcomes) {
  const wrong = cases.flatMap((testCase, index) => {
    if (testCase.not.includes(engine)) return [];
    const requests = server.requests(engine, index);
    const found = complaints(expected(testCase, engine), outcomes[index], requests, { ours: true, slack: SLACK_MS, load: LOAD });
    return found.length > 0 ? [`${testCase.family}: ${testCase.name}: ${found.join("; ")}`] : [];
  });
  assert.deepEqual(wrong, []);
  assert.deepEqual(server.elsewhere, []);
}

for (const { name, session, version: itsVersion } of await startAll(browsers)) {
  environment("Faults", `${name}, ${cases.length} cases`, itsVersion, async () => {
    const { browser } = await session;
    await browser.get(`${server.url}/page.html?who=${name}`);
    const output = () => browser.executeScript("return document.querySelector('output').textContent");
    await browser.wait(output, PATIENCE_MS, "the page did not come to its end");
    assertAll(name, JSON.parse(await output()));
  });
}

/** Makes an application's folder with the table of faults. Returns its path. */
async function application(name) {
  const cwd = await fixture(name, { folder: `${name}-faults` });
  await cp(faults, join(cwd, "faults"), { recursive: true });
  return cwd;
}

for (const [name, args] of [["Deno", ["run", "--allow-net", "--allow-env"]], ["Bun", ["run"]]]) {
  environment("Faults", `${name}, ${cases.length} cases`, version(name.toLowerCase()), async () => {
    const cwd = await application(name.toLowerCase());
    const all = [...args, "faults/run.mjs", server.url, name];
    assertAll(name, JSON.parse(await run(tool(name.toLowerCase()), all, { cwd, timeout: PATIENCE_MS })));
  });
}

/** The number of cases that run at a time. */
const PART = 40;

environment("Faults", `workerd, by wrangler, ${cases.length} cases`, version("workerd"), async () => {
  const cwd = await application("workerd");
  const config = { name: "faults", main: "faults/worker.mjs", compatibility_date: "2026-11-01" };
  await writeFile(join(cwd, "wrangler.json"), JSON.stringify(config));
  const url = await wrangler(cwd, ["wrangler.json"]);
  const outcomes = {};
  for (let from = 0; from < cases.length; from += PART) {
    const query = new URLSearchParams({ origin: server.url, who: "workerd", from, to: from + PART });
    const part = await (await fetch(`${url}?${query}`)).json();
    for (const [index, outcome] of Object.entries(part)) outcomes[from + Number(index)] = outcome;
  }
  assertAll("workerd", outcomes);
});
