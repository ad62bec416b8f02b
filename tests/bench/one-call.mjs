/**
 * Measures one call by each contender, in Node or in a page: this package, the vendor's SDK, `fetch` with a schema checked by
 * valibot, and bare `fetch` with `json()`, which is the floor. The floor runs twice, and the ratio of the two shows the noise of
 * the machine.
 */
import { CambClient } from "@camb-ai/sdk";
import * as v from "valibot";
import { inTurn, median, ratios, shown, table } from "./figures.mjs";

const KEY = "sample-key";
const IDS = [1, 2];

export const OURS = "translation-results";
export const FLOOR = "fetch";
export const NOISE = "fetch, again";

const SENTENCES = {
  Latin: "Your order is on its way and will arrive on Thursday. ",
  Cyrillic: "Ваш заказ уже в пути и прибудет в четверг утром. ",
  CJK: "ご注文の商品は配送中で、木曜日の午前中にお届けします。",
};

/** Returns an answer of about this many bytes. */
export function answerOf(bytes, script = "Latin") {
  const sentence = SENTENCES[script];
  const encoder = new TextEncoder();
  const each = Math.max(1, Math.round((bytes - 40) / (encoder.encode(sentence).length + 3) / IDS.length));
  return encoder.encode(JSON.stringify(Object.fromEntries(IDS.map((id) => [id, { texts: Array(each).fill(sentence) }]))));
}

/** Replaces `fetch` by a stub that answers at once, so that only the client is measured. Returns a function that restores it. */
export function stubFetch(body) {
  const platform = globalThis.fetch;
  const init = { headers: { "content-type": "application/json" } };
  globalThis.fetch = async () => new Response(body, init);
  return () => {
    globalThis.fetch = platform;
  };
}

const Results = v.record(v.string(), v.object({ texts: v.array(v.string()) }));

/** Returns a function for each contender that makes one call. */
export function contendersFor(TranslationResultsClient, baseUrl) {
  const headers = { "x-api-key": KEY, "content-type": "application/json" };
  const send = () =>
    fetch(`${baseUrl}/translation-results`, { method: "POST", headers, body: JSON.stringify({ run_ids: IDS }) });
  const client = new TranslationResultsClient({ apiKey: KEY, baseUrl, dangerouslyAllowBrowser: true });
  const sdk = new CambClient({ apiKey: KEY, baseUrl });
  const bare = async () => (await send()).json();
  return {
    [OURS]: () => client.getResults(IDS),
    "@camb-ai/sdk": () => sdk.translation.getTranslationResults({ body: { run_ids: IDS } }),
    "fetch + valibot": async () => {
      const response = await send();
      if (!response.ok) throw new Error(`status ${response.status}`);
      return v.parse(Results, await response.json());
    },
    [FLOOR]: bare,
    [NOISE]: async () => bare(),
  };
}

/**
 * [name, bytes of an answer, calls in a sample, warm-up rounds, collection before a sample]. A sample has enough calls to include
 * the collection of its own garbage. The warm-up is long enough for the engine to optimize.
 */
const SIZES = [
  ["366 B", 366, 2_000, 8, "minor"],
  ["8 KB", 8_000, 600, 3, "minor"],
  ["500 KB", 500_000, 100, 2, "major"],
  ["12 MB", 12_000_000, 4, 2, "major"],
];

/** The number of measured rounds in every runtime. */
export const ROUNDS = 11;

/** Measures every size in every script. Calls `onRow` after each. */
export async function measureStubbed(TranslationResultsClient, rounds, onRow = () => {}) {
  const contenders = contendersFor(TranslationResultsClient, "https://service.test/apis");
  const rows = [];
  for (const [size, bytes, times, warmUp, collect] of SIZES) {
    for (const script of Object.keys(SENTENCES)) {
      const body = answerOf(bytes, script);
      const restore = stubFetch(body);
      await inTurn(contenders, { rounds: warmUp, times, collect });
      const samples = await inTurn(contenders, { rounds, times, collect });
      restore();
      rows.push({ answer: `${size} ${script}`, bytes: body.length, times, ratios: ratios(samples, FLOOR) });
      onRow();
    }
  }
  return rows;
}

/** Measures calls to a server, one after the other. */
export async function measureOver(baseUrl, TranslationResultsClient, rounds) {
  const times = 200;
  const contenders = contendersFor(TranslationResultsClient, baseUrl);
  await inTurn(contenders, { rounds: 2, times, collect: "minor" });
  const samples = await inTurn(contenders, { rounds, times, collect: "minor" });
  return { answer: "over loopback HTTP", times, ratios: ratios(samples, FLOOR) };
}

/** Returns the table of one call, and the noise. */
export function showCalls(runtime, rounds, rows) {
  const names = Object.keys(rows[0].ratios);
  const noise = rows.map(({ ratios: { [NOISE]: again } }) => Math.max(again.median, 1 / again.median) - 1);
  const percent = (share) => `${(share * 100).toFixed(1)} %`;
  return [
    `One call, ${runtime}: ratios to bare fetch, median (middle half), ${rounds} rounds`,
    table([
      ["answer", ...names, "µs, bare fetch"],
      ...rows.map(({ answer, times, ratios: own }) =>
        [answer, ...Object.values(own).map(shown), ((own[FLOOR].ms * 1000) / times).toFixed(1)]),
    ]),
    `Noise: bare fetch beside itself is off by ${percent(median(noise))} in the median row, ${percent(Math.max(...noise))} in the worst`,
  ].join("\n");
}
