/** Tabs with the call in each language, as it stands in the form. */

import { commandLine, curl, typescript } from "./snippets.js";

/** In the order of the tabs. */
const LANGUAGES = [typescript, commandLine, curl];

/**
 * @param {object} parts
 * @param {HTMLElement} parts.panel
 * @param {HTMLElement} parts.tabs
 * @param {HTMLElement} parts.text
 */
export function createCallPreview({ panel, tabs, text }) {
  /** @type {import("./snippets.js").Call} */
  let call;
  let chosen = 0;

  const draw = () => {
    if (call) text.textContent = LANGUAGES[chosen](call);
  };
  const buttons = [...tabs.querySelectorAll("[role=tab]")];
  buttons.forEach((tab, index) => {
    tab.disabled = false;
    tab.addEventListener("click", () => choose(index));
  });

  function choose(index) {
    chosen = index;
    buttons.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", buttons[index].id);
    draw();
  }

  tabs.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    choose((chosen + step + buttons.length) % buttons.length);
    buttons[chosen].focus();
  });
  return {
    /** @param {import("./snippets.js").Call} other */
    show(other) {
      call = other;
      draw();
    },
  };
}
