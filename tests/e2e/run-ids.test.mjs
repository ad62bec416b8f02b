/** Lists of run ids: the problems of refused lists, with their indexes, and the batches of a list. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { results } from "../servers/faulty.mjs";
import { assertError, failure, faultyFor, IDS } from "./support/calls.mjs";
import { imported } from "./support/install.mjs";

const { checkRunIds, planBatches } = imported;

const notAnArray = [{ problem: "not_an_array" }];
const at = (problem, ...indices) => indices.map((index) => ({ problem, index }));
const tooFew = (count) => ({ problem: "too_few", count, min: 2 });
const tooMany = (count) => ({ problem: "too_many", count, max: 5 });
const duplicate = (index, firstIndex) => ({ problem: "duplicate", index, firstIndex });

/** [a value, its problems] */
const refused = [
  [undefined, notAnArray],
  [null, notAnArray],
  [5, notAnArray],
  ["12", notAnArray],
  [{}, notAnArray],
  [{ 0: 1, 1: 2, length: 2 }, notAnArray],
  [new Set([1, 2]), notAnArray],
  [new Uint32Array([1, 2]), notAnArray],
  [[], [tooFew(0)]],
  [[1], [tooFew(1)]],
  [[1, 2, 3, 4, 5, 6], [tooMany(6)]],
  [[1, 2.5], at("not_an_integer", 1)],
  [["1", "2"], at("not_an_integer", 0, 1)],
  [[null, undefined, true, 1n, {}], at("not_an_integer", 0, 1, 2, 3, 4)],
  [[[1], [2]], at("not_an_integer", 0, 1)],
  [[Number.NaN, Infinity, -Infinity, 5e-324], at("not_an_integer", 0, 1, 2, 3)],
  [[new Number(1), { valueOf: () => 2 }, Symbol("3")], at("not_an_integer", 0, 1, 2)],
  // eslint-disable-next-line no-sparse-arrays
  [[1, , 3], at("not_an_integer", 1)],
  [[1, 0, -1, -(2 ** 60)], at("not_positive", 1, 2, 3)],
  [[1, -0], at("not_positive", 1)],
  [[1, 2 ** 53, 1e300], at("too_large", 1, 2)],
  [[7, 7], [duplicate(1, 0)]],
  [[1, 2, 1, 2, 1], [duplicate(2, 0), duplicate(3, 1), duplicate(4, 0)]],
  [[1.5], [tooFew(1), ...at("not_an_integer", 0)]],
  [[0, 1.5, 7, 7], [...at("not_positive", 0), ...at("not_an_integer", 1), duplicate(3, 2)]],
  [[1, 2, 3, 4, 1, 2 ** 53], [tooMany(6), duplicate(4, 0), ...at("too_large", 5)]],
];
const sorted = (problems) => problems.map((problem) => inspect(problem, { sorted: true })).sort();

for (const [value, problems] of refused) {
  test(`refused: ${inspect(value)}`, async (t) => {
    // The order of the problems is not promised.
    assert.deepEqual(sorted(checkRunIds(value)), sorted(problems));

    const { client, server } = await faultyFor(t, results());
    const error = await failure(client.getResults(value), "INVALID_RUN_IDS");
    assert.deepEqual(error.problems, checkRunIds(value));
    assert.equal(error.attempts, 0);
    assert.equal(server.requests.length, 0);
    const [{ index }] = problems;
    if (index !== undefined) assert.match(error.message, new RegExp(`\\b${index}\\b`));
  });
}

test("accepted: two to five distinct positive integers", () => {
  for (const ids of [[1, 2], [5, 4, 3, 2, 1], [1, Number.MAX_SAFE_INTEGER], [12345, 6789, 1e6], [2.0, 1]]) {
    assert.deepEqual(checkRunIds(ids), [], inspect(ids));
  }
});

/** Ids, many of them invalid. */
const anyId = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 9 }) },
  fc.integer({ min: -3, max: 3 }),
  fc.double(),
  fc.anything(),
);

test("every list is judged correctly", () => {
  const isRunId = (id) => Number.isSafeInteger(id) && id >= 1;
  fc.assert(fc.property(fc.array(anyId, { maxLength: 7 }), (list) => {
    const valid = list.length >= 2 && list.length <= 5 && list.every(isRunId) && new Set(list).size === list.length;
    assert.equal(checkRunIds(list).length === 0, valid);
  }), { numRuns: 2000 });
});

/** Returns every problem of a list, by a simple algorithm. */
function problemsOf(list, isBatch) {
  const ofElements = list.flatMap((id, index) => {
    if (!Number.isInteger(id)) return at("not_an_integer", index);
    if (id < 1) return at("not_positive", index);
    if (id > Number.MAX_SAFE_INTEGER) return at("too_large", index);
    const first = list.indexOf(id);
    return isBatch && first < index ? [duplicate(index, first)] : [];
  });
  const { length } = list;
  const ofList = length < 2 ? [tooFew(length)] : length > 5 ? [tooMany(length)] : [];
  return isBatch ? [...ofList, ...ofElements] : ofElements;
}

test("every problem of a list is reported once: those of the list first, then by index", () => {
  fc.assert(fc.property(fc.array(anyId, { maxLength: 12 }), (list) => {
    assert.deepEqual(checkRunIds(list), problemsOf(list, true));
    const expected = problemsOf(list, false);
    try {
      planBatches(list);
      assert.deepEqual(expected, []);
    } catch (error) {
      assert.deepEqual(error.problems, expected);
    }
  }), { numRuns: 2000 });
});

test("a list is read once, when the call is made", async (t) => {
  const { client, server } = await faultyFor(t, results());
  const ids = [...IDS];
  const call = client.getResults(ids);
  ids[0] = 0;
  ids.push(1, 2, 3, 4);
  assert.deepEqual(Object.keys(await call).map(Number).sort(), [...IDS].sort());
  assert.equal(server.requests[0].body, '{"run_ids":[12345,6789]}');
});

/* Batches. */

const firstIds = (count) => Array.from({ length: count }, (_, i) => i + 1);

test("batches are as few as possible, balanced, and of three to five ids if the count allows", () => {
  const sizes = (count) => planBatches(firstIds(count)).map((batch) => batch.length);
  const expected = {
    0: [], 1: [1], 2: [2], 3: [3], 5: [5], 6: [3, 3], 7: [4, 3], 8: [4, 4], 9: [5, 4], 10: [5, 5], 11: [4, 4, 3],
    12: [4, 4, 4], 16: [4, 4, 4, 4],
  };
  for (const [count, batchSizes] of Object.entries(expected)) {
    assert.deepEqual(sizes(Number(count)).sort().reverse(), batchSizes, `${count} ids`);
  }
});

test("every id is in one batch, once, in the order given", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 300 }), (list) => {
    const unique = [...new Set(list)];
    const batches = planBatches(list);
    assert.deepEqual(batches.flat(), unique);
    assert.equal(batches.length, Math.ceil(unique.length / 5));
    const lengths = batches.map((batch) => batch.length);
    assert.ok(lengths.every((length) => length <= 5 && (length >= 3 || unique.length < 3)));
    assert.ok(Math.max(...lengths, 0) - Math.min(...lengths, 5) <= 1);
  }), { numRuns: 500 });
});

test("batches come from any iterable", () => {
  const expected = [[1, 2, 3], [4, 5, 6]];
  assert.deepEqual(planBatches(new Set(firstIds(6))), expected);
  assert.deepEqual(planBatches(new Uint32Array(firstIds(6))), expected);
  assert.deepEqual(planBatches((function* () { yield* firstIds(6); })()), expected);
  assert.deepEqual(planBatches(new Map(expected.flat().map((id) => [id, "x"])).keys()), expected);
});

test("getResults accepts every batch", () => {
  for (let count = 2; count < 60; count += 1) {
    for (const batch of planBatches(firstIds(count))) assert.deepEqual(checkRunIds(batch), []);
  }
});

test("invalid ids refuse the whole plan, and the error has every problem", () => {
  const plan = (ids) => {
    try {
      planBatches(ids);
    } catch (error) {
      assertError(error, "INVALID_RUN_IDS");
      assert.equal(error.attempts, 0);
      return error.problems;
    }
    return assert.fail(`planned ${inspect(ids)}`);
  };
  assert.deepEqual(plan([1, 0, "2", 3, 2 ** 53, 4, 5, 6]).map(({ problem, index }) => [problem, index]), [
    ["not_positive", 1], ["not_an_integer", 2], ["too_large", 4],
  ]);
  assert.deepEqual(plan(new Set([1, 1.5])), at("not_an_integer", 1));
  for (const nothing of [undefined, null, 5, {}]) plan(nothing);
});

test("an error of an iterable is passed on unchanged", () => {
  const reason = new Error("the file ends here");
  const ids = (function* () { yield 1; throw reason; })();
  assert.throws(() => planBatches(ids), (error) => error === reason);
});

test("a long list is planned quickly", () => {
  const start = performance.now();
  assert.equal(planBatches(firstIds(100_000)).length, 20_000);
  assert.ok(performance.now() - start < 2000);
});
