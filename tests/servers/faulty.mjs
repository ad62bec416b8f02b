/**
 * A server on loopback that breaks things on purpose. Each request gets the next behaviour of a list, the last one
 * repeats; every request is recorded. Plain node:http, as a framework would mend what is to be broken here.
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
 * @property {number} at  When it had arrived whole, by `performance.now()`.
 * @property {boolean} closedEarly  The client closed the connection before the answer was over.
 * @property {Promise<boolean>} closed  `closedEarly`, once the exchange is over.
 *
 * @typedef {(res: import("node:http").ServerResponse, request: RecordedRequest) => unknown} Behaviour
 */

/**
 * @param {Behaviour | Behaviour[]} behaviours
 * @param {{ port?: number }} [options] A port of its own choice, where a server is to come back.
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
    // A client that goes away is recorded below; here it is no failure of the server.
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
      return; // Cut off while it was sending: nothing to answer.
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

/** Marks a socket that the server itself broke, so that it is not taken for a client that left. */
const brokenHere = Symbol("broken here");

/** Long enough for the client to have read what was written before the connection goes. */
const FLUSH_MS = 30;

/** @param {import("node:http").ServerResponse} res */
function breakOff(res, how = "reset") {
  const socket = res.req.socket;
  socket[brokenHere] = true;
  if (how === "reset") socket.resetAndDestroy();
  else socket.end();
}

/** Headers and the first part of a body go out; whoever calls decides how it ends. */
async function begin(res, headers, part, status = 200) {
  res.writeHead(status, { "content-type": "application/json", ...headers });
  if (part.length > 0) res.write(part);
  else res.flushHeaders();
  await sleep(FLUSH_MS);
}

/* What works. */

/** Any status, headers and body; a string or bytes, so also a BOM, invalid UTF-8, HTML, or JSON that is none. */
export const answer =
  ({ status = 200, headers = {}, body = "" } = {}) =>
  (res) =>
    // One call with a length: without it the body would go out chunked.
    res.writeHead(status, { ...(bodyless(status) ? {} : { "content-length": Buffer.byteLength(body) }), ...headers })
      .end(bodyless(status) ? undefined : body);

const bodyless = (status) => status === 204 || status === 304;

export const json = (value, { status = 200, headers = {} } = {}) =>
  answer({ status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) });

/** A healthy answer: `texts` for every run that the request asks for. */
export const results =
  (textsOf = (runId) => [`text of ${runId}`]) =>
  (res, request) =>
    json(Object.fromEntries(JSON.parse(request.body).run_ids.map((id) => [id, { texts: textsOf(id) }])))(res);

export const htmlPage = (status = 200) =>
  answer({ status, headers: { "content-type": "text/html" }, body: "<!doctype html><title>Sign in</title>" });

export const redirect = (status, location) => answer({ status, headers: location ? { location } : {} });

/** In pieces without a length. */
export const chunked = (body, { status = 200, headers = {}, pieceBytes = 7 } = {}) =>
  async (res) => {
    const bytes = Buffer.from(body);
    res.writeHead(status, { "content-type": "application/json", ...headers });
    for (let at = 0; at < bytes.length; at += pieceBytes) res.write(bytes.subarray(at, at + pieceBytes));
    res.end();
  };

export const gzip = (body) =>
  answer({ headers: { "content-type": "application/json", "content-encoding": "gzip" }, body: gzipSync(body) });

/** Small on the wire, `mebibytes` once decoded. Made as it is read, so that the server does not hold it either. */
export const gzipBomb = (mebibytes) => (res) => {
  res.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
  return send([repeat(spaces(1 << 20), mebibytes), createGzip({ level: 1 }), res]);
};

/** Spaces are valid JSON whitespace: only the size is wrong with them. */
const spaces = (bytes) => Buffer.alloc(bytes, 0x20);

function* repeat(piece, times) {
  for (let i = 0; i < times; i += 1) yield piece;
}

/** As fast as the client takes it. That it stops taking is what the tests are after. */
const send = (streams) => pipeline(streams).catch(() => {});

/* What does not. */

export const resetBeforeHeaders = () => (res) => breakOff(res);

export const resetInBody = (part = '{"12345":') => async (res) => {
  await begin(res, {}, part);
  breakOff(res);
};

/** Promises more by `content-length` than it sends, then closes in good order. */
export const shortBody = (part = '{"12345":') => async (res) => {
  await begin(res, { "content-length": Buffer.byteLength(part) + 100 }, part);
  breakOff(res, "close");
};

/** Closes in good order where the last chunk is due. */
export const truncatedChunks = (part = '{"12345":') => async (res) => {
  await begin(res, {}, part);
  breakOff(res, "close");
};

/** Whole in the end, a byte at a time. */
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

/** Headers and some bytes, then silence. */
export const stall = (part = '{"12345":', { status } = {}) => (res) => begin(res, {}, part, status);

/** Never stops sending. */
export const endless = ({ status = 200 } = {}) => (res) => {
  res.writeHead(status, { "content-type": "application/json" });
  return send([repeat(spaces(16_384), Infinity), res]);
};
