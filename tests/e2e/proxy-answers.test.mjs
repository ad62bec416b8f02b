/** The answers that a page gets through the proxy: the status, and JSON without the key. Other types are replaced. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, gzip, htmlPage, json, results } from "../servers/faulty.mjs";
import { clientFor, failure, IDS, rejection, TEXTS } from "./support/calls.mjs";
import { assertHides, echoes, KEY } from "./support/echoes.mjs";
import { proxied } from "./support/proxied.mjs";

const BODY = JSON.stringify({ run_ids: IDS });

/** Returns everything of an answer that a page can read. */
async function shownBy(response) {
  const bytes = Buffer.from(await response.arrayBuffer());
  return [...response.headers, bytes.toString("utf8"), bytes.toString("utf16le")].flat();
}

for (const [what, behaviour] of Object.entries(echoes)) {
  test(`a page does not get the key from ${what}`, async (t) => {
    const { post, client } = await proxied(t, behaviour, { apiKey: KEY });
    for (const part of await shownBy(await post(BODY))) assertHides(part);
    assertHides(JSON.stringify(await rejection(client.getResults(IDS))));
  });
}

test("JSON with the key is passed on as JSON with the key masked", async (t) => {
  const { post } = await proxied(t, answer({ status: 401, body: '{"error": "bad key sk-ab\\u002bcd\\/ef==", "status": 401}' }), {
    apiKey: "sk-ab+cd/ef==",
  });
  const response = await post(BODY);
  assert.equal(await response.text(), '{"error": "bad key •••", "status": 401}');
});

test("a key that is a part of the JSON syntax is not passed on", async (t) => {
  const { post } = await proxied(t, json({ error: "no", status: 401 }, { status: 401 }), { apiKey: "401" });
  const response = await post(BODY);
  assert.equal(response.status, 401);
  assert.match((await response.json()).detail, /not JSON/);
});

const text = JSON.stringify({ 12345: { texts: ["é ß 日本 😀 \ud800 %41 &amp; \\ \" \n"] }, 6789: TEXTS[6789] }, null, 2);
for (const [what, body] of Object.entries({
  "white space": `  ${text}\r\n`,
  "a byte order mark": `\ufeff${text}`,
  "escapes and a repeated name": '{"12345":{"texts":["\\u0061\\/"]},"6789":{"texts":[]},"6789":{"texts":["b"]}}',
  "bytes that are not UTF-8": Buffer.concat([Buffer.from('{"12345":{"texts":["'), Buffer.from([0xff, 0x80]), Buffer.from('"]}}')]),
  "a large number of texts": JSON.stringify({ 12345: { texts: Array.from({ length: 20_000 }, (_, index) => `s%20\\${index}`) } }),
  "nothing in it": "",
})) {
  test(`a body without the key is passed on byte for byte: ${what}`, async (t) => {
    const { post } = await proxied(t, answer({ body }));
    const got = Buffer.from(await (await post(BODY)).arrayBuffer());
    assert.equal(got.compare(Buffer.from(body)), 0);
  });
}

test("a compressed answer is passed on decoded", async (t) => {
  const { client } = await proxied(t, gzip(JSON.stringify(TEXTS)));
  assert.deepEqual(await client.getResults(IDS), TEXTS);
});

const script = "<script>alert(1)</script>";
const refused = (type, body = script) => (status, headers) =>
  answer({ status, headers: { "content-type": type, ...headers }, body });

/** Bodies that a browser must not show as a page of the proxy's origin. */
const documents = {
  HTML: refused("text/html"),
  SVG: refused("image/svg+xml"),
  XML: refused("text/xml"),
  "a text": refused("text/plain", "upstream connect error"),
  "HTML without a type": refused(""),
  "HTML that claims to be JSON": refused("application/json"),
  "JSON that breaks off": refused("application/json", '{"detail":"'),
  "JSON in UTF-16": refused("application/json; charset=utf-16le", Buffer.from('{"detail":"no"}', "utf16le")),
};
for (const [what, document] of Object.entries(documents)) {
  for (const [status, headers] of [[200], [202], [401], [404], [418], [429, { "retry-after": "7" }], [500], [503], [503, { "retry-after": "3" }]]) {
    test(`${what}, ${status}, ${JSON.stringify(headers ?? {})}: JSON replaces it, and the error is the same`, async (t) => {
      const { service, client, post } = await proxied(t, document(status, headers));
      const response = await post(BODY);
      assert.equal(response.status, status);
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      assert.doesNotMatch(JSON.stringify(await response.json()), /script|upstream/);

      const seen = ({ code, status, retryAfterMs }) => ({ code, status, retryAfterMs });
      const direct = seen(await rejection(clientFor(service.url).getResults(IDS)));
      assert.deepEqual(seen(await rejection(client.getResults(IDS))), direct);
    });
  }
}

test("HTML in place of one run causes the same error as without the proxy", async (t) => {
  const { client } = await proxied(t, htmlPage());
  const { failures } = await client.getAllResults([12345]);
  assert.deepEqual(failures.map(({ error }) => error.code), ["INVALID_RESPONSE"]);
});

test("HTML in place of an answer is retried if the status allows it", async (t) => {
  const { service, url } = await proxied(t, [htmlPage(503), htmlPage(429), results()]);
  const client = clientFor(url, { apiKey: undefined, maxRetries: 2 });
  assert.deepEqual(await client.getResults(IDS), TEXTS);
  assert.equal(service.requests.length, 3);
});

test("a JSON body gets the JSON type, even if the service sends another", async (t) => {
  for (const type of ["text/html", "application/json; charset=utf-16", "text/plain", "image/svg+xml"]) {
    const { post } = await proxied(t, answer({ headers: { "content-type": type }, body: JSON.stringify({ 1: script }) }));
    const response = await post(BODY);
    assert.equal(response.headers.get("content-type"), "application/json");
    assert.deepEqual(await response.json(), { 1: script });
  }
});

test("answers have no CORS headers", async (t) => {
  const { post, url } = await proxied(t);
  const headers = { origin: "https://example.com", "access-control-request-method": "POST" };
  for (const response of [await post(BODY, headers), await fetch(`${url}/translation-results`, { method: "OPTIONS", headers })]) {
    assert.deepEqual([...response.headers.keys()].filter((name) => name.startsWith("access-control")), []);
  }
});

test("a status without a body is passed on without a body", async (t) => {
  const { post } = await proxied(t, answer({ status: 204 }));
  const response = await post(BODY);
  assert.deepEqual([response.status, await response.text(), response.headers.get("content-type")], [204, "", null]);
});

test("a refusal has the same code as without the proxy", async (t) => {
  const { client } = await proxied(t, json({ detail: "no" }, { status: 402 }));
  await failure(client.getResults(IDS), "PAYMENT_REQUIRED");
});
