/**
 * Compiles what users write against the package's types, in each setting that they may have.
 *
 *   node types/run.mjs [package folder or tarball, ../pkg if left out]
 *
 * The package is installed, not pointed at, so that its `exports` decide which types are found.
 */
import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const work = join(root, "target", "types");
const packageSpec = resolve(process.argv[2] ?? join(root, "pkg"));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");

const platforms = {
  dom: { lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] },
  node: { lib: ["ES2022"], types: ["node"] },
};
/** Each with its kinds of files: an ES module finds the types of `import`, a CommonJS one those of `require`. */
const resolutions = {
  nodenext: { options: { module: "nodenext", moduleResolution: "nodenext" }, kinds: ["mts", "cts"] },
  node16: { options: { module: "node16", moduleResolution: "node16" }, kinds: ["mts", "cts"] },
  bundler: { options: { module: "esnext", moduleResolution: "bundler" }, kinds: ["mts"] },
};
const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  skipLibCheck: false,
  target: "ES2022",
  noEmit: true,
  typeRoots: [join(here, "..", "node_modules", "@types")],
};

async function install() {
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  await writeFile(join(work, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  // A copy, as from a tarball: through a link the compiler would see the folder's own surroundings.
  await run("npm", ["install", "--install-links", "--offline", "--no-audit", "--no-fund", packageSpec], {
    cwd: work,
    timeout: 60_000,
    shell: process.platform === "win32",
  });
}

/** @returns {Promise<string>} what the compiler complains about, nothing if all is well. */
async function compile(name, options, kinds) {
  const folder = join(work, name);
  await mkdir(folder);
  const files = ["good", "bad"].flatMap((file) => kinds.map((kind) => [`${file}.ts`, `${file}.${kind}`]));
  for (const [source, copy] of files) await copyFile(join(here, source), join(folder, copy));
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...strict, ...options }, files: files.map(([, copy]) => copy) }, null, 2),
  );
  try {
    await run(process.execPath, [tsc, "--project", folder, "--pretty", "false"], { cwd: folder, timeout: 120_000 });
    return "";
  } catch (error) {
    return error.stdout || error.stderr || String(error);
  }
}

await install();
const refusals = (await readFile(join(here, "bad.ts"), "utf8")).match(/^\s*\/\/ @ts-expect-error/gm).length;
let failed = 0;
let passed = 0;
for (const [platform, { lib, types }] of Object.entries(platforms)) {
  for (const [resolution, { options, kinds }] of Object.entries(resolutions)) {
    const name = `${platform}-${resolution}`;
    const complaints = await compile(name, { lib, types, ...options }, kinds);
    if (complaints === "") passed += 1;
    else failed += 1;
    console.log(`${complaints === "" ? "pass" : "FAIL"}  ${name} (${kinds.join(", ")})`);
    if (complaints !== "") console.log(complaints.trimEnd().replace(/^/gm, "      "));
  }
}
console.log(`${passed} passed, ${failed} failed; ${refusals} lines that must not compile in each`);
process.exitCode = failed === 0 ? 0 : 1;
