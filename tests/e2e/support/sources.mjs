/** Shared by the tests of streams: sources that record calls to them, and ways to take items. */
import assert from "node:assert/strict";
import { neverAnswer } from "../../servers/faulty.mjs";
import { runIdsOf, textsOf } from "../../servers/service.mjs";

/**
 * Returns a source, sync or async, that counts its calls. If `closable` is false, it has no `return`.
 *
 * @param {Iterator<number>} ids
 * @param {{ async?: boolean, closable?: boolean }} [options]
 */
export function counted(ids, { async = false, closable = true } = {}) {
  const seen = { read: 0, returned: 0 };
  const own = (value) => (async ? Promise.resolve(value) : value);
  const iterator = {
    next() {
      const result = ids.next();
      if (!result.done) seen.read += 1;
      return own(result);
    },
  };
  if (closable) {
    iterator.return = (value) => {
      seen.returned += 1;
      return own({ done: true, value });
    };
  }
  return { seen, source: { [async ? Symbol.asyncIterator : Symbol.iterator]: () => iterator } };
}

/** 1, 2, 3, … */
export function* naturals() {
  for (let id = 1; ; id += 1) yield id;
}

/** `[whether async, its name]`, for tests that go through both. */
export const kinds = [[false, "sync"], [true, "async"]];

/** The result of `next()` after the end of a stream. */
export const over = { done: true, value: undefined };

/** The run ids of items, in ascending order. */
export const runIdsIn = (items) => items.map(({ runId }) => runId).sort((a, b) => a - b);

export async function collect(stream) {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
}

export async function take(stream, count) {
  const items = [];
  while (items.length < count) {
    const { value, done } = await stream.next();
    assert.equal(done, false, `over after ${items.length} items`);
    items.push(value);
  }
  return items;
}

/** Fails unless each id gave its texts, once. */
export function assertAll(items, ids) {
  assert.deepEqual(runIdsIn(items), [...ids].sort((a, b) => a - b));
  for (const item of items) assert.deepEqual({ ...item }, { ok: true, runId: item.runId, texts: textsOf(item.runId) });
}

/** Answers requests whose ids are all below this id, and holds the others in `held`. */
export function holdingFrom(firstHeld) {
  const held = [];
  const intercept = (request) => {
    if (Math.max(...runIdsOf(request)) < firstHeld) return undefined;
    held.push(request);
    return neverAnswer();
  };
  return { held, intercept };
}
