// Rewrites the client's messages for the command line.

/** The command line's name for each option of the client. */
const TYPED = {
  concurrency: "--concurrency",
  timeoutMs: "--timeout",
  deadlineMs: "--deadline",
  maxRetries: "--retries",
  baseUrl: "--base-url",
  headers: "--header",
  apiKey: "the API key",
};

/** Options whose values may be secrets. */
const SECRET = new Set(["headers", "apiKey", "baseUrl"]);

/** Applied in this order. */
const REPLACEMENTS = [
  [/\bcheck apiKey\b/g, "check CAMB_API_KEY or --key-file"],
  [/\ban apiKey\b/g, "an API key"],
  ...["apiKey", "baseUrl", "timeoutMs", "deadlineMs", "maxRetries"].map((name) => [new RegExp(`\\b${name}\\b`, "g"), TYPED[name]]),
];

export const inWords = (message) => REPLACEMENTS.reduce((text, [name, words]) => text.replace(name, words), message);

/**
 * Returns the message for a refused option: the option as it was typed, and the rule.
 *
 * @param {{ option: string, message: string }} error
 * @param {Record<string, unknown>} given The options as they were typed.
 */
export function ofOption({ option, message }, given) {
  const typed = TYPED[option] ?? option;
  const rule = message.slice(message.indexOf(option) + option.length).replace(/^["'`:\s]+/, "");
  const value = given[typed.replace("--", "")];
  const shown = value === undefined || SECRET.has(option) ? "" : `, not "${value}"`;
  return `${typed} ${inWords(rule)}${shown}`;
}

export const counted = (number, thing) => `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
