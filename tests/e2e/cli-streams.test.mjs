/** The command line when its output or its messages cannot be written: closed pipes, full disks. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { startService, textsOf } from "../servers/service.mjs";
import { assertSays, shell } from "./support/cli.mjs";

const folder = await mkdtemp(join(tmpdir(), "cli-streams-"));
after(() => rm(folder, { recursive: true }));

const service = await startService();
after(() => service.close());
const base = ["--base-url", service.url];

/** In the input, each run id is followed by an invalid value, which causes a message. */
const IDS = Array.from({ length: 3_000 }, (_, index) => index + 1);
const input = IDS.map((id) => `${id} x\n`).join("");
const runsIn = (ndjson) => ndjson.trimEnd().split("\n").map((line) => JSON.parse(line).runId).sort((a, b) => a - b);

/** Fails unless the message is one line, with the summary after it if runs were requested. */
function assertCannotWrite(stderr, cause, [command]) {
  const line = `translation-results: standard output could not be written: ${cause}[^\\n]*\\n`;
  if (command === "get") assertSays(stderr, line);
  else assert.match(stderr, new RegExp(`^${line}$`));
}

for (const [what, redirection] of Object.entries({
  "a pipe whose reader has left": "2> >(head -1 >/dev/null)",
  "a pipe that was never read": "2> >(exec true)",
  "a full disk": "2>/dev/full",
  "closed": "2>&-",
})) {
  test(`every run is fetched if standard error is ${what}`, async () => {
    const piped = await shell(`"$@" ${redirection}`, ["get", ...base, "--format", "ndjson", "--verbose"], { input });
    assert.deepEqual([piped.code, piped.stderr, runsIn(piped.stdout)], [1, "", IDS]);

    const out = join(folder, `${what.replaceAll(" ", "-")}.ndjson`);
    const filed = await shell(`"$@" ${redirection}`, ["get", ...base, "--out", out, "--verbose"], { input });
    assert.deepEqual([filed.code, filed.stderr, runsIn(await readFile(out, "utf8"))], [1, "", IDS]);
  });

  test(`plan and usage errors have their exit codes if standard error is ${what}`, async () => {
    const plan = await shell(`"$@" ${redirection}`, ["plan", "--verbose"], { input });
    assert.deepEqual([plan.code, plan.stdout.trim().split(/\s+/).map(Number)], [1, IDS]);
    assert.equal((await shell(`"$@" ${redirection}`, ["fetch"])).code, 2);
  });
}

test("standard output and standard error may be one pipe, whose reader closes it", async () => {
  const { code, stdout, stderr } = await shell('"$@" 2>&1 | head -1; exit "${PIPESTATUS[0]}"', ["get", ...base], { input });
  assert.deepEqual([code, stderr, stdout.split("\n").length], [141, "", 2]);
});

const COMMANDS = [
  ...["text", "json", "ndjson", "csv"].map((format) => ["get", "1", "2", "3", ...base, "--format", format]),
  ["plan", "1", "2", "3"],
  ["--help"],
  ["--version"],
];

for (const command of COMMANDS) {
  const name = command.filter((word) => !base.includes(word)).join(" ");

  test(`${name}: if nobody reads the pipe, the command ends silently with 141`, async () => {
    // After the sleep the pipe is certainly closed.
    const closed = '(sleep 0.3; exec "$@") | true; exit "${PIPESTATUS[0]}"';
    assert.deepEqual(await shell(closed, command), { code: 141, stdout: "", stderr: "" });
  });

  test(`${name}: if the disk is full, the command prints one line`, async () => {
    const { code, stderr } = await shell('"$@" >/dev/full', command);
    assert.equal(code, 1);
    assertCannotWrite(stderr, "ENOSPC", command);
  });
}

test("a reader may close the pipe during a long plan", async () => {
  const ids = Array.from({ length: 100_000 }, (_, index) => index + 1).join(" ");
  const script = '"$@" | head -1; exit "${PIPESTATUS[0]}"';
  assert.deepEqual(await shell(script, ["plan"], { input: ids }), { code: 141, stdout: "1 2 3 4 5\n", stderr: "" });
});

/** At this file size, the system writes the first part of a text without an error, as on a full disk. */
const LIMIT_BYTES = 8_192;
const LIMITED = `ulimit -f ${LIMIT_BYTES / 1024}; `;

for (const [name, command] of [
  ["plan", ["plan"]],
  ...["text", "json", "ndjson", "csv"].map((format) => [`get --format ${format}`, ["get", ...base, "--format", format]]),
]) {
  test(`${name}: if standard output fills the disk, the command prints one line`, async () => {
    const out = join(folder, `redirected-${name.replaceAll(" ", "")}`);
    const { code, stderr } = await shell(`${LIMITED} "$@" > '${out}'`, command, { input: IDS.join(" ") });
    assert.equal(code, 1);
    assertCannotWrite(stderr, "EFBIG", command);
    assert.equal((await stat(out)).size, LIMIT_BYTES);
  });
}

for (const format of ["text", "json", "ndjson", "csv"]) {
  test(`if --out results.${format} fills the disk, the command prints one line`, async () => {
    const out = join(folder, `results.${format}`);
    const { code, stderr } = await shell(`${LIMITED} "$@"`, ["get", ...base, "--out", out], { input: IDS.join(" ") });
    assert.equal(code, 1);
    assertSays(stderr, `translation-results: ${out} could not be written: EFBIG[^\\n]*\\n`);
    assert.equal((await stat(out)).size, LIMIT_BYTES);
  });
}

test("a file torn by a full disk is continued", async () => {
  const args = ["get", ...base, "--out", join(folder, "continued.ndjson"), "--resume"];
  assert.equal((await shell(`${LIMITED} "$@"`, args, { input: IDS.join(" ") })).code, 1);
  assert.equal((await shell('"$@"', args, { input: IDS.join(" ") })).code, 0);
  const lines = (await readFile(args.at(-2), "utf8")).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ runId }) => runId).sort((a, b) => a - b), IDS);
  for (const { runId, texts } of lines) assert.deepEqual(texts, textsOf(runId));
});
