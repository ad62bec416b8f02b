/** The tables of the documentation beside the package's types. */
import assert from "node:assert/strict";
import { access, readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { installDir } from "./support/install.mjs";

const read = (path) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");
const types = await readFile(join(installDir, "node_modules/translation-results/index.d.ts"), "utf8");
const [options, readme] = await Promise.all(["docs/options.md", "README.md"].map(read));

/** Returns the names of the members that an interface declares itself. */
function members(name) {
  const [, body] = new RegExp(`^export interface ${name}(?: extends \\w+)? \\{\\n(.*?)^\\}`, "ms").exec(types);
  return Array.from(body.matchAll(/^ {2}(\w+)\??:/gm), ([, member]) => member);
}

/** Returns the first cells of the tables in a section, which are code. */
function firstCells(page, heading) {
  const [, section] = page.split(`\n## ${heading}\n`);
  return Array.from(section.split("\n## ")[0].matchAll(/^\| (`[^|]*) \|/gm), ([, cell]) => cell);
}

const names = (cells) => cells.flatMap((cell) => Array.from(cell.matchAll(/`(\w+)`/g), ([, name]) => name));

test("every option of a client is in the table, and no other", () => {
  assert.deepEqual(names(firstCells(options, "Of a client")).sort(), members("ClientOptions").sort());
});

test("every option of a call is in the tables, and no other", () => {
  const declared = new Set([...members("RequestOptions"), ...members("BulkOptions")]);
  assert.deepEqual(names(firstCells(options, "Of a call")).sort(), [...declared].sort());
});

test("every event is in the table with its fields, and no other", () => {
  const [, union] = /^export type ClientEvent = (.*);$/m.exec(types);
  const declared = union.split(" | ").map((name) => {
    const [kind, ...fields] = members(name);
    assert.equal(kind, "type");
    return [name.replace("Event", "").toLowerCase(), fields.sort()];
  });
  const rows = Array.from(options.split("\n## Events\n")[1].matchAll(/^\| `(\w+)` \| (.*) \|$/gm), ([, kind, fields]) =>
    [kind, names([fields]).filter((name) => !["ok", "failed", "cancelled"].includes(name)).sort()]);
  assert.deepEqual(rows.sort(), declared.sort());
});

test("every code is in the README with its class, and no other", () => {
  const [, union] = /^export type ErrorCode =\n(.*?);$/ms.exec(types);
  const declared = Array.from(union.matchAll(/"(\w+)"/g), ([, code]) => code);
  assert.deepEqual(names(firstCells(readme, "Errors")).sort(), declared.sort());
  for (const [, codes, name] of readme.matchAll(/^\| (`[A-Z][^|]*) \| `(\w+)` \|/gm)) {
    const [, body] = new RegExp(`^export class ${name} .*?\\n(.*?)^\\}`, "ms").exec(types);
    const [, own] = /readonly code:(.*?);/s.exec(body);
    assert.deepEqual(names([codes]).sort(), Array.from(own.matchAll(/"(\w+)"/g), ([, code]) => code).sort(), name);
  }
});

test("every page that the published documents link to is published", async () => {
  const folder = join(installDir, "node_modules/translation-results");
  const pages = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".md"));
  assert.ok(pages.includes(join("docs", "bulk.md")), String(pages));
  for (const page of pages) {
    const text = await readFile(join(folder, page), "utf8");
    for (const [, link] of text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)) {
      await assert.doesNotReject(access(join(folder, dirname(page), link)), `${page} links to ${link}`);
    }
  }
});
