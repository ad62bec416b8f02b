/** Compares the tables of the documentation with the package's types. */
import assert from "node:assert/strict";
import { access, readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { installDir } from "./support/install.mjs";

const read = (path) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");
const types = await readFile(join(installDir, "node_modules/translation-results/index.d.ts"), "utf8");
const [options, readme] = await Promise.all(["docs/options.md", "README.md"].map(read));

/** Returns the names of an interface's own members. */
function members(name) {
  const [, body] = new RegExp(`^export interface ${name}(?: extends \\w+)? \\{\\n(.*?)^\\}`, "ms").exec(types);
  return Array.from(body.matchAll(/^ {2}(\w+)\??:/gm), ([, member]) => member);
}

/** Returns the first cells of the tables in a section, if they are code. */
function firstCells(page, heading) {
  const [, section] = page.split(`\n## ${heading}\n`);
  return Array.from(section.split("\n## ")[0].matchAll(/^\| (`[^|]*) \|/gm), ([, cell]) => cell);
}

const names = (cells) => cells.flatMap((cell) => Array.from(cell.matchAll(/`(\w+)`/g), ([, name]) => name));

test("the table has exactly the options of a client", () => {
  assert.deepEqual(names(firstCells(options, "Of a client")).sort(), members("ClientOptions").sort());
});

test("the tables have exactly the options of a call", () => {
  const declared = new Set([...members("RequestOptions"), ...members("BulkOptions")]);
  assert.deepEqual(names(firstCells(options, "Of a call")).sort(), [...declared].sort());
});

test("the table has exactly the events, with their fields", () => {
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

test("the README has exactly the error codes, with their classes", () => {
  const [, union] = /^export type ErrorCode =\n(.*?);$/ms.exec(types);
  const declared = Array.from(union.matchAll(/"(\w+)"/g), ([, code]) => code);
  assert.deepEqual(names(firstCells(readme, "Errors")).sort(), declared.sort());
  for (const [, codes, name] of readme.matchAll(/^\| (`[A-Z][^|]*) \| `(\w+)` \|/gm)) {
    const [, body] = new RegExp(`^export class ${name} .*?\\n(.*?)^\\}`, "ms").exec(types);
    const [, own] = /readonly code:(.*?);/s.exec(body);
    assert.deepEqual(names([codes]).sort(), Array.from(own.matchAll(/"(\w+)"/g), ([, code]) => code).sort(), name);
  }
});

test("the published documents link only to published files", async () => {
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
