// The sample runs have the content that the demo page and other tests rely on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { otherType, runs, sampleIds, unfinished, unknownIds } from "../../www/sample-api/runs.js";

const allTexts = [...runs.values()].flatMap(({ texts }) => texts);
const isRightToLeft = (text) => /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(text);

test("every run is well-formed", () => {
  for (const [id, { language, title, texts, ...rest }] of runs) {
    assert.ok(Number.isSafeInteger(id) && id > 0, `run id ${id}`);
    assert.deepEqual(Intl.getCanonicalLocales(language), [language]);
    assert.ok(typeof title === "string" && title.length > 0, `title of run ${id}`);
    assert.ok(Array.isArray(texts) && texts.every((text) => typeof text === "string"), `texts of run ${id}`);
    assert.deepEqual(rest, {});
  }
});

test("there are about forty runs in a dozen languages or more", () => {
  assert.ok(runs.size >= 40, `${runs.size} runs`);
  const languages = new Set([...runs.values()].map(({ language }) => language));
  for (const language of ["ar", "he", "zh-Hans", "ja", "ko", "hi", "th", "ru", "el", "fr", "de", "es", "tr", "vi"]) {
    assert.ok(languages.has(language), language);
  }
});

test("each id has one meaning and is listed once", () => {
  const ids = [...runs.keys(), ...unfinished, ...otherType.keys(), ...unknownIds];
  assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), []);
  assert.ok(unfinished.size > 1 && otherType.size > 1 && unknownIds.length > 1);
});

test("the documented examples exist", () => {
  assert.ok(runs.has(12345) && runs.has(6789));
  assert.ok(unknownIds.includes(999));
});

test("the opening ids translate the same sentences into five scripts, one right-to-left", () => {
  assert.equal(new Set(sampleIds).size, 5);
  const opening = sampleIds.map((id) => runs.get(id));
  assert.equal(new Set(opening.map(({ title }) => title)).size, 1);
  const scripts = opening.map(({ language }) => new Intl.Locale(language).maximize().script);
  assert.equal(new Set(scripts).size, 5);
  assert.equal(opening.filter(({ texts }) => texts.every(isRightToLeft)).length, 1);
});

test("runs with the same title have the same number of texts", () => {
  const counts = new Map();
  for (const { title, texts } of runs.values()) {
    if (!counts.has(title)) counts.set(title, texts.length);
    assert.equal(texts.length, counts.get(title), title);
  }
});

for (const [name, isThere] of Object.entries({
  "no texts": () => [...runs.values()].some(({ texts }) => texts.length === 0),
  "an empty text among others": () => [...runs.values()].some(({ texts }) => texts.length > 1 && texts.includes("")),
  "a very long text": () => allTexts.some((text) => text.length > 5000),
  "a long text without spaces": () => allTexts.some((text) => text.length > 2000 && !/\s/.test(text)),
  "markup": () => allTexts.includes('<b>not bold</b> & "quotes"'),
  "a line separator": () => allTexts.some((text) => text.includes("\u2028")),
  "a lone newline": () => allTexts.includes("\n"),
  "an emoji joined with ZWJ": () => allTexts.some((text) => /\p{Emoji}\ufe0f?\u200d\p{Emoji}/u.test(text)),
  "a flag": () => allTexts.some((text) => /\p{Regional_Indicator}{2}/u.test(text)),
  "words composed and decomposed": () => [...runs.values()].some(({ texts }) =>
    new Set(texts.map((text) => text.normalize())).size < new Set(texts).size),
  "right-to-left mixed with Latin": () => allTexts.some((text) => isRightToLeft(text) && /[a-z]/i.test(text)),
  "half of a surrogate pair": () => allTexts.some((text) => /\p{Surrogate}/u.test(text)),
})) {
  test(`among the texts: ${name}`, () => assert.ok(isThere()));
}
