// Writes results to standard output or to a file. A kill loses at most the line that is being written.
import { appendFileSync, closeSync, openSync, statSync, unlinkSync } from "node:fs";
import process from "node:process";
import { UsageError } from "./options.js";
import { WriteError, print } from "./standard.js";

/**
 * Opens the output.
 *
 * @param {{ out?: string, resume: boolean }} options
 * @param {() => void} onTerminal Called before results are written to a terminal.
 * @returns {{ write: (text: string) => Promise<void>, discard: () => void, close: () => void }} `discard` removes the file if it
 * is new.
 */
export function output({ out, resume }, onTerminal) {
  if (out !== undefined) return fileOutput(out, resume);
  const write = (text) => {
    if (process.stdout.isTTY) onTerminal();
    return print(text);
  };
  return { write, discard: () => {}, close: () => {} };
}

function fileOutput(out, resume) {
  refuseOtherThanFile(out);
  let file;
  try {
    file = openSync(out, resume ? "a" : "wx");
  } catch (error) {
    const remedy = out.endsWith(".ndjson") ? "continue it with --resume, or remove it" : "remove it, or write elsewhere";
    throw new UsageError(error.code === "EEXIST" ? `${out} exists: ${remedy}` : `${out} cannot be written: ${error.message}`);
  }
  const attempt = (work) => {
    try {
      work();
    } catch (error) {
      throw new WriteError(out, error);
    }
  };
  return {
    // Written at once, so that a kill cannot lose a run that has arrived.
    write: async (text) => attempt(() => appendFileSync(file, text)),
    discard: () => {
      if (!resume) attempt(() => unlinkSync(out));
    },
    close: () => attempt(() => closeSync(file)),
  };
}

/** Throws a UsageError if the name is a device, a pipe or a folder, or a link to one. */
export function refuseOtherThanFile(out) {
  let found;
  try {
    found = statSync(out, { throwIfNoEntry: false });
  } catch (error) {
    throw new UsageError(`${out} cannot be written: ${error.message}`);
  }
  if (found && !found.isFile()) throw new UsageError(`${out} is not a regular file: results are written to files only`);
}
