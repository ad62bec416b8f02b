/**
 * The translation results service on loopback, healthy but for what a test asks of it: slow, limited, with bad runs,
 * losing connections, gone for a while. It keeps a ledger of which run was asked for and given how often.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { json, resetBeforeHeaders, resetInBody, startFaulty } from "./faulty.mjs";

/** The texts of a healthy run. */
export const textsOf = (runId) => [`text of ${runId}`];

/**
 * Troubles of a run. `status`: every request that has it is refused; `named`: by a 422 that says which run
 * it was. `value`: the answer has this in its place (`undefined`: nothing at all). `alone`: asked for alone it is well.
 *
 * @typedef {{ status?: number, named?: boolean, value?: unknown, alone?: boolean }} Trouble
 */
export const troubles = {
  absent: { value: undefined },
  null: { value: null },
  noTexts: { value: { text: "one" } },
  malformed: { value: { texts: ["one", 2] } },
  named: { status: 422, named: true },
};

/** The same numbers for the same seed, from 0 to 1 (mulberry32). */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The run ids that a request asks for. */
export const runIdsOf = ({ method, path, body }) =>
  method === "POST" ? JSON.parse(body).run_ids : [Number(path.slice(path.lastIndexOf("/") + 1))];

class Ledger {
  /** Every exchange in the order it came: `{ runIds, method, at, status }`, the status once it is sent. */
  exchanges = [];
  /** How often each run was asked for. */
  asked = new Map();
  /** Runs whose texts were sent in an answer that went out whole. */
  given = new Set();
  /** Runs that were asked for though they had been given: none, if the client does as it says. */
  askedAgain = [];
  refused = 0;
  inFlight = 0;
  peak = 0;

  open(request) {
    const exchange = { runIds: runIdsOf(request), method: request.method, at: request.at, status: undefined };
    this.exchanges.push(exchange);
    for (const id of exchange.runIds) {
      this.asked.set(id, (this.asked.get(id) ?? 0) + 1);
      if (this.given.has(id)) this.askedAgain.push(id);
    }
    this.inFlight += 1;
    this.peak = Math.max(this.peak, this.inFlight);
    return exchange;
  }

  /** The run ids of the requests, in the order they came. */
  get batches() {
    return this.exchanges.map(({ runIds }) => runIds);
  }
}

function refusal(runIds, bad, troubleOf) {
  const first = troubleOf(bad[0]);
  const named = bad.filter((id) => troubleOf(id).named);
  if (!first.named) return json({ detail: `Run ${bad[0]} is refused` }, { status: first.status });
  const detail = named.map((id) => (
    { loc: ["body", "run_ids", runIds.indexOf(id)], msg: `Run ${id} is refused`, type: "value_error" }
  ));
  return json({ detail }, { status: first.status });
}

/** The answer to a request by what is wrong with its runs; `given`, the runs that it has texts of. */
function answerTo({ runIds, method }, troubleOf) {
  const alone = method === "GET";
  const trouble = (id) => {
    const found = troubleOf(id);
    return alone && found?.alone ? undefined : found;
  };
  const bad = runIds.filter((id) => trouble(id)?.status);
  if (bad.length > 0) return { behaviour: refusal(runIds, bad, trouble), given: [] };

  const given = runIds.filter((id) => !trouble(id));
  const valueOf = (id) => (trouble(id) ? trouble(id).value : { texts: textsOf(id) });
  if (!alone) return { behaviour: json(Object.fromEntries(runIds.map((id) => [id, valueOf(id)]))), given };
  const value = valueOf(runIds[0]);
  const behaviour = value == null
    ? json({ detail: `Run ${runIds[0]} was not found` }, { status: 404 })
    : json(value);
  return { behaviour, given };
}

/**
 * @param {object} [options]
 * @param {number | ((request: import("./faulty.mjs").RecordedRequest) => number)} [options.latencyMs]
 *   Before anything is answered, a refusal for pace too: the way to the server and back.
 * @param {import("./limiters.mjs").Limiter} [options.limiter]
 * @param {(ms: number) => Record<string, string>} [options.refusedWith] Headers of a 429; `ms` until there is room.
 * @param {(runId: number) => Trouble | undefined} [options.trouble]
 * @param {(request: import("./faulty.mjs").RecordedRequest, count: number) =>
 *   import("./faulty.mjs").Behaviour | undefined} [options.intercept]
 *   Answers in the service's place; `count` is how many requests came before.
 * @param {{ share: number, seed: number }} [options.resets] Of the connections that are lost, before or in an answer.
 * @param {number} [options.port]
 */
export async function startService(options = {}) {
  const { latencyMs = 0, limiter, refusedWith = () => ({}), trouble = () => undefined, intercept, resets } = options;
  const random = resets && seeded(resets.seed);
  const ledger = new Ledger();

  const serve = async (res, request) => {
    const own = intercept?.(request, ledger.exchanges.length);
    if (!request.path.includes("/translation-result")) return own?.(res, request);
    const exchange = ledger.open(request);
    request.closed.then(() => { ledger.inFlight -= 1; });
    // Counted before the last byte leaves, as the next request may be here before the server hears that it did.
    const send = (behaviour, given = []) => {
      // The response hears of a lost connection later than its socket.
      if (res.destroyed || res.req.socket.destroyed) return undefined;
      for (const id of given) ledger.given.add(id);
      const sent = behaviour(res, request);
      if (res.headersSent) exchange.status = res.statusCode;
      return sent;
    };
    if (own) return send(own);

    const wait = limiter?.admit(performance.now()) ?? 0;
    if (wait !== 0) ledger.refused += 1;
    else if (limiter?.leave) request.closed.then(limiter.leave);
    const ms = typeof latencyMs === "function" ? latencyMs(request) : latencyMs;
    if (ms > 0) await sleep(ms);
    if (wait !== 0) return send(json({ detail: "Too many requests" }, { status: 429, headers: refusedWith(wait) }));
    if (random && random() < resets.share) return send(random() < 0.5 ? resetBeforeHeaders() : resetInBody());
    const { behaviour, given } = answerTo(exchange, trouble);
    return send(behaviour, given);
  };

  let server = await startFaulty(serve, { port: options.port });
  const { port, url } = server;
  return {
    url,
    port,
    ledger,
    /** Every connection is lost and nobody listens; requests that are being worked on are never answered. */
    kill: () => server.close(),
    revive: async () => { server = await startFaulty(serve, { port }); },
    close: () => server.close(),
  };
}

/** `Retry-After` in whole seconds, rounded up, as servers send it. */
export const retryAfterSeconds = (ms) => ({ "retry-after": String(Math.max(1, Math.ceil(ms / 1000))) });
