/** esbuild, from the tools of the build. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export const { build } = createRequire(fileURLToPath(new URL("../../xtask/package.json", import.meta.url)))("esbuild");
