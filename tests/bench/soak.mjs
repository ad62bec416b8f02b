/**
 * Makes many calls on one client, with faults among them. Fails if something grows: heap, linear memory, listeners, timers or
 * sockets. `soak.mjs [--calls N] [--bulk N]`
 */
import { fork } from "node:child_process";
import { getEventListeners, once, setMaxListeners } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { figures, imported } from "./memory.mjs";

const { values } = parseArgs({ options: { calls: { type: "string", default: "200000" }, bulk: { type: "string", default: "1000" } } });
const CALLS = Number(values.calls);
const BULK_CALLS = Number(values.bulk);
const AT_ONCE = 32;
const RUNS = 50;
const MARKS = 10;
/** The mark from which growth counts: by then everything is compiled, and every pool has its size. */
const WARM = 2;
const HEAP_MAY_GROW = 6 * 2 ** 20;

const child = fork(fileURLToPath(new URL("soak-server.mjs", import.meta.url)));
const [baseUrl] = await once(child, "message");
const client = new imported.TranslationResultsClient({ apiKey: "sample-key", baseUrl, timeoutMs: 250, maxRetries: 1 });
/** One signal for all calls. No listener may stay on it. */
const shared = new AbortController();
setMaxListeners(AT_ONCE, shared.signal);

const came = { calls: 0, failed: 0, aborted: 0, runs: 0, lost: 0 };

async function single(index) {
  // Every fiftieth call is aborted.
  const own = index % 50 === 0 ? AbortSignal.timeout(3) : shared.signal;
  try {
    await client.getResults([index + 1, index + 2], { signal: own });
    came.calls += 1;
  } catch (error) {
    if (own.aborted) came.aborted += 1;
    else if (imported.TranslationResultsError.is(error)) came.failed += 1;
    else throw error;
  }
}

async function bulk(index) {
  const ids = Array.from({ length: RUNS }, (_, at) => index * RUNS + at + 1);
  const { results, failures } = await client.getAllResults(ids, { signal: shared.signal });
  came.runs += Object.keys(results).length;
  came.lost += RUNS - Object.keys(results).length - failures.length;
}

async function many(count, atOnce, one, onMark) {
  let next = 0;
  const until = async (end) => {
    await Promise.all(Array.from({ length: atOnce }, async () => {
      while (next < end) await one(next++);
    }));
  };
  for (let mark = 1; mark <= MARKS; mark += 1) {
    await until(Math.round((mark * count) / MARKS));
    await onMark(mark);
  }
}

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

/** Prints a row at each mark, and notes what grew. */
async function watched(name, count, atOnce, one) {
  console.log(`\n${count.toLocaleString("en")} ${name}`);
  console.log("done    heap      linear   listeners  timers  sockets");
  const rows = [];
  const begun = performance.now();
  await many(count, atOnce, one, async (mark) => {
    const { heapUsed, linear } = await figures();
    const resources = process.getActiveResourcesInfo();
    const counted = (kind) => resources.filter((one) => one === kind).length;
    const row = {
      heapUsed, linear, listeners: getEventListeners(shared.signal, "abort").length,
      timers: counted("Timeout"), sockets: counted("TCPSocketWrap"),
    };
    rows.push(row);
    const cells = [`${mark * 10} %`, megabytes(heapUsed), megabytes(linear), row.listeners, row.timers, row.sockets];
    console.log(cells.map((cell, at) => String(cell).padEnd([8, 10, 9, 11, 8, 0][at])).join(""));
  });
  console.log(`${((performance.now() - begun) / 1000).toFixed(0)} s`);
  const [warm, last] = [rows[WARM - 1], rows.at(-1)];
  return [
    last.heapUsed > warm.heapUsed + HEAP_MAY_GROW && "the heap",
    last.linear > warm.linear && "the linear memory",
    last.listeners > 0 && "listeners",
    last.timers > warm.timers && "timers",
    // Kept-alive connections.
    last.sockets > 2 * AT_ONCE && "sockets",
  ].filter(Boolean).map((what) => `${name}: ${what} grew`);
}

const grew = [
  ...(await watched("single calls", CALLS, AT_ONCE, single)),
  ...(await watched("bulk calls", BULK_CALLS, 4, bulk)),
];
child.disconnect();
console.log(`\n${came.calls} calls gave results, ${came.failed} failed, ${came.aborted} were given up; ${came.runs} runs came in bulk, ${came.lost} were lost`);
if (came.lost > 0) grew.push("runs were lost");
for (const what of grew) console.error(what);
process.exitCode = grew.length > 0 ? 1 : 0;
