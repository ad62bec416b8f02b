/** Invocations: the exit code, and the whole standard output and standard error, in a pipe and on a terminal. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { startService } from "../servers/service.mjs";
import { run, timeless } from "./support/cli.mjs";
import { onTerminal, remaining } from "./support/cli-terminal.mjs";

const folder = await mkdtemp(join(tmpdir(), "cli-invocations-"));
after(() => rm(folder, { recursive: true }));
await writeFile(join(folder, "orders.csv"), 'run_id,customer\n1,"Flat 7"\n2,"Flat 8"\n');
await writeFile(join(folder, "ids.txt"), "1 2 3\n");
const place = (name) => join(folder, name);

const service = await startService();
after(() => service.close());
const base = ["--base-url", service.url];

const MORE = "translation-results --help says more\n";
const refusal = (message) => [2, "", `translation-results: ${message}\n`];
const usage = (message) => [2, "", `translation-results: ${message}\n${MORE}`];
const RULE = "an integer from 1 to 9007199254740991";
const CSV = 'run_id,status,index,text,error\r\n1,ok,0,"text of 1",\r\n2,ok,0,"text of 2",\r\n';

/** Arguments, exit code, standard output, standard error. */
const INVOCATIONS = [
  [[], ...usage("a command is missing: get or plan")],
  [["fetch"], ...usage('"fetch" is not a command: use get or plan')],
  [["gett", "1"], ...usage('"gett" is not a command: use get or plan; did you mean get?')],
  [["-v"], 0, "0.1.0\n", ""],
  [["--version"], 0, "0.1.0\n", ""],

  [["get", "1", "2", ...base], 0, "run 1\ntext of 1\n\nrun 2\ntext of 2\n", "2 of 2 runs, 0 failed, 1 request, T s\n"],
  [["get", "1", ...base, "--format", "ndjson"], 0, '{"runId":1,"ok":true,"texts":["text of 1"]}\n', "1 of 1 run, 0 failed, 1 request, T s\n"],
  [["get", "1", "2", "1", ...base, "--format", "csv"], 0, CSV, "2 of 2 runs, 0 failed, 1 request, T s\n"],
  [["get", "1", "2", ...base, "--quiet", "--format", "csv"], 0, CSV, ""],
  [["get", "--file", place("orders.csv"), "--column", "run_id", ...base, "--format", "csv"], 0, CSV, "2 of 2 runs, 0 failed, 1 request, T s\n"],
  [["get", "1", "2", ...base, "--out", place("new.csv")], 0, "", `2 of 2 runs, 0 failed, 1 request, T s -> ${place("new.csv")}\n`],
  [["get", "1", "2", ...base, "--out", place("NEW.JSON")], 0, "", `2 of 2 runs, 0 failed, 1 request, T s -> ${place("NEW.JSON")}\n`],
  [["plan", "1", "2", "3", "4"], 0, "1 2 3 4\n", "4 runs, 1 request\n"],
  [["plan", "1"], 0, "1\n", "1 run, 1 request\n"],
  [["plan", "--file", place("ids.txt"), "--quiet"], 0, "1 2 3\n", ""],

  [["get", "1", "--concurency", "3"], ...usage("--concurency is not an option; did you mean --concurrency?")],
  [["get", "1", "--Base_URL=x"], ...usage("--Base_URL is not an option; did you mean --base-url?")],
  [["get", "1", "--output", "x"], ...usage("--output is not an option; did you mean --out?")],
  [["get", "1", "--fast"], ...usage("--fast is not an option")],
  [["get", "1", "-x"], ...usage("-x is not an option")],
  [["get", "1", "--out"], ...usage("--out needs a value: for one that begins with a dash, write --out=VALUE")],
  [["get", "1", "-o", "--resume"], ...usage("-o needs a value: for one that begins with a dash, write --out=VALUE")],
  [["get", "1", "--resume=yes"], ...usage("--resume takes no value")],
  [["get", "1", "--key", "secret"], ...usage("arguments are public: give the API key in CAMB_API_KEY or with --key-file")],
  [["get", "1", "--api-key=secret"], ...usage("arguments are public: give the API key in CAMB_API_KEY or with --key-file")],
  [["get", "1", "x2"], ...usage(`"x2" is not a run id: ${RULE}`)],
  [["get", "1", "--file", "x"], ...usage("run ids are arguments or in --file, not both")],
  [["get", "1", "--column", "x"], ...usage("--column is for run ids in --file or in a pipe")],
  [["get", "1", "--progress", "--quiet"], ...usage("use --progress or --quiet, not both")],
  [["get", "--file", place("nowhere")], ...usage(`run ids could not be read from ${place("nowhere")}: ENOENT: no such file or directory, open '${place("nowhere")}'`)],
  [["get", "--file", place("orders.csv")], ...usage(`${place("orders.csv")} is a table with the columns run_id, customer: name the one that holds run ids with --column, by its name or its number`)],
  [["get", "--file", place("orders.csv"), "--column", "id"], ...usage(`${place("orders.csv")} has no column "id": the columns are run_id, customer`)],
  [["get", "1", "--resume"], ...usage("--resume continues an NDJSON file: name it with --out results.ndjson")],
  [["get", "1", "--bom"], ...usage("--bom is for CSV: add --format csv")],
  [["get", "1", "--format", "xml"], ...usage('--format is one of text, json, ndjson, csv, not "xml"')],
  [["get", "1", "--out", "x.xlsx"], ...usage("--out x.xlsx does not end with .txt, .text, .json, .ndjson, .jsonl, .csv: add --format for another name")],
  [["get", "1", "--out", "x"], ...usage("--out x does not end with .txt, .text, .json, .ndjson, .jsonl, .csv: add --format for another name")],
  [["get", "1", "--timeout", "soon"], ...usage('--timeout must be a number of seconds from 0.001 to 2147483, not "soon"')],
  [["get", "1", "--deadline", "0"], ...usage('--deadline must be a number of seconds from 0.001 to 2147483, not "0"')],
  [["get", "1", "--concurrency", "65"], ...refusal('--concurrency must be an integer from 1 to 64, not "65"')],
  [["get", "1", "--concurrency", "many"], ...refusal('--concurrency must be an integer from 1 to 64, not "many"')],
  [["get", "1", "--retries", "2.5"], ...refusal('--retries must be an integer from 0 to 20, not "2.5"')],
  [["get", "1", "--base-url", "ftp://x"], ...refusal("--base-url must be an http or https URL without user, password, query or fragment")],
  [["get", "1", "--base-url", "http://x.example"], ...refusal("--base-url must be https where there is an API key, which http would send unencrypted (loopback hosts may be http)")],
];

/** Returns the files that the commands wrote into `folder`. */
async function cleared() {
  for (const name of await readdir(folder)) if (name.startsWith("new") || name.startsWith("NEW")) await rm(place(name));
}

for (const [args, code, stdout, stderr] of INVOCATIONS) {
  const name = args.map((word) => word.replace(folder, "").replace(service.url, "URL")).join(" ");

  test(`translation-results ${name}`, async () => {
    await cleared();
    const outcome = await run(args);
    assert.deepEqual({ ...outcome, stderr: timeless(outcome.stderr) }, { code, stdout, stderr });
  });

  // Of the refusals, which all have the same form, a few are enough.
  if (code !== 0 && !/^get 1 --(?:concurency|concurrency|resume)/.test(name)) continue;
  test(`translation-results ${name}, on a terminal`, async () => {
    await cleared();
    const { code: ended, shown } = await onTerminal(args);
    const coloured = stderr.replace(/^translation-results:/, "\x1b[31mtranslation-results:\x1b[39m");
    assert.deepEqual([ended, timeless(remaining(shown))], [code, stdout.replaceAll("\r\n", "\n") + coloured]);
  });
}
