/** The sources of run ids: files in the encodings of Windows, pipes that never end, and invalid sources. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startService } from "../servers/service.mjs";
import { assertSays, bound, ended, run, shell, start, startShell } from "./support/cli.mjs";

const folder = await mkdtemp(join(tmpdir(), "cli-ids-"));
after(() => rm(folder, { recursive: true }));
await mkdir(join(folder, "folder"));
await writeFile(join(folder, "results.json"), "");

const seen = [];
const service = await startService({ intercept: ({ headers }) => void seen.push(headers["x-api-key"]) });
after(() => service.close());
const base = ["--base-url", service.url];
const runsIn = (ndjson) => ndjson.trimEnd().split("\n").map((line) => JSON.parse(line).runId).sort((a, b) => a - b);

const littleEndian = (text) => Buffer.from(`\ufeff${text}`, "utf16le");
const ENCODINGS = {
  "UTF-8 with a byte order mark": (text) => Buffer.from(`\ufeff${text}`),
  "UTF-16 little-endian": littleEndian,
  "UTF-16 big-endian": (text) => littleEndian(text).swap16(),
};

for (const [what, encode] of Object.entries(ENCODINGS)) {
  const bytes = encode("1\r\n22 é\r\n333");

  test(`run ids in ${what}, from a file and from standard input`, async () => {
    const file = join(folder, "ids.txt");
    await writeFile(file, bytes);
    for (const [args, options] of [[["--file", file], {}], [[], { input: bytes }]]) {
      const { code, stdout, stderr } = await run(["get", ...base, "--format", "ndjson", ...args], options);
      assert.deepEqual([code, runsIn(stdout)], [1, [1, 22, 333]]);
      assertSays(stderr, '[^\\n]+, line 2: "é" is not a run id[^\\n]*\\n');
    }
  });

  test(`run ids in ${what}, a byte at a time`, async () => {
    const child = start(["plan"], { input: null });
    const end = ended(child);
    for (const byte of bytes) {
      child.stdin.write(Buffer.of(byte));
      await sleep(5);
    }
    child.stdin.end();
    assert.equal((await end).stdout, "1 22 333\n");
  });

  test(`a key in ${what}`, async () => {
    const keyFile = join(folder, "key");
    await writeFile(keyFile, encode("key-of-windows\r\n"));
    const { code, stderr } = await run(["get", "1", ...base, "--key-file", keyFile], { key: null });
    assert.deepEqual([code, seen.at(-1)], [0, "key-of-windows"]);
    assertSays(stderr);
  });
}

test("the input may be a single byte, or empty", async () => {
  assert.equal((await run(["plan"], { input: "7" })).stdout, "7\n");
  assert.equal((await run(["plan"], { input: "" })).stderr, "0 runs, 0 requests\n");
});

for (const [what, words, says] of [
  ["an empty argument", [""], /there is no run id in the arguments/],
  ["arguments of separators only", [" ", ",;"], /there is no run id in the arguments/],
  ["a folder", ["--file", join(folder, "folder")], /run ids could not be read from .*folder: it is a folder/],
  ["a file below a file", ["--file", join(folder, "results.json", "ids")], /run ids could not be read from .*: ENOTDIR/],
  ["a file without a name", ["--file", ""], /run ids could not be read from : ENOENT/],
]) {
  for (const command of ["get", "plan"]) {
    test(`${command}: run ids from ${what} end with 2`, async () => {
      const { code, stdout, stderr } = await run([command, ...words, ...base]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, says);
    });
  }
}

test("a folder as standard input ends with 2", async () => {
  const { code, stderr } = await shell('"$@" </', ["get", ...base]);
  assert.equal(code, 2);
  assert.match(stderr, /run ids could not be read from standard input: it is a folder/);
});

test("an unreadable file of run ids ends with 2", async () => {
  const file = join(folder, "secret");
  await writeFile(file, "1 2 3", { mode: 0 });
  const { code, stderr } = await bound(["get", "--file", file, ...base]);
  assert.equal(code, 2);
  assert.match(stderr, /run ids could not be read from .*secret: EACCES/);
});

test("a file of run ids may be a process substitution, whose ids arrive one by one", async () => {
  const { code, stdout } = await shell('"$@" --file <(echo 1; sleep 0.3; echo 2)', ["get", ...base, "--format", "ndjson"]);
  assert.deepEqual([code, runsIn(stdout)], [0, [1, 2]]);
});

test("a file of run ids may be a named pipe, whose writer opens it later", async () => {
  const pipe = join(folder, "later");
  const script = `mkfifo '${pipe}'; (sleep 0.5; echo 1 2 > '${pipe}') & "$@"`;
  const { code, stdout } = await shell(script, ["get", "--file", pipe, ...base, "--format", "ndjson"]);
  assert.deepEqual([code, runsIn(stdout)], [0, [1, 2]]);
});

const pipe = join(folder, "pipe");

/** Endless sources of ids. In each script, `exec` makes the command line the child process itself. */
const ENDLESS = {
  "a pipe": ['exec "$@"', []],
  "a pipe with a name that nobody writes to": [`mkfifo '${pipe}'; exec "$@"`, ["--file", pipe]],
  "a pipe with a name that stays open": [`mkfifo '${pipe}'; exec 3<>'${pipe}'; echo 1 2 3 >&3; exec "$@"`, ["--file", pipe]],
  "a device": ['exec "$@"', ["--file", "/dev/zero"]],
};

for (const [what, [script, words]] of Object.entries(ENDLESS)) {
  for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143]]) {
    for (const resume of [[], ["--resume"]]) {
      test(`${signal} ends get ${resume} while run ids come from ${what}`, async () => {
        await rm(pipe, { force: true });
        const out = join(folder, `endless-${Math.random()}.ndjson`);
        const child = startShell(script, ["get", ...words, ...base, "--out", out, ...resume], { input: null });
        const end = ended(child);
        child.stdin.write("1 2 3 ");
        // Once the file exists, the call is under way.
        while (!existsSync(out)) await sleep(10);
        await sleep(200);
        const begun = performance.now();
        child.kill(signal);
        const { code, stdout, stderr } = await end;
        assert.deepEqual([code, stdout], [expected, ""]);
        assertSays(stderr);
        assert.ok(performance.now() - begun < 1_000, `${performance.now() - begun} ms`);
      });
    }
  }
}

test("an interrupt ends plan, too", async () => {
  const child = start(["plan"], { input: null });
  const end = ended(child);
  child.stdin.write("1 2 3 ");
  await sleep(500);
  child.kill("SIGINT");
  assert.equal((await end).code, "SIGINT");
});
