/**
 * Compiles code of users, `good.ts` and `bad.ts`, against the installed package in each possible setting. It also compiles their
 * code with libraries that have a `fetch`.
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
 * The settings by which a compiler finds the types. ES modules get those of `import`, CommonJS modules those of `require`, and
 * bundlers always those of `import`. `releases` has the first and the last TypeScript with the setting.
 */
const resolutions = [
  { name: "nodenext", modules: { module: "nodenext", moduleResolution: "nodenext" } },
  { name: "node20", modules: { module: "node20", moduleResolution: "node16" }, releases: [5.9, Infinity] },
  { name: "node18", modules: { module: "node18", moduleResolution: "node16" }, releases: [5.8, Infinity] },
  { name: "node16", modules: { module: "node16", moduleResolution: "node16" } },
  // This setting ignores `exports`. TypeScript 6.0 deprecates it.
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
/** With the DOM's types, too, which also differ from the library's. */
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

/** The number of compilers that run at a time. */
const AT_ONCE = 2;

/** The number of lines that must not compile. */
export const refusals = (await readFile(source("bad.ts"), "utf8")).match(/^\s*\/\/ @ts-expect-error/gm).length;

/**
 * Makes a folder with the package installed, so that its `exports` decide which types are found.
 *
 * @param {string} packageSpec A folder or a tarball.
 */
export async function install(folder, packageSpec) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  // A copy, because through a link the compiler would also find modules around the original folder.
  await run("npm", ["install", "--install-links", "--offline", "--no-audit", "--no-fund", packageSpec], {
    cwd: folder,
    timeout: 60_000,
    shell: process.platform === "win32",
  });
}

/** Links libraries that are installed elsewhere beside the package. */
export async function link(folder, libraries) {
  for (const [name, path] of Object.entries(libraries)) await symlink(path, join(folder, "node_modules", name), "junction");
}

/**
 * Compiles in subfolders of the folder with the package.
 *
 * @param {object} compiler
 * @param {number} compiler.release Its major and minor version, such as 5.9.
 * @param {string} compiler.tsc The compiler's script for Node.
 * @param {string} compiler.typeRoots The folder with Node's types.
 * @param {boolean} [compiler.libraries] Whether the folder also has Bun's types, and the libraries are linked.
 * @returns {Promise<{ name: string, complaints: string }[]>} The compiler's output in each setting. It is empty without errors.
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
