/**
 * Compiles what users write, `good.ts` and `bad.ts`, against the installed package in each setting that they may have; and
 * what they write with libraries that have a `fetch`.
 */
import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const source = (name) => fileURLToPath(new URL(name, import.meta.url));

const platforms = {
  dom: { lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] },
  node: { lib: ["ES2022"], types: ["node"] },
};
/**
 * Where ES modules find the types of `import`, and CommonJS ones those of `require`; a bundler takes both as the first.
 * `releases` has the first and the last TypeScript that has the setting.
 */
const resolutions = [
  { name: "nodenext", modules: { module: "nodenext", moduleResolution: "nodenext" } },
  { name: "node20", modules: { module: "node20", moduleResolution: "node16" }, releases: [5.9, Infinity] },
  { name: "node18", modules: { module: "node18", moduleResolution: "node16" }, releases: [5.8, Infinity] },
  { name: "node16", modules: { module: "node16", moduleResolution: "node16" } },
  // It knows no `exports`. TypeScript 6.0 deprecates it.
  { name: "node10", modules: { module: "commonjs", moduleResolution: "node10" }, releases: [0, 5.9] },
  { name: "bundler", modules: { module: "esnext", moduleResolution: "bundler" } },
];
const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  skipLibCheck: false,
  target: "ES2022",
  noEmit: true,
};

const settings = Object.entries(platforms).flatMap(([platform, types]) =>
  resolutions.map(({ name, modules, releases: [first, last] = [0, Infinity] }) => ({
    name: `${platform}-${name}`,
    options: { ...strict, ...types, ...modules },
    isIn: (release) => first <= release && release <= last,
    sources: ["good.ts", "bad.ts"],
    kinds: ["mts", "cts"],
  })),
);

const { modules: nodenext } = resolutions.find(({ name }) => name === "nodenext");
/** With the DOM's types too, which are not the library's either. */
const withDom = { lib: platforms.dom.lib, types: ["node"] };
/** node-fetch is an ES module. */
const settingsWithLibraries = [
  ["bun", { lib: ["ES2022"], types: ["bun"] }, "bun"],
  ...["undici", "node-fetch"].flatMap((library) => [
    [library, platforms.node, library],
    [`${library}-dom`, withDom, library],
  ]),
].map(([name, types, library]) => ({
  name,
  options: { ...strict, ...types, ...nodenext },
  sources: [`libraries/${library}.ts`],
  kinds: ["mts"],
}));

/** Compilers at a time. */
const AT_ONCE = 2;

/** How many lines must not compile. */
export const refusals = (await readFile(source("bad.ts"), "utf8")).match(/^\s*\/\/ @ts-expect-error/gm).length;

/**
 * Makes the folder, with the package in it: installed, not pointed at, so that its `exports` decide which types are found.
 *
 * @param {string} packageSpec A folder or a tarball.
 */
export async function install(folder, packageSpec) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  // A copy, as from a tarball: through a link the compiler would see the folder's own surroundings.
  await run("npm", ["install", "--install-links", "--offline", "--no-audit", "--no-fund", packageSpec], {
    cwd: folder,
    timeout: 60_000,
    shell: process.platform === "win32",
  });
}

/** Makes libraries, installed elsewhere, found beside the package. */
export async function link(folder, libraries) {
  for (const [name, path] of Object.entries(libraries)) await symlink(path, join(folder, "node_modules", name), "junction");
}

/**
 * Compiles in folders below the one that has the package.
 *
 * @param {object} compiler
 * @param {number} compiler.release Its major and minor version, such as 5.9.
 * @param {string} compiler.tsc The script that Node runs.
 * @param {string} compiler.typeRoots The folder that has Node's types.
 * @param {boolean} [compiler.libraries] Whether it has Bun's types too, and the libraries are linked.
 * @returns {Promise<{ name: string, complaints: string }[]>} What the compiler says in each setting: nothing if all is well.
 */
export async function compileAll(folder, compiler) {
  const results = [];
  const own = settings.filter(({ isIn }) => isIn(compiler.release));
  const rest = [...own, ...(compiler.libraries ? settingsWithLibraries : [])].entries();
  const worker = async () => {
    for (const [index, setting] of rest) {
      const { name } = setting;
      results[index] = { name, complaints: await compile(join(folder, name), setting, compiler) };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

async function compile(folder, { options, sources, kinds }, { tsc, typeRoots }) {
  await mkdir(folder, { recursive: true });
  const files = [];
  for (const file of sources) {
    for (const kind of kinds) {
      files.push(`${basename(file, ".ts")}.${kind}`);
      await copyFile(source(file), join(folder, files.at(-1)));
    }
  }
  const compilerOptions = { ...options, typeRoots: [typeRoots] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }, null, 2));
  try {
    await run(process.execPath, [tsc, "--project", folder, "--pretty", "false"], { cwd: folder, timeout: 120_000 });
    return "";
  } catch (error) {
    return error.stdout || error.stderr || String(error);
  }
}
