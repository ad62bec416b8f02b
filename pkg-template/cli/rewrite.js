// Removes lines from a file. Whenever the process is killed, the file still has every kept line.
import { open, realpath, rename, rm } from "node:fs/promises";
import { WriteError } from "./standard.js";

const CHUNK_BYTES = 2 ** 20;
const LINE_FEED = Buffer.from("\n");
const PERMISSIONS = 0o7777;

/**
 * Removes everything but the lines at `kept`, and ends the last line. Writes nothing if the file needs no change.
 *
 * @param {string} out The name of the file.
 * @param {import("node:fs/promises").FileHandle} file The same file, open for reading and writing.
 * @param {[number, number][]} kept The ranges of the lines, in order. Adjacent lines are one range.
 * @param {AbortSignal} signal Stops the work before the file is changed. A change that has begun is completed.
 */
export async function keepOnly(out, file, kept, signal) {
  const front = kept[0]?.[0] === 0 ? kept[0][1] : 0;
  const moved = front > 0 ? kept.slice(1) : kept;
  try {
    if (moved.length === 0) await cut(file, front);
    else if (!(await replaced(out, file, kept, signal))) await moveInPlace(file, moved, front, signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : new WriteError(out, error);
  }
}

/**
 * Replaces the file by a new one, in one step. Returns false if that is impossible, or if it would change more than the lines: the
 * folder allows no new file, the owner would change, or the file has a second name.
 */
async function replaced(out, file, kept, signal) {
  const { mode, uid, gid, nlink } = await file.stat();
  if (nlink > 1) return false;
  let fresh;
  try {
    const place = await realpath(out);
    fresh = `${place}.resuming`;
    await rm(fresh, { force: true });
    const copy = await open(fresh, "wx+", 0o600);
    try {
      await copy.chown(uid, gid);
      await copy.chmod(mode & PERMISSIONS);
      await cut(copy, await copied(file, kept, copy, 0, signal));
      await copy.datasync();
    } finally {
      await copy.close();
    }
    signal.throwIfAborted();
    await rename(fresh, place);
    return true;
  } catch (error) {
    if (fresh !== undefined) await rm(fresh, { force: true }).catch(() => {});
    if (signal.aborted) throw error;
    return false;
  }
}

/**
 * Moves lines to the front of the file in four steps: copies them to its end, adds a line that describes the move, copies them to
 * the front, and truncates the file. At any moment each line is whole in one place. After a kill, {@link completeMove} repeats a
 * move that is described. Otherwise the copies are repeats, which the next `--resume` removes.
 */
async function moveInPlace(file, moved, to, signal) {
  const from = await cut(file, moved.at(-1)[1]);
  const ranges = [...moved.slice(0, -1), [moved.at(-1)[0], from]];
  let end;
  try {
    end = await copied(file, ranges, file, from, signal);
    await written(file, Buffer.from(moveLine(from, to)), end);
    await file.datasync();
  } catch (error) {
    await file.truncate(from);
    throw error;
  }
  await toFront(file, from, to, end);
}

/** Returns the line that describes a move. It looks like a failed run, which readers of the file skip. */
const moveLine = (from, to) => `${JSON.stringify({ runId: 0, ok: false, moved: { from, to } })}\n`;
const MOVE_LINE = /\{"runId":0,"ok":false,"moved":\{"from":(\d+),"to":(\d+)\}\}\n$/;
const LONGEST_MOVE_LINE = moveLine(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).length;

/** Completes a move that a kill has interrupted. */
export async function completeMove(out, file) {
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read({
    buffer: Buffer.alloc(LONGEST_MOVE_LINE),
    position: Math.max(0, size - LONGEST_MOVE_LINE),
  });
  const found = MOVE_LINE.exec(buffer.toString("latin1", 0, bytesRead));
  if (found === null) return;
  const [from, to, end] = [Number(found[1]), Number(found[2]), size - found[0].length];
  // This program did not write the line.
  if (end < from || to + (end - from) > from) return;
  try {
    await toFront(file, from, to, end);
  } catch (error) {
    throw new WriteError(out, error);
  }
}

async function toFront(file, from, to, end) {
  await file.truncate(await copied(file, [[from, end]], file, to));
}

/** Cuts the file off at `end`, and ends its last line. Returns the size. */
async function cut(file, end) {
  const { size } = await file.stat();
  if (size > end) await file.truncate(end);
  if (end === 0) return 0;
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: end - 1 });
  return buffer.equals(LINE_FEED) ? end : written(file, LINE_FEED, end);
}

/** Copies ranges of a file to an offset in the same file or another. Returns the end of the copy. */
async function copied(source, ranges, target, to, signal) {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let place = to;
  for (const [start, end] of ranges) {
    for (let position = start; position < end; ) {
      signal?.throwIfAborted();
      const { bytesRead } = await source.read(buffer, 0, Math.min(CHUNK_BYTES, end - position), position);
      if (bytesRead === 0) throw new Error("another program has cut it off");
      place = await written(target, buffer.subarray(0, bytesRead), place);
      position += bytesRead;
    }
  }
  return place;
}

/** Writes all bytes, in several calls if the system takes a part at a time. Returns their end. */
async function written(file, bytes, to) {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, to + done);
    done += bytesWritten;
  }
  return to + bytes.length;
}
