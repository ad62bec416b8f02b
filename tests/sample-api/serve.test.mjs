// The sample API and static files over real HTTP, and the command line of the server.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { networkInterfaces, tmpdir } from "node:os";
import { connect } from "node:net";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { runs } from "../../www/sample-api/runs.js";
import { serve } from "../../www/serve.mjs";

const SCRIPT = fileURLToPath(new URL("../../www/serve.mjs", import.meta.url));
const PLATFORM = { Request: globalThis.Request, Response: globalThis.Response };
const HEADERS = { "x-api-key": "sample-key", "content-type": "application/json" };
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' https: " +
  "http://127.0.0.1:* http://localhost:*; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sample-api-"));
  await writeFile(join(folder, "secret.txt"), "outside of the root");
  const root = join(folder, "root");
  await mkdir(join(root, "docs"), { recursive: true });
  await Promise.all(["index.html", "docs/index.html", "page.js", "page.mjs", "style.css", "core.wasm", "data.json"].map(
    (name) => writeFile(join(root, name), `content of ${name}`)));
});
after(() => rm(folder, { recursive: true }));

/** Sends a path unchanged. `fetch` would normalize it. */
async function getRaw(url, path) {
  const { hostname, port } = new URL(url);
  const [response] = await once(httpRequest({ hostname, port, path, agent: false }).end(), "response");
  return { status: response.statusCode, body: await textOf(response) };
}

describe("serve()", { timeout: 20_000 }, () => {
  let server;
  before(async () => { server = await serve({ root: join(folder, "root") }); });
  after(() => server.close());
  const at = (path) => new URL(path, server.url);

  test("the sample API answers under /apis", async () => {
    const body = JSON.stringify({ run_ids: [12345, 61010] });
    const response = await fetch(at("apis/translation-results"), { method: "POST", headers: HEADERS, body });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("x-sample-api"), "1");
    assert.deepEqual(
      await response.json(),
      { 12345: { texts: runs.get(12345).texts }, 61010: { texts: runs.get(61010).texts } },
    );
    assert.equal((await fetch(at("apis"))).headers.get("x-sample-api"), "1");
  });

  test("a body in chunks is read, and refused when it grows too large", async () => {
    const send = async (chunk, count) => {
      const body = new Blob(Array(count).fill(chunk)).stream();
      const init = { method: "POST", headers: HEADERS, body, duplex: "half" };
      const response = await fetch(at("apis/translation-results"), init);
      return { status: response.status, body: await response.json() };
    };
    assert.deepEqual(
      await send('{"run_ids":[12345,999]}', 1),
      { status: 200, body: { 12345: { texts: runs.get(12345).texts } } },
    );
    assert.deepEqual(
      await send(" ".repeat(1024), 65),
      { status: 413, body: { detail: "Request body is larger than 65536 bytes" } },
    );
  });

  const files = [
    ["", "index.html", "text/html; charset=utf-8"],
    ["docs/", "docs/index.html", "text/html; charset=utf-8"],
    ["page.js", "page.js", "text/javascript; charset=utf-8"],
    ["page.mjs", "page.mjs", "text/javascript; charset=utf-8"],
    ["style.css", "style.css", "text/css; charset=utf-8"],
    ["core.wasm", "core.wasm", "application/wasm"],
    ["data.json", "data.json", "application/json"],
  ];
  for (const [path, name, type] of files) {
    test(`/${path} is served as ${type}`, async () => {
      const response = await fetch(at(path));
      const { headers } = response;
      assert.equal(response.status, 200);
      assert.equal(await response.text(), `content of ${name}`);
      assert.equal(headers.get("content-type"), type);
      assert.equal(headers.get("cache-control"), "no-store");
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
      const policy = type.startsWith("text/html") ? CONTENT_SECURITY_POLICY : null;
      assert.equal(headers.get("content-security-policy"), policy);
    });
  }

  const outside = ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/docs/../../secret.txt"];
  for (const path of ["/missing.js", ...outside]) {
    test(`404: ${path}`, async () => {
      assert.deepEqual(await getRaw(server.url, path), { status: 404, body: "404 Not Found" });
    });
  }

  test("it listens on the loopback interface only", async () => {
    const { hostname, port } = new URL(server.url);
    assert.equal(hostname, "127.0.0.1");
    const others = Object.values(networkInterfaces()).flat().filter(({ internal, family }) =>
      !internal && family === "IPv4");
    // On Linux all of 127.0.0.0/8 is local: a socket bound to every address would also answer at 127.0.0.2.
    const alias = process.platform === "linux" ? ["127.0.0.2"] : [];
    for (const address of [...alias, ...others.map((other) => other.address)]) {
      await assert.rejects(once(connect(Number(port), address), "connect"), { code: "ECONNREFUSED" }, address);
    }
  });
});

describe("serve() with a custom handler", { timeout: 20_000 }, () => {
  test("the handler gets requests of the platform, at every path if there is no root", async () => {
    const handler = async (request) => Response.json({
      isRequest: new Request(request.clone()) instanceof Request,
      method: request.method,
      path: new URL(request.url).pathname,
      header: request.headers.get("x-api-key"),
      body: await request.text(),
    });
    const server = await serve({ handler });
    try {
      const init = { method: "POST", headers: HEADERS, body: "hello" };
      for (const path of ["/apis/x", "/elsewhere"]) {
        assert.deepEqual(
          await (await fetch(new URL(path, server.url), init)).json(),
          { isRequest: true, method: "POST", path, header: "sample-key", body: "hello" },
        );
      }
    } finally {
      await server.close();
    }
  });

  test("the platform's Request and Response are not replaced", async () => {
    const server = await serve();
    await server.close();
    assert.equal(globalThis.Request, PLATFORM.Request);
    assert.equal(globalThis.Response, PLATFORM.Response);
  });

  test("close() ends open connections and frees the port", async () => {
    let reached;
    const arrived = new Promise((resolve) => { reached = resolve; });
    const server = await serve({ handler: () => { reached(); return new Promise(() => {}); } });
    const hanging = assert.rejects(fetch(server.url, { signal: AbortSignal.timeout(5000) }), TypeError);
    await arrived;
    await server.close();
    await hanging;
    const again = await serve({ port: Number(new URL(server.url).port) });
    await again.close();
  });
});

describe("the command line", { timeout: 30_000 }, () => {
  const start = (...args) => spawn(process.execPath, [SCRIPT, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 10_000,
  });
  const finish = async (child) => {
    const [stdout, stderr, [code, signal]] = await Promise.all(
      [textOf(child.stdout), textOf(child.stderr), once(child, "exit")]);
    return { stdout, stderr, code, signal };
  };

  for (const signal of ["SIGINT", "SIGTERM"]) {
    test(`it prints its URL in one line, and stops on ${signal}`, async () => {
      const child = start("--port", "0", "--root", join(folder, "root"));
      const finished = finish(child);
      try {
        const [line] = await once(child.stdout, "data");
        const url = /^listening on (http:\/\/127\.0\.0\.1:\d+\/)\n$/.exec(line)?.[1];
        assert.ok(url, String(line));
        assert.equal(await (await fetch(url)).text(), "content of index.html");
        assert.equal((await fetch(new URL("apis/translation-result/1", url), { headers: HEADERS })).status, 200);
      } finally {
        child.kill(signal);
      }
      const { stdout, ...rest } = await finished;
      assert.deepEqual(rest, { stderr: "", code: 0, signal: null });
      assert.equal(stdout.split("\n").length, 2);
    });
  }

  const notAPort = (value) => `--port must be an integer from 0 to 65535, not "${value}"\n`;
  const refusals = [
    ["a port that is in use", (port) => ["--port", port], (port) => `port ${port} on 127.0.0.1 is in use\n`],
    ["a port out of range", () => ["--port", "65536"], () => notAPort("65536")],
    ["a port that is no number", () => ["--port", "x"], () => notAPort("x")],
    ["a root that is not there", () => ["--root", "no/such/dir"], () => "--root is not a folder: no/such/dir\n"],
    ["a root that is a file", () => ["--root", SCRIPT], () => `--root is not a folder: ${SCRIPT}\n`],
  ];
  for (const [name, args, message] of refusals) {
    test(`it refuses ${name} in one line`, async () => {
      const taken = await serve();
      const { port } = new URL(taken.url);
      try {
        assert.deepEqual(
          await finish(start(...args(port))),
          { stdout: "", stderr: message(port), code: 1, signal: null },
        );
      } finally {
        await taken.close();
      }
    });
  }

  test("it refuses an unknown option by its name", async () => {
    const { stdout, stderr, code } = await finish(start("--prot", "1"));
    assert.deepEqual({ stdout, code }, { stdout: "", code: 1 });
    assert.match(stderr, /^[^\n]*'--prot'[^\n]*\n$/);
  });
});
