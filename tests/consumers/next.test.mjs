/** Next.js: on the server, on edge, in the browser, and while it builds, by either of its bundlers. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf, environment as asTheService } from "../e2e/support/markdown.mjs";
import { sampleApi } from "../servers/sample-api.mjs";
import { link } from "../types/compile.mjs";
import { assertWorked, environment } from "./support/environment.mjs";
import { fixture, node, run, script, serve, tools, version } from "./support/fixture.mjs";
import { browsers, shown, start } from "./support/webdriver.mjs";

const SERVICE_URL = await sampleApi();
const env = { SERVICE_URL, NEXT_TELEMETRY_DISABLED: "1" };
const { CAMB_API_KEY, NODE_OPTIONS } = await asTheService();
const ROUTE = "app/api/translations/[...path]/route.ts";

// Not awaited here: where it does not start, the rows say so.
const chromium = start(browsers.find(({ name }) => name === "Chromium"));
chromium.catch(() => {});

const next = script("next", "dist/bin/next");

async function application(bundler) {
  const cwd = await fixture("next", { folder: `next-${bundler}` });
  await mkdir(dirname(join(cwd, ROUTE)), { recursive: true });
  await writeFile(join(cwd, ROUTE), await codeOf(new URL("../../docs/proxy.md", import.meta.url), ROUTE));
  // Next.js checks the route's types with the compiler beside the application.
  await link(cwd, { typescript: join(tools, "typescript-5.9") });
  // Without the key, as in a container's build.
  await run(node(24), [next, "build", `--${bundler}`], { cwd, env, timeout: 180_000 });
  const [, url] = await serve(node(24), [next, "start", "--hostname", "127.0.0.1", "--port", "0"], {
    cwd,
    env: { ...env, CAMB_API_KEY, NODE_OPTIONS },
    ready: /Local: +(\S+)[^]*Ready/,
  });
  return url;
}

const text = async (url) => (await fetch(url)).text();

const ROWS = {
  "route handler on Node": (url) => text(new URL("node", url)),
  "route handler on edge": (url) => text(new URL("edge", url)),
  "client component": async (url) => shown(await chromium, new URL(`client?service=${SERVICE_URL}`, url).href),
  "client component without a key, through the route in docs/proxy.md": async (url) =>
    shown(await chromium, new URL("without-key", url).href),
  "static prerender": async (url) => shown(await chromium, new URL("prerendered", url).href),
};

for (const bundler of ["turbopack", "webpack"]) {
  const running = application(bundler);
  running.catch(() => {});
  for (const [what, read] of Object.entries(ROWS)) {
    environment("Framework", `Next.js by ${bundler}, ${what}`, version("next"), async () => {
      assertWorked(await read(await running));
    });
  }
}
