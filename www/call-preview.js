/** Tabs that show the call of the form in each language. */

import { highlighted } from "./highlight.js";
import { commandLine, commonJs, curl, rust, typescript } from "./snippets.js";

const NPM = "npm install translation-results";

/** The languages in the order of the tabs, with the command that installs the package. */
const LANGUAGES = [
  [typescript, NPM], [commonJs, NPM], [rust, "cargo add translation-results"], [commandLine, NPM], [curl, NPM],
];

/**
 * @param {object} parts
 * @param {HTMLElement} parts.panel
 * @param {HTMLElement} parts.tabs
 * @param {HTMLElement} parts.text
 * @param {HTMLElement} parts.install
 */
export function createCallPreview({ panel, tabs, text, install }) {
  /** @type {import("./snippets.js").Call} */
  let call;
  let chosen = 0;

  const draw = () => {
    if (!call) return;
    const [write, command] = LANGUAGES[chosen];
    text.replaceChildren(...highlighted(write(call)));
    install.textContent = command;
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
