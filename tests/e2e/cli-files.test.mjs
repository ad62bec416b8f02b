/** Files of `--out` and `--resume`: a file keeps its identity, other files are not changed, and no kill loses a line. */
import assert from "node:assert/strict";
import {
  chmod, chown, link, lstat, mkdir, mkdtemp, readFile, readdir, readlink, rm, stat, symlink, writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startService, textsOf } from "../servers/service.mjs";
import { assertSays, bound, ended, isRoot, run, shell, start } from "./support/cli.mjs";

const folder = await mkdtemp(join(tmpdir(), "cli-files-"));
after(() => rm(folder, { recursive: true }));

const service = await startService();
after(() => service.close());
const base = ["--base-url", service.url];

const kinds = await mkdtemp(join(folder, "kinds-"));
// Not even root can replace this device: a bug must not replace the machine's `/dev/null`.
const DEVICE = "/dev/pts/ptmx";
await symlink(DEVICE, join(kinds, "link-to-a-device"));
await shell('mkfifo "$3"', [join(kinds, "pipe")]);
await mkdir(join(kinds, "folder"));
const KINDS = {
  "a device": DEVICE,
  "a link to a device": join(kinds, "link-to-a-device"),
  "a pipe": join(kinds, "pipe"),
  "a folder": join(kinds, "folder"),
};

const held = (id) => `${JSON.stringify({ runId: id, ok: true, texts: textsOf(id) })}\n`;
const failed = (id) => `${JSON.stringify({ runId: id, ok: false, error: { code: "NETWORK" } })}\n`;
const args = (out, ids) => ["get", ...ids.map(String), ...base, "--out", out, "--resume", "--format", "ndjson"];
const runsIn = async (out) => {
  const items = (await readFile(out, "utf8")).split("\n").slice(0, -1).map((line) => JSON.parse(line));
  assert.ok(items.every(({ ok }) => ok));
  return items.map(({ runId }) => runId).sort((a, b) => a - b);
};

/** Files of an earlier run. Each is a different case for `--resume`. */
const EARLIER = {
  whole: held(1) + held(3),
  "not ended": (held(1) + held(3)).trimEnd(),
  torn: held(1) + held(3) + held(4).slice(0, 20),
  "torn in its first line": held(1).slice(0, 20),
  "failed at its end": held(1) + held(3) + failed(2),
  "failed within": held(1) + failed(2) + held(3),
  "failed within, not ended": failed(2) + (held(1) + held(3)).trimEnd(),
  "failed and torn": failed(2) + held(1) + failed(4) + held(3) + held(5).slice(0, 9),
};

let made = 0;
async function earlier(text, place = folder) {
  const out = join(place, `earlier-${made += 1}.ndjson`);
  await writeFile(out, text);
  return out;
}

async function continues(out, work = run) {
  const outcome = await work(args(out, [1, 2, 3, 4, 5]));
  assert.deepEqual([outcome.code, outcome.stdout], [0, ""]);
  assert.match(outcome.stderr, /^5 of 5 runs, 0 failed, /);
  assertSays(outcome.stderr);
  assert.deepEqual(await runsIn(out), [1, 2, 3, 4, 5]);
  assert.deepEqual((await readdir(dirname(out))).filter((name) => name.includes("resuming")), []);
}

for (const [what, text] of Object.entries(EARLIER)) {
  test(`a file that is ${what} keeps its mode and its owner`, async () => {
    const out = await earlier(text);
    // Only root can give files away.
    if (isRoot) await chown(out, 12345, 54321);
    await chmod(out, 0o640);
    const before = await stat(out);
    await continues(out);
    const { mode, uid, gid } = await stat(out);
    assert.deepEqual({ mode, uid, gid }, { mode: before.mode, uid: before.uid, gid: before.gid });
  });

  test(`symbolic links to a file that is ${what} stay links, and the file is continued`, async () => {
    const place = await mkdtemp(join(folder, "links-"));
    const out = await earlier(text, place);
    await mkdir(join(place, "far"));
    await symlink(join("..", basename(out)), join(place, "far", "first"));
    const name = join(place, "second.ndjson");
    await symlink(join("far", "first"), name);
    await continues(name);
    assert.deepEqual(await runsIn(out), [1, 2, 3, 4, 5]);
    assert.equal(await readlink(name), join("far", "first"));
    assert.ok((await lstat(out)).isFile());
    assert.deepEqual((await readdir(join(place, "far"))), ["first"]);
  });

  test(`a file that is ${what} is continued by a hard link, too`, async () => {
    const out = await earlier(text);
    const other = `${out}-other`;
    await link(out, other);
    const { ino } = await stat(out);
    await continues(out);
    assert.deepEqual(await readFile(other), await readFile(out));
    assert.deepEqual([(await stat(out)).ino, (await stat(other)).ino], [ino, ino]);
  });

  test(`a file that is ${what} is continued in a folder that allows no new file`, async () => {
    const place = await mkdtemp(join(folder, "read-only-"));
    const out = await earlier(text, place);
    await chmod(place, 0o555);
    await continues(out, bound);
    await chmod(place, 0o755);
  });
}

test("a file of another owner is continued, and keeps its owner", async () => {
  const out = await earlier(EARLIER["failed and torn"]);
  await chmod(out, 0o666);
  if (isRoot) await chown(out, 12345, 54321);
  const before = await stat(out);
  await continues(out, bound);
  const { uid, gid, mode, ino } = await stat(out);
  assert.deepEqual({ uid, gid, mode }, { uid: before.uid, gid: before.gid, mode: before.mode });
  if (isRoot) assert.equal(ino, before.ino);
});

test("a file that needs no change is not written to", async () => {
  const out = await earlier(EARLIER.whole);
  const before = await stat(out);
  const { code } = await run(args(out, [1, 3]));
  const { ino, mtimeMs } = await stat(out);
  assert.deepEqual([code, ino, mtimeMs], [0, before.ino, before.mtimeMs]);
});

test("a read-only file is not changed", async () => {
  const out = await earlier(EARLIER["failed within"]);
  await chmod(out, 0o444);
  const { code, stderr } = await bound(args(out, [1, 2]));
  assert.equal(code, 2);
  assert.match(stderr, /^translation-results: [^\n]* cannot be continued: EACCES/);
  assert.equal(await readFile(out, "utf8"), EARLIER["failed within"]);
});

test("a link to a missing file creates that file", async () => {
  const name = join(folder, "dangling.ndjson");
  await symlink("begun-through-a-link", name);
  await continues(name);
  assert.equal(await readlink(name), "begun-through-a-link");
});

for (const [what, out] of Object.entries(KINDS)) {
  for (const more of [[], ["--resume"]]) {
    test(`--out ${what} ${more}: the command is refused, sends nothing, and changes nothing`, async () => {
      const before = await lstat(out);
      const asked = service.ledger.batches.length;
      const command = ["get", "1", "2", ...base, "--out", out, "--format", "ndjson", ...more];
      const { code, stdout, stderr } = await run(command);
      assert.deepEqual([code, stdout, service.ledger.batches.length], [2, "", asked]);
      assert.match(stderr, /^translation-results: [^\n]+ is not a regular file/);
      const { ino, mode } = await lstat(out);
      assert.deepEqual({ ino, mode }, { ino: before.ino, mode: before.mode });
    });
  }
}

test("an option out of range creates no file", async () => {
  const out = join(folder, "never.ndjson");
  for (const more of [["--concurrency", "65"], ["--deadline", "0"]]) {
    assert.equal((await run([...args(out, [1, 2]), ...more])).code, 2);
    await assert.rejects(stat(out), { code: "ENOENT" });
  }
});

const KILLED = failed(2) + held(1) + failed(4) + held(3) + held(6).repeat(2) + failed(7) + held(8) + held(5).slice(0, 9);

for (const [where, prepare] of Object.entries({
  "in the place of the old file": async () => {},
  "within the file": async (out) => link(out, `${out}-other`),
})) {
  test(`a kill at any change loses no line: results are rewritten ${where}`, async () => {
    const NODE_OPTIONS = `--import ${new URL("support/kill-at.mjs", import.meta.url)}`;
    let code = "SIGKILL";
    let kills = 0;
    for (; code === "SIGKILL"; kills += 1) {
      const out = await earlier(KILLED);
      await prepare(out);
      const env = { NODE_OPTIONS, KILL_AT: String(kills + 1) };
      ({ code } = await run(args(out, [1, 2, 3, 6, 8]), { env }));
      const lines = (await readFile(out, "utf8")).split("\n");
      for (const id of [1, 3, 6, 8]) assert.ok(lines.includes(held(id).trimEnd()), `run ${id} after ${kills} changes: ${lines}`);

      assert.equal((await run(args(out, [1, 2, 3, 6, 8]))).code, 0);
      assert.deepEqual(await runsIn(out), [1, 2, 3, 6, 8]);
    }
    assert.equal(code, 0);
    assert.ok(kills > 6, `only ${kills} changes`);
  });
}

/** Makes a file that takes seconds to read. */
async function large() {
  const line = (id) => `${JSON.stringify({ runId: id, ok: true, texts: ["word ".repeat(60)] })}\n`;
  const million = Array.from({ length: 20_000 }, (_, index) => line(index + 1)).join("");
  const out = await earlier(failed(999_999));
  // All runs but the first 20,000 are repeats, so that the file is large, but not the memory of the test.
  for (let part = 0; part < 40; part += 1) await writeFile(out, million, { flag: "a" });
  return out;
}

/** Returns the files that a process has open. */
async function opened(pid) {
  const place = `/proc/${pid}/fd`;
  return Promise.all((await readdir(place)).map((name) => readlink(join(place, name)).catch(() => undefined)));
}

for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143]]) {
  test(`${signal} while an earlier file is read ends at once, and leaves the file as it was`, async () => {
    const out = await large();
    const before = await stat(out);
    const child = start(args(out, [1, 2, 3]));
    const end = ended(child);
    while (!(await opened(child.pid)).includes(out)) await sleep(5);
    const begun = performance.now();
    child.kill(signal);
    assert.equal((await end).code, expected);
    assert.ok(performance.now() - begun < 1_000, `${performance.now() - begun} ms`);
    const { ino, size, mtimeMs } = await stat(out);
    assert.deepEqual([ino, size, mtimeMs], [before.ino, before.size, before.mtimeMs]);
    assert.deepEqual((await readdir(folder)).filter((name) => name.includes("resuming")), []);
    await rm(out);
  });
}

test("if the disk is too small to rewrite the results, the file stays as it was", async () => {
  const text = failed(2) + Array.from({ length: 300 }, (_, index) => held(index + 3)).join("");
  const out = await earlier(text);
  await link(out, `${out}-other`);
  const kilobytes = Math.ceil(text.length / 1024) + 1;
  const { code, stderr } = await shell(`ulimit -f ${kilobytes}; "$@"`, args(out, [2, 3]));
  assert.equal(code, 1);
  assert.match(stderr, /^translation-results: [^\n]* could not be written: EFBIG[^\n]*\n$/);
  assert.equal(await readFile(out, "utf8"), text);
});
