/**
 * `<run-ids-field>`: what is typed or pasted into its text field becomes chips, one a word, and each that is wrong says why.
 *
 * With the keyboard: a separator or Enter ends a word, Backspace in the empty field takes the last chip away, and the left
 * arrow leads from the field into the chips, where Backspace and Delete do the same.
 */

import { counted, element, number } from "./dom.js";
import { endsWithSeparator, read, wordsIn, wrongText } from "./run-ids.js";

/** A longer list is a number, until somebody wants to edit it; what is wrong in it is shown nevertheless. */
const MOST_UNFOLDED = 20;
/** The most chips that are drawn of a list being edited. */
const MOST_CHIPS = 60;
const MOST_WRONG = 20;
/** A pasted text may be a whole page. */
const LONGEST_WORD = 24;

const short = (word) => (word.length > LONGEST_WORD ? `${word.slice(0, LONGEST_WORD)}…` : word);

function chip(word, index, { wrong, repeats }) {
  const reason = repeats.has(index) ? [" ", element("span", { class: "why" }, "repeat")] : [];
  const remove = element("button", { type: "button", tabindex: -1, "aria-label": `Remove ${short(word)}` }, "×");
  const kind = wrong.has(index) ? "wrong" : repeats.has(index) ? "repeat" : undefined;
  return element(
    "li",
    { class: ["chip", kind].filter(Boolean).join(" "), "data-index": index },
    element("span", {}, element("span", { class: "word" }, short(word)), ...reason),
    remove,
  );
}

/** "2,000 ids, 100001 to 102000", with a button to edit them. */
function foldedChips({ ids, batches }) {
  const [least, most] = ids.reduce(([min, max], id) => [Math.min(min, id), Math.max(max, id)], [Infinity, 0]);
  const range = ids.length > 0 ? `, ${least} to ${most}` : "";
  const words = `${counted(batches.flat().length, "id")}${range}`;
  const edit = element("button", { type: "button", class: "edit", "aria-label": "Edit the run ids" }, "Edit");
  return element("li", { class: "folded-chips" }, element("span", {}, words), edit);
}

class RunIdsField extends HTMLElement {
  #words = [];
  /** Whether the chips of a long list are drawn. */
  #editing = false;
  #pressing = false;

  /** What there is, with the word that is being typed, unless that is wrong: it may not be what it is going to be. */
  get reading() {
    const committed = read(this.#words);
    if (this.#field.value === "") return committed;
    const all = read([...this.#words, ...wordsIn(this.#field.value)]);
    return all.wrong.size > committed.wrong.size ? committed : all;
  }

  /** All that was entered, without the word that is being typed. */
  get words() {
    return this.#words;
  }

  /** Tells whoever listens, who reads `reading` then. */
  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  get #field() {
    return this.querySelector("textarea");
  }

  get #chips() {
    return this.querySelector(".chips");
  }

  get #buttons() {
    return [...this.#chips.querySelectorAll("button")];
  }

  connectedCallback() {
    this.#field.addEventListener("input", ({ inputType }) => this.#typed(inputType));
    // The element's own event of that name is another.
    this.#field.addEventListener("change", (event) => event.stopPropagation());
    this.#field.addEventListener("blur", () => this.#left());
    document.addEventListener("pointerdown", () => { this.#pressing = true; }, true);
    for (const type of ["pointerup", "pointercancel"]) {
      document.addEventListener(type, () => { this.#pressing = false; }, true);
    }
    this.#field.addEventListener("keydown", (event) => this.#keyInField(event));
    this.#chips.addEventListener("keydown", (event) => this.#keyInChips(event));
    this.#chips.addEventListener("click", ({ target }) => {
      if (target.closest(".edit")) this.#edit();
      else if (target.closest("button")) this.#remove(Number(target.closest("li").dataset.index));
      this.#field.focus();
    });
    this.querySelector(".chip-box").addEventListener("click", ({ target }) => {
      if (target.matches(".chip-box, .chips")) this.#field.focus();
    });
  }

  set(words) {
    this.#words = words.map(String);
    this.#field.value = "";
    this.#editing = false;
    this.#redraw();
  }

  /** Makes a chip of what is still being typed. Goes to what is wrong, or missing. @returns Whether all is well. */
  complete() {
    this.#commit();
    const { wrong } = this.reading;
    if (this.#words.length === 0) this.#tell("Enter a run id.");
    if (this.#words.length > 0 && wrong.size === 0) return true;
    (this.#chips.querySelector(".wrong button") ?? this.#field).focus();
    return false;
  }

  /** A new chip moves what is below it, so a button that is being pressed comes first. */
  #left() {
    if (!this.#pressing) return this.#commit();
    document.addEventListener("pointerup", () => setTimeout(() => this.#commit()), { once: true });
  }

  #typed(inputType) {
    const text = this.#field.value;
    // What comes as a whole, from the clipboard or from a script, has no word that is still being typed.
    const whole = inputType === undefined || /^insertFrom(Paste|Drop)$/.test(inputType);
    if (whole || endsWithSeparator(text)) return this.#commit();
    const words = wordsIn(text);
    this.#field.value = words.pop() ?? "";
    if (words.length > 0) this.#add(words);
    else this.#changed();
  }

  #commit() {
    const words = wordsIn(this.#field.value);
    this.#field.value = "";
    if (words.length > 0) this.#add(words);
  }

  #add(words) {
    this.#words = [...this.#words, ...words];
    this.#redraw();
  }

  get #isFolded() {
    return !this.#editing && this.#words.length > MOST_UNFOLDED;
  }

  #edit() {
    this.#editing = true;
    this.#redraw();
  }

  #remove(index) {
    this.#words = this.#words.toSpliced(index, 1);
    this.#redraw();
  }

  #tell(news) {
    this.querySelector(".problems").textContent = news;
  }

  #keyInField(event) {
    const { key, ctrlKey, metaKey } = event;
    const empty = this.#field.value === "";
    if (key === "Enter") {
      event.preventDefault();
      if (!empty) this.#commit();
      // With Ctrl the page fetches, wherever it is pressed.
      if (empty && !ctrlKey && !metaKey) this.closest("form").requestSubmit();
    } else if (key === "Backspace" && empty && this.#words.length > 0) {
      event.preventDefault();
      // Nothing goes away unseen.
      if (this.#isFolded) this.#edit();
      else this.#remove(this.#words.length - 1);
    } else if (key === "ArrowLeft" && this.#field.selectionEnd === 0) {
      event.preventDefault();
      this.#buttons.at(-1)?.focus();
    }
  }

  #keyInChips(event) {
    const buttons = this.#buttons;
    const at = buttons.indexOf(event.target);
    const to = { ArrowLeft: Math.max(at - 1, 0), ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    const removes = ["Backspace", "Delete"].includes(event.key);
    if (to === undefined && !removes) return;
    event.preventDefault();
    if (removes && event.target.matches(".edit")) return;
    if (removes) this.#remove(Number(event.target.closest("li").dataset.index));
    const next = removes ? this.#buttons[Math.max(at - (event.key === "Backspace" ? 1 : 0), 0)] : buttons[to];
    (next ?? this.#field).focus();
  }

  #redraw() {
    const reading = read(this.#words);
    const draw = (index) => chip(this.#words[index], index, reading);
    const drawn = this.#isFolded ? 0 : Math.min(this.#words.length, MOST_CHIPS);
    const wrong = [...reading.wrong.keys()].filter((index) => index >= drawn).slice(0, MOST_WRONG);
    const left = this.#words.length - drawn - wrong.length;
    const chips = Array.from({ length: drawn }, (_, index) => draw(index));
    if (this.#isFolded) chips.push(foldedChips(reading));
    else if (left > 0) chips.push(element("li", { class: "more" }, `and ${number(left)} more`));
    this.#chips.replaceChildren(...chips, ...wrong.map(draw));
    this.#field.setAttribute("aria-invalid", String(reading.wrong.size > 0));
    this.#tell(wrongText([...reading.wrong.values()]));
    this.#changed();
  }
}

customElements.define("run-ids-field", RunIdsField);
