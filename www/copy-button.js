/**
 * `<copy-button from="ID"><button type="button" disabled>Copy</button></copy-button>` copies the text of that element. If a script
 * sets `text`, it copies the result of that function. `#copy-status` announces success or failure to screen readers.
 */

import { element } from "./dom.js";

const SHOWN_MS = 2000;

/** Copies by selecting text, for pages without TLS or without permission to use the clipboard. */
function copyBySelecting(text) {
  const area = element("textarea", { class: "visually-hidden", readonly: "" });
  area.value = text;
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  focused?.focus({ preventScroll: true });
  if (!copied) throw new Error("Copying is not permitted here");
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyBySelecting(text);
  }
}

class CopyButton extends HTMLElement {
  /** @type {() => string} */
  text = () => document.getElementById(this.getAttribute("from")).textContent;
  #timer;

  connectedCallback() {
    const button = this.querySelector("button");
    const word = button.textContent;
    button.disabled = false;
    button.addEventListener("click", async () => {
      const news = await copy(this.text()).then(() => "Copied", (error) => error.message);
      this.#tell(button, word, news);
    });
  }

  #tell(button, word, news) {
    const status = document.getElementById("copy-status");
    button.textContent = news;
    status.textContent = `${news}.`;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      button.textContent = word;
      status.textContent = "";
    }, SHOWN_MS);
  }
}

customElements.define("copy-button", CopyButton);

/**
 * @param {string} word
 * @param {string} label The accessible name of the button.
 * @param {() => string} text
 */
export function copyButton(word, label, text) {
  const copy = element("copy-button", {}, element("button", { type: "button", "aria-label": label }, word));
  copy.text = text;
  return copy;
}
