/** Colours for the code that the page writes: its words are few, so that one pattern does for all languages. */

import { element } from "./dom.js";

const TOKEN = new RegExp([
  /(?<comment>^\s*(?:\/\/|#).*$)/,
  /(?<string>"[^"\n]*"|'[^']*'|\/\\s\+\/)/,
  /(?<number>\b\d[\d.]*\b)/,
  /(?<keyword>\b(?:import|from|const|new|await|async|function|for|of|use|pub|fn|let|in)\b(?!:))/,
].map(({ source }) => source).join("|"), "gm");

/** @returns {(string | HTMLElement)[]} The same text, in parts. */
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
