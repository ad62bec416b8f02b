/**
 * Checks that the client is the Rust crate:
 *
 * - the default entry has at most `MAX_LINES` lines of hand-written JavaScript;
 * - `src/` contains no JavaScript;
 * - the modules of `pkg-template/` do not import each other in a circle;
 * - the published module is built with the named crates, and the sources use each of them.
 *
 *   node crate-is-the-client.mjs [project folder, .. if left out]
 */
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join, posix, relative, resolve, sep } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parse, tokTypes } from "acorn";

const MAX_LINES = 350;

/** Modules that the build makes, and the modules of `pkg-template/` that they import. See `xtask/src/entries.rs`. */
const GENERATED = { "glue.js": ["platform.js"], "wasm-text.js": [] };

const CRATES = ["wasm-bindgen", "wasm-bindgen-futures", "web-sys", "js-sys", "serde", "serde-wasm-bindgen"];

const root = resolve(process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url)));

/** Returns the paths of all files below a folder, relative to it and with slashes. */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

/** Calls `visit` with a node of a syntax tree and with every node below. */
function walk(node, visit) {
  if (Array.isArray(node)) for (const child of node) walk(child, visit);
  else if (typeof node?.type === "string") {
    visit(node);
    for (const child of Object.values(node)) walk(child, visit);
  }
}

const IMPORTS = new Set(["ImportDeclaration", "ExportNamedDeclaration", "ExportAllDeclaration", "ImportExpression"]);

/** Returns the number of lines with code in a module of `pkg-template/`, and the names of the modules that it imports. */
function read(name) {
  if (name in GENERATED) return { lines: 0, imports: GENERATED[name] };
  const lines = new Set();
  const tree = parse(readFileSync(join(root, "pkg-template", name), "utf8"), {
    ecmaVersion: "latest",
    sourceType: "module",
    locations: true,
    onToken({ type, loc: { start, end } }) {
      for (let line = start.line; type !== tokTypes.eof && line <= end.line; line += 1) lines.add(line);
    },
  });
  const imports = new Set();
  walk(tree, ({ type, source }) => {
    const address = (IMPORTS.has(type) && source?.value) || "";
    if (/^\.\.?\/.*\.[cm]?js$/.test(address)) imports.add(posix.join(posix.dirname(name), address));
  });
  return { lines: lines.size, imports: [...imports] };
}

/** Checks the size of the default entry. */
function countLines() {
  const counted = new Map();
  const follow = (name) => {
    if (counted.has(name)) return;
    const { lines, imports } = read(name);
    counted.set(name, lines);
    imports.forEach(follow);
  };
  follow("index.js");
  for (const [name, lines] of counted) if (lines > 0) console.log(`${String(lines).padStart(5)}  pkg-template/${name}`);
  const sum = [...counted.values()].reduce((sum, lines) => sum + lines, 0);
  console.log(`${String(sum).padStart(5)}  lines of hand-written JavaScript in the default entry, at most ${MAX_LINES}`);
  return sum > MAX_LINES ? [`the default entry has ${sum} lines of hand-written JavaScript, and may have ${MAX_LINES}`] : [];
}

/** The attributes and the macro of wasm-bindgen that add JavaScript to the generated glue. */
const SNIPPETS = [/\bwasm_bindgen\s*\([^)]*\b(?:inline_js|raw_module|module)\s*=/, /\bwasm_bindgen::link_to!/];

/** Checks that the crate is Rust only. */
function findJavaScript(sources) {
  const failures = [];
  for (const [name, text] of sources) {
    if (/\.[cm]?[jt]sx?$/.test(name)) failures.push(`src/${name} is JavaScript`);
    if (SNIPPETS.some((snippet) => snippet.test(text))) failures.push(`src/${name} brings in JavaScript by an attribute or a macro`);
  }
  return failures;
}

/** Checks that no module of `pkg-template/` imports itself, directly or through others. */
function findCircles() {
  const failures = [];
  const done = new Set();
  const follow = (name, path) => {
    const start = path.indexOf(name);
    if (start >= 0) failures.push(`modules of pkg-template/ import each other: ${[...path.slice(start), name].join(" -> ")}`);
    if (start >= 0 || done.has(name)) return;
    for (const imported of read(name).imports) follow(imported, [...path, name]);
    done.add(name);
  };
  for (const name of filesBelow(join(root, "pkg-template"))) if (/\.[cm]?js$/.test(name)) follow(name, []);
  return failures;
}

/** Checks that the published module is built with the named crates, and that the sources name each of them. */
function findMissingCrates(sources) {
  const selection = ["--package", "translation-results", "--target", "wasm32-unknown-unknown", "--features", "npm"];
  const options = ["--edges", "normal", "--prefix", "none", "--locked", "--offline"];
  const tree = execFileSync("cargo", ["tree", ...selection, ...options], { cwd: root, encoding: "utf8" });
  const built = new Set(tree.split("\n").map((line) => line.split(" ")[0]));
  const code = [...sources]
    .filter(([name]) => name.endsWith(".rs"))
    .map(([, text]) => text.replace(/^\s*\/\/.*$/gm, ""))
    .join("\n");
  const isNamed = (crate) => new RegExp(`\\b${crate.replaceAll("-", "_")}\\b`).test(code);
  return CRATES.flatMap((crate) => [
    ...(built.has(crate) ? [] : [`the published module is built without ${crate}`]),
    ...(isNamed(crate) ? [] : [`src/ does not use ${crate}`]),
  ]);
}

const src = join(root, "src");
const sources = new Map(filesBelow(src).map((name) => [name, readFileSync(join(src, name), "utf8")]));
const failures = [...countLines(), ...findJavaScript(sources), ...findCircles(), ...findMissingCrates(sources)];
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
