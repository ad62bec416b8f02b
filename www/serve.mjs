/**
 * Serves the sample API under /apis, and the static files of a folder beside it, on the loopback interface.
 *
 *   node www/serve.mjs --port 0 --root DIR
 *
 * With `--proxy FILE`, the package's `proxy.js`, it serves the real service in the sample API's place, with CAMB_API_KEY.
 * Prints `listening on http://127.0.0.1:PORT/` once it is ready, and stops on SIGINT or SIGTERM.
 */

import { once } from "node:events";
import { realpathSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createAdaptorServer } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { realService } from "./real-service.mjs";
import { createSampleApi } from "./sample-api/app.js";

const HOST = "127.0.0.1";

/** Beside what the page asks for by itself in a meta element: only a header can keep it out of other pages' frames. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  // Any base URL that the client itself would send a key to.
  "connect-src 'self' https: http://127.0.0.1:* http://localhost:*",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function staticFiles(root, policy) {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header("cache-control", "no-store");
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "no-referrer");
    if (c.res.headers.get("content-type")?.startsWith("text/html")) {
      c.header("content-security-policy", policy());
    }
  });
  app.use(serveStatic({ root }));
  return app.fetch;
}

/** The adapter's request object only looks like one: the platform's `new Request(request)` and `fetch` refuse it. */
function standardRequest({ url, method, headers, body, signal }) {
  return new Request(url, { method, headers, body, signal, duplex: "half" });
}

/**
 * @param {object} [options]
 * @param {number} [options.port] 0 for any free one.
 * @param {string} [options.root] Folder of static files. Without it every request goes to the handler.
 * @param {(request: Request) => Response | Promise<Response>} [options.handler] Answers everything under /apis.
 * @param {() => string | undefined} [options.policy] Gives a page its Content-Security-Policy, or none.
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} Once it listens; rejects if it cannot.
 */
export async function serve({ port = 0, root, handler = createSampleApi(), policy = () => POLICY } = {}) {
  const files = root === undefined ? handler : staticFiles(root, policy);
  const fetch = async (incoming, { outgoing }) => {
    const request = standardRequest(incoming);
    const { pathname } = new URL(request.url);
    if (pathname !== "/apis" && !pathname.startsWith("/apis/")) return files(request);
    const response = await handler(request);
    if (response.type !== "error") return response;
    outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  };
  // The globals of the process that serves belong to whoever started it, a test that calls `fetch` for one.
  const server = createAdaptorServer({ fetch, overrideGlobalObjects: false });
  server.listen(port, HOST);
  await once(server, "listening");
  return {
    url: `http://${HOST}:${server.address().port}/`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Command-line arguments, checked. @throws {Error} with a message for the user. */
function readArguments() {
  const text = { type: "string" };
  const { values } = parseArgs({ options: { port: { ...text, default: "0" }, root: text, proxy: text } });
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : NaN;
  if (!(port <= 65535)) throw new Error(`--port must be an integer from 0 to 65535, not "${values.port}"`);
  if (values.root !== undefined && !statSync(values.root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`--root is not a folder: ${values.root}`);
  }
  return { port, root: values.root, proxy: values.proxy };
}

async function main() {
  let server;
  try {
    const { port, root, proxy } = readArguments();
    const handler = proxy && (await realService({ proxy, apiKey: process.env.CAMB_API_KEY }));
    server = await serve({ port, root, handler }).catch((error) => {
      throw error.code === "EADDRINUSE" ? new Error(`port ${port} on ${HOST} is in use`, { cause: error }) : error;
    });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
    return;
  }
  process.once("SIGINT", server.close);
  process.once("SIGTERM", server.close);
  console.log(`listening on ${server.url}`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
