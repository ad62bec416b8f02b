/** Highlights the code that the page generates. It uses few words, so one pattern is enough for all languages. */

import { element } from "./dom.js";

const TOKEN = new RegExp([
  /(?<comment>^\s*(?:\/\/|#).*$)/,
  /(?<string>"[^"\n]*"|'[^']*'|\/\\s\+\/)/,
  /(?<number>\b\d[\d.]*\b)/,
  /(?<keyword>\b(?:import|from|const|new|await|async|function|for|of|use|pub|fn|let|in)\b(?!:))/,
].map(({ source }) => source).join("|"), "gm");

/** @returns {(string | HTMLElement)[]} The text in parts, with an element for each token. */
export function highlighted(text) {
  const parts = [];
  let at = 0;
  for (const { 0: token, index, groups } of text.matchAll(TOKEN)) {
    const [kind] = Object.entries(groups).find(([, match]) => match !== undefined);
    parts.push(text.slice(at, index), element("span", { class: kind }, token));
    at = index + token.length;
  }
  return [...parts, text.slice(at)];
}
