/** The field for run ids: what is typed becomes ids and the plan for them, and each mistake one sentence. */

import { counted, element, listOf, number } from "./dom.js";
import { InvalidRunIdsError, planBatches } from "./pkg/index.js";

/** Whatever stands between ids in code, in a table, in JSON or in prose. */
const SEPARATORS = /[\s,;:|/\\()[\]{}<>"'`、，；]+/;
const TYPING_MS = 300;
/** What is pasted may be a whole page: these keep the answer to it short. */
const LONGEST_WORD = 24;
const MOST_NAMED = 5;
/** A plan of more requests than these is a number. */
const MOST_SIZES = 6;

/** The words as typed, and as what numbers they count: NaN where a word is not digits alone. */
function readRunIds(text) {
  const words = text.split(SEPARATORS).filter((word) => word !== "");
  return { words, ids: words.map((word) => (/^[+-]?\d+$/.test(word) ? Number(word) : NaN)) };
}

const short = (word) => (word.length > LONGEST_WORD ? `${word.slice(0, LONGEST_WORD)}…` : word);

/** A problem that the package found, as one sentence that names the id. */
function sentence({ problem, index }, words) {
  const word = short(words[index]);
  switch (problem) {
    case "not_an_integer":
      return `“${word}” is not a whole number.`;
    case "not_positive":
      return `${word} is too small: run ids begin at 1.`;
    case "too_large":
      return `${word} is too large: run ids end at ${Number.MAX_SAFE_INTEGER}.`;
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

/** The requests that a bulk call makes of the ids, or what is wrong with them. */
function planOf(ids) {
  try {
    return { batches: planBatches(ids), problems: [] };
  } catch (error) {
    if (error instanceof InvalidRunIdsError) return { batches: [], problems: error.problems };
    throw error;
  }
}

/** "11 ids → 4 + 4 + 3" */
function planText(batches) {
  const ids = counted(batches.flat().length, "id");
  const sizes = batches.map((batch) => batch.length);
  const several = sizes.length > 1 && sizes.length <= MOST_SIZES;
  return `${ids} → ${several ? sizes.join(" + ") : counted(sizes.length, "request")}`;
}

/** What is given more than once is asked for once, which somebody may want to know. */
function repeatsText(ids) {
  const seen = new Set();
  const repeated = [...new Set(ids.filter((id) => seen.size === seen.add(id).size))];
  if (repeated.length === 0) return "";
  return repeated.length > MOST_NAMED
    ? `${number(repeated.length)} of them are given more than once: each is asked for once.`
    : `${listOf(repeated)} ${repeated.length === 1 ? "is" : "are"} given more than once: asked for once.`;
}

/**
 * @param {object} parts
 * @param {HTMLTextAreaElement} parts.field
 * @param {HTMLElement} parts.problems The list that `field` is described by.
 * @param {HTMLElement} parts.plan
 */
export function createRunIdsField({ field, problems, plan }) {
  let timer;
  let shown = "";

  /** @param {boolean} submitted An empty field is a mistake only then. */
  function check(submitted) {
    clearTimeout(timer);
    const { words, ids } = readRunIds(field.value);
    const { batches, problems: found } = planOf(ids);
    const lines = submitted && words.length === 0 ? ["Enter a run id."] : sentences(found, words);

    const planned = batches.length === 0 ? [] : [planText(batches), repeatsText(ids)].filter(Boolean);
    plan.replaceChildren(...planned.map((text) => element("span", {}, text)));
    field.setAttribute("aria-invalid", String(lines.length > 0));
    // Set anew, the same sentences would be read out again.
    if (lines.join("\n") !== shown) {
      shown = lines.join("\n");
      problems.replaceChildren(...lines.map((text) => element("li", {}, text)));
    }
    return { ids, valid: lines.length === 0 };
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, TYPING_MS, false);
  });

  return {
    set(ids) {
      field.value = ids.join(", ");
      check(false);
    },
    /** The ids to ask for; undefined where there is a mistake, which is named and has the focus then. */
    submit() {
      const { ids, valid } = check(true);
      if (valid) return ids;
      field.focus();
      return undefined;
    },
  };
}
