/** Parses the scripts in the tarball, and checks that users' bundlers can rewrite them safely. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "acorn";
import { installDir } from "./support/install.mjs";

const folder = join(installDir, "node_modules", "translation-results");

const scripts = await Promise.all(
  (await readdir(folder, { recursive: true }))
    .filter((name) => /\.[cm]?js$/.test(name))
    .map(async (name) => {
      const source = await readFile(join(folder, name), "utf8");
      const sourceType = name.endsWith(".cjs") ? "script" : "module";
      return { name, source, sourceType, tree: parse(source, { ecmaVersion: 2022, sourceType, allowHashBang: true }) };
    }),
);

/** The packages bundled in each entry. Other entries have none. */
const BUNDLED = {
  "cli.js": ["csv-parse", "csv-stringify", "leven"],
  "testing.cjs": ["hono"],
  "testing.js": ["hono"],
};

/** Yields a node of a syntax tree and every node below. */
function* nodes(node) {
  if (Array.isArray(node)) for (const child of node) yield* nodes(child);
  else if (typeof node?.type === "string") {
    yield node;
    for (const child of Object.values(node)) yield* nodes(child);
  }
}

test("the package has scripts of both kinds", () => {
  const kinds = scripts.map(({ sourceType }) => sourceType);
  assert.ok(kinds.includes("module") && kinds.includes("script"), String(kinds));
});

for (const { name, source, sourceType, tree } of scripts) {
  // A bundler that indents a script changes such a string.
  test(`no string and no template in ${name} spans lines`, () => {
    for (const { type, start, end } of nodes(tree)) {
      if (type !== "Literal" && type !== "TemplateElement") continue;
      const [first, ...rest] = source.slice(start, end).split(/[\r\n\u2028\u2029]/);
      assert.equal(rest.length, 0, `${first.slice(0, 80)} …`);
    }
  });

  // Bundlers rewrite CommonJS, and ES modules that run unbundled have no `require`.
  if (sourceType === "module") {
    test(`${name} uses no CommonJS`, () => {
      for (const { type, source: imported, name: identifier } of nodes(tree)) {
        if (/^(Import|Export)/.test(type) && imported) assert.doesNotMatch(imported.value, /\.cjs$/);
        if (type === "Identifier") assert.doesNotMatch(identifier, /^(require|__require|__commonJS)$/);
      }
    });
  }
}

for (const { name, source } of scripts) {
  test(`the licence of every package that ${name} holds is published`, async () => {
    // esbuild writes a comment with the source file of each part.
    const sources = source.matchAll(/^\s*\/\/ .*node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm);
    const packages = [...new Set(Array.from(sources, ([, library]) => library))].sort();
    assert.deepEqual(packages, BUNDLED[name] ?? []);
    if (packages.length === 0) return;
    const notices = await readFile(join(folder, name.replace(/\.c?js$/, ".LICENSES.txt")), "utf8");
    const [, ...licences] = notices.split(/^--- /m);
    assert.deepEqual(licences.map((licence) => licence.split("\n", 1)[0]), packages);
    for (const licence of licences) assert.match(licence, /\bMIT\b[^]*Permission is hereby granted[^]*THE SOFTWARE IS PROVIDED/);
  });
}
