/**
 * Makes applications in folders of their own below `target/consumers/`, with the package installed from the tarball. Tools are
 * one folder up, where `cargo xtask setup` installs the packages of `package.json` here.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createRequire } from "node:module";

const execute = promisify(execFile);

const here = fileURLToPath(new URL("..", import.meta.url));
const place = fileURLToPath(new URL("../../../target/consumers/", import.meta.url));
export const tools = join(place, "node_modules");

const tarball = process.env.TRANSLATION_RESULTS_TGZ;
if (!tarball) throw new Error("run these tests with `cargo xtask test consumers`");

export const version = (tool) => JSON.parse(readFileSync(join(tools, tool, "package.json"), "utf8")).version;

/** Returns the path of a tool's program. */
export const tool = (name) => join(tools, ".bin", name);

/** Returns the path of a tool's script for Node. */
export const script = (name, file) => join(tools, name, file);

/** Returns the path of a version of Node. Some tools need a newer one than the tests. */
export const node = (major) => join(tools, `node-${major}`, "bin", "node");

/** Returns environment variables without those that Node's test runner sets for its own child processes. */
const environment = (more) => {
  const { NODE_TEST_CONTEXT, NODE_OPTIONS, ...rest } = process.env;
  return { ...rest, NO_COLOR: "1", CI: "1", ...more };
};

/**
 * Makes the folder from `fixtures/<name>`, with `exercise.js` in it.
 *
 * @param {string} name
 * @param {object} [options]
 * @param {string} [options.folder] The name of the folder, if several rows use one fixture.
 * @param {"esm" | "cjs"} [options.format] What kind of module `exercise.js` is.
 * @param {"prod" | "dev"} [options.dependency] What kind of dependency the package is.
 */
export async function fixture(name, { folder = name, format = "esm", dependency = "prod" } = {}) {
  const path = join(place, folder);
  await rm(path, { recursive: true, force: true });
  await cp(join(here, "fixtures", name), path, { recursive: true });
  await writeFile(join(path, "exercise.js"), await exercise(format));
  const options = ["--offline", "--no-audit", "--no-fund", `--save-${dependency}`];
  await execute("npm", ["install", ...options, tarball], { cwd: path, timeout: 60_000 });
  return path;
}

async function exercise(format) {
  const source = await readFile(join(here, "exercise.js"), "utf8");
  if (format === "esm") return source;
  const { transform } = createRequire(join(place, "package.json"))("esbuild");
  return (await transform(source, { format })).code;
}

const inShort = (program, args) => [program, ...args].map((word) => basename(word)).join(" ");

/** Runs a program to its end. Returns its standard output. An error has everything that it printed. */
export async function run(program, args, { cwd, env = {}, timeout = 60_000 }) {
  try {
    const { stdout } = await execute(program, args, { cwd, env: environment(env), timeout, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (error) {
    const how = error.killed ? `was stopped after ${timeout} ms` : `ended with ${error.code ?? error.signal}`;
    throw new Error(`${inShort(program, args)} ${how}\n${error.stdout}${error.stderr}`);
  }
}

/**
 * Starts a server. Stops it with its child processes at the end of the test file.
 *
 * @param {RegExp} ready Matches its output when it listens.
 * @returns {Promise<RegExpExecArray>} The match.
 */
export async function serve(program, args, { cwd, env = {}, ready, timeout = 60_000 }) {
  const server = spawn(program, args, { cwd, env: environment(env), stdio: ["ignore", "pipe", "pipe"], detached: true });
  const exited = once(server, "exit");
  const stop = () => {
    try {
      process.kill(-server.pid, "SIGKILL");
    } catch {
      // The process has already ended.
    }
  };
  after(async () => {
    stop();
    await exited;
  });
  let output = "";
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`${inShort(program, args)} ${why}\n${output}`));
    const timer = setTimeout(() => fail(`was not ready after ${timeout} ms`), timeout);
    exited.then(() => fail("ended"));
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        const match = ready.exec(output);
        if (match) {
          clearTimeout(timer);
          resolve(match);
        }
      });
    }
  });
}

/** Starts workers by their configurations. Returns the URL of the first one. */
export async function wrangler(cwd, configs) {
  const options = ["dev", ...configs.flatMap((config) => ["-c", config]), "--ip", "127.0.0.1", "--port", "0"];
  const [, url] = await serve(node(24), [script("wrangler", "bin/wrangler.js"), ...options], {
    cwd,
    env: { WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_LOG_PATH: cwd },
    ready: /Ready on (\S+)/,
  });
  return url;
}
