/**
 * The same job by three Rust clients: five runs with one POST, typed and checked. `rust.mjs [--rounds N]`, with the folder of
 * the built modules in RUST_PEERS.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { cases } from "../faults/cases/index.mjs";
import { perform, performAll } from "../faults/client.mjs";
import { complaints } from "../faults/judge.mjs";
import { startFaults } from "../faults/server.mjs";
import { inTurn, ratios, shown, table } from "./figures.mjs";
import { keep, NODE, roundsOr } from "./results.mjs";

const NAMES = ["translation-results", "gloo-net", "reqwest"];
const RUN_IDS = new Uint32Array([1, 2, 3, 4, 5]);
/** A call that has not settled after this time counts as hung. */
const HUNG_MS = 12_000;
const SLACK_MS = 300;

const folderOf = (name) => join(process.env.RUST_PEERS, name);

const counts = {};
for (const name of NAMES) {
  const { default: init, count } = await import(pathToFileURL(join(folderOf(name), "glue.js")));
  await init({ module_or_path: readFileSync(join(folderOf(name), "glue_bg.wasm")) });
  counts[name] = count;
}

const brotli = (name, file) => brotliCompressSync(readFileSync(join(folderOf(name), file))).length;
const sizes = NAMES.map((name) => ({ name, wasm: brotli(name, "glue_bg.wasm"), glue: brotli(name, "glue.min.js") }));

const answer = JSON.stringify(Object.fromEntries([...RUN_IDS].map((id) => [id, { texts: ["Your order is on its way."] }])));
const platform = globalThis.fetch;
globalThis.fetch = async (request) => {
  const response = new Response(answer, { headers: { "content-type": "application/json" } });
  // One client panics if a response has no URL.
  Object.defineProperty(response, "url", { value: request.url ?? request });
  return response;
};
const contenders = Object.fromEntries(NAMES.map((name) =>
  [name, () => counts[name]("https://service.test/apis", "sample-key", RUN_IDS)]));
const options = { times: 1_000, collect: "minor" };
await inTurn(contenders, { ...options, rounds: 3 });
const cost = ratios(await inTurn(contenders, { ...options, rounds: roundsOr(11) }), "translation-results");
globalThis.fetch = platform;

/** Returns whether the functions in Rust, which take a `Vec<u32>`, would get the ids unchanged. */
const isPassable = (ids) => Array.isArray(ids) && [...new Uint32Array(ids)].every((id, index) => id === ids[index]);

/** The cases that apply to any client, without those that abort a call or set a time. */
const asked = cases.map((testCase, index) => ({ testCase, index })).filter(({ testCase }) =>
  testCase.peers && isPassable(testCase.ids) && testCase.abort === undefined && testCase.expect.size === undefined
  && Object.keys(testCase.client ?? {}).length === 0);
const textsOf = (results) => Object.values(results).reduce((total, { texts }) => total + texts.length, 0);
// A panic throws an uncaught exception, and leaves a promise that never settles.
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});
const server = await startFaults(cases);
const faults = {};
for (const name of NAMES) {
  const send = async ({ baseUrl, apiKey, ids, expect }) => {
    const texts = await counts[name](baseUrl, apiKey, new Uint32Array(ids));
    // The functions return the number of texts.
    return expect.results && texts === textsOf(expect.results) ? expect.results : { texts };
  };
  const one = (testCase, baseUrl) => Promise.race([
    perform((tools) => send({ ...tools, expect: testCase.expect }), testCase, baseUrl),
    sleep(HUNG_MS, undefined, { ref: false }).then(() => ({ reason: "nothing", ms: HUNG_MS })),
  ]);
  const who = encodeURIComponent(name);
  const outcomes = await performAll(one, asked.map(({ testCase }) => testCase), (testCase, at) =>
    server.baseUrl(who, testCase, asked[at].index));
  const survives = ({ testCase, index }, at) =>
    complaints(testCase.expect, outcomes[at], server.requests(who, index), { ours: false, slack: SLACK_MS }).length === 0;
  faults[name] = asked.filter(survives).length;
  if (name === NAMES[0]) {
    for (const { testCase } of asked.filter((one, at) => !survives(one, at))) console.log(`not survived: ${testCase.name}`);
  }
}
await server.close();

console.log(`Five runs with one POST from Rust, ${NODE}`);
console.log(table([
  ["", ".wasm, brotli", "glue, brotli", "time beside ours", "µs a call", "faults survived"],
  ...sizes.map(({ name, wasm, glue }) => [
    name, wasm, glue, shown(cost[name]), ((cost[name].ms * 1000) / options.times).toFixed(1), `${faults[name]} of ${asked.length}`,
  ]),
]));
await keep("rust", NODE, { sizes, cost, faults, asked: asked.length });
process.exit();
