/** The client's side of a case, for every runtime. It returns what a caller would see, as plain data. */

/** The key. It must appear in one header only. */
export const KEY = "sk-must-not-leak";

/** Returns the base URL of a case for a runtime. In some cases no server listens there. */
export const caseUrl = (origin, who) => ({ base }, index) =>
  (base === "nowhere" ? "http://127.0.0.1:1/apis" : `${origin}/case/${who}/${index}/apis`);

const REASON = "the caller's own";

/** Returns the signal of a case, which aborts as the case says. */
function signalOf({ timeout, before, after, twice, afterEnd } = {}) {
  if (timeout !== undefined) return { signal: AbortSignal.timeout(timeout), ended() {} };
  const controller = new AbortController();
  const told = { signal: controller.signal, abortedAt: undefined };
  const abort = () => {
    told.abortedAt = performance.now();
    controller.abort(REASON);
    if (twice) controller.abort("again");
  };
  if (before) abort();
  else if (after !== undefined) setTimeout(abort, after);
  told.ended = () => {
    if (afterEnd) abort();
  };
  return told;
}

/** Returns all text that an error reveals, by itself and in a log. */
function saidBy(error) {
  const said = [String(error), error?.stack, error?.message];
  const seen = new Set();
  const walk = (value, depth) => {
    if (typeof value === "string") said.push(value);
    if (typeof value !== "object" || value === null || seen.has(value) || depth > 4) return;
    seen.add(value);
    for (const name of Object.getOwnPropertyNames(value)) {
      // `cause` is the platform's or the caller's own value, and is passed on unchanged.
      if (name !== "cause") walk(value[name], depth + 1);
    }
  };
  walk(error, 0);
  try {
    said.push(JSON.stringify(error));
  } catch {
    // An error that cannot be serialized reveals nothing there.
  }
  return said.join("\n");
}

function factsOf(error) {
  if (typeof error !== "object" || error === null) return { reason: String(error) };
  const { name, code, attempts, option, retryAfterMs } = error;
  return { reason: name, error: { name, code, attempts, option, retryAfterMs } };
}

/**
 * Runs a case, and returns its outcome.
 *
 * @param {(tools: { baseUrl: string, apiKey: string, ids: unknown, client: object, call: object }) => Promise<object>} send
 * @param {import("./cases/fault.mjs").Case} testCase
 * @param {string} baseUrl
 */
export async function perform(send, testCase, baseUrl) {
  const { ids, client, call, abort } = testCase;
  const told = abort && signalOf(abort);
  const begun = performance.now();
  const outcome = await send({ baseUrl, apiKey: KEY, ids, client, call: told ? { ...call, signal: told.signal } : call })
    .then((results) => ({ results }), (error) => ({ ...factsOf(error), leaks: saidBy(error).includes(KEY) }));
  const now = performance.now();
  told?.ended();
  const size = outcome.results?.[1]?.texts?.[0]?.length;
  // Results of this size are too large to pass on.
  if (size > 100_000) outcome.results = undefined;
  return { ...outcome, size, ms: now - begun, settled: told?.abortedAt === undefined ? undefined : now - told.abortedAt };
}

/** Returns a function that runs a case with the package. */
export const withPackage = ({ TranslationResultsClient: Client }) => (testCase, baseUrl) => {
  const plain = async ({ apiKey, ids, client, call, ...rest }) =>
    new Client({ apiKey, baseUrl: rest.baseUrl, maxRetries: 1, dangerouslyAllowBrowser: true, ...client }).getResults(ids, call);
  const send = testCase.perform ? (tools) => testCase.perform({ ...tools, Client }) : plain;
  return perform(send, testCase, baseUrl);
};

/**
 * Runs all cases, a few at a time. Returns `{ [index]: outcome }`.
 *
 * @param {(testCase: object, baseUrl: string) => Promise<object>} one
 * @param {import("./cases/fault.mjs").Case[]} cases
 * @param {(testCase: object, index: number) => string} baseUrlOf
 */
export async function performAll(one, cases, baseUrlOf, atOnce = 8) {
  const outcomes = {};
  const queue = cases.map((testCase, index) => [testCase, index]);
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [testCase, index] = next;
      outcomes[index] = await one(testCase, baseUrlOf(testCase, index));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcomes;
}
