/** Real browsers. An environment variable names the driver of each, so that no driver is searched for or downloaded. */
import { access, constants } from "node:fs/promises";
import { createRequire } from "node:module";
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CHROMIUM_ARGS } from "../../chromium-args.mjs";
import { serve, tools } from "./fixture.mjs";

const require = createRequire(tools);
export const { By, Key } = require("selenium-webdriver");
const { Builder, Capabilities } = require("selenium-webdriver");
const { waitForServer } = require("selenium-webdriver/http/util");
const { findFreePort } = require("selenium-webdriver/net/portprober");

const START_MS = 30_000;
const PAGE_MS = 10_000;
const QUIT_MS = 5_000;

export const browsers = [
  {
    name: "Chromium",
    driver: "CHROMEDRIVER",
    capabilities: {
      browserName: "chrome",
      "goog:chromeOptions": { binary: process.env.CHROMIUM, args: ["--headless", ...CHROMIUM_ARGS] },
    },
  },
  {
    name: "Firefox",
    driver: "GECKODRIVER",
    capabilities: { browserName: "firefox", "moz:firefoxOptions": { args: ["-headless"] } },
  },
  { name: "WebKitGTK", driver: "WEBKIT_DRIVER", capabilities: { browserName: "MiniBrowser" } },
];

/** Limits a wait. Selenium itself waits forever. */
async function within(limit, what, promise) {
  const timer = new AbortController();
  const late = sleep(limit, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${what} took more than ${limit} ms`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
}

async function startDriver(variable) {
  const program = process.env[variable];
  if (!program) throw new Error(`${variable} is not set`);
  await access(program, constants.X_OK);
  const port = await findFreePort("127.0.0.1");
  // One driver prints nothing when it listens. So the shell prints a line, and the status of every driver is polled.
  const args = ["-c", 'echo started && exec "$0" "$@"', program, `--port=${port}`];
  await serve("sh", args, { cwd: tools, ready: /started/ });
  const url = `http://127.0.0.1:${port}/`;
  await waitForServer(url, START_MS);
  return url;
}

/**
 * Starts a browser, and stops it when the test file is over.
 *
 * @param {(typeof browsers)[number]} browser
 */
export async function start({ name, driver, capabilities }) {
  let session;
  // The session ends before its driver. This must not fail, as the driver then ends the browser.
  after(() => within(QUIT_MS, `stopping ${name}`, session?.quit()).catch(() => {}));
  const url = await startDriver(driver);
  const builder = new Builder().disableEnvironmentOverrides().usingServer(url);
  session = builder.withCapabilities(new Capabilities(capabilities)).build();
  return within(START_MS, `starting ${name}`, session.then(async (browser) => {
    await browser.manage().setTimeouts({ implicit: PAGE_MS, pageLoad: PAGE_MS });
    return { browser, version: (await browser.getCapabilities()).getBrowserVersion() };
  }));
}

/**
 * Starts several browsers, one after the other, before the first row: the test runner would stop them when all known rows have
 * run. If a browser does not start, its rows report that.
 */
export async function startAll(wanted) {
  const started = [];
  for (const browser of wanted) {
    const session = start(browser);
    const version = await session.then((running) => running.version, () => "");
    started.push({ name: browser.name, session, version });
  }
  return started;
}

/** Returns the final text of a page. Fails on an error that the page did not catch. */
export async function shown({ browser }, url) {
  const text = async () => {
    await browser.get(url);
    const output = await browser.findElement(By.css("output:not(:empty)")).catch((cause) => {
      throw new Error(`${url} showed nothing within ${PAGE_MS} ms`, { cause });
    });
    const value = await output.getText();
    if ((await output.getAttribute("data-uncaught")) !== null) throw new Error(`uncaught in the page: ${value}`);
    return value;
  };
  return within(2 * PAGE_MS + QUIT_MS, url, text());
}
