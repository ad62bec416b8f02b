/** Prints the size of each file in bytes, compressed by brotli at its best, one a line: `node brotli-size.mjs FILE…`. */
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
for (const file of process.argv.slice(2)) console.log(brotliCompressSync(readFileSync(file), { params }).length);
