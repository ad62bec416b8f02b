/** Makes elements, for every part of the page. */

/**
 * Returns a new element. Strings among the children become text, never markup. Undefined attributes are left out.
 *
 * @param {string} tag
 * @param {Record<string, string | number | undefined>} [attributes]
 * @param {...(Node | string)} children
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

const conjunction = new Intl.ListFormat("en", { type: "conjunction" });

/** Returns a list in words: "1, 2, and 3". */
export const listOf = (values) => conjunction.format(Array.from(values, String));

/** Returns a number with separators: "1,000". */
export const number = (value) => value.toLocaleString("en");

/** Returns a count and its noun: "1 text", "3 texts", "1,000 texts". */
export const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

/** Returns a duration in words: "12 ms", "1.4 s". */
export const duration = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
