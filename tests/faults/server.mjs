/**
 * The faulty service for the cases. It writes to the socket itself, because a server library would repair the faults. It also
 * starts a second origin, to which no client may send anything.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib";
import { GOOD } from "./cases/fault.mjs";
import { caseUrl, KEY } from "./client.mjs";

const ENCODERS = {
  gzip: gzipSync,
  deflate: deflateSync,
  // At the highest quality a bomb would take minutes.
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
};

/** The time in ms after which the client has read the written bytes, and the connection may end. */
const FLUSH_MS = 30;

const bombs = new Map();

function bodyOf({ body = "", bomb, encoding, cutBytes = 0 }) {
  if (bomb !== undefined) {
    const name = `${bomb} ${encoding}`;
    const bytes = () => Buffer.concat([Buffer.alloc(bomb * 2 ** 20, " "), Buffer.from(GOOD)]);
    if (!bombs.has(name)) bombs.set(name, ENCODERS[encoding](bytes()));
    return bombs.get(name);
  }
  const given = typeof body === "function" ? body() : body;
  const bytes = Array.isArray(given) ? Buffer.concat(given) : Buffer.from(given.replaceAll("KEY", KEY));
  const encoded = encoding ? ENCODERS[encoding](bytes) : bytes;
  return encoded.subarray(0, encoded.length - cutBytes);
}

function headOf(step, length, here) {
  const { status = 200, headers = {}, location, framing = "length", encoding } = step;
  const dated = Object.entries(headers).map(([name, value]) =>
    [name, value.startsWith("date:") ? new Date(Date.now() + 1000 * value.slice(5)).toUTCString() : value]);
  const all = {
    "content-type": "application/json",
    connection: "close",
    ...Object.fromEntries(dated),
    ...(encoding && { "content-encoding": encoding }),
    ...(location && { location: here[location] }),
    ...(framing === "chunked" && { "transfer-encoding": "chunked" }),
    ...(framing === "length" && ![204, 304].includes(status) && { "content-length": step.length ?? length }),
  };
  const lines = Object.entries(all).filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}\r\n`);
  return { first: `HTTP/1.1 ${status} Status\r\n`, rest: `${lines.join("")}\r\n` };
}

/** Returns the bytes of an answer up to the cut. */
function partsOf(step, here) {
  const body = bodyOf(step);
  const { first, rest } = headOf(step, body.length, here);
  const chunk = (bytes) => (step.framing === "chunked" ? [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")] : [bytes]);
  const pieces = [];
  const size = step.drip ? 1 : step.pieces ?? (body.length || 1);
  for (let at = 0; at < body.length; at += size) pieces.push(Buffer.concat(chunk(body.subarray(at, at + size))));
  const end = step.framing === "chunked" ? [Buffer.from("0\r\n\r\n")] : [];
  const [head, half] = [Buffer.from(first + rest), Buffer.from(first + rest.slice(0, rest.length / 2))];
  const upTo = (count) => [head, ...chunk(body.subarray(0, count))];
  switch (step.cut) {
    case undefined: return [head, ...pieces, ...end];
    case "nothing": return [];
    case "the status line": return [Buffer.from(first)];
    case "half of the headers": return [half];
    case "the headers": return [head];
    case "the first byte": return upTo(1);
    case "half of the body": return upTo(Math.floor(body.length / 2));
    case "all but the last byte": return upTo(body.length - 1);
    default: return [head, ...pieces];
  }
}

async function carryOut(step, socket, here) {
  if (step.silent) return;
  if (step.wait) await sleep(step.wait, undefined, { ref: false });
  for (const status of step.informational ?? []) socket.write(`HTTP/1.1 ${status} Early\r\nlink: </a>; rel=preload\r\n\r\n`);
  for (const part of partsOf(step, here)) {
    if (socket.destroyed) return;
    if (!socket.write(part)) await new Promise((resolve) => { socket.once("drain", resolve).once("close", resolve); });
    if (step.drip) await sleep(step.drip);
  }
  const how = step.how ?? "end";
  if (how === "hang" || step.hang) return;
  if (step.cut !== undefined) await sleep(FLUSH_MS);
  if (how === "reset") socket.resetAndDestroy();
  else socket.end();
}

const TYPES = { ".mjs": "text/javascript", ".js": "text/javascript", ".html": "text/html" };

/**
 * @param {import("./cases/fault.mjs").Case[]} cases
 * @param {Record<string, string>} [files] The files to serve, by their paths.
 */
export async function startFaults(cases, files = {}) {
  const ledger = new Map();
  const elsewhere = [];
  const listen = (handler) => new Promise((resolve) => {
    const server = createServer(handler);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
  const urlOf = (server) => `http://127.0.0.1:${server.address().port}`;
  const other = await listen((request, response) => {
    elsewhere.push({ url: request.url, key: request.headers["x-api-key"] });
    response.end('{"1":{"texts":["one"]},"2":{"texts":["two"]}}');
  });
  const server = await listen(async (request, response) => {
    const [, who, index] = /^\/case\/([^/]*)\/(\d+)\//.exec(request.url) ?? [];
    if (who === undefined) return serveFile(request, response);
    request.resume();
    await new Promise((resolve) => { request.once("end", resolve).once("close", resolve); });
    const key = `${who}/${index}`;
    const count = ledger.get(key) ?? 0;
    ledger.set(key, count + 1);
    const steps = cases[index].server;
    const { socket } = response;
    socket.on("error", () => {});
    const here = { same: "/elsewhere", other: `${urlOf(other)}/apis`, loop: request.url };
    await carryOut(steps[Math.min(count, steps.length - 1)], socket, here);
  });

  async function serveFile(request, response) {
    const path = request.url.split("?")[0];
    const folder = Object.keys(files).find((start) => path === start || (start.endsWith("/") && path.startsWith(start)));
    if (folder === undefined) return void response.writeHead(404).end();
    const file = folder.endsWith("/") ? files[folder] + path.slice(folder.length) : files[folder];
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "text/plain" }).end(await readFile(file));
  }

  return {
    url: urlOf(server),
    elsewhere,
    baseUrl: (who, testCase, index) => caseUrl(urlOf(server), who)(testCase, index),
    requests: (who, index) => ledger.get(`${who}/${index}`) ?? 0,
    async close() {
      for (const one of [server, other]) {
        one.closeAllConnections();
        await new Promise((resolve) => one.close(resolve));
      }
    },
  };
}
