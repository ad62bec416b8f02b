/** Progress: on a terminal, in a log, and none with --quiet. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { startService } from "../servers/service.mjs";
import { run, timeless } from "./support/cli.mjs";
import { onTerminal, progressLines, remaining } from "./support/cli-terminal.mjs";

const folder = await mkdtemp(join(tmpdir(), "cli-progress-"));
after(() => rm(folder, { recursive: true }));
let made = 0;
const fresh = (ending) => join(folder, `${made += 1}${ending}`);

const LATENCY_MS = 150;
const service = await startService({ latencyMs: LATENCY_MS, trouble: (id) => (id === 4 ? { status: 404 } : undefined) });
after(() => service.close());
/** Five runs each 150 ms, from the first to the last. */
const slowly = ["get", "--base-url", service.url, "--concurrency", "1"];

const IDS = Array.from({ length: 40 }, (_, index) => index + 1);
const file = join(folder, "ids.csv");
// The file has far more bytes than ids, as reading ahead must not count as progress.
await writeFile(file, `run_id,note\n${IDS.map((id) => `${id},${"x".repeat(20)}\n`).join("")}`);

/** The runs of a file may still be counted when the first line is shown. */
const LINE = /^(\d+)(?: of 40)? runs · (?:\x1b\[31m)?[01] failed(?:\x1b\[39m)? · [\d.]+\/s(?: · (\d+) s left)?$/;

for (const [what, ids] of Object.entries({ arguments: IDS.map(String), "a file": ["--file", file, "--column", "run_id"] })) {
  test(`on a terminal one line counts the runs of ${what}, and the summary replaces it`, async () => {
    const out = fresh(".json");
    const { code, shown } = await onTerminal([...slowly, ...ids, "--out", out]);
    assert.equal(code, 1);
    const counts = progressLines(shown).map((line) => {
      const found = LINE.exec(line);
      assert.ok(found, JSON.stringify(line));
      return Number(found[1]);
    });
    assert.ok(counts.length > 3, String(counts));
    assert.deepEqual(counts, counts.toSorted((a, b) => a - b));
    assert.match(progressLines(shown).at(-1), / of 40 runs · /);
    // The first line is printed after a few requests.
    assert.ok(counts[0] <= 10, String(counts));
    assert.match(timeless(remaining(shown)), /^run 4 [^\n]+\n39 of 40 runs, 1 failed, \d+ requests, T s -> [^\n]+\n$/);
  });
}

test("the time left is estimated correctly", async () => {
  const begun = performance.now();
  const { shown } = await onTerminal([...slowly, ...IDS.filter((id) => id !== 4).map(String), "--out", fresh(".json")]);
  const seconds = (performance.now() - begun) / 1000;
  const left = progressLines(shown).map((line) => / (\d+) s left/.exec(line)?.[1]).filter(Boolean).map(Number);
  assert.ok(left.length > 1 && left.every((each) => each <= Math.ceil(seconds) + 1), `${left} of ${seconds} s`);
  assert.ok(left.at(-1) <= left[0], String(left));
});

test("failures of --verbose stay above the line", async () => {
  const { shown } = await onTerminal([...slowly, ...IDS.map(String), "--verbose", "--out", fresh(".json")]);
  assert.match(remaining(shown), /^run 4 [^\n]+\n39 of 40 runs, /);
  assert.ok(progressLines(shown).length > 3);
});

test("results on the same terminal are whole lines", async () => {
  const { shown } = await onTerminal([...slowly, "1", "2", "3", "5", "6", "7", "8", "9", "--format", "csv"]);
  const lines = remaining(shown).split("\n");
  assert.equal(lines[0], "run_id,status,index,text,error");
  for (const id of [1, 2, 3, 5, 6, 7, 8, 9]) assert.ok(lines.includes(`${id},ok,0,"text of ${id}",`), shown);
});

test("failures are red on a terminal, unless NO_COLOR is set or the terminal has no colours", async () => {
  const args = [...slowly, ...IDS.slice(0, 15).map(String)];
  const [coloured, noColour, dumb] = await Promise.all([
    onTerminal([...args, "--out", fresh(".json")]),
    onTerminal([...args, "--out", fresh(".json")], { NO_COLOR: "1" }),
    onTerminal([...args, "--out", fresh(".json")], { TERM: "dumb" }),
  ]);
  assert.ok(coloured.shown.includes("\x1b[31m1 failed\x1b[39m"), coloured.shown);
  for (const { shown } of [noColour, dumb]) {
    assert.ok(progressLines(shown).length > 1, shown);
    assert.doesNotMatch(shown, /\x1b\[\d+m/);
  }
});

test("off a terminal there is no progress, and no colour", async () => {
  const { stderr } = await run([...slowly, ...IDS.slice(5).map(String), "--out", fresh(".json")], { env: { FORCE_COLOR: "1" } });
  assert.match(timeless(stderr), /^35 of 35 runs, 0 failed, 7 requests, T s -> [^\n]+\n$/);
});

test("--quiet silences progress and summary, not the failures", async () => {
  const args = [...slowly, ...IDS.slice(0, 10).map(String), "--quiet", "--out"];
  const { shown } = await onTerminal([...args, fresh(".json")]);
  assert.match(shown, /^run 4 [^\n]+\n$/);
});

test("--progress prints a line every ten seconds if standard error is not a terminal", async () => {
  const still = await startService({ latencyMs: 2_250 });
  const args = ["get", "--base-url", still.url, "--concurrency", "1", "--file", file, "--column", "run_id", "--progress"];
  const { code, stderr } = await run([...args, "--out", fresh(".ndjson")]);
  await still.close();
  assert.equal(code, 0);
  assert.match(stderr, /^20 of 40 runs · 0 failed · [12]\.\d\/s · (?:9|1\d) s left\n40 of 40 runs, 0 failed, 8 requests, 1\d\.\d s -> [^\n]+\n$/);
});

test("runs of a pipe are counted without a total until it ends", async () => {
  const { shown } = await onTerminal(["get", "--base-url", service.url, "--concurrency", "1", "--file", "-", "--out", fresh(".json")], {}, IDS.slice(4));
  const lines = progressLines(shown);
  assert.match(lines[0], /^\d+ runs? · 0 failed · [\d.]+\/s$/);
  assert.match(remaining(shown), /^36 of 36 runs, /);
});
