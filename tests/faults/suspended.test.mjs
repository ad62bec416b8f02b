/** A machine that is suspended during a call and wakes up long after its time is over. A process that is stopped stands for it. */
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

/** A call in a process of its own, which is stopped as soon as its request is there, and goes on later. */
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

test("the time of an attempt was over meanwhile: another one is made", async (t) => {
  const { outcome, requests } = await suspended(t, [neverAnswer(), json(RESULTS)], { timeoutMs: 500 });
  assert.deepEqual(outcome, RESULTS);
  assert.equal(requests, 2);
});

test("the time of the whole call was over meanwhile: it ends at once, and nothing more is sent", async (t) => {
  const { outcome, requests, ms } = await suspended(t, [neverAnswer()], { deadlineMs: 1_000 });
  assert.deepEqual(outcome, { code: "TIMEOUT", attempts: 1 });
  assert.equal(requests, 1);
  assert.ok(ms < 1_000, `after ${ms} ms`);
});
