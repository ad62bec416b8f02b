/**
 * The translation results service on loopback. A test can make it slow or limited, add bad runs, lose connections, or stop it for
 * a while. A ledger counts how often each run was requested and delivered.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { json, resetBeforeHeaders, resetInBody, startFaulty } from "./faulty.mjs";

/** Returns the texts of a healthy run. */
export const textsOf = (runId) => [`text of ${runId}`];

/**
 * Troubles of a run. `status`: every request for it is refused. `named`: the refusal is a 422 that names the run. `value`: the
 * answer has this value in its place, or nothing if it is `undefined`. `alone`: a request for the run alone succeeds.
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

/** Returns a generator of random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Returns the run ids of a request. */
export const runIdsOf = ({ method, path, body }) =>
  method === "POST" ? JSON.parse(body).run_ids : [Number(path.slice(path.lastIndexOf("/") + 1))];

class Ledger {
  /** Every exchange in the order of arrival: `{ runIds, method, at, status }`. The status is set when it is sent. */
  exchanges = [];
  /** The number of requests for each run. */
  asked = new Map();
  /** Runs whose texts were in a completely sent answer. */
  given = new Set();
  /** Runs that were requested again after they were delivered. A correct client causes none. */
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

  /** The run ids of the requests, in the order of arrival. */
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

/** Returns the answer to a request, by the troubles of its runs, and in `given` the runs with texts. */
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
 *   The time before every answer, refusals included: the way to the server and back.
 * @param {import("./limiters.mjs").Limiter} [options.limiter]
 * @param {(ms: number) => Record<string, string>} [options.refusedWith] Returns the headers of a 429. `ms`: until there is room.
 * @param {(runId: number) => Trouble | undefined} [options.trouble]
 * @param {(request: import("./faulty.mjs").RecordedRequest, count: number) =>
 *   import("./faulty.mjs").Behaviour | undefined} [options.intercept]
 *   Answers in place of the service. `count` is the number of earlier requests.
 * @param {{ share: number, seed: number }} [options.resets] The share of connections that are lost, before or during an answer.
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
    // Runs count as delivered before the last byte is sent: the next request may arrive before the server knows that the byte left.
    const send = (behaviour, given = []) => {
      // A lost connection closes the socket before the response.
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
    /** Closes every connection and stops listening. Pending requests are never answered. */
    kill: () => server.close(),
    revive: async () => { server = await startFaulty(serve, { port }); },
    close: () => server.close(),
  };
}

/** Returns `Retry-After` in whole seconds, rounded up. */
export const retryAfterSeconds = (ms) => ({ "retry-after": String(Math.max(1, Math.ceil(ms / 1000))) });
