/** Tabs with the call in each language, as it stands in the form. */

import { element } from "./dom.js";
import { commandLine, curl, typescript } from "./snippets.js";

const LANGUAGES = [["TypeScript", typescript], ["Command line", commandLine], ["curl", curl]];

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
    const [, write] = LANGUAGES[chosen];
    if (call) text.textContent = write(call);
  };
  const buttons = LANGUAGES.map(([name], index) => {
    const tab = element("button", { type: "button", role: "tab", id: `call-tab-${index}`, "aria-controls": panel.id }, name);
    tab.addEventListener("click", () => choose(index));
    return tab;
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
  tabs.append(...buttons);
  choose(0);

  return {
    /** @param {import("./snippets.js").Call} other */
    show(other) {
      call = other;
      draw();
    },
  };
}
