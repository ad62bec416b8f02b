/** esbuild, of the build's own tools. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export const { build } = createRequire(fileURLToPath(new URL("../../xtask/package.json", import.meta.url)))("esbuild");
