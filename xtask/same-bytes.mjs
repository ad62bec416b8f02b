/**
 * Fails unless every bundle carries exactly the bytes of the WebAssembly module in its string.
 *
 *   node same-bytes.mjs MODULE.wasm BUNDLE…
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";

const [wasm, ...bundles] = process.argv.slice(2);
const module = readFileSync(wasm, "latin1");
// The one literal that starts with the magic number, whichever way its zero and its quotes are written.
const literal = /(["'`])\\(?:0|x00)asm(?:\\[^]|(?!\1)[^\\])*\1/;

for (const bundle of bundles) {
  const [source] = literal.exec(readFileSync(bundle, "utf8")) ?? [];
  assert(source, `${bundle} carries no module`);
  assert(runInNewContext(source) === module, `${bundle} carries other bytes than ${wasm}`);
}
