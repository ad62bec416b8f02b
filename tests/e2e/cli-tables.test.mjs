/** Run ids in a column of a table or in NDJSON. Other numbers in the file are never requested. */
import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startService } from "../servers/service.mjs";
import { ended, run, start } from "./support/cli.mjs";

const folder = await mkdtemp(join(tmpdir(), "cli-tables-"));
after(() => rm(folder, { recursive: true }));
const service = await startService();
after(() => service.close());

const HELP = "translation-results --help says more\n";
const RULE = "an integer from 1 to 9007199254740991";

/** Two hundred runs as a shop exports them: with order numbers, prices and digits in names. */
const ORDERS = Array.from({ length: 200 }, (_, index) => ({ order: 500_000 + index, run: 1_000 + index }));
const exported = (separator) => [
  ["order", "run_id", "customer", "note", "price"].join(separator),
  ...ORDERS.map(({ order, run }) => [order, run, `"Flat 7${separator} ""B"" 12"`, '"two\nlines 34"', "9.90"].join(separator)),
].join("\r\n");
const RUNS = ORDERS.map(({ run }) => run);

const planned = (stdout) => stdout.split(/\s/).filter(Boolean).map(Number);
const plan = (input, ...args) => run(["plan", ...args], { input });

for (const [what, separator] of Object.entries({ commas: ",", semicolons: ";", tabs: "\t", bars: "|" })) {
  test(`one column of a table with ${what} is read`, async () => {
    const { code, stdout, stderr } = await plan(exported(separator), "--column", "run_id");
    assert.deepEqual([code, stderr], [0, "200 runs, 40 requests\n"]);
    assert.deepEqual(planned(stdout), RUNS);
  });

  test(`without --column, a table with ${what} is refused, and the message lists its columns`, async () => {
    const before = service.ledger.batches.length;
    const file = join(folder, "orders.csv");
    const out = join(folder, "never.csv");
    await writeFile(file, exported(separator));
    const outcome = await run(["get", "--base-url", service.url, "--out", out, "--file", file]);
    const says = `${file} is a table with the columns order, run_id, customer, note, price: name the one that holds run ids with --column, by its name or its number`;
    assert.deepEqual(outcome, { code: 2, stdout: "", stderr: `translation-results: ${says}\n${HELP}` });
    assert.equal(service.ledger.batches.length, before);
    await assert.rejects(stat(out), { code: "ENOENT" });
  });
}

const bytes = Buffer.from(`\ufeff${exported(",")}`, "utf16le");
const ENCODINGS = {
  "UTF-8": Buffer.from(exported(",")),
  "UTF-8 with a byte order mark": Buffer.from(`\ufeff${exported(",")}`),
  "UTF-16 little-endian": bytes,
  "UTF-16 big-endian": Buffer.from(bytes).swap16(),
};
for (const [what, table] of Object.entries(ENCODINGS)) {
  test(`a table in ${what} may arrive a byte at a time, with the number of the column`, async () => {
    const child = start(["plan", "--column", "2"], { input: null });
    const end = ended(child);
    for (const byte of table.subarray(0, 40)) {
      child.stdin.write(Buffer.of(byte));
      await sleep(2);
    }
    child.stdin.end(table.subarray(40));
    assert.deepEqual(planned((await end).stdout), RUNS);
  });
}

test("only the 200 runs of the table are fetched", async () => {
  const before = service.ledger.batches.length;
  const file = join(folder, "fetched.csv");
  await writeFile(file, exported(","));
  const { code } = await run(["get", "--base-url", service.url, "--file", file, "--column", "run_id", "--quiet"]);
  assert.equal(code, 0);
  assert.deepEqual(service.ledger.batches.slice(before).flat().sort((a, b) => a - b), RUNS);
});

for (const [what, input, columns] of [
  ["without names", '1,"Order 5"\n2,"Order 6"\n', "1, Order 5"],
  ["whose names come after a title", "Export of 2024\n\nrun_id,name\n1,x\n", "run_id, name"],
  ["of names only", "run_id,name\n", "run_id, name"],
  ["of two columns of numbers with names", "run_id,order\n1,500\n2,501\n", "run_id, order"],
  ["with a name of digits", "run_id,2024\n1,5\n", "run_id, 2024"],
  ["with more columns than a line shows", `${Array.from({ length: 30 }, (_, n) => `c${n}`)}\n`, `${Array.from({ length: 20 }, (_, n) => `c${n}`).join(", ")}, …`],
]) {
  test(`a table ${what} is refused`, async () => {
    const { code, stdout, stderr } = await plan(input);
    const says = `standard input is a table with the columns ${columns}: name the one that holds run ids with --column, by its name or its number`;
    assert.deepEqual([code, stdout, stderr], [2, "", `translation-results: ${says}\n${HELP}`]);
  });
}

for (const [what, column, input, says] of [
  ["has no column of that name", "runs", "run_id,name\n1,x\n", 'has no column "runs": the columns are run_id, name'],
  ["has fewer columns", "3", "run_id,name\n1,x\n", "has no column 3: the columns are run_id, name"],
  ["has two columns of that name", "id", "id,name,id\n1,x,2\n", 'has several columns "id", give the number of one: the columns are id, name, id'],
]) {
  test(`a table that ${what} is refused`, async () => {
    const { code, stdout, stderr } = await plan(input, "--column", column);
    assert.deepEqual([code, stdout, stderr], [2, "", `translation-results: standard input ${says}\n${HELP}`]);
  });
}

test("reading ends where a table breaks RFC 4180, and the message names the line", async () => {
  const { code, stdout, stderr } = await plan('run_id,size\n1,"5" disk\n2,x\n', "--column", "run_id");
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^translation-results: standard input is not CSV by RFC 4180: [^\n]*line 2[^\n]*\n$/);
});

test("a message names a cell without a run id by its row in a spreadsheet, and blank rows are ignored", async () => {
  const input = 'name,run_id\n"a\nb",1\n\n,,\nc,n/a\nd,"3,000"\ne\nf, 4 \n';
  const { code, stdout, stderr } = await plan(input, "--column", "run_id", "--verbose");
  assert.deepEqual([code, stdout], [1, "1 4\n"]);
  const says = [`row 5: "n/a"`, `row 6: "3,000"`, `row 7: ""`].map((bad) => `standard input, ${bad} is not a run id: ${RULE}\n`);
  assert.equal(stderr, `${says.join("")}2 runs, 1 request\n`);
});

test("a column without a name can be named by its number", async () => {
  assert.equal((await plan("5,x\n6,y\n", "--column", "1")).stdout, "5 6\n");
});

test("the title of a list in one column is not a value", async () => {
  for (const title of ["run_id", '"Run ID"']) {
    assert.deepEqual(await plan(`${title}\n5\n6\n`), { code: 0, stdout: "5 6\n", stderr: "2 runs, 1 request\n" });
  }
});

for (const [what, input, values] of [
  ["with commas", "12,345\n7\n1,234,567\n", ["12,345", "1,234,567"]],
  ["with apostrophes", "12'345 7", ["12'345"]],
  ["with spaces that do not break", "12\u00a0345\n7\n", ["12\u00a0345"]],
]) {
  test(`digits in groups ${what} are not read as several runs`, async () => {
    const child = start(["plan", "--verbose"], { input: null });
    const end = ended(child);
    for (const byte of Buffer.from(input)) {
      child.stdin.write(Buffer.of(byte));
      await sleep(2);
    }
    child.stdin.end();
    const { code, stdout, stderr } = await end;
    assert.deepEqual([code, stdout], [1, "7\n"]);
    const said = stderr.trimEnd().split("\n").slice(0, -1).map((line) => /line \d+: (".*") may be one run id or several/.exec(line)?.[1]);
    assert.deepEqual(said, values.map((value) => JSON.stringify(value)));
  });
}

test("digits in groups among the arguments are refused", async () => {
  const says = 'translation-results: "12,345" may be one run id or several: write 12345 or 12 345\n';
  assert.deepEqual(await run(["plan", "7", "12,345"]), { code: 2, stdout: "", stderr: says + HELP });
});

test("numbers between commas are several runs if they cannot be one", async () => {
  for (const [input, expected] of [
    ["1,2,3", "1 2 3"], ["12345,67890", "12345 67890"], ["[100,200]", "100 200"], ["'100','200'", "100 200"], ["5,100,200,30", "5 100 200 30"],
  ]) assert.equal((await plan(input)).stdout, `${expected}\n`);
  const long = Array.from({ length: 500 }, (_, index) => index + 100);
  const child = start(["plan"], { input: null });
  const end = ended(child);
  for (const piece of String(long).match(/.{1,3}/g)) child.stdin.write(piece);
  child.stdin.end();
  assert.deepEqual(planned((await end).stdout), long);
});

test("NDJSON: the member runId of each line is read, and no other number", async () => {
  const lines = ['{"runId":5,"ok":true,"texts":["12 and 13\u2028"]}', "", '{"runId":"6","order":99}', '{"run_id":7}', '{"order":98}', "null", "{", '{"runId":0}'];
  const { code, stdout, stderr } = await plan(lines.join("\r\n"), "--verbose");
  assert.deepEqual([code, stdout], [1, "5 6 7\n"]);
  const none = `there is no JSON object with "runId": ${RULE}`;
  const says = [`5: ${none}`, `6: ${none}`, `7: ${none}`, `8: "0" is not a run id: ${RULE}`];
  assert.equal(stderr, `${says.map((bad) => `standard input, line ${bad}\n`).join("")}3 runs, 1 request\n`);
});

test("NDJSON: --column names the member", async () => {
  assert.equal((await plan('{"id":5,"runId":6}\n', "--column", "id")).stdout, "5\n");
});

test("the output of get is valid input", async () => {
  const file = join(folder, "written.ndjson");
  await run(["get", "5", "6", "7", "--base-url", service.url, "--out", file]);
  assert.deepEqual(planned((await run(["plan", "--file", file])).stdout).sort(), [5, 6, 7]);
});

test("an array of objects is refused, because its numbers may not be run ids", async () => {
  const says = 'translation-results: standard input is a JSON array of objects: give NDJSON, an object with "runId" in each line\n';
  assert.deepEqual(await plan(' [\n {"runId": 5, "order": 9}]'), { code: 2, stdout: "", stderr: says + HELP });
});
