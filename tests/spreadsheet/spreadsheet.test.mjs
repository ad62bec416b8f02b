/** Opens the CSV of the command line in LibreOffice, which must show every text and evaluate no formula. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { startService } from "../servers/service.mjs";
import { run } from "../e2e/support/cli.mjs";

const exec = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), "spreadsheet-"));
after(() => rm(folder, { recursive: true }));

/** Comma, double quote, UTF-8, from the first line, automatic column types, and with the evaluation of formulas. */
const AS_CSV = "CSV:44,34,76,1,,0,false,true,false,false,false,-1,true";

/** Opens a CSV file, and returns its cells as a flat XML document. */
async function opened(csv) {
  const profile = `-env:UserInstallation=file://${join(folder, "profile")}`;
  await exec("soffice", [profile, "--headless", `--infilter=${AS_CSV}`, "--convert-to", "fods", "--outdir", folder, csv], { timeout: 120_000 });
  return readFile(csv.replace(/csv$/, "fods"), "utf8");
}

const unescaped = (xml) => xml.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&apos;", "'").replaceAll("&amp;", "&");

/** Returns the text of each cell in a column, with line feeds between paragraphs. */
function column(xml, index) {
  return [...xml.matchAll(/<table:table-row[^>]*>(.*?)<\/table:table-row>/gs)].map(([, row]) => {
    const cells = [...row.matchAll(/<table:table-cell([^>]*?)(?:\/>|>(.*?)<\/table:table-cell>)/gs)].flatMap(([, attributes, content = ""]) =>
      Array(Number(/columns-repeated="(\d+)"/.exec(attributes)?.[1] ?? 1)).fill(content));
    const content = cells[index] ?? "";
    return [...content.matchAll(/<text:p>(.*?)<\/text:p>/gs)].map(([, text]) => unescaped(text.replace(/<text:s[^>]*\/>/g, " "))).join("\n");
  });
}

const FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1;1)", '=HYPERLINK("http://127.0.0.1/")', "\t=1+1", " =1+1", "\u200b=1+1", "\u0000=1+1", "＝1+1", "−1+1"];
const TEXTS = ["plain", "zwei\nZeilen", 'say "no"', "a,b;c", "日本語 ü", "1-1", "a=b", "-", "=", "'=1"];

/** A document does not keep tabs and NUL at the beginning of a text. */
const visible = (text) => text.replace(/^[\t\0]/, "");

test("this test detects a formula that is evaluated", async () => {
  const csv = join(folder, "harmful.csv");
  await writeFile(csv, `text\r\n${FORMULAS.slice(0, 1).map((text) => `"${text}"\r\n`).join("")}`);
  assert.match(await opened(csv), /table:formula/);
});

for (const more of [[], ["--bom"]]) {
  test(`LibreOffice shows every text and evaluates none ${more}`, async () => {
    const texts = [...FORMULAS, ...TEXTS];
    const service = await startService({
      trouble: (id) => (id === 2 ? { status: 404 } : id === 1 ? { value: { texts } } : undefined),
    });
    const csv = join(folder, `results${more}.csv`);
    const { code } = await run(["get", "1", "2", "--base-url", service.url, "--out", csv, ...more]);
    await service.close();
    assert.equal(code, 1);

    const xml = await opened(csv);
    assert.doesNotMatch(xml, /table:formula/);
    const shown = column(xml, 3).slice(1);
    assert.equal(shown.filter((text) => text !== "").length, texts.length, JSON.stringify(shown));
    for (const text of FORMULAS) assert.ok(shown.includes(`'${visible(text)}`), `${text} in ${JSON.stringify(shown)}`);
    for (const text of TEXTS) assert.ok(shown.includes(/^[=-]$/.test(text) ? `'${text}` : text), `${text} in ${JSON.stringify(shown)}`);
    assert.deepEqual(column(xml, 0).slice(0, 2), ["run_id", "1"]);
    assert.match(column(xml, 4).find((text) => text !== "" && text !== "error"), /^NOT_FOUND: /);
  });
}
