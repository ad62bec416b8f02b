// Generated runs: every id of their range is a run, with the same texts each time, and a latency.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createSampleApi } from "../../www/sample-api/app.js";
import { findRun, GENERATED, generatedIds, latency } from "../../www/sample-api/generated.js";
import { otherType, runs, unfinished, unknownIds } from "../../www/sample-api/runs.js";

const { first, last } = GENERATED;
const handler = createSampleApi();
const send = (path, init) =>
  handler(new Request(`http://sample.test/apis/${path}`, {
    ...init,
    headers: { "x-api-key": "sample-key", "content-type": "application/json" },
  }));
const post = (ids) => send("translation-results", { method: "POST", body: JSON.stringify({ run_ids: ids }) });

test("the range includes its first and its last id, and no stored run", () => {
  assert.equal(findRun(first - 1), undefined);
  assert.equal(findRun(last + 1), undefined);
  assert.equal(findRun(first + 0.5), undefined);
  for (const id of [first, first + 1, last]) assert.ok(findRun(id).texts.length > 0, `run ${id}`);
  const others = [...runs.keys(), ...unfinished, ...otherType.keys(), ...unknownIds];
  assert.deepEqual(others.filter((id) => id >= first && id <= last), []);
  for (const [id, run] of runs) assert.equal(findRun(id), run);
});

test("runs have different texts, and each run has the same texts each time", () => {
  const ids = generatedIds(1000);
  assert.deepEqual([ids[0], ids.at(-1), new Set(ids).size], [first, first + 999, 1000]);
  assert.equal(new Set(ids.map((id) => findRun(id).texts.join("\n"))).size, 1000);
  assert.deepEqual(ids.map(findRun), ids.map(findRun));
});

test("runs are in many languages, with one to three sentences", () => {
  const all = generatedIds(1000).map(findRun);
  const languages = new Set(all.map(({ language }) => language));
  assert.ok(languages.size >= 20, `${languages.size} languages`);
  for (const language of languages) {
    const share = all.filter((run) => run.language === language).length;
    assert.ok(share > 20, `${share} in ${language}`);
  }
  assert.deepEqual([...new Set(all.map(({ texts }) => texts.length))].sort(), [1, 2, 3]);
});

test("the API returns generated runs, in a list and alone", async () => {
  const ids = [last, first, 12345];
  const response = await post(ids);
  assert.equal(response.status, 200);
  assert.deepEqual(
    await response.json(),
    Object.fromEntries(ids.map((id) => [id, { texts: findRun(id).texts }])),
  );
  const alone = await send(`translation-result/${first}`);
  assert.deepEqual([alone.status, await alone.json()], [200, { texts: findRun(first).texts }]);
  for (const id of [first - 1, last + 1]) assert.equal((await send(`translation-result/${id}`)).status, 404);
});

test("only generated runs have a latency, which varies by tens of milliseconds", async () => {
  assert.equal(latency([12345, 999, 70001, 80001]), 0);
  const all = generatedIds(1000).map((id) => latency([12345, id]));
  assert.ok(Math.min(...all) >= 40 && Math.min(...all) < 50, `${Math.min(...all)} ms at the least`);
  assert.ok(Math.max(...all) <= 120 && Math.max(...all) > 110, `${Math.max(...all)} ms at the most`);

  for (const ask of [() => post([first, 12345]), () => send(`translation-result/${first}`)]) {
    const begun = performance.now();
    await (await ask()).arrayBuffer();
    // A timer may fire up to a millisecond early.
    assert.ok(performance.now() - begun >= latency([first]) - 1);
  }
});
