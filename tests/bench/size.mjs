/** Measures the bytes that each contender adds to a page: bundled and minified by esbuild, and compressed. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { installDir } from "../e2e/support/install.mjs";
import { build } from "./bundler.mjs";
import { table } from "./figures.mjs";
import { keep } from "./results.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

const ENTRIES = {
  "translation-results, all of it": [installDir, 'export * from "translation-results";'],
  "translation-results, the client": [installDir, 'export { TranslationResultsClient } from "translation-results";'],
  "translation-results/slim, without its .wasm": [installDir, 'export * from "translation-results/slim";'],
  "@camb-ai/sdk": [here, 'export { CambClient } from "@camb-ai/sdk";'],
  "valibot, one schema": [here, 'import * as v from "valibot"; export const R = v.record(v.string(), v.object({ texts: v.array(v.string()) })); export const parse = (x) => v.parse(R, x);'],
  "zod, one schema": [here, 'import { z } from "zod"; export const R = z.record(z.string(), z.object({ texts: z.array(z.string()) }));'],
  ky: [here, 'export { default } from "ky";'],
};

const rows = [];
const folder = await mkdtemp(join(tmpdir(), "size-"));
for (const [name, [resolveDir, contents]] of Object.entries(ENTRIES)) {
  const outfile = join(folder, "bundle.js");
  await build({ stdin: { contents, resolveDir }, bundle: true, minify: true, format: "esm", platform: "browser", outfile, logLevel: "error", external: ["node:*", "fs", "stream"] });
  const bytes = readFileSync(outfile);
  rows.push([name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length]);
}
const wasm = readFileSync(join(installDir, "node_modules/translation-results/translation_results.wasm"));
rows.splice(3, 0, ["its .wasm", wasm.length, gzipSync(wasm, { level: 9 }).length, brotliCompressSync(wasm).length]);
await rm(folder, { recursive: true });

console.log("Bytes of a bundle");
console.log(table([["", "raw", "gzip", "brotli"], ...rows]));
await keep("size", "esbuild", { rows });
