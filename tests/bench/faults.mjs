/** Runs the table of faults with this package and with alternatives, and prints how many each handles, by family. */
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { CambClient } from "@camb-ai/sdk";
import ky from "ky";
import { imported } from "../e2e/support/install.mjs";
import { cases } from "../faults/cases/index.mjs";
import { perform, performAll, withPackage } from "../faults/client.mjs";
import { complaints } from "../faults/judge.mjs";
import { startFaults } from "../faults/server.mjs";
import { table } from "./figures.mjs";

const SLACK_MS = 300;
/** A call that has not settled after this time counts as hung. */
const HUNG_MS = 12_000;

const TIMEOUT_MS = 60_000;
const body = (ids) => JSON.stringify({ run_ids: ids });
const headersOf = (apiKey) => ({ "x-api-key": apiKey, "content-type": "application/json" });

/** Other clients, with the best settings that they allow: one retry, also for POST, and the time limit of the case. */
const PEERS = {
  "@camb-ai/sdk": async ({ baseUrl, apiKey, ids, client, call }) => {
    const { timeoutMs = TIMEOUT_MS, apiKey: key = apiKey } = client;
    const sdk = new CambClient({ apiKey: key, baseUrl });
    const options = { timeoutInSeconds: timeoutMs / 1000, maxRetries: 1, abortSignal: call.signal };
    return sdk.translation.getTranslationResults({ body: { run_ids: ids } }, options);
  },
  ky: async ({ baseUrl, apiKey, ids, client, call }) => {
    const { timeoutMs = TIMEOUT_MS, apiKey: key = apiKey } = client;
    return ky.post(`${baseUrl}/translation-results`, {
      headers: headersOf(key), body: body(ids), timeout: timeoutMs, retry: { limit: 1, methods: ["post"] }, signal: call.signal,
    }).json();
  },
  fetch: async ({ baseUrl, apiKey, ids, client, call }) => {
    const { timeoutMs = TIMEOUT_MS, apiKey: key = apiKey } = client;
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), call.signal].filter(Boolean));
    const response = await fetch(`${baseUrl}/translation-results`, { method: "POST", headers: headersOf(key), body: body(ids), signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.json();
  },
};

const hung = { reason: "nothing", ms: HUNG_MS };
const bounded = (one) => (testCase, baseUrl) =>
  Promise.race([one(testCase, baseUrl), sleep(HUNG_MS, undefined, { ref: false }).then(() => hung)]);

const asked = cases.map((testCase, index) => ({ testCase, index })).filter(({ testCase }) => testCase.peers);
const contenders = {
  "translation-results": withPackage(imported),
  ...Object.fromEntries(Object.entries(PEERS).map(([name, send]) => [name, (testCase, baseUrl) => perform(send, testCase, baseUrl)])),
};

// An unhandled error of a client must not end the comparison.
const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

const server = await startFaults(cases);
const columns = [];
for (const [who, one] of Object.entries(contenders)) {
  server.elsewhere.length = 0;
  const outcomes = await performAll(bounded(one), asked.map(({ testCase }) => testCase), (testCase, at) =>
    server.baseUrl(encodeURIComponent(who), testCase, asked[at].index));
  const failed = asked.flatMap(({ testCase, index }, at) => {
    const requests = server.requests(encodeURIComponent(who), index);
    const ours = who === "translation-results";
    const found = complaints(testCase.expect, outcomes[at], requests, { ours, slack: SLACK_MS });
    return found.length > 0 ? [{ testCase, found }] : [];
  });
  const leaked = server.elsewhere.filter(({ key }) => key !== undefined).length;
  columns.push({ who, failed, leaked, unhandled: unhandled.splice(0).length });
}
await server.close();

const families = [...new Set(asked.map(({ testCase }) => testCase.family))];
const rows = families.map((family) => {
  const total = asked.filter(({ testCase }) => testCase.family === family).length;
  const right = columns.map(({ failed }) => total - failed.filter(({ testCase }) => testCase.family === family).length);
  return [family, ...right.map((count) => `${count} of ${total}`)];
});
rows.push(["all", ...columns.map(({ failed }) => `${asked.length - failed.length} of ${asked.length}`)]);
rows.push(["the key to another origin", ...columns.map(({ leaked }) => `${leaked} times`)]);
rows.push(["rejections that nobody can catch", ...columns.map((column) => `${column.unhandled}`)]);
console.log(table([["", ...columns.map(({ who }) => who)], ...rows]));

if (process.argv.includes("--all")) {
  for (const { who, failed } of columns) {
    console.log(`\n${who}`);
    for (const { testCase, found } of failed) console.log(`  ${testCase.family}: ${testCase.name}: ${found.join("; ")}`);
  }
}
process.exit(columns[0].failed.length > 0 ? 1 : 0);
