// Run ids out of arguments, a file or a pipe, with anything between them, as fast as they are taken.
import { createReadStream, statSync } from "node:fs";
import process from "node:process";
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
 * @returns {{ ids: Iterable<number> | AsyncIterable<number>, share: () => number | undefined }} `share` is how much of all
 * there is was read, from 0 to 1; of a pipe nobody knows.
 */
export function source({ ids, file }, onBad) {
  if (ids.length > 0) return ofArguments(ids);
  if (file !== undefined && file !== "-") return ofFile(file, onBad);
  if (process.stdin.isTTY) throw new UsageError("there are no run ids: give them as arguments, with --file, or in a pipe");
  return { ids: idsIn(process.stdin, "standard input", onBad), share: () => undefined };
}

function ofArguments(tokens) {
  const ids = tokens.flatMap((argument) => argument.split(SEPARATORS)).filter(Boolean).map((token) => {
    const id = runId(token);
    if (id === undefined) throw new UsageError(notARunId(token));
    return id;
  });
  let read = 0;
  function* each() {
    for (const id of ids) {
      read += 1;
      yield id;
    }
  }
  return { ids: each(), share: () => read / ids.length };
}

function ofFile(file, onBad) {
  let size;
  try {
    ({ size } = statSync(file));
  } catch (error) {
    throw new UsageError(`run ids could not be read from ${file}: ${error.message}`);
  }
  const stream = createReadStream(file);
  return { ids: idsIn(stream, file, onBad), share: () => (size > 0 ? stream.bytesRead / size : undefined) };
}

async function* idsIn(chunks, name, onBad) {
  for await (const { token, line } of tokensIn(chunks)) {
    const id = runId(token);
    if (id === undefined) onBad(`${name}, line ${line}: ${notARunId(token)}`);
    else yield id;
  }
}

async function* tokensIn(chunks) {
  const decoder = new TextDecoder();
  let rest = "";
  let line = 1;
  const whole = function* (text) {
    for (const [index, part] of text.split("\n").entries()) {
      if (index > 0) line += 1;
      for (const token of part.split(SEPARATORS)) if (token !== "") yield { token, line };
    }
  };
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    let end = text.length;
    while (end > 0 && !SEPARATOR.test(text[end - 1])) end -= 1;
    // One character more than what is shown of it.
    rest = text.slice(end, end + LONGEST + 1);
    yield* whole(text.slice(0, end));
  }
  yield* whole(rest + decoder.decode());
}
