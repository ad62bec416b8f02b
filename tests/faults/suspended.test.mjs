/** A machine that is suspended during a call and wakes up after the time limit. A stopped process simulates it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { installDir } from "../e2e/support/install.mjs";
import { json, neverAnswer, startFaulty } from "../servers/faulty.mjs";

const SUSPENDED_MS = 1_500;

/** Makes a call in a process of its own, stops the process when the request arrives, and continues it later. */
async function suspended(t, behaviours, options) {
  const server = await startFaulty(behaviours);
  t.after(() => server.close());
  await writeFile(join(installDir, "suspended.mjs"), `
    import { TranslationResultsClient } from "translation-results";
    const [baseUrl, options] = process.argv.slice(2);
    const client = new TranslationResultsClient({ baseUrl, apiKey: "sample-key" });
    const outcome = await client.getResults([1, 2], JSON.parse(options)).catch(({ code, attempts }) => ({ code, attempts }));
    console.log(JSON.stringify(outcome));
  `);
  const child = spawn(process.execPath, ["suspended.mjs", server.url, JSON.stringify(options)], {
    cwd: installDir, stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const printed = text(child.stdout);
  while (server.requests.length === 0) await sleep(5);
  child.kill("SIGSTOP");
  await sleep(SUSPENDED_MS);
  child.kill("SIGCONT");
  const begun = performance.now();
  await once(child, "exit");
  return { outcome: JSON.parse(await printed), requests: server.requests.length, ms: performance.now() - begun };
}

const RESULTS = { 1: { texts: ["one"] }, 2: { texts: ["two"] } };

test("if the time of an attempt ran out meanwhile, there is another attempt", async (t) => {
  const { outcome, requests } = await suspended(t, [neverAnswer(), json(RESULTS)], { timeoutMs: 500 });
  assert.deepEqual(outcome, RESULTS);
  assert.equal(requests, 2);
});

test("if the time of the whole call ran out meanwhile, it ends at once, and nothing more is sent", async (t) => {
  const { outcome, requests, ms } = await suspended(t, [neverAnswer()], { deadlineMs: 1_000 });
  assert.deepEqual(outcome, { code: "TIMEOUT", attempts: 1 });
  assert.equal(requests, 1);
  assert.ok(ms < 1_000, `after ${ms} ms`);
});
