// Run ids out of arguments, a file or a pipe, with anything between them, as fast as they are taken.
import { closeSync, constants, createReadStream, fstatSync, openSync } from "node:fs";
import { Socket } from "node:net";
import process from "node:process";
import { ReadStream, isatty } from "node:tty";
import { textsOf } from "./encoding.js";
import { UsageError } from "./options.js";

const SEPARATOR = /[\s,;|"'`()[\]{}]/;
const SEPARATORS = new RegExp(`${SEPARATOR.source}+`);

/** What is longer is no run id, and must not fill the memory where nothing separates. */
const LONGEST = 64;

function runId(token) {
  const id = /^\d{1,16}$/.test(token) ? Number(token) : 0;
  return id >= 1 && Number.isSafeInteger(id) ? id : undefined;
}

function notARunId(token) {
  const shown = token.length > LONGEST ? `${token.slice(0, LONGEST)}…` : token;
  return `${JSON.stringify(shown)} is not a run id: an integer from 1 to ${Number.MAX_SAFE_INTEGER}`;
}

/**
 * @param {(message: string) => void} onBad Told of what is no run id in a file or a pipe. Among arguments it is an error.
 * @returns {{ ids: Iterable<number> | AsyncIterable<number>, share: () => number | undefined, close: () => void }} `share`
 * is how much of all there is was read, from 0 to 1; of a pipe nobody knows. `close` stops the reading.
 */
export function source({ ids, file }, onBad) {
  if (ids.length > 0) return ofArguments(ids);
  if (file !== undefined && file !== "-") return ofFile(file, onBad);
  return ofStandardInput(onBad);
}

function ofArguments(tokens) {
  const ids = tokens.flatMap((argument) => argument.split(SEPARATORS)).filter(Boolean).map((token) => {
    const id = runId(token);
    if (id === undefined) throw new UsageError(notARunId(token));
    return id;
  });
  if (ids.length === 0) throw new UsageError("there is no run id in the arguments");
  let read = 0;
  function* each() {
    for (const id of ids) {
      read += 1;
      yield id;
    }
  }
  return { ids: each(), share: () => read / ids.length, close: () => {} };
}

function ofStandardInput(onBad) {
  const { stdin } = process;
  if (stdin.isTTY) throw new UsageError("there are no run ids: give them as arguments, with --file, or in a pipe");
  if (fstatSync(stdin.fd).isDirectory()) throw unreadable("standard input", "it is a folder");
  return { ids: idsIn(stdin, "standard input", onBad), share: () => undefined, close: () => stdin.destroy() };
}

function ofFile(file, onBad) {
  const { stream, size } = opened(file);
  return {
    ids: idsIn(stream, file, onBad),
    share: () => (size > 0 ? stream.bytesRead / size : undefined),
    close: () => stream.destroy(),
  };
}

/**
 * Opens whatever has a name. Of a pipe and a terminal, neither opening nor reading may wait in a thread, which would keep
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
  return { stream: createReadStream(file, { fd }), size: found.size };
}

const unreadable = (name, reason) => new UsageError(`run ids could not be read from ${name}: ${reason}`);

async function* idsIn(chunks, name, onBad) {
  for await (const { token, line } of tokensIn(chunks)) {
    const id = runId(token);
    if (id === undefined) onBad(`${name}, line ${line}: ${notARunId(token)}`);
    else yield id;
  }
}

async function* tokensIn(chunks) {
  let rest = "";
  let line = 1;
  const whole = function* (text) {
    for (const [index, part] of text.split("\n").entries()) {
      if (index > 0) line += 1;
      for (const token of part.split(SEPARATORS)) if (token !== "") yield { token, line };
    }
  };
  for await (const piece of textsOf(chunks)) {
    const text = rest + piece;
    let end = text.length;
    while (end > 0 && !SEPARATOR.test(text[end - 1])) end -= 1;
    // One character more than what is shown of it.
    rest = text.slice(end, end + LONGEST + 1);
    yield* whole(text.slice(0, end));
  }
  yield* whole(rest);
}
