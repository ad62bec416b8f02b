/**
 * `<run-ids-field>`: each word that is typed or pasted into its text field becomes a chip. A wrong chip shows the reason.
 *
 * Keyboard: a separator or Enter ends a word. Backspace in the empty field removes the last chip. The left arrow moves from the
 * field to the chips, where Backspace and Delete remove a chip.
 */

import { counted, element, number } from "./dom.js";
import { endsWithSeparator, read, wordsIn, wrongText } from "./run-ids.js";

/** A longer list is shown as a count, until the user edits it. Wrong words in it are shown anyway. */
const MAX_UNFOLDED = 20;
/** The most chips that are drawn of a list being edited. */
const MAX_CHIPS = 60;
const MAX_WRONG = 20;
/** In characters. A pasted word may be long, so it is cut. */
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

/** Returns "2,000 ids, 100001 to 102000", with a button to edit them. */
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

  /** The reading of all words. It leaves out the word being typed while that is wrong, as it may be incomplete. */
  get reading() {
    const committed = read(this.#words);
    if (this.#field.value === "") return committed;
    const all = read([...this.#words, ...wordsIn(this.#field.value)]);
    return all.wrong.size > committed.wrong.size ? committed : all;
  }

  /** The entered words, without the word being typed. */
  get words() {
    return this.#words;
  }

  /** Announces a change of `reading`. */
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
    // The text field's own `change` event would be taken for the element's.
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

  /** Ends the word being typed. Focuses the first wrong chip, or the empty field. @returns Whether there are only run ids. */
  complete() {
    this.#commit();
    const { wrong } = this.reading;
    if (this.#words.length === 0) this.#tell("Enter a run id.");
    if (this.#words.length > 0 && wrong.size === 0) return true;
    (this.#chips.querySelector(".wrong button") ?? this.#field).focus();
    return false;
  }

  /** Ends the word when the focus leaves. Waits while a button is pressed, because a new chip would move the button. */
  #left() {
    if (!this.#pressing) return this.#commit();
    document.addEventListener("pointerup", () => setTimeout(() => this.#commit()), { once: true });
  }

  #typed(inputType) {
    const text = this.#field.value;
    // Text from the clipboard or a script is complete: its last word is not being typed.
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
    return !this.#editing && this.#words.length > MAX_UNFOLDED;
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
      // The page itself handles Ctrl+Enter.
      if (empty && !ctrlKey && !metaKey) this.closest("form").requestSubmit();
    } else if (key === "Backspace" && empty && this.#words.length > 0) {
      event.preventDefault();
      // A folded list opens first, so that the user sees which chip is removed.
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
    const drawn = this.#isFolded ? 0 : Math.min(this.#words.length, MAX_CHIPS);
    const wrong = [...reading.wrong.keys()].filter((index) => index >= drawn).slice(0, MAX_WRONG);
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
