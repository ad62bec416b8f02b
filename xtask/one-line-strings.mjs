/**
 * Fails if a string or a part of a template in a script of the package spans lines: bundlers that indent a script change
 * such a string.
 *
 *   node one-line-strings.mjs PACKAGE
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const isPartOfTemplate = (node) => ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);

const [folder] = process.argv.slice(2);
const scripts = readdirSync(folder).filter((name) => /\.[cm]?js$/.test(name));
assert(scripts.length > 0, `${folder} has no script`);
for (const name of scripts) {
  const source = ts.createSourceFile(name, readFileSync(join(folder, name), "utf8"), ts.ScriptTarget.ES2022);
  const visit = (node) => {
    if (ts.isStringLiteralLike(node) || isPartOfTemplate(node)) {
      const [first, ...rest] = node.getText(source).split(/[\r\n\u2028\u2029]/);
      assert(rest.length === 0, `${name}: a string spans lines: ${first.slice(0, 80)} …`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
