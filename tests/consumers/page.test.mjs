/** The demo page in the browsers that `tests/page` does not use. Each user action is simulated. */
import assert from "node:assert/strict";
import { after } from "node:test";
import { FAULTS } from "../../www/sample-api/faults.js";
import { runs, sampleIds } from "../../www/sample-api/runs.js";
import { serve } from "../../www/serve.mjs";
import { OUTCOMES } from "../page/support/outcomes.mjs";
import { environment } from "./support/environment.mjs";
import { browsers, By, Key, startAll } from "./support/webdriver.mjs";

const PATIENCE_MS = 15_000;

const server = await serve({ root: process.env.TRANSLATION_RESULTS_SITE });
after(() => server.close());

/** The page, with the actions and observations of a user. */
class Page {
  constructor(engine, browser) {
    this.engine = engine;
    this.browser = browser;
  }

  async open() {
    await this.browser.get(server.url);
    await this.status(/^5 runs, 15 texts, /);
  }

  find(selector) {
    return this.browser.findElement(By.css(selector));
  }

  named(name, within = "button, summary, a") {
    return this.browser.executeScript(
      "return [...document.querySelectorAll(arguments[1])].find((one) => " +
        "one.checkVisibility() && (one.getAttribute('aria-label') ?? one.textContent).trim().startsWith(arguments[0]))",
      name,
      within,
    );
  }

  async click(name) {
    const element = await this.named(name);
    assert.ok(element, `there is no "${name}"`);
    // The middle of the element may be out of sight.
    await this.browser.executeScript("arguments[0].scrollIntoView({ block: 'center' })", element);
    await element.click();
  }

  /** Returns the value of `script`, an expression, in the page. */
  evaluate(script, ...values) {
    return this.browser.executeScript(`return ${script}`, ...values);
  }

  text(selector) {
    return this.evaluate("document.querySelector(arguments[0]).textContent", selector);
  }

  texts(selector) {
    return this.evaluate("[...document.querySelectorAll(arguments[0])].map((one) => one.textContent)", selector);
  }

  async until(check, what) {
    await this.browser.wait(check, PATIENCE_MS, what);
  }

  async status(pattern) {
    await this.until(async () => pattern.test(await this.text("#status")), `the status never was ${pattern}`);
    await this.until(() => this.evaluate("document.querySelector('#results').ariaBusy === 'false'"), "it was not drawn");
  }

  async type(...keys) {
    await this.find("#run-ids").sendKeys(...keys);
  }

  async ask(text) {
    await this.click("Clear");
    await this.type(text, Key.ENTER);
    await this.click("Fetch results");
  }

  async set(selector, value) {
    const field = await this.find(selector);
    await field.clear();
    if (value !== "") await field.sendKeys(value);
  }

  async choose(selector, value) {
    await this.find(`${selector} option[value="${value}"]`).click();
  }

  chips() {
    return this.evaluate("[...document.querySelectorAll('.chip > span')].map((one) => one.textContent)");
  }

  focused() {
    return this.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.id");
  }

  /** Returns the texts of a run. */
  runTexts(id) {
    return this.texts(`#run-${id} .text`);
  }

  codes() {
    return this.texts(".error .code");
  }
}

/** WebKit accepts a truncated body without a length as complete. */
const IN_WEBKIT = { ...OUTCOMES, cut: { code: "INVALID_RESPONSE" } };

const FLOWS = {
  async "opens with sample runs, right to left among them"(page) {
    assert.equal(await page.text("#badge"), "sample data, served over HTTP");
    for (const id of sampleIds) assert.deepEqual(await page.runTexts(id), runs.get(id).texts);
    const direction = "getComputedStyle(document.querySelector(arguments[0])).direction";
    assert.equal(await page.evaluate(direction, "#run-20417 .texts > li"), "rtl");
    assert.equal(await page.evaluate(direction, "#run-6789 .texts > li"), "ltr");
  },

  async "run ids are chips"(page) {
    await page.click("Clear");
    await page.type("12345,20417x 0;12345 1.5 9007199254740992 6789");
    assert.deepEqual(await page.chips(), ["12345", "20417x", "0", "12345 repeat", "1.5", "9007199254740992"]);
    assert.equal(
      await page.text("#run-ids-problems"),
      '"20417x" is not a run id: an integer from 1 to 9007199254740991; and 3 more',
    );
    await page.click("Fetch results");
    await page.status(/^Nothing was sent\./);
    assert.equal(await page.focused(), "Remove 20417x");
    for (const name of ["20417x", "0", "1.5", "9007199254740992"]) await page.click(`Remove ${name}`);
    await page.type(Key.BACK_SPACE);
    assert.deepEqual(await page.chips(), ["12345", "12345 repeat"]);
    assert.match(await page.text("#run-ids-plan"), /^2 ids|^1 id → 1 request/);
  },

  async "the keyboard alone"(page) {
    await page.find("#run-ids").sendKeys(Key.BACK_SPACE, Key.BACK_SPACE, Key.ARROW_LEFT);
    assert.equal(await page.focused(), "Remove 20417");
    await page.browser.switchTo().activeElement().sendKeys(Key.DELETE);
    await page.type("61009 1", Key.ENTER);
    assert.deepEqual(await page.chips(), ["12345", "6789", "61009", "1"]);
    await page.type(Key.ENTER);
    await page.status(/^4 runs, /);
    assert.deepEqual(await page.runTexts(61009), runs.get(61009).texts);
  },

  async "many runs, cancelled and then fetched"(page) {
    await page.click("2,000 runs");
    await page.until(async () => (await page.texts(".run.whole")).length > 20, "nothing came");
    await page.click("Cancel");
    await page.status(/^Cancelled\. [\d,]+ of 2,000 runs fetched\. [\d,]+ pending\.$/);
    const came = Number(/[\d,]+(?= of)/.exec(await page.text("#status"))[0].replace(",", ""));
    assert.ok(came > 20 && came < 2000, `${came} came`);
    await page.click("200 runs, a few bad");
    await page.status(/^197 of 200 runs fetched\. 3 failed\.$/);
    assert.deepEqual(await page.codes(), ["NOT_FOUND", "MISSING_RESULT", "BAD_REQUEST"]);
    assert.deepEqual(await page.texts("#unfinished a"), ["999", "70001", "80003"]);
  },

  async "each error card"(page) {
    await page.click("Options");
    await page.set("#timeout", "500");
    await page.set("#retries", "1");
    await page.click("Make it fail");
    const outcomes = page.engine === "WebKitGTK" ? IN_WEBKIT : OUTCOMES;
    for (const [fault, { code }] of Object.entries(outcomes)) {
      await page.choose("#fault", fault);
      await page.ask("12345 6789 20417");
      await page.until(async () => (await page.codes()).at(-1) === code, `${FAULTS[fault].label} is no ${code}`);
      await page.choose("#fault", "");
      await page.ask("52001 52002 52003");
      await page.status(/^3 runs, 12 texts/);
      assert.deepEqual(await page.codes(), []);
    }
  },

  async "search, copy and download"(page) {
    await page.set("#search", "pedido");
    await page.until(async () => (await page.text("#found")) === "1 text in 1 run", "it was not found");
    await page.until(async () => (await page.texts(".run")).length === 1, "others are shown");
    await page.set("#search", " ");
    await page.until(async () => (await page.texts(".run")).length === 5, "others are not shown");
    await page.click("Copy the texts of run 6789");
    await page.until(async () => (await page.text("#copy-status")) === "Copied.", "it was not copied");
    await page.browser.executeScript(
      "URL.createObjectURL = (blob) => { blob.text().then((text) => { window.downloaded = text; }); return '#'; };",
    );
    await page.click("CSV");
    await page.until(() => page.evaluate("window.downloaded !== undefined"), "nothing was downloaded");
    assert.match(await page.evaluate("window.downloaded"), /^run_id,status,index,text,error\r\n12345,ok,0,"Tu pedido está en camino\.",\r\n/);
  },

  async "the call in each language"(page) {
    assert.match(await page.text("#call-text"), /getAllResults\(runIds\)/);
    await page.find("#call-tab-0").sendKeys(Key.ARROW_RIGHT);
    assert.match(await page.text("#call-text"), /require\("translation-results"\)/);
    await page.click("Rust");
    assert.match(await page.text("#call-text"), /use translation_results::/);
    await page.click("Command line");
    assert.match(await page.text("#call-text"), /npx translation-results get 12345 6789/);
    await page.click("curl");
    assert.match(await page.text("#call-text"), /"run_ids":\[\s+12345, 6789, 20417, 31002, 48813\s+\]/);
  },

  async "one run a row"(page) {
    await page.click("One run a row");
    await page.click("Load 12 rows");
    await page.until(async () => /^11 of 12 rows fetched in /.test(await page.text("#rows-status")), "the rows did not come");
    const rows = await page.texts("#rows-body td");
    assert.deepEqual(rows, [...rows.slice(0, 11), "NOT_FOUND"]);
    assert.equal(rows[0], runs.get(12345).texts[0]);
  },

  async "the page's address can be shared"(page) {
    await page.ask("52001 52002 52003");
    await page.status(/^3 runs, 12 texts/);
    const wanted = "location.hash === '#ids=52001..52003'";
    await page.until(() => page.evaluate(wanted), "the address has no ids");
    const address = await page.browser.getCurrentUrl();
    await page.browser.get("about:blank");
    await page.browser.get(address);
    await page.status(/^3 runs, 12 texts/);
  },

  async "another base URL, with a key"(page) {
    await page.click("Service");
    await page.find('[name=service][value="other"]').click();
    await page.set("#base-url", `${server.url}apis`);
    await page.set("#api-key", "wrong");
    await page.ask("52001 52002");
    await page.until(async () => (await page.codes())[0] === "UNAUTHORIZED", "the key was not refused");
    await page.set("#api-key", "sample-key");
    await page.click("Fetch pending runs");
    await page.status(/^2 runs, 8 texts/);
  },

  async "light and dark"(page) {
    const background = "getComputedStyle(document.body).backgroundColor";
    for (const [theme, colour] of [["dark", "rgb(18, 20, 22)"], ["light", "rgb(255, 255, 255)"]]) {
      await page.find(`[name=theme][value="${theme}"]`).click();
      assert.equal(await page.evaluate(background), colour);
    }
    await page.find('[name=theme][value=""]').click();
  },

  async "what went over the wire"(page) {
    await page.ask("52001");
    await page.status(/^1 run, 4 texts/);
    // The log is drawn in the next frame.
    const told = /^GET \/apis\/translation-result\/52001, status 200, done in \d+ ms, sample-\d+$/;
    await page.until(async () => told.test((await page.texts("#wire-log li")).at(-1)), "the log does not tell the answer");
  },
};

for (const { name, session, version } of await startAll(browsers.filter(({ name }) => name !== "Chromium"))) {
  for (const [what, flow] of Object.entries(FLOWS)) {
    environment("Demo page", `${name}, ${what}`, version, async () => {
      const { browser } = await session;
      const page = new Page(name, browser);
      await page.open();
      await flow(page);
    });
  }
}
