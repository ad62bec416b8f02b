// The size of the page, and that nothing moves while it loads.

import assert from "node:assert/strict";
import { brotliCompressSync } from "node:zlib";
import { noApi, opened, pageTest } from "./support/page.mjs";

/** The limit without the package, whose size the build checks. */
const MAX_BYTES = 47_680;
const isOfPage = ({ pathname }) => !pathname.startsWith("/apis/") && pathname !== "/pkg/index.js";

for (const [where, handler] of [["with a server", undefined], ["with the sample API inside", noApi]]) {
  const loaded = [];
  pageTest(`the page without the package is under 48 kB with brotli, ${where}`, {
    handler,
    allowed: /404/,
    prepare: async (page) => page.on("response", (response) => {
      if (isOfPage(new URL(response.url()))) loaded.push(response.body());
    }),
  }, async ({ page }) => {
    await opened(page);
    const sizes = (await Promise.all(loaded)).map((body) => brotliCompressSync(body).length);
    const size = sizes.reduce((sum, one) => sum + one, 0);
    assert.ok(sizes.length > 4 && size < MAX_BYTES, `${sizes.length} files of ${size} bytes`);
    console.log(`the page is ${size} B with brotli, ${where}`);
  });
}

for (const width of [360, 768, 1440]) {
  pageTest(`nothing shifts while it loads, ${width} px wide`, {
    viewport: { width, height: 900 },
    prepare: (page) => page.addInitScript(() => {
      globalThis.shifts = [];
      new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries()) {
          shifts.push([value, ...sources.map(({ node }) => node?.id || node?.className || node?.nodeName)]);
        }
      }).observe({ type: "layout-shift", buffered: true });
    }),
  }, async ({ page }) => {
    await opened(page);
    await page.waitForTimeout(300);
    assert.deepEqual(await page.evaluate(() => shifts), []);
  });
}
