/**
 * Installs the packed tarball into an empty folder, and exports what `import` and `require` give.
 * The folder is named after the tarball's content. The first test file makes it, and the others reuse it.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const target = fileURLToPath(new URL("../../../target/", import.meta.url));

export const tarball =
  process.env.TRANSLATION_RESULTS_TGZ ?? join(target, "npm", "translation-results-0.1.0.tgz");

const exists = (path) => access(path).then(() => true, () => false);

async function install() {
  if (!(await exists(tarball))) throw new Error(`there is no ${tarball}: make it with \`cargo xtask pack\``);
  const digest = createHash("sha256").update(await readFile(tarball)).digest("hex").slice(0, 16);
  const folder = join(target, "e2e", digest);
  if (await exists(folder)) return folder;

  await mkdir(join(target, "e2e"), { recursive: true });
  const fresh = await mkdtemp(join(target, "e2e", "fresh-"));
  await writeFile(join(fresh, "package.json"), JSON.stringify({ name: "consumer", private: true }));
  // On Windows `npm` is a script, which needs a shell.
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], {
    cwd: fresh,
    timeout: 60_000,
    shell: process.platform === "win32",
  });
  await writeFile(join(fresh, "imported.mjs"), 'export * from "translation-results";\n');
  try {
    // In one step, so that no other test file sees an incomplete folder.
    await rename(fresh, folder);
  } catch (error) {
    if (!(await exists(folder))) throw error;
    await rm(fresh, { recursive: true });
  }
  return folder;
}

/** The folder in which the package is installed. */
export const installDir = await install();

/** The exports that `import` gives. */
export const imported = await import(pathToFileURL(join(installDir, "imported.mjs")).href);

/** The exports that `require` gives. */
export const required = createRequire(join(installDir, "consumer.cjs"))("translation-results");

/**
 * Runs a script in the folder. Rejects if the script fails, or runs longer than `timeout` ms.
 *
 * @param {string} name  A file name that ends with `.mjs` or `.cjs`. It must be unique, as test files run at the same time.
 */
export async function runScript(name, source, { env = {}, nodeFlags = [], timeout = 20_000 } = {}) {
  await writeFile(join(installDir, name), source);
  return run(process.execPath, [...nodeFlags, name], {
    cwd: installDir,
    env: { ...process.env, ...env },
    timeout,
  });
}
