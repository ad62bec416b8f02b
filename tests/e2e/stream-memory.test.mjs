/** A long stream does not grow the memory, except for the set of ids seen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runScript } from "./support/install.mjs";

/** Each run has a kilobyte of text. If results were kept, the heap would grow by that for every run. */
const SCRIPT = `
  import { TranslationResultsClient } from "translation-results";
  const COUNT = 60_000;
  const text = (id) => \`\${id} \`.padEnd(1024, "x");
  const fetch = async (url, { body }) => {
    await new Promise(setImmediate);
    const ids = JSON.parse(body).run_ids;
    return new Response(JSON.stringify(Object.fromEntries(ids.map((id) => [id, { texts: [text(id)] }]))));
  };
  const client = new TranslationResultsClient({ apiKey: "k", fetch });
  async function* source() {
    for (let id = 1; id <= COUNT; id += 1) yield id;
  }
  const measured = [];
  let taken = 0;
  for await (const item of client.streamResults(source())) {
    if (!item.ok) throw item.error;
    taken += 1;
    if (taken % (COUNT / 5) !== 0) continue;
    gc();
    // Finalizers free memory a turn later.
    await new Promise((woken) => setTimeout(woken, 20));
    gc();
    const { heapUsed, external } = process.memoryUsage();
    measured.push({ heapUsed, external });
  }
  console.log(JSON.stringify({ taken, measured }));
`;

/** The size of an id in a set and in a list, with their spare capacity. */
const BYTES_PER_ID_SEEN = 60;

test("a stream of 60,000 runs of a kilobyte does not grow the heap", { timeout: 90_000 }, async () => {
  const { stdout } = await runScript("stream-memory.mjs", SCRIPT, { nodeFlags: ["--expose-gc"], timeout: 60_000 });
  const { taken, measured } = JSON.parse(stdout);
  assert.equal(taken, 60_000);
  const [first] = measured;
  const last = measured.at(-1);
  const grown = last.heapUsed + last.external - first.heapUsed - first.external;
  assert.ok(grown <= 48_000 * BYTES_PER_ID_SEEN, `grew by ${grown} bytes: ${stdout}`);
});
