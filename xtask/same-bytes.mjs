/**
 * Fails unless the longest string of every bundle holds exactly the bytes of the WebAssembly module. Bundlers may rewrite strings.
 *
 *   node same-bytes.mjs MODULE.wasm BUNDLE…
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import ts from "typescript";
import { bytesOf } from "../pkg-template/bytes.js";

/** Returns the longest string of a script. */
function longestString(file) {
  let longest = "";
  const visit = (node) => {
    if (ts.isStringLiteralLike(node) && node.text.length > longest.length) longest = node.text;
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022));
  return longest;
}

const [wasm, ...bundles] = process.argv.slice(2);
for (const bundle of bundles) {
  const bytes = Buffer.from(bytesOf(longestString(bundle)));
  assert(bytes.equals(readFileSync(wasm)), `${bundle} carries other bytes than ${wasm}`);
}
