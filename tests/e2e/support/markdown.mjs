/** The code in Markdown files, and the service that it talks to. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";
import { sampleApi } from "../../servers/sample-api.mjs";

export const SERVICE = "https://client.camb.ai/apis";

/**
 * @typedef {object} Block
 * @property {string} language
 * @property {string} code
 * @property {string | undefined} file  The name in a comment in its first line.
 * @property {string[]} prints  What follows `//=>` or `#=>`: the lines that it prints.
 * @property {string} title
 */

/** Returns the blocks of code in a Markdown file. @returns {Promise<Block[]>} */
export async function blocksOf(url) {
  const text = await readFile(url, "utf8");
  return [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, code], index) => {
    const [firstLine] = code.split("\n", 1);
    return {
      language,
      code,
      file: /^(?:\/\/|#|<!--) (\S+\.\w+)(?: -->)?$/.exec(firstLine)?.[1],
      prints: Array.from(code.matchAll(/(?:\/\/|#)=> (.*)$/gm), ([, line]) => line),
      title: `block ${index + 1}, ${language}: ${firstLine}`,
    };
  });
}

/** Returns the code that a Markdown file gives for a file of this name. */
export async function codeOf(url, file) {
  return (await blocksOf(url)).find((block) => block.file === file).code;
}

/** Fails unless these lines, and no others, were printed. */
export function assertPrinted(output, lines) {
  assert.deepEqual(output.trimEnd().split("\n"), lines);
}

/**
 * Returns the environment of a program that finds the sample API in the place of the service, and has what a reader adds to the
 * examples of a proxy. Nothing else is in the way of running code as it stands.
 */
export async function environment() {
  const folder = await mkdtemp(join(tmpdir(), "service-"));
  after(() => rm(folder, { recursive: true }));
  const script = join(folder, "as-the-service.mjs");
  await writeFile(
    script,
    `globalThis.isSignedIn = () => true;
     const { fetch } = globalThis;
     globalThis.fetch = (url, init) => fetch(url.replace("${SERVICE}", "${await sampleApi()}"), init);`,
  );
  const { FORCE_COLOR, ...inherited } = process.env;
  return {
    ...inherited,
    CAMB_API_KEY: "sample-key",
    NO_COLOR: "1",
    NODE_OPTIONS: `--import ${pathToFileURL(script)}`,
    npm_config_offline: "true",
  };
}
