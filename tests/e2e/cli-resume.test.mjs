/** The command line, interrupted and continued: no written run is lost or requested again. */
import assert from "node:assert/strict";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startService, textsOf } from "../servers/service.mjs";
import { ended, run, start, timeless } from "./support/cli.mjs";

const folder = await mkdtemp(join(tmpdir(), "cli-resume-"));
after(() => rm(folder, { recursive: true }));

let files = 0;
const fresh = () => join(folder, `results-${files += 1}.ndjson`);
const items = async (out) => (await readFile(out, "utf8")).split("\n").slice(0, -1).map((line) => JSON.parse(line));
const held = (id) => JSON.stringify({ runId: id, ok: true, texts: textsOf(id) });
const failed = (id) => JSON.stringify({ runId: id, ok: false, error: { code: "NETWORK" } });

const service = await startService();
after(() => service.close());
const base = ["--base-url", service.url];

async function resumed(out, ids) {
  const before = service.ledger.batches.length;
  const outcome = await run(["get", ...ids.map(String), ...base, "--out", out, "--resume"]);
  return { ...outcome, stderr: timeless(outcome.stderr), asked: service.ledger.batches.slice(before).flat() };
}

/** The outcome if the file holds both runs. */
const nothingAsked = (out) => (
  { code: 0, stdout: "", stderr: `2 of 2 runs, 0 failed, 2 from before, 0 requests, T s -> ${out}\n`, asked: [] }
);

test("runs in the file are not requested again, but failed and torn ones are", async () => {
  const out = fresh();
  await writeFile(out, `${held(1)}\n${failed(2)}\n${held(3)}\n${held(4).slice(0, -5)}`);
  const { code, asked } = await resumed(out, [1, 2, 3, 4, 5]);
  assert.equal(code, 0);
  assert.deepEqual(asked, [2, 4, 5]);
  const lines = await items(out);
  assert.deepEqual(lines.slice(0, 2).map(({ runId }) => runId), [1, 3]);
  assert.deepEqual(lines.map(({ runId }) => runId).sort(), [1, 2, 3, 4, 5]);
  assert.ok(lines.every(({ ok }) => ok));
});

test("a missing file is created, and a complete one is not changed", async () => {
  const out = fresh();
  assert.deepEqual((await resumed(out, [1, 2])).asked, [1, 2]);
  const written = await readFile(out, "utf8");
  assert.deepEqual(await resumed(out, [2, 1]), nothingAsked(out));
  assert.equal(await readFile(out, "utf8"), written);
});

test("a complete last line without a line feed is kept", async () => {
  const out = fresh();
  await writeFile(out, `${held(1)}\n${held(2)}`);
  assert.deepEqual((await resumed(out, [1, 2, 3, 4])).asked, [3, 4]);
  assert.deepEqual((await items(out)).map(({ runId }) => runId).sort(), [1, 2, 3, 4]);
});

test("a file with other content is not changed", async () => {
  const out = fresh();
  const text = `${held(1)}\nnotes of mine\n${held(2)}\n`;
  await writeFile(out, text);
  const { code, stderr, asked } = await resumed(out, [1, 2, 3]);
  assert.deepEqual([code, asked], [2, []]);
  assert.match(stderr, /line 2 was not written by this program/);
  assert.equal(await readFile(out, "utf8"), text);
  assert.deepEqual((await readdir(folder)).filter((name) => name.includes("resuming")), []);
});

for (const [what, item] of Object.entries({
  "has no texts": { runId: 2, ok: true },
  "has null for its texts": { runId: 2, ok: true, texts: null },
  "has a text that is a number": { runId: 2, ok: true, texts: ["one", 2] },
  "has one text for its texts": { runId: 2, ok: true, texts: "one" },
  "has an object for its texts": { runId: 2, ok: true, texts: { length: 0 } },
})) {
  test(`a run that ${what} is requested again`, async () => {
    const out = fresh();
    await writeFile(out, `${held(1)}\n${JSON.stringify(item)}\n${held(3)}\n`);
    const { code, asked } = await resumed(out, [1, 2, 3]);
    assert.deepEqual([code, asked], [0, [2]]);
    const lines = await items(out);
    assert.deepEqual(lines.map(({ runId }) => runId), [1, 3, 2]);
    assert.deepEqual(lines[2].texts, textsOf(2));
  });
}

test("a run with all its texts is not requested again, not even if it has no texts", async () => {
  const out = fresh();
  const text = `\ufeff${JSON.stringify({ runId: 1, ok: true, texts: [] })}\r\n\n${held(2)}\n`;
  await writeFile(out, text);
  assert.deepEqual(await resumed(out, [1, 2]), nothingAsked(out));
});

for (const [what, text] of Object.entries({
  "one line of something else": "notes of mine",
  "something else after results": `${held(1)}\nnotes of mine`,
  "JSON of something else": '{"name":"mine"}',
})) {
  test(`a file is not changed if its last line has no line feed: ${what}`, async () => {
    const out = fresh();
    await writeFile(out, text);
    const { code, stderr, asked } = await resumed(out, [1, 2, 3]);
    assert.deepEqual([code, asked], [2, []]);
    assert.match(stderr, /line \d was not written by this program/);
    assert.equal(await readFile(out, "utf8"), text);
  });
}

test("a killed command loses at most the line that it was writing", async () => {
  const out = fresh();
  const slow = await startService({ latencyMs: 20 });
  const ids = Array.from({ length: 3_000 }, (_, index) => index + 1);
  const input = ids.join("\n");
  const args = ["get", "--base-url", slow.url, "--out", out, "--resume"];
  for (const kill of ["SIGKILL", "SIGINT", "SIGKILL"]) {
    const child = start(args, { input });
    const before = (await readFile(out, "utf8").catch(() => "")).length;
    while ((await readFile(out, "utf8").catch(() => "")).length < before + 10_000) await sleep(20);
    child.kill(kill);
    assert.equal((await ended(child)).code, kill === "SIGINT" ? 130 : "SIGKILL");
  }
  const written = new Set((await items(out)).map(({ runId }) => runId));
  await appendFile(out, held(2_999).slice(0, 20));
  const asked = slow.ledger.batches.flat().length;
  assert.equal((await run(args, { input })).code, 0);
  await slow.close();

  assert.equal(slow.ledger.batches.flat().length - asked, ids.length - written.size);
  assert.deepEqual((await items(out)).map(({ runId }) => runId).sort((a, b) => a - b), ids);
});

test("a file of many ids takes no more memory than a short file", async () => {
  const long = await startService({ trouble: (id) => ({ value: { texts: [`${id} `.repeat(400)] } }) });
  const ids = join(folder, "ids");
  await writeFile(ids, Array.from({ length: 15_000 }, (_, index) => index + 1).join("\n"));
  const out = fresh();
  // Less than half of the texts would fit.
  const env = { NODE_OPTIONS: "--max-old-space-size=16" };
  const { code, stderr } = await run(["get", "--file", ids, "--base-url", long.url, "--out", out], { env });
  await long.close();
  assert.equal(code, 0);
  assert.match(stderr, /^15,000 of 15,000 runs, 0 failed, 3,\d{3} requests, [\d.]+ s -> [^\n]+\n$/);
  assert.equal((await readFile(out, "utf8")).split("\n").length, 15_001);
});
