// Standard output and standard error.
import { writeFileSync } from "node:fs";
import { Socket } from "node:net";
import process from "node:process";
import { styleText } from "node:util";

/** A failed write. The message names the file or stream. */
export class WriteError extends Error {
  name = "WriteError";

  constructor(place, cause) {
    super(`${place} could not be written: ${cause.message}`, { cause });
    /** The reader of a pipe has closed it, as `head` does when it has enough. */
    this.readerGone = cause.code === "EPIPE";
  }
}

// Without a listener, a failed write would be an uncaught exception. `print` reports the error of each write.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

/** Control characters that could act on a terminal, so not tabs and line ends. */
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)/g;

/** Writes to standard output. Rejects with a {@link WriteError}. */
export async function print(text) {
  try {
    await written(process.stdout, text);
  } catch (error) {
    throw new WriteError("standard output", error);
  }
}

function written(stdout, text) {
  // Node's stream for a file ignores partial writes, so a full disk would go unnoticed.
  if (!(stdout instanceof Socket)) return writeFileSync(stdout.fd, text);
  const shown = stdout.isTTY ? text.replace(CONTROLS, "\ufffd") : text;
  return new Promise((resolve, reject) => {
    stdout.write(shown, (error) => (error ? reject(error) : resolve()));
  });
}

/** Writes to standard error. Ignores a failed write, so that the program continues. */
export function say(text) {
  try {
    process.stderr.write(text);
  } catch {
    // There is no other place for the message.
  }
}

/** Removes control characters from a message that may quote the service or a file. They could move the cursor or end the line. */
export const oneLine = (message) => message.replace(/[\0-\x1f\x7f-\x9f]+/g, " ");

/** Colours a text for standard error, where that is a terminal that shows colours and `NO_COLOR` is not set. */
export const inColour = (colour, text) =>
  process.stderr.isTTY && process.stderr.hasColors() ? styleText(colour, text, { validateStream: false }) : text;

/** Prints why the program stops. */
export const complain = (message) => say(`${inColour("red", "translation-results:")} ${oneLine(message)}\n`);
