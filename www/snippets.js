/** The call that the page makes, as somebody would write it elsewhere. */

/** Longer lists come from a file. */
const MOST_IDS = 100;
const IDS_FILE = "run-ids.txt";
const MOST_NAMED = 3;
const LONGEST_NAME = 12;
const SERVICE = "https://client.camb.ai/apis";

/** @typedef {{ batches: number[][], leftOut: string[], baseUrl?: string, withKey: boolean, options: Record<string, number> }} Call */

/** Options of the client; the others are of the call. */
const OF_CLIENT = ["timeoutMs", "maxRetries"];

/** Members one to a line, as an argument of a call. */
const literal = (members) => (members.length === 0 ? "" : `{\n${members.map((member) => `  ${member},\n`).join("")}}`);

/** Says in a comment which words are not in the list, as they are no run ids. */
function leftOutComment(words, sign) {
  if (words.length === 0) return [];
  const named = words.slice(0, MOST_NAMED).map((word) => JSON.stringify(word.slice(0, LONGEST_NAME))).join(", ");
  const more = words.length - MOST_NAMED;
  return [`${sign} left out, no run id: ${named}${more > 0 ? ` and ${more} more` : ""}`];
}

const members = (options) => Object.entries(options).map(([name, value]) => `${name}: ${value}`);

const pick = (options, ofClient) =>
  Object.fromEntries(Object.entries(options).filter(([name]) => OF_CLIENT.includes(name) === ofClient));

/** @param {Call} call */
export function typescript({ batches, leftOut, baseUrl, withKey, options }) {
  const ids = batches.flat();
  const client = literal([
    ...(withKey ? ["apiKey: process.env.CAMB_API_KEY"] : []),
    ...(baseUrl === undefined ? [] : [`baseUrl: ${JSON.stringify(baseUrl)}`]),
    ...members(pick(options, true)),
  ]);
  const call = literal(members(pick(options, false)));
  const many = ids.length > MOST_IDS;
  const reading = many
    ? [`const text = await readFile("${IDS_FILE}", "utf8");`, "const runIds = text.trim().split(/\\s+/).map(Number);"]
    : [`const runIds = [${ids.join(", ")}];`];
  return [
    ...(many ? ['import { readFile } from "node:fs/promises";'] : []),
    'import { TranslationResultsClient } from "translation-results";',
    "",
    ...leftOutComment(leftOut, "//"),
    ...reading,
    `const client = new TranslationResultsClient(${client});`,
    `const { results, failures } = await client.getAllResults(${["runIds", call].filter(Boolean).join(", ")});`,
    "",
    "console.log(results);",
    "for (const { runId, error } of failures) {",
    "  console.error(runId, error.code);",
    "}",
  ].join("\n");
}

const inSeconds = (ms) => ms / 1000;
const ARGUMENTS = {
  concurrency: ["--concurrency", Number],
  timeoutMs: ["--timeout", inSeconds],
  deadlineMs: ["--deadline", inSeconds],
  maxRetries: ["--retries", Number],
};

/** For a POSIX shell. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** @param {Call} call */
export function commandLine({ batches, leftOut, baseUrl, withKey, options }) {
  const ids = batches.flat();
  const runs = ids.length > MOST_IDS ? ["--file", IDS_FILE] : ids;
  const given = Object.entries(options).flatMap(([name, value]) => {
    const [argument, unit] = ARGUMENTS[name];
    return [argument, unit(value)];
  });
  const base = baseUrl === undefined ? [] : ["--base-url", quoted(baseUrl)];
  const call = ["npx translation-results get", ...runs, ...base, ...given].join(" ");
  return [...(withKey ? ["# reads the key from $CAMB_API_KEY"] : []), ...leftOutComment(leftOut, "#"), call].join("\n");
}

/** @param {Call} call */
export function curl({ batches, leftOut, baseUrl = SERVICE, withKey, options: { timeoutMs } }) {
  const base = baseUrl.replace(/\/+$/, "");
  const common = [
    "curl",
    ...(withKey ? ['-H "x-api-key: $CAMB_API_KEY"'] : []),
    ...(timeoutMs === undefined ? [] : [`--max-time ${inSeconds(timeoutMs)}`]),
  ].join(" ");
  const shown = batches.length > MOST_IDS / 5 ? batches.slice(0, 1) : batches;
  const requests = shown.map((batch) => (batch.length === 1
    ? `${common} ${quoted(`${base}/translation-result/${batch[0]}`)}`
    : `${common} -H 'content-type: application/json' \\\n  -d '{"run_ids":[${batch.join(",")}]}' ${quoted(`${base}/translation-results`)}`));
  if (requests.length === 0) requests.push("# there is nothing to ask for");
  const rest = shown.length < batches.length ? [`# the first of ${batches.length} requests`] : [];
  return [...leftOutComment(leftOut, "#"), ...rest, ...requests].join("\n");
}
