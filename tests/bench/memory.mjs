/** Measures the memory of a long stream, in JavaScript and in WebAssembly. */

import { memories } from "../e2e/support/memories.mjs";
import { imported } from "../e2e/support/install.mjs";

export { imported };

/** Returns the memory in use, after a collection if Node was started with `--expose-gc`. */
export async function figures() {
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc?.();
    // Finalizers free memory a turn later.
    await new Promise((woken) => setTimeout(woken, 20));
  }
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  const linear = memories.reduce((bytes, { buffer }) => bytes + buffer.byteLength, 0);
  return { heapUsed, linear, arrayBuffers, external };
}

/**
 * @param {number[]} shares The shares of the runs after which the memory is measured.
 * @returns {Promise<{ ms: number, marks: { share: number, heapUsed: number, linear: number }[] }>}
 */
export async function streamed(baseUrl, count, shares) {
  const client = new imported.TranslationResultsClient({ apiKey: "sample-key", baseUrl });
  async function* source() {
    for (let id = 1; id <= count; id += 1) yield id;
  }
  const marks = [];
  const begun = performance.now();
  let taken = 0;
  for await (const item of client.streamResults(source(), { concurrency: 16 })) {
    if (!item.ok) throw item.error;
    taken += 1;
    const share = shares.find((mark) => Math.round(mark * count) === taken);
    if (share !== undefined) marks.push({ share, ...(await figures()) });
  }
  if (taken !== count) throw new Error(`${taken} of ${count} runs came`);
  return { ms: performance.now() - begun, marks };
}
