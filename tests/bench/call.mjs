/**
 * One call, with a `fetch` that answers at once, so that what is measured is the client: this package, the vendor's SDK, `fetch`
 * with a schema checked by valibot, and bare `fetch` with `json()`, which is the floor. `call.mjs [--rounds N]`
 */
import { mkdir, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CambClient } from "@camb-ai/sdk";
import * as v from "valibot";
import { imported } from "../e2e/support/install.mjs";
import { inTurn, ratios, shown, table } from "./figures.mjs";

const { values: args } = parseArgs({ options: { rounds: { type: "string", default: "21" } } });

const KEY = "sample-key";
const BASE = "https://service.test/apis";
const IDS = [1, 2];

const SENTENCES = {
  Latin: "Your order is on its way and will arrive on Thursday. ",
  Cyrillic: "Ваш заказ уже в пути и прибудет в четверг утром. ",
  CJK: "ご注文の商品は配送中で、木曜日の午前中にお届けします。",
};

/** An answer of about so many bytes. */
function answerOf(bytes, script) {
  const sentence = SENTENCES[script];
  const size = new TextEncoder().encode(sentence).length + 3;
  const each = Math.max(1, Math.round((bytes - 40) / size / IDS.length));
  return new TextEncoder().encode(JSON.stringify(Object.fromEntries(IDS.map((id) => [id, { texts: Array(each).fill(sentence) }]))));
}

const headers = { "x-api-key": KEY, "content-type": "application/json" };
const send = () => fetch(`${BASE}/translation-results`, { method: "POST", headers, body: JSON.stringify({ run_ids: IDS }) });
const Results = v.record(v.string(), v.object({ texts: v.array(v.string()) }));

const client = new imported.TranslationResultsClient({ apiKey: KEY, baseUrl: BASE });
const sdk = new CambClient({ apiKey: KEY, baseUrl: BASE });
const CONTENDERS = {
  "translation-results": () => client.getResults(IDS),
  "@camb-ai/sdk": () => sdk.translation.getTranslationResults({ body: { run_ids: IDS } }),
  "fetch + valibot": async () => {
    const response = await send();
    if (!response.ok) throw new Error(`status ${response.status}`);
    return v.parse(Results, await response.json());
  },
  fetch: async () => (await send()).json(),
};

/** Bytes, and how many calls a sample has. */
const SIZES = [["366 B", 366, 1_500], ["8 KB", 8_000, 500], ["500 KB", 500_000, 12], ["12 MB", 12_000_000, 1]];

const repeated = (call, times) => async () => {
  for (let time = 0; time < times; time += 1) await call();
};

const all = [];
const platform = globalThis.fetch;
for (const [size, bytes, times] of SIZES) {
  for (const script of Object.keys(SENTENCES)) {
    const body = answerOf(bytes, script);
    const init = { headers: { "content-type": "application/json" } };
    globalThis.fetch = async () => new Response(body, init);
    const runs = Object.fromEntries(Object.entries(CONTENDERS).map(([name, call]) => [name, repeated(call, times)]));
    await inTurn(runs, 3);
    const samples = await inTurn(runs, Number(args.rounds));
    all.push({ size, script, bytes: body.length, ratios: ratios(samples, "fetch") });
    process.stderr.write(".");
  }
}
globalThis.fetch = platform;
process.stderr.write("\n");

console.log(`One call, Node ${process.versions.node}: ratios to bare fetch, median (middle half), ${args.rounds} rounds`);
console.log(table([
  ["answer", ...Object.keys(CONTENDERS)],
  ...all.map(({ size, script, ratios: own }) => [`${size} ${script}`, ...Object.values(own).map(shown)]),
]));

const folder = fileURLToPath(new URL("../../target/bench/", import.meta.url));
await mkdir(folder, { recursive: true });
await writeFile(`${folder}call.json`, `${JSON.stringify({ node: process.versions.node, all }, undefined, 2)}\n`);
