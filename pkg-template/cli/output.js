// Where results go: standard output, or a file of which a kill loses at most the line that is being written.
import { appendFileSync, closeSync, openSync, statSync } from "node:fs";
import { UsageError } from "./options.js";
import { WriteError, print } from "./standard.js";

/** @returns {{ write: (text: string) => Promise<void>, close: () => void }} */
export function output({ out, resume }) {
  return out === undefined ? { write: print, close: () => {} } : fileOutput(out, resume);
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
    // Not kept for later, so that what came is with the system before the next run is taken.
    write: async (text) => attempt(() => appendFileSync(file, text)),
    close: () => attempt(() => closeSync(file)),
  };
}

/** Throws a UsageError where the name is that of a device, a pipe or a folder, or a link to one. */
export function refuseOtherThanFile(out) {
  let found;
  try {
    found = statSync(out, { throwIfNoEntry: false });
  } catch (error) {
    throw new UsageError(`${out} cannot be written: ${error.message}`);
  }
  if (found && !found.isFile()) throw new UsageError(`${out} is not a regular file: results are written to files only`);
}
