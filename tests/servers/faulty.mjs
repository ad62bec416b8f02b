/**
 * A faulty server on loopback. Each request gets the next behaviour of a list, of which the last one repeats. Every request is
 * recorded. It uses plain node:http, because a framework would repair the faults.
 */
import { createServer } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip, gzipSync } from "node:zlib";

/**
 * @typedef {object} RecordedRequest
 * @property {string} method
 * @property {string} path
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {string} body
 * @property {number} at  The time when its last byte arrived, by `performance.now()`.
 * @property {boolean} closedEarly  Whether the client closed the connection before the end of the answer.
 * @property {Promise<boolean>} closed  Resolves to `closedEarly` at the end of the exchange.
 *
 * @typedef {(res: import("node:http").ServerResponse, request: RecordedRequest) => unknown} Behaviour
 */

/**
 * @param {Behaviour | Behaviour[]} behaviours
 * @param {{ port?: number }} [options] The port of an earlier server, to start it again.
 * @returns {Promise<{ url: string, port: number, requests: RecordedRequest[], close(): Promise<void> }>}
 */
export async function startFaulty(behaviours, options = {}) {
  const list = [behaviours].flat();
  if (list.length === 0) throw new TypeError("startFaulty needs a behaviour");
  /** @type {RecordedRequest[]} */
  const requests = [];
  let served = 0;

  const server = createServer(async (req, res) => {
    const behaviour = list[Math.min(served++, list.length - 1)];
    // A client that closes the connection is recorded below. It must not fail the server.
    res.on("error", () => {});
    /** @type {RecordedRequest} */
    const request = {
      method: req.method ?? "",
      path: req.url ?? "",
      headers: req.headers,
      body: "",
      at: Number.NaN,
      closedEarly: false,
      closed: new Promise((resolve) => {
        res.once("close", () => {
          request.closedEarly = !res.writableFinished && !res.req.socket[brokenHere];
          resolve(request.closedEarly);
        });
      }),
    };
    try {
      for await (const piece of req.setEncoding("utf8")) request.body += piece;
    } catch {
      return; // The client stopped while it was sending, so there is nothing to answer.
    }
    request.at = performance.now();
    requests.push(request);
    await behaviour(res, request);
  });

  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", () => resolve(undefined));
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Marks a socket that the server itself closed, so that the client is not recorded as the cause. */
const brokenHere = Symbol("broken here");

/** The time in ms after which the client has read the written bytes, and the connection may end. */
const FLUSH_MS = 30;

/** @param {import("node:http").ServerResponse} res */
function breakOff(res, how = "reset") {
  const socket = res.req.socket;
  socket[brokenHere] = true;
  if (how === "reset") socket.resetAndDestroy();
  else socket.end();
}

/** Sends headers and the first part of a body. The caller ends the answer. */
async function begin(res, headers, part, status = 200) {
  res.writeHead(status, { "content-type": "application/json", ...headers });
  if (part.length > 0) res.write(part);
  else res.flushHeaders();
  await sleep(FLUSH_MS);
}

/* Valid answers. */

/** Returns an answer with any status, headers and body. The body may be any string or bytes, such as invalid UTF-8 or HTML. */
export const answer =
  ({ status = 200, headers = {}, body = "" } = {}) =>
  (res) =>
    // With a length, as the body would otherwise be chunked.
    res.writeHead(status, { ...(bodyless(status) ? {} : { "content-length": Buffer.byteLength(body) }), ...headers })
      .end(bodyless(status) ? undefined : body);

const bodyless = (status) => status === 204 || status === 304;

export const json = (value, { status = 200, headers = {} } = {}) =>
  answer({ status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) });

/** Returns a healthy answer: `texts` for every requested run. */
export const results =
  (textsOf = (runId) => [`text of ${runId}`]) =>
  (res, request) =>
    json(Object.fromEntries(JSON.parse(request.body).run_ids.map((id) => [id, { texts: textsOf(id) }])))(res);

export const htmlPage = (status = 200) =>
  answer({ status, headers: { "content-type": "text/html" }, body: "<!doctype html><title>Sign in</title>" });

export const redirect = (status, location) => answer({ status, headers: location ? { location } : {} });

/** Returns an answer in pieces, without a length. */
export const chunked = (body, { status = 200, headers = {}, pieceBytes = 7 } = {}) =>
  async (res) => {
    const bytes = Buffer.from(body);
    res.writeHead(status, { "content-type": "application/json", ...headers });
    for (let at = 0; at < bytes.length; at += pieceBytes) res.write(bytes.subarray(at, at + pieceBytes));
    res.end();
  };

export const gzip = (body) =>
  answer({ headers: { "content-type": "application/json", "content-encoding": "gzip" }, body: gzipSync(body) });

/** Returns an answer that is small on the wire and has `mebibytes` when decoded. It is made while it is read, to save memory. */
export const gzipBomb = (mebibytes) => (res) => {
  res.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
  return send([repeat(spaces(1 << 20), mebibytes), createGzip({ level: 1 }), res]);
};

/** Returns spaces, which are valid JSON whitespace: only their number is wrong. */
const spaces = (bytes) => Buffer.alloc(bytes, 0x20);

function* repeat(piece, times) {
  for (let i = 0; i < times; i += 1) yield piece;
}

/** Sends as fast as the client reads. Ignores the error if the client stops, which is what the tests expect. */
const send = (streams) => pipeline(streams).catch(() => {});

/* Faults. */

export const resetBeforeHeaders = () => (res) => breakOff(res);

export const resetInBody = (part = '{"12345":') => async (res) => {
  await begin(res, {}, part);
  breakOff(res);
};

/** Declares a larger `content-length` than it sends, then closes the connection normally. */
export const shortBody = (part = '{"12345":') => async (res) => {
  await begin(res, { "content-length": Buffer.byteLength(part) + 100 }, part);
  breakOff(res, "close");
};

/** Closes the connection normally before the last chunk. */
export const truncatedChunks = (part = '{"12345":') => async (res) => {
  await begin(res, {}, part);
  breakOff(res, "close");
};

/** Sends a whole body, a byte at a time. */
export const drip = (body, everyMs) => async (res) => {
  res.writeHead(200, { "content-type": "application/json" });
  for (const byte of Buffer.from(body)) {
    if (res.destroyed) return;
    res.write(Buffer.of(byte));
    await sleep(everyMs);
  }
  res.end();
};

export const neverAnswer = () => () => {};

/** Sends headers and some bytes, then nothing. */
export const stall = (part = '{"12345":', { status } = {}) => (res) => begin(res, {}, part, status);

/** Never stops sending. */
export const endless = ({ status = 200 } = {}) => (res) => {
  res.writeHead(status, { "content-type": "application/json" });
  return send([repeat(spaces(16_384), Infinity), res]);
};
