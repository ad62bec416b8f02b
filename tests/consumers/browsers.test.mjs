/** Browsers with the package's files served directly: without a bundler, and with strict policies. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after } from "node:test";
import { serve } from "../../www/serve.mjs";
import { assertWorked, environment } from "./support/environment.mjs";
import { fixture } from "./support/fixture.mjs";
import { browsers, shown, startAll } from "./support/webdriver.mjs";

const root = await fixture("browser");

/** Serves the pages with a policy, and the sample API or another handler beside them. Returns the origin. */
async function origin(policy, handler) {
  const server = await serve({ root, policy: () => policy, handler });
  after(() => server.close());
  return server.url;
}

const free = await origin();
const strict = await origin("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'");
const { createProxy } = createRequire(join(root, "package.json"))("translation-results/proxy");
const proxied = await origin(
  undefined,
  createProxy({ apiKey: "sample-key", authorize: () => true, baseUrl: new URL("apis", free).href }),
);
const withoutWasm = await origin("default-src 'none'; script-src 'self'; connect-src 'self'");

function assertRefused(output) {
  const { message, cause, ...rest } = JSON.parse(output);
  assert.deepEqual(rest, { known: true, name: "WasmUnavailableError", code: "WASM_UNAVAILABLE" });
  assert.match(message, /Content-Security-Policy lacks script-src 'wasm-unsafe-eval'/);
  // The cause is the browser's own message.
  assert.match(cause, /\b(CSP|Content Security Policy)\b/i);
}

/** Fails unless a key is refused, whichever globals the page's content defines. */
function assertKeyRefused(output) {
  const contents = JSON.parse(output);
  for (const { content, refused } of contents) assert.equal(refused, "apiKey", content);
  // For several elements of the same name, Firefox defines one element instead of a collection.
  const undefinedIn = contents.filter(({ isDefined }) => !isDefined);
  assert.ok(undefinedIn.length <= 2, `no global is defined by ${undefinedIn.map(({ content }) => content)}`);
}

const ROWS = [
  ["page", free, "page.html", assertWorked],
  ["page with an import map", free, "import-map.html", assertWorked],
  ["module worker", free, "worker.html", assertWorked],
  ["without a key, through the proxy", proxied, "without-key.html", assertWorked],
  ["the sample service for tests", free, "sample-service.html", assertWorked],
  ["content with names of servers' globals", free, "named-content.html", assertKeyRefused],
  ["strict CSP", strict, "page.html", assertWorked],
  ["strict CSP, slim entry", strict, "slim.html", assertWorked],
  ["CSP without WebAssembly", withoutWasm, "refused.html", assertRefused],
  ["CSP without WebAssembly, slim entry", withoutWasm, "slim-refused.html", assertRefused],
];

for (const { name, session, version } of await startAll(browsers)) {
  for (const [what, served, page, check] of ROWS) {
    environment("Browser", `${name}, ${what}`, version, async () => {
      check(await shown(await session, new URL(page, served).href));
    });
  }
}
