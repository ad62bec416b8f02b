// Reads run ids from arguments, a file or a pipe, no faster than they are requested.
import { closeSync, constants, createReadStream, fstatSync, openSync } from "node:fs";
import { Socket } from "node:net";
import process from "node:process";
import { ReadStream, isatty } from "node:tty";
import { UsageError } from "./options.js";
import { idsIn } from "./reading.js";
import { ambiguous, isAmbiguous, notARunId, partsOf, runId } from "./run-id.js";

/**
 * @typedef {object} Source
 * @property {Iterable<number> | AsyncIterable<number>} ids
 * @property {() => Promise<number | undefined>} count Counts the ids, repeats included. It reads the whole file. For a pipe it
 * resolves to `undefined`.
 * @property {() => void} close Stops the reading.
 *
 * @param {{ ids: string[], file?: string, column?: string }} options
 * @param {(message: string) => void} onBad Called for each invalid value in a file or a pipe. An invalid argument is an error.
 * @returns {Source}
 */
export function source({ ids, file, column }, onBad) {
  if (ids.length > 0) return ofArguments(ids);
  if (file !== undefined && file !== "-") return ofFile(file, column, onBad);
  return ofStandardInput(column, onBad);
}

function ofArguments(words) {
  const ids = words.flatMap((word) => {
    if (isAmbiguous(word)) throw new UsageError(ambiguous(word));
    return partsOf(word);
  }).map((part) => {
    const id = runId(part);
    if (id === undefined) throw new UsageError(notARunId(part));
    return id;
  });
  if (ids.length === 0) throw new UsageError("there is no run id in the arguments");
  return { ids, count: async () => ids.length, close: () => {} };
}

function ofStandardInput(column, onBad) {
  const { stdin } = process;
  if (stdin.isTTY) throw new UsageError("there are no run ids: give them as arguments, with --file, or in a pipe");
  if (fstatSync(stdin.fd).isDirectory()) throw unreadable("standard input", "it is a folder");
  const ids = idsIn(stdin, { name: "standard input", column, onBad });
  return { ids, count: async () => undefined, close: () => stdin.destroy() };
}

function ofFile(file, column, onBad) {
  const { stream, isRegular } = opened(file);
  let counted;
  const count = async () => {
    if (!isRegular) return undefined;
    counted = opened(file).stream;
    return lengthOf(idsIn(counted, { name: file, column, onBad: () => {} }));
  };
  const close = () => {
    stream.destroy();
    counted?.destroy();
  };
  return { ids: idsIn(stream, { name: file, column, onBad }), count, close };
}

async function lengthOf(ids) {
  let length = 0;
  for await (const _ of ids) length += 1;
  return length;
}

/**
 * Opens a file, a pipe or a terminal. Opening and reading a pipe or a terminal must not block a thread: the thread would keep
 * the process alive after an interrupt.
 */
function opened(file) {
  let fd;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw unreadable(file, error.message);
  }
  const found = fstatSync(fd);
  if (found.isDirectory()) {
    closeSync(fd);
    throw unreadable(file, "it is a folder");
  }
  if (found.isFIFO()) return { stream: new Socket({ fd, writable: false }) };
  if (isatty(fd)) return { stream: new ReadStream(fd) };
  return { stream: createReadStream(file, { fd }), isRegular: found.isFile() };
}

const unreadable = (name, reason) => new UsageError(`run ids could not be read from ${name}: ${reason}`);
