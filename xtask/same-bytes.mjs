/**
 * Fails unless every bundle carries exactly the bytes of the WebAssembly module in its longest text: bundlers write texts
 * their own way.
 *
 *   node same-bytes.mjs MODULE.wasm BUNDLE…
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { bytesOf } from "../pkg-template/bytes.js";

const [wasm, ...bundles] = process.argv.slice(2);
const literal = /(["'`])(?:\\[^]|(?!\1)[^\\])*\1/g;

for (const bundle of bundles) {
  const literals = readFileSync(bundle, "utf8").match(literal).sort((one, other) => other.length - one.length);
  const bytes = Buffer.from(bytesOf(runInNewContext(literals[0])));
  assert(bytes.equals(readFileSync(wasm)), `${bundle} carries other bytes than ${wasm}`);
}
