// Where results go: standard output, or a file of which a kill loses at most the line that is being written.
import { appendFileSync, closeSync, openSync } from "node:fs";
import process from "node:process";
import { UsageError } from "./options.js";

/** @returns {{ write: (text: string) => Promise<void>, close: () => void }} */
export function output({ out, resume }) {
  return out === undefined ? standardOutput() : fileOutput(out, resume);
}

function fileOutput(out, resume) {
  let file;
  try {
    file = openSync(out, resume ? "a" : "wx");
  } catch (error) {
    const remedy = out.endsWith(".ndjson") ? "continue it with --resume, or remove it" : "remove it, or write elsewhere";
    throw new UsageError(error.code === "EEXIST" ? `${out} exists: ${remedy}` : `${out} cannot be written: ${error.message}`);
  }
  return {
    // Not kept for later, so that what came is with the system before the next run is taken.
    write: async (text) => appendFileSync(file, text),
    close: () => closeSync(file),
  };
}

/** Control characters, which could make a terminal do things; not tabs and line ends. */
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g;

function standardOutput() {
  const { stdout } = process;
  // Each write tells its own.
  stdout.on("error", () => {});
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        const shown = stdout.isTTY ? text.replace(CONTROLS, "\ufffd") : text;
        stdout.write(shown, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => {},
  };
}
