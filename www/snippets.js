/** Writes the page's call as code in several languages, in lines of at most `WIDTH` characters. */

/** The code reads a longer list from a file. */
const MAX_IDS = 100;
const IDS_FILE = "run-ids.txt";
/** The characters that fit beside the results on a screen of 1440 px. */
const WIDTH = 48;
const MAX_NAMED = 3;
const LONGEST_NAME = 12;
const SERVICE = "https://client.camb.ai/apis";

/**
 * @typedef {object} Call
 * @property {number[][]} batches
 * @property {string[]} leftOut The entered words that are not run ids.
 * @property {string} [baseUrl]
 * @property {boolean} withKey
 * @property {{ timeoutMs?: number, maxRetries?: number }} ofClient Options of the client.
 * @property {{ concurrency?: number, deadlineMs?: number }} ofCall
 */

/** Indents lines, except empty ones. */
const indented = (lines, by = "  ") => lines.map((line) => (line === "" ? line : by + line));

/** Joins words into the fewest lines. Each word but the last ends with `glue`. */
function filled(words, glue, width) {
  const lines = [];
  words.forEach((word, index) => {
    const text = index < words.length - 1 ? `${word}${glue}` : word;
    const longer = lines.length > 0 ? `${lines.at(-1)} ${text}` : text;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(text);
  });
  return lines;
}

/** Returns a list in brackets, in the fewest lines. The code around it is indented by `by`. */
function bracketed(open, words, close, by) {
  const line = `${open}${words.join(", ")}${close}`;
  if (line.length <= WIDTH - by.length) return [line];
  const lines = filled(words, ",", WIDTH - 2 * by.length - 1);
  return [open, ...indented(lines, by).map((text, index) => (index < lines.length - 1 ? text : `${text},`)), close];
}

/** Returns a comment that names the words that are not run ids. */
function leftOutComment(words, sign) {
  if (words.length === 0) return [];
  const named = words.slice(0, MAX_NAMED).map((word) => JSON.stringify(word.slice(0, LONGEST_NAME)));
  const more = words.length - MAX_NAMED;
  return [`${sign} left out, not a run id:`, `${sign} ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`];
}

const members = (options) => Object.entries(options).map(([name, value]) => `${name}: ${value}`);

/** Returns a program for Node. `importing` returns the lines that import an export of a module. */
function javascript({ batches, leftOut, baseUrl, withKey, ofClient, ofCall }, importing) {
  const ids = batches.flat();
  const reading = ids.length > MAX_IDS
    ? [
      "const text =",
      `  await readFile("${IDS_FILE}", "utf8");`,
      "const runIds =",
      "  text.trim().split(/\\s+/).map(Number);",
    ]
    : bracketed("const runIds = [", ids, "];", "  ");
  const client = [
    ...(withKey ? ["apiKey: process.env.CAMB_API_KEY"] : []),
    ...(baseUrl === undefined ? [] : [`baseUrl: ${JSON.stringify(baseUrl)}`]),
    ...members(ofClient),
  ].map((member) => `  ${member},`);
  const call = members(ofCall).map((member) => `    ${member},`);
  const imports = [
    ...importing("TranslationResultsClient", "translation-results"),
    ...(ids.length > MAX_IDS ? importing("readFile", "node:fs/promises") : []),
  ];
  const body = [
    ...leftOutComment(leftOut, "//"),
    ...reading,
    ...(client.length === 0
      ? ["const client = new TranslationResultsClient();"]
      : ["const client = new TranslationResultsClient({", ...client, "});"]),
    "const { results, failures } =",
    ...(call.length === 0
      ? ["  await client.getAllResults(runIds);"]
      : ["  await client.getAllResults(runIds, {", ...call, "  });"]),
    "",
    "console.log(results);",
    "for (const { runId, error } of failures) {",
    "  console.error(runId, error.code);",
    "}",
  ];
  return { imports, body };
}

/** Returns `open`, the name and `close` in one line, or in three if that is too long. */
function imported(open, name, close) {
  const line = `${open} { ${name} } ${close}`;
  return line.length <= WIDTH ? [line] : [`${open} {`, `  ${name},`, `} ${close}`];
}

/** @param {Call} call */
export function typescript(call) {
  const { imports, body } = javascript(call, (name, from) => imported("import", name, `from "${from}";`));
  return [...imports, "", ...body].join("\n");
}

/** @param {Call} call */
export function commonJs(call) {
  const { imports, body } = javascript(call, (name, from) => imported("const", name, `= require("${from}");`));
  return [...imports, "", "async function main() {", ...indented(body), "}", "", "main();"].join("\n");
}

const milliseconds = (ms) => `Duration::from_millis(${ms})`;

/** @param {Call} call */
export function rust({ batches, leftOut, baseUrl, withKey, ofClient, ofCall }) {
  const ids = batches.flat();
  const { timeoutMs, maxRetries } = ofClient;
  const { concurrency, deadlineMs } = ofCall;
  const isTimed = timeoutMs !== undefined || deadlineMs !== undefined;
  const hasOptions = concurrency !== undefined || deadlineMs !== undefined;
  const names = [
    ...(hasOptions ? ["BulkOptions"] : []),
    ...(deadlineMs === undefined ? [] : ["CallOptions"]),
    "Client", "ClientOptions", "RunId",
  ];
  const client = [
    ...(withKey ? [".api_key(key)"] : []),
    ...(baseUrl === undefined ? [] : [`.base_url(${JSON.stringify(baseUrl)})`]),
    ...(timeoutMs === undefined ? [] : [`.timeout(${milliseconds(timeoutMs)})`]),
    ...(maxRetries === undefined ? [] : [`.max_retries(${maxRetries})`]),
  ];
  const call = [
    ...(concurrency === undefined ? [] : [`.concurrency(${concurrency})`]),
    ...(deadlineMs === undefined ? [] : [".call(", "    CallOptions::new().deadline(deadline),", ")"]),
  ];
  const chain = (name, type, methods) => [
    `let ${name} = ${type}::new()${methods.length > 0 ? "" : ";"}`,
    ...indented(methods, "    ").map((line, index) => (index < methods.length - 1 ? line : `${line};`)),
  ];
  const list = bracketed("let run_ids = [", ids, "]", "    ");
  const body = [
    ...leftOutComment(leftOut, "//"),
    ...(ids.length > MAX_IDS
      ? [
        `let run_ids = include_str!("${IDS_FILE}")`,
        "    .split_whitespace()",
        "    .map(str::parse::<RunId>)",
        "    .collect::<Result<Vec<_>, _>>()?;",
      ]
      : [
        ...list,
        // Formatted as by rustfmt.
        ...indented([".into_iter()", ".filter_map(RunId::new);"], list.length > 1 ? "" : "    "),
      ]),
    ...chain("options", "ClientOptions", client),
    "let client = Client::new(options)?;",
    ...(deadlineMs === undefined ? [] : [`let deadline = ${milliseconds(deadlineMs)};`]),
    ...(hasOptions ? chain("options", "BulkOptions", call) : []),
    "let outcome = client",
    `    .get_all_results${hasOptions ? "_with(run_ids, options)" : "(run_ids)"}`,
    "    .await?;",
    "",
    'println!("{:?}", outcome.results);',
    "for failure in outcome.failures {",
    '    eprintln!("{:?}", failure);',
    "}",
    "Ok(())",
  ];
  return [
    "use std::error::Error;",
    ...(isTimed ? ["use std::time::Duration;"] : []),
    ...bracketed("use translation_results::{", names, "};", "    "),
    "",
    ...(withKey
      ? ["async fn print(", "    key: String,", ") -> Result<(), Box<dyn Error>> {"]
      : ["async fn print() -> Result<(), Box<dyn Error>> {"]),
    ...indented(body, "    "),
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

/** Quotes a word for a POSIX shell, if needed. */
const quoted = (text) => (/^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Joins the lines of a command with backslashes. */
const continued = (lines) => lines.join(" \\\n  ");

/** @param {Call} call */
export function commandLine({ batches, leftOut, baseUrl, withKey, ofClient, ofCall }) {
  const ids = batches.flat();
  const runs = ids.length > MAX_IDS ? [`--file ${IDS_FILE}`] : ids.map(String);
  const given = Object.entries({ ...ofClient, ...ofCall }).map(([name, value]) => {
    const [argument, unit] = ARGUMENTS[name];
    return `${argument} ${unit(value)}`;
  });
  const base = baseUrl === undefined ? [] : [`--base-url ${quoted(baseUrl)}`];
  const words = ["npx translation-results get", ...runs, ...base, ...given];
  return [
    ...(withKey ? ["# reads the key from $CAMB_API_KEY"] : []),
    ...leftOutComment(leftOut, "#"),
    continued(filled(words, "", WIDTH - 2)),
  ].join("\n");
}

/** @param {Call} call */
export function curl({ batches, leftOut, baseUrl = SERVICE, withKey, ofClient: { timeoutMs } }) {
  const base = baseUrl.replace(/\/+$/, "");
  const common = [
    ...(withKey ? ['-H "x-api-key: $CAMB_API_KEY"'] : []),
    ...(timeoutMs === undefined ? [] : [`--max-time ${inSeconds(timeoutMs)}`]),
  ];
  const bodyOf = (ids) => {
    const inLine = `-d '{"run_ids":[${ids.join(",")}]}'`;
    if (inLine.length <= WIDTH - 4) return inLine;
    return [`-d '{"run_ids":[`, ...indented(filled(ids.map(String), ",", WIDTH - 8), "    "), "  ]}'"].join("\n");
  };
  const request = (ids) => (ids.length === 1
    ? [...common, quoted(`${base}/translation-result/${ids[0]}`)]
    : [...common, "-H 'content-type: application/json'", bodyOf(ids), quoted(`${base}/translation-results`)]);
  const shown = batches.flat().length > MAX_IDS ? batches.slice(0, 1) : batches;
  const requests = shown.map(request).map(([first, ...others]) => continued([`curl ${first}`, ...others]));
  if (requests.length === 0) requests.push("# there is nothing to ask for");
  const rest = shown.length < batches.length ? [`# the first of ${batches.length} requests`] : [];
  return [...leftOutComment(leftOut, "#"), ...rest, ...requests].join("\n");
}
