/** The field for run ids: what is typed becomes ids, and each mistake one sentence beside the field. */

import { counted, element, listOf } from "./dom.js";
import { checkRunIds } from "./pkg/index.js";

/** Brackets and quotes too, so that a list copied from code can be pasted. */
const SEPARATORS = /[\s,;[\]"']+/;
const TYPING_MS = 300;
/** What is pasted may be a whole page: these keep the answer to it short. */
const LONGEST_WORD = 24;
const MOST_NAMED = 5;

/** The words as typed, and as what numbers they count: NaN where a word is not digits alone. */
function readRunIds(text) {
  const words = text.split(SEPARATORS).filter((word) => word !== "");
  return { words, ids: words.map((word) => (/^[+-]?\d+$/.test(word) ? Number(word) : NaN)) };
}

const short = (word) => (word.length > LONGEST_WORD ? `${word.slice(0, LONGEST_WORD)}…` : word);

/** A problem that `checkRunIds` found, as one sentence that names the id. */
function sentence({ problem, index, max }, words) {
  const word = short(words[index] ?? words[0] ?? "");
  switch (problem) {
    case "too_few":
      return words.length === 0 ? "Enter at least two run ids." : `${word} is alone: add at least one more run id.`;
    case "too_many": {
      const extra = words.slice(max).map(short);
      const which = extra.length > MOST_NAMED ? `${extra.length} of them` : listOf(extra);
      return `A request carries at most ${max} run ids, not ${words.length}: take out ${which}.`;
    }
    case "not_an_integer":
      return `“${word}” is not a whole number.`;
    case "not_positive":
      return `${word} is too small: run ids begin at 1.`;
    case "too_large":
      return `${word} is too large: run ids end at ${Number.MAX_SAFE_INTEGER}.`;
    case "duplicate":
      return `${word} is given more than once: once is enough.`;
    default:
      return `${word} is refused: ${problem}.`;
  }
}

/** Each sentence once. */
function sentences(problems, words) {
  const all = [...new Set(problems.map((problem) => sentence(problem, words)))];
  const more = all.length - MOST_NAMED;
  return more > 0 ? [...all.slice(0, MOST_NAMED), `And ${counted(more, "mistake")} more.`] : all;
}

/**
 * @param {object} parts
 * @param {HTMLTextAreaElement} parts.field
 * @param {HTMLElement} parts.problems The list that `field` is described by.
 * @param {HTMLElement} parts.count
 */
export function createRunIdsField({ field, problems, count }) {
  let timer;
  let shown = "";
  // While somebody is still typing the first id, that it is alone is no mistake. From the first submit on it is.
  let tooFewCounts = false;

  function check() {
    clearTimeout(timer);
    const { words, ids } = readRunIds(field.value);
    const found = checkRunIds(ids);
    if (found.length === 0) tooFewCounts = false;
    const named = found.filter(({ problem }) => tooFewCounts || problem !== "too_few");
    const lines = sentences(named, words);

    count.textContent = words.length === 0 ? "" : counted(words.length, "run id");
    field.setAttribute("aria-invalid", String(lines.length > 0));
    // Set anew, the same sentences would be read out again.
    if (lines.join("\n") !== shown) {
      shown = lines.join("\n");
      problems.replaceChildren(...lines.map((text) => element("li", {}, text)));
    }
    return { ids, valid: found.length === 0 };
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, TYPING_MS);
  });

  return {
    set(ids) {
      field.value = ids.join(", ");
      tooFewCounts = false;
      check();
    },
    /** The ids to ask for; undefined where there is a mistake, which is named and has the focus then. */
    submit() {
      tooFewCounts = true;
      const { ids, valid } = check();
      if (valid) return ids;
      field.focus();
      return undefined;
    },
  };
}
