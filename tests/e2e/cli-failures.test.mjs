/** How the command line reports failures: grouped on standard error, one by one in the output, and when it stops. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { freePort } from "../servers/free-port.mjs";
import { json } from "../servers/faulty.mjs";
import { startService } from "../servers/service.mjs";
import { clientFor } from "./support/calls.mjs";
import { run, timeless } from "./support/cli.mjs";

const folder = await mkdtemp(join(tmpdir(), "cli-failures-"));
after(() => rm(folder, { recursive: true }));

const GONE = new Set([4, 8]);
const trouble = (id) => (id % 10 === 9 ? { status: 404 } : GONE.has(id) ? { status: 410 } : undefined);
const service = await startService({ trouble });
after(() => service.close());

const numbers = (count) => Array.from({ length: count }, (_, index) => index + 1);
const get = (url, ids, ...args) => run(["get", "--base-url", url, "--retries", "0", ...args], { input: ids.join("\n") });

/** Returns a base URL on which no program listens. */
const unreachable = async () => `http://127.0.0.1:${await freePort()}`;

/** Returns the package's message for a failed run, in the words of the command line. */
async function messageOf(url, id) {
  const { failures } = await clientFor(url).getAllResults([id]);
  return failures[0].error.message.replaceAll("baseUrl", "--base-url");
}

test("199 runs that fail for one reason are one line, with the system's error code", async () => {
  const url = await unreachable();
  const out = join(folder, "unreachable.csv");
  const { code, stdout, stderr } = await get(url, numbers(199), "--out", out);
  assert.deepEqual([code, stdout], [1, ""]);
  const [line, summary, end] = stderr.split("\n");
  assert.match(line, /^199 runs: .*ECONNREFUSED/);
  assert.match(summary, /^0 of 199 runs, 199 failed, \d+ requests?, [\d.]+ s -> /);
  assert.equal(end, "");
  const rows = (await readFile(out, "utf8")).split("\r\n").slice(1, -1);
  assert.equal(rows.length, 199);
  assert.ok(rows.every((row) => /^\d+,failed,,,"NETWORK: .+"$/.test(row)), rows[0]);
});

test("each reason is one line, even if the service's message names the run", async () => {
  const [missing, gone] = await Promise.all([messageOf(service.url, 9), messageOf(service.url, 4)]);
  const { code, stderr } = await get(service.url, numbers(30), "--format", "json");
  assert.equal(code, 1);
  const lines = timeless(stderr).replace(/\d+ requests/, "N requests").split("\n");
  const expected = [`3 runs: ${missing.replace(/\b9\b/, "…")}`, `2 runs: ${gone.replace(/\b4\b/, "…")}`];
  assert.deepEqual(lines.slice(0, 2).sort(), expected.sort());
  assert.deepEqual(lines.slice(2), ["25 of 30 runs, 5 failed, N requests, T s", ""]);
});

test("a single failed run is named, and --verbose names all failed runs", async () => {
  const missing = async (id) => {
    const message = await messageOf(service.url, id);
    return message.startsWith(`run ${id} `) ? `${message}\n` : `run ${id}: ${message}\n`;
  };
  const one = await get(service.url, [1, 2, 9]);
  assert.ok(one.stderr.startsWith(await missing(9)), one.stderr);
  const all = await get(service.url, [9, 19, 29], "--verbose");
  const lines = all.stderr.split(/(?<=\n)/).slice(0, 3);
  assert.deepEqual(lines.sort(), (await Promise.all([9, 19, 29].map(missing))).sort());
});

test("if each run has a message of its own, only some messages are printed", async () => {
  const chatty = await startService({
    trouble: () => ({ status: 404 }),
    intercept: ({ path, method }) => (method === "GET" ? json({ detail: `ticket ${path.length}${Math.random()}` }, { status: 404 }) : undefined),
  });
  const { stderr } = await get(chatty.url, numbers(50), "--quiet");
  await chatty.close();
  const lines = stderr.trimEnd().split("\n");
  assert.equal(lines.length, 21);
  assert.equal(lines.at(-1), "30 runs: other reasons, see --verbose");
});

test("values that are not run ids are one line, and the summary counts them", async () => {
  const { code, stderr } = await get(service.url, ["1 x y", "2", "z"]);
  assert.equal(code, 1);
  const skipped = '3 values skipped, the first: standard input, line 1: "x" is not a run id: an integer from 1 to 9007199254740991';
  assert.equal(timeless(stderr), `${skipped}\n2 of 2 runs, 0 failed, 3 values skipped, 1 request, T s\n`);
});

test("JSON, NDJSON and CSV hold a failure with its code and its message", async () => {
  const message = await messageOf(service.url, 9);
  const as = async (format) => (await get(service.url, [1, 2, 9], "--format", format)).stdout;
  const whole = JSON.parse(await as("json"));
  assert.deepEqual(Object.keys(whole), ["1", "2", "9"]);
  assert.deepEqual([whole[9].error.code, whole[9].error.message], ["NOT_FOUND", message]);
  const items = (await as("ndjson")).trimEnd().split("\n").map((line) => JSON.parse(line));
  const { ok, error } = items.find(({ runId }) => runId === 9);
  assert.deepEqual([ok, error.code, error.message], [false, "NOT_FOUND", message]);
  assert.ok((await as("csv")).includes(`9,failed,,,"NOT_FOUND: ${message.replaceAll('"', '""')}"\r\n`));
});

test("--fail-fast stops at the first failed run, and the output is complete", async () => {
  const out = join(folder, "stopped.json");
  const ids = [9, ...numbers(5_000).map((id) => id * 10)];
  const { code, stderr } = await get(service.url, ids, "--fail-fast", "--out", out);
  assert.equal(code, 1);
  assert.match(timeless(stderr), /^run 9 [^\n]+\n\d+ runs?, 1 failed, \d+ requests, T s -> [^\n]+\n$/);
  const held = JSON.parse(await readFile(out, "utf8"));
  assert.equal(held[9].error.code, "NOT_FOUND");
  assert.ok(Object.keys(held).length < 300, `${Object.keys(held).length} runs`);
});

test("--fail-fast stops at the first value that is not a run id", async () => {
  const before = service.ledger.batches.length;
  const { code, stderr } = await get(service.url, ["x", ...numbers(100)], "--fail-fast");
  assert.deepEqual([code, service.ledger.batches.length], [1, before]);
  assert.match(stderr, /^standard input, line 1: "x" is not a run id: [^\n]+\n0 runs, 0 failed, 1 value skipped, 0 requests, [\d.]+ s\n$/);
});

test("a refused key is reported once, in the words of the command line", async () => {
  const refusing = await startService({ intercept: () => json({ detail: "no" }, { status: 401 }) });
  const { code, stderr } = await get(refusing.url, numbers(100));
  await refusing.close();
  assert.equal(code, 3);
  assert.doesNotMatch(stderr, /apiKey|baseUrl/);
  const refusal = "the service did not accept the API key: check CAMB_API_KEY or --key-file (401: no)";
  const [first, ...rest] = timeless(stderr).split("\n");
  assert.equal(first, `translation-results: ${refusal}`);
  assert.match(rest.join("\n"), /^0 (?:of 100 )?runs, 0 failed, \d+ requests?, T s\n$/);
});

test("a header of the user is sent, and the message for an invalid header leaves out its value", async () => {
  const seen = [];
  const listening = await startService({ intercept: ({ headers }) => void seen.push([headers["x-team"], headers.authorization]) });
  const given = ["--header", "X-Team: red: 1", "--header", "authorization:Basic abc"];
  assert.equal((await get(listening.url, [1, 2], ...given)).code, 0);
  assert.deepEqual(seen, [["red: 1", "Basic abc"]]);
  await listening.close();
  for (const [header, says] of [
    ["secret", '--header must be "name: value"'],
    [": secret", '--header must be "name: value"'],
    ["x-api-key: secret", "--header must not have x-api-key"],
    ["x y: secret", "--header must have names of"],
    ["x: secret\u0007", "--header must have values of"],
  ]) {
    const { code, stdout, stderr } = await get(service.url, [1, 2], "--header", header);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.ok(stderr.startsWith(`translation-results: ${says}`), stderr);
    assert.doesNotMatch(stderr, /secret|apiKey/);
  }
});

test("with --bom, CSV begins with a byte order mark", async () => {
  const out = join(folder, "marked.csv");
  assert.equal((await get(service.url, [1, 2], "--bom", "--out", out)).code, 0);
  assert.deepEqual([...(await readFile(out)).subarray(0, 9)], [0xef, 0xbb, 0xbf, ...Buffer.from("run_id")]);
});

test("the output cannot overwrite the file of run ids", async () => {
  const file = join(folder, "ids.csv");
  await writeFile(file, "run_id\n1\n2\n");
  assert.equal((await run(["get", "--base-url", service.url, "--file", file, "--out", file])).code, 2);
  assert.equal(await readFile(file, "utf8"), "run_id\n1\n2\n");
});
