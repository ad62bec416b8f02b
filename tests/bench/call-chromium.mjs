/** Measures one call in Chromium, whose path is in CHROMIUM: see `one-call.mjs`. `call-chromium.mjs [--rounds N]` */
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { CHROMIUM_ARGS } from "../chromium-args.mjs";
import { installDir } from "../e2e/support/install.mjs";
import { build } from "./bundler.mjs";
import { ROUNDS, showCalls } from "./one-call.mjs";
import { keep, roundsOr } from "./results.mjs";

const rounds = roundsOr(ROUNDS);

/** The SDK imports modules of Node, which it uses in Node only. */
const withoutNode = {
  name: "without-node",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:|fs$|stream$)/ }, ({ path }) => ({ path, namespace: "nothing" }));
    onLoad({ filter: /./, namespace: "nothing" }, () => ({ contents: "module.exports = {};" }));
  },
};
const bundled = await build({
  entryPoints: [fileURLToPath(new URL("call-page.mjs", import.meta.url))],
  alias: { "translation-results": join(installDir, "node_modules/translation-results") },
  bundle: true,
  minify: true,
  format: "iife",
  platform: "browser",
  plugins: [withoutNode],
  write: false,
  logLevel: "error",
});

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [...CHROMIUM_ARGS, "--js-flags=--expose-gc"],
});
try {
  const page = await browser.newPage();
  page.on("console", (message) => process.stderr.write(message.text()));
  page.on("pageerror", (error) => process.stderr.write(`${error}\n`));
  page.setDefaultTimeout(0);
  await page.addScriptTag({ content: bundled.outputFiles[0].text });
  const rows = await page.evaluate((rounds) => globalThis.measureCalls(rounds), rounds);
  process.stderr.write("\n");
  const runtime = `Chromium ${browser.version()}`;
  console.log(showCalls(runtime, rounds, rows));
  await keep("call", runtime, { rounds, rows });
} finally {
  await browser.close();
}
