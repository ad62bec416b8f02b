/** Requests that the proxy refuses: other paths, methods and bodies, and what attackers send. The service receives none of them. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { json } from "../servers/faulty.mjs";
import { IDS, TEXTS } from "./support/calls.mjs";
import { assertRefused, proxied } from "./support/proxied.mjs";

/** Sends a path unchanged. `fetch` would normalize it. */
async function raw(url, path, method = "GET") {
  const { hostname, port } = new URL(url);
  const request = httpRequest({ hostname, port, path, method, headers: { "content-type": "application/json" } });
  request.end(method === "POST" ? JSON.stringify({ run_ids: IDS }) : undefined);
  const [response] = await once(request, "response");
  await text(response);
  return response.statusCode;
}

test("nothing but the two calls gets through", async (t) => {
  const { service, url } = await proxied(t);
  for (const [method, path, status] of [
    ["GET", "/api/translations", 404],
    ["POST", "/api/translations/translate", 404],
    ["POST", "/api/translations/translation-results/more", 404],
    ["POST", "/api/translations/translation-results/../../keys", 404],
    ["POST", "/api/translations/translation-results/%2e%2e/keys", 404],
    ["GET", "/api/translations/translation-result/1/texts", 404],
    ["GET", "/api/translations/translation-result/../keys", 404],
    ["GET", "/api/translations/translation-result/..%2fkeys", 422],
    ["GET", "/api/translations/translation-result/1%3fx=1", 422],
    ["GET", "/api/translations/translation-result/1%0d%0ax-api-key:%20other", 422],
    ["GET", "/api/translations/translation-result/", 422],
    ["GET", "/api/translations/translation-result/0", 422],
    ["GET", "/api/translations/translation-result/1e3", 422],
    ["GET", "/api/translations/translation-result/9007199254740993", 422],
    ["GET", "/api/translations/translation-results", 405],
    ["POST", "/api/translations/translation-result/1", 405],
    ["PUT", "/api/translations/translation-results", 405],
    ["DELETE", "/api/translations/translation-result/1", 405],
    ["OPTIONS", "/api/translations/translation-results", 405],
    ["TRACE", "/api/translations/translation-results", 405],
  ]) {
    const got = await raw(url, path, method);
    // Some requests never reach the proxy.
    assert.ok(got === status || (method === "TRACE" && got >= 400), `${method} ${path}: ${got}`);
  }
  assert.deepEqual(service.requests, []);
});

for (const [what, body, status, headers] of [
  ["one run id", '{"run_ids":[1]}', 422],
  ["a repeat", '{"run_ids":[1,1]}', 422],
  ["text for an id", '{"run_ids":["1",2]}', 422],
  ["no list", '{"run_ids":"1,2"}', 422],
  ["nothing", "null", 422],
  ["no JSON", "{", 422],
  ["a form", '{"run_ids":[1,2]}', 415, { "content-type": "text/plain" }],
  ["more than it reads", `{"run_ids":[1,2]${" ".repeat(1_000_000)}}`, 413],
]) {
  test(`a body with ${what} is refused, and not sent on`, async (t) => {
    const { service, post } = await proxied(t);
    await assertRefused(await post(body, headers), status, service);
  });
}

test("the proxy names the rule that an id in a path breaks", async (t) => {
  const { url } = await proxied(t);
  for (const id of ["0", "01", "%31", "9007199254740993"]) {
    const { detail } = await (await fetch(`${url}/translation-result/${id}`)).json();
    const msg = "run_id must be an integer from 1 to 9007199254740991";
    assert.deepEqual(detail, [{ loc: ["path", "run_id"], msg, type: "value_error" }], id);
  }
});

test("the proxy checks run ids as the client does", async (t) => {
  const { post } = await proxied(t);
  const { detail } = await (await post('{"run_ids":[1,0,1]}')).json();
  assert.deepEqual(detail.map(({ loc, msg }) => [loc.at(-1), msg]), [[1, "not_positive"], [2, "duplicate"]]);
});

/** Returns the first bytes of the answer to a POST that no HTTP library would send. */
async function answerTo(url, headers, body) {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = [`POST ${pathname}/translation-results HTTP/1.1`, `host: ${hostname}`, "content-type: application/json"];
  socket.write(`${[...head, ...headers].join("\r\n")}\r\n\r\n${body}`);
  const [answer] = await once(socket.setEncoding("utf8"), "data");
  socket.destroy();
  return answer;
}

test("the proxy stops waiting for a slow body", async (t) => {
  const { service, url } = await proxied(t, json(TEXTS), { timeoutMs: 300 });
  assert.match(await answerTo(url, ["content-length: 50"], '{"run_ids"'), /^HTTP\/1\.1 504 /);
  assert.deepEqual(service.requests, []);
});

test("a request smuggled in a body is not sent on", async (t) => {
  const { service, url } = await proxied(t);
  const inner = "0\r\n\r\nGET /keys HTTP/1.1\r\nhost: service\r\n\r\n";
  const answer = await answerTo(url, [`content-length: ${inner.length}`, "transfer-encoding: chunked"], inner);
  assert.match(answer, /^HTTP\/1\.1 4\d\d /);
  assert.deepEqual(service.requests, []);
});
