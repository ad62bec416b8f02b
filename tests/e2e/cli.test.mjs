/** The command line: its input, output, messages and exit codes. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { json } from "../servers/faulty.mjs";
import { startService, textsOf } from "../servers/service.mjs";
import { assertSays, ended, run, start, timeless } from "./support/cli.mjs";

const folder = await mkdtemp(join(tmpdir(), "cli-"));
after(() => rm(folder, { recursive: true }));

const HARMFUL = ['=HYPERLINK("x")', "+1", "-1", "@sum", "\tx", "a,b", 'say "no"', "two\nlines", "a\u2028b"];
const service = await startService({
  trouble: (id) => ({ 404: { status: 404 }, 9: { value: { texts: HARMFUL } } })[id],
});
after(() => service.close());
const base = ["--base-url", service.url];

const get = (ids, ...args) => run(["get", ...ids.map(String), ...base, ...args]);
const asked = async (work) => {
  const before = service.ledger.batches.length;
  const outcome = await work();
  return { ...outcome, batches: service.ledger.batches.slice(before) };
};
const runsIn = (ndjson) => ndjson.trimEnd().split("\n").map((line) => JSON.parse(line)).map(({ runId }) => runId);

test("the default format is text", async () => {
  const { code, stdout, stderr } = await get([1, 2]);
  assert.deepEqual([code, stdout], [0, "run 1\ntext of 1\n\nrun 2\ntext of 2\n"]);
  assert.equal(timeless(stderr), "2 of 2 runs, 0 failed, 1 request, T s\n");
});

test("JSON is one object in the form of the service's answer", async () => {
  const { code, stdout } = await get([1, 2, 3, 4, 5, 6], "--format", "json");
  const expected = Object.fromEntries([1, 2, 3, 4, 5, 6].map((id) => [id, { texts: textsOf(id) }]));
  assert.deepEqual([code, JSON.parse(stdout)], [0, expected]);
});

test("NDJSON has a line for each run, failed ones too, with any line ends in the texts", async () => {
  const { code, stdout, stderr } = await get([9, 404, 1], "--format", "ndjson");
  assert.equal(code, 1);
  const items = stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  assert.equal(stdout.split(/[\n\u2028]/).length, 4);
  const byId = Object.fromEntries(items.map((item) => [item.runId, item]));
  assert.deepEqual(byId[9], { runId: 9, ok: true, texts: HARMFUL });
  assert.equal(byId[404].error.code, "NOT_FOUND");
  assertSays(stderr, "run 404 [^\\n]*\\n");
});

test("CSV follows RFC 4180, and contains nothing that a spreadsheet would run", async () => {
  const { stdout } = await get([9, 1], "--format", "csv");
  const rows = stdout.split("\r\n");
  assert.equal(rows[0], "run_id,status,index,text,error");
  assert.ok(rows.includes('1,ok,0,"text of 1",'));
  const cells = ['"\'=HYPERLINK(""x"")"', '"\'+1"', '"\'-1"', '"\'@sum"', '"\'\tx"', '"a,b"', '"say ""no"""', '"two\nlines"'];
  for (const [index, cell] of cells.entries()) assert.ok(rows.includes(`9,ok,${index},${cell},`), `${cell} in ${stdout}`);
});

const STARTERS = ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\ufe62", "\ufe63", "\ufe6b", "\u2212"];

/** Invisible characters before the first visible one. */
const UNSEEN = [
  " ", "\t", "\r", "\n", "\r\n", "\v", "\f", "\u0085", "\u00a0", "\u3000", "\u2028", "\u2003", "\ufeff", "\u200b", "\u200c",
  "\u200d", "\u2060", "\u00ad", "\u034f", "\u061c", "\u202e", "\u2066", "\u3164", "\u115f", "\uffa0", "\u180e", "\u2800", "\ufe0f",
  "\u{e0020}", "\u{e0100}", "\ufff9", "\ue000", "\ud800", " \u200b\t ",
];

test("CSV: no invisible character hides a formula, and characters that a spreadsheet drops are not written", async () => {
  const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).filter((char) => /\p{Cc}/u.test(char));
  const texts = ["", ...UNSEEN, ...controls].flatMap((unseen) => STARTERS.map((starter) => `${unseen}${starter}1+1`));
  texts.push("\n1+1", "\r1+1", "\t1+1", "\u0000\n\u00001+1");
  const hiding = await startService({ trouble: () => ({ value: { texts } }) });
  const { code, stdout } = await run(["get", "1", "--base-url", hiding.url, "--format", "csv"]);
  await hiding.close();
  assert.equal(code, 0);
  const rows = stdout.split(/(?<=,)\r\n/);
  assert.equal(rows.length, texts.length + 1);
  for (const [index, text] of texts.entries()) {
    // UTF-8 cannot encode lone surrogates.
    const kept = text.replace(/(?![\t\r\n])\p{Cc}/gu, "").replace("\ud800", "\ufffd");
    assert.ok(rows[index].endsWith(`1,ok,${index},"'${kept}",`), `${JSON.stringify(text)} is ${JSON.stringify(rows[index])}`);
  }
});

test("CSV: a text that is not a formula is written unchanged but for control characters", async () => {
  const texts = ["a=b", "1-1", "– so?", "  indented", "'=1", '"=1"', "\u200bword", "tab\tand\r\nlines", "", "é ＝", "%|;"];
  const plain = await startService({ trouble: () => ({ value: { texts: [...texts, "bell\u0007 and\u0000 \u009bnul"] } }) });
  const { stdout } = await run(["get", "1", "--base-url", plain.url, "--format", "csv"]);
  await plain.close();
  const rows = [...texts, "bell and nul"].map((text, index) => `1,ok,${index},"${text.replaceAll('"', '""')}",\r\n`);
  assert.equal(stdout, `run_id,status,index,text,error\r\n${rows.join("")}`);
});

test("CSV has a row for each run: for one that failed and for one without texts, too", async () => {
  const detail = { detail: "\u0000=1+1, \"quoted\"" };
  const mixed = await startService({
    intercept: ({ path }) => (path.endsWith("/5") ? json(detail, { status: 404 }) : undefined),
    trouble: (id) => ({ 2: { value: { texts: [] } }, 3: { value: undefined }, 4: { status: 403 }, 5: { status: 404 } })[id],
  });
  const { code, stdout } = await run(["get", "1", "2", "3", "4", "5", "--base-url", mixed.url, "--format", "csv"]);
  await mixed.close();
  assert.equal(code, 1);
  const [head, ...rows] = stdout.split("\r\n").slice(0, -1);
  assert.equal(head, "run_id,status,index,text,error");
  const sorted = rows.sort();
  assert.deepEqual(sorted.slice(0, 2), ['1,ok,0,"text of 1",', "2,ok,,,"]);
  assert.match(sorted[2], /^3,failed,,,"NOT_FOUND: .*"$/);
  assert.match(sorted[3], /^4,failed,,,"FORBIDDEN: .*"$/);
  assert.match(sorted[4], /^5,failed,,,"NOT_FOUND: .*=1\+1, ""quoted""\)"$/);
  assert.equal(rows.length, 5);
});

test("the file extension of --out selects the format, and an existing file is not overwritten", async () => {
  const out = join(folder, "results.csv");
  assert.equal((await get([1, 2], "--out", out)).code, 0);
  const written = await readFile(out, "utf8");
  assert.match(written, /^run_id,status,index,text,error\r\n/);

  const { code, stderr, batches } = await asked(() => get([3, 4], "--out", out));
  assert.deepEqual([code, batches], [2, []]);
  assert.match(stderr, /results\.csv exists: remove it/);
  assert.equal(await readFile(out, "utf8"), written);
});

for (const [what, text] of Object.entries({
  lines: "1\n2\n3\n", "Windows's lines": "1\r\n2\r\n3", CSV: "1,2,3", "a JSON array": "[1, 2, 3]", tabs: "1\t2;3 ",
})) {
  test(`run ids between ${what}, from standard input and from a file`, async () => {
    const piped = await run(["get", ...base, "--format", "ndjson"], { input: text });
    assert.deepEqual([piped.code, runsIn(piped.stdout).sort()], [0, [1, 2, 3]]);
    const file = join(folder, "ids.txt");
    await writeFile(file, text);
    const read = await run(["get", ...base, "--format", "ndjson", "--file", file]);
    assert.deepEqual([read.code, runsIn(read.stdout).sort()], [0, [1, 2, 3]]);
  });
}

test("an invalid run id in a file is named with its line, and the others are fetched", async () => {
  const input = `1 2\n${"7".repeat(200_000)}\n0 12.5 -3\n\n9007199254740992 x\u00001 3`;
  const { code, stdout, stderr } = await run(["get", ...base, "--format", "ndjson", "--verbose"], { input });
  assert.deepEqual([code, runsIn(stdout).sort()], [1, [1, 2, 3]]);
  const lines = stderr.trimEnd().split("\n");
  assert.match(lines.pop(), /^3 of 3 runs, 0 failed, 6 values skipped, [1-3] requests?, [\d.]+ s$/);
  const shown = [`"${"7".repeat(64)}…"`, '"0"', '"12.5"', '"-3"', '"9007199254740992"', '"x\\u00001"'];
  const numbers = [2, 3, 3, 3, 5, 5];
  assert.deepEqual(lines.map((line) => line.split(" is not a run id")[0]),
    shown.map((text, index) => `standard input, line ${numbers[index]}: ${text}`));
});

test("results are written while ids are still being read", async () => {
  const child = start(["get", ...base, "--format", "ndjson"], { input: null });
  child.stdin.write("1 2 3 4 5 ");
  const [first] = await once(child.stdout.setEncoding("utf8"), "data");
  assert.match(first, /"runId":1,/);
  child.stdin.end("6");
  assert.equal((await ended(child)).code, 0);
});

test("plan shows the requests and sends none", async () => {
  const { code, stdout, stderr, batches } = await asked(() => run(["plan", "1", "2", "3", "4", "5", "6", "7", "1"]));
  assert.deepEqual([code, stdout, stderr, batches], [0, "1 2 3 4\n5 6 7\n", "7 runs, 2 requests\n", []]);
});

test("the key can come from a file, and without a key nothing is sent", async () => {
  const seen = [];
  const listening = await startService({ intercept: ({ headers }) => void seen.push(headers["x-api-key"]) });
  const keyFile = join(folder, "key");
  await writeFile(keyFile, "from-a-file\n");
  const args = ["get", "1", "2", "--base-url", listening.url];
  assert.equal((await run([...args, "--key-file", keyFile], { key: null })).code, 0);
  assert.deepEqual(seen, ["from-a-file"]);
  await listening.close();

  const { code, stderr } = await run(["get", "1", "2"], { key: null });
  assert.equal(code, 2);
  assert.match(stderr, /CAMB_API_KEY/);
});

test("a refused key ends with 3", async () => {
  const refusing = await startService({ intercept: () => json({ detail: "no" }, { status: 401 }) });
  const { code, stderr } = await run(["get", "1", "2", "--base-url", refusing.url]);
  await refusing.close();
  assert.equal(code, 3);
  assertSays(stderr, "translation-results: [^\\n]*401[^\\n]*\\n");
});

test("a message of the service stays in its line and cannot control the terminal", async () => {
  const rude = await startService({ intercept: () => json({ detail: "gone\u001b[2J\nbye" }, { status: 404 }) });
  const { code, stderr } = await run(["get", "1", "--base-url", rude.url]);
  await rude.close();
  assert.equal(code, 1);
  assertSays(stderr, "run 1 [^\\n]*gone \\[2J bye\\)\\n");
});

test("an interrupt ends with 130, and the output is complete", async () => {
  const slow = await startService({ latencyMs: ({ body }) => (body.includes("[1,") ? 0 : 3_000) });
  const child = start(["get", "1", "2", "3", "4", "5", "6", "--base-url", slow.url, "--format", "json"]);
  const out = ended(child);
  child.stdout.on("data", (chunk) => {
    // The last run of the batch that arrives at once.
    if (String(chunk).includes('"3":')) setTimeout(() => child.kill("SIGINT"), 300);
  });
  const { code, stdout } = await out;
  await slow.close();
  assert.equal(code, 130);
  assert.deepEqual(Object.keys(JSON.parse(stdout)), ["1", "2", "3"]);
});

test("a reader that closes standard output is not a failure", async () => {
  const child = start(["get", ...base, "--format", "ndjson"], {
    input: Array.from({ length: 20_000 }, (_, index) => index + 10).join(" "),
  });
  await once(child.stdout, "data");
  child.stdout.destroy();
  const [code] = await once(child, "exit");
  assert.equal(code, 141);
  child.stderr.destroy();
});

test("the help fits a screen", async () => {
  const { code, stdout } = await run(["--help"], { key: null });
  assert.equal(code, 0);
  const lines = stdout.split("\n");
  assert.ok(lines.length <= 25, `${lines.length} lines`);
  for (const line of lines) assert.ok([...line].length <= 80, line);
  for (const option of ["--file", "--resume", "CAMB_API_KEY", "130"]) assert.ok(stdout.includes(option), option);
});
