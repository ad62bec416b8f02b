/** Bodies that are too large, redirects that are not followed, and invalid answers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import {
  answer, chunked, endless, gzip, gzipBomb, htmlPage, json, redirect, results, startFaulty,
} from "../servers/faulty.mjs";
import { assertGivenUp, clientFor, failure, faultyFor, IDS, rejection, timed, TEXTS } from "./support/calls.mjs";
import { imported, runScript } from "./support/install.mjs";

const MIB = 2 ** 20;

/* Size. */

const body = JSON.stringify({ 12345: { texts: ["é漢😀".repeat(200)] }, 6789: { texts: [] } });
const bytes = Buffer.byteLength(body);
assert.ok(bytes > body.length * 1.5, "bytes and characters have to differ for this to show anything");

const sent = { whole: answer({ body }), "in pieces": chunked(body), "by gzip": gzip(body) };
for (const [how, behaviour] of Object.entries(sent)) {
  test(`a body sent ${how} may have exactly maxResponseBytes, decoded`, async (t) => {
    const { client, server } = await faultyFor(t, behaviour, { maxResponseBytes: bytes });
    assert.deepEqual({ ...(await client.getResults(IDS)) }, JSON.parse(body));

    const error = await failure(
      clientFor(server.url, { maxResponseBytes: bytes - 1, maxRetries: 3 }).getResults(IDS),
      "INVALID_RESPONSE",
    );
    assert.equal(error.attempts, 1);
    assert.deepEqual(error.results, {});
    assert.equal(server.requests.length, 2, "a body that is too large is not requested again");
  });
}

test("reading a body that never ends stops, and its connection is closed", async (t) => {
  const { client, server } = await faultyFor(t, endless(), { maxResponseBytes: MIB });
  const { call, ms } = await timed(() => client.getResults(IDS));
  assert.ok(ms < 5000, `${ms} ms`);
  await failure(call, "INVALID_RESPONSE");
  await assertGivenUp(server.requests[0]);
});

test("reading a body whose declared length is too large stops, and its connection is closed", async (t) => {
  const promising = (res) => res.writeHead(200, { "content-length": 100 * MIB }).write("{");
  const { client, server } = await faultyFor(t, promising, { maxResponseBytes: MIB });
  const call = client.getResults(IDS, { timeoutMs: 2000 });
  const error = await rejection(call);
  // The client may trust the declared length, or wait for the body.
  assert.ok(["INVALID_RESPONSE", "TIMEOUT"].includes(error.code), String(error));
  await assertGivenUp(server.requests[0]);
});

test("a refusal whose body never ends settles, too", async (t) => {
  const { client, server } = await faultyFor(t, endless({ status: 400 }), { maxResponseBytes: MIB });
  const { call, ms } = await timed(() => client.getResults(IDS));
  assert.ok(ms < 5000, `${ms} ms`);
  assert.ok(imported.TranslationResultsError.is(await rejection(call)));
  await assertGivenUp(server.requests[0]);
});

test("a gzip bomb takes no more memory than the limit allows", async (t) => {
  const server = await startFaulty(gzipBomb(1024));
  t.after(() => server.close());
  const { stdout } = await runScript("bomb.mjs", `
    import { TranslationResultsClient } from "translation-results";
    const client = new TranslationResultsClient({ baseUrl: process.env.BASE_URL, maxResponseBytes: 4 * 2 ** 20 });
    await client.getResults([1]).catch(() => {});
    const before = process.resourceUsage().maxRSS;
    const error = await client.getResults([12345, 6789]).catch((reason) => reason);
    const grownMiB = (process.resourceUsage().maxRSS - before) / 1024;
    console.log(JSON.stringify({ code: error.code, attempts: error.attempts, grownMiB }));
  `, { env: { BASE_URL: server.url } });
  const { code, attempts, grownMiB } = JSON.parse(stdout);
  assert.equal(code, "INVALID_RESPONSE");
  assert.equal(attempts, 1);
  assert.ok(grownMiB < 200, `${grownMiB} MiB for a limit of 4 MiB`);
  await assertGivenUp(server.requests[0]);
});

test("a body that is too large is not decoded", async (t) => {
  const { decode } = TextDecoder.prototype;
  let decoded = 0;
  TextDecoder.prototype.decode = function (bytes, options) {
    decoded += bytes?.byteLength ?? 0;
    return decode.call(this, bytes, options);
  };
  t.after(() => { TextDecoder.prototype.decode = decode; });
  const { client } = await faultyFor(t, endless(), { maxResponseBytes: MIB });
  await failure(client.getResults(IDS), "INVALID_RESPONSE");
  assert.ok(decoded < MIB / 2, `${decoded} bytes`);
});

test("by default a body may have some MiB", async (t) => {
  const texts = ["x".repeat(5 * MIB)];
  const { client } = await faultyFor(t, [results(() => texts), chunkedResults(texts)]);
  for (const _ of [1, 2]) assert.deepEqual((await client.getResults(IDS))[12345].texts, texts);
});

function chunkedResults(texts) {
  return chunked(JSON.stringify({ 12345: { texts }, 6789: { texts: [] } }), { pieceBytes: 65_521 });
}

/* Redirects. */

for (const status of [300, 301, 302, 303, 305, 307, 308]) {
  test(`a ${status} is not followed, so no other server gets the key`, async (t) => {
    const elsewhere = await startFaulty(results());
    t.after(() => elsewhere.close());
    const { client, server } = await faultyFor(t, redirect(status, `${elsewhere.url}/translation-results`), {
      maxRetries: 2,
    });
    const error = await failure(client.getResults(IDS), "REDIRECTED");
    assert.equal(error.status, status);
    assert.equal(error.attempts, 1);
    assert.equal(server.requests.length, 1);
    assert.deepEqual(elsewhere.requests, []);
  });
}

for (const [what, behaviour, status] of [
  ["back to the same server", redirect(307, "/translation-results"), 307],
  ["to nowhere", redirect(302), 302],
  ["to what is no URL", redirect(301, "http://["), 301],
  ["304, that nothing has changed", answer({ status: 304 }), 304],
]) {
  test(`a redirect ${what} is not followed`, async (t) => {
    const { client, server } = await faultyFor(t, [behaviour, results()], { maxRetries: 2 });
    const error = await failure(client.getResults(IDS), "REDIRECTED");
    assert.equal(error.status, status);
    assert.equal(server.requests.length, 1);
  });
}

/* Invalid answers. */

const noAnswers = {
  "an HTML page": htmlPage(),
  "an empty body": answer(),
  "an empty body with 204": answer({ status: 204 }),
  "whitespace": answer({ body: " \r\n " }),
  "a byte order mark alone": answer({ body: "\ufeff" }),
  "JSON cut short by the server itself": answer({ body: JSON.stringify(TEXTS).slice(0, -1) }),
  "JSON with more behind it": answer({ body: `${JSON.stringify(TEXTS)}{}` }),
  "JSON with comments": answer({ body: `/* ok */ ${JSON.stringify(TEXTS)}` }),
  "NaN": answer({ body: '{"12345":{"texts":[NaN]}}' }),
  "bytes that are no text": answer({ body: Buffer.from([0x80, 0x81, 0xff, 0xfe, 0x00]) }),
  "gzip that nobody announced": answer({ body: gzipSync(JSON.stringify(TEXTS)) }),
  "UTF-16": answer({ body: Buffer.from(`\ufeff${JSON.stringify(TEXTS)}`, "utf16le") }),
};
for (const [what, behaviour] of Object.entries(noAnswers)) {
  test(`${what}: the answer is invalid`, async (t) => {
    const { client, server } = await faultyFor(t, [behaviour, results()], { maxRetries: 2 });
    const error = await failure(client.getResults(IDS), "INVALID_RESPONSE");
    assert.ok(Array.isArray(error.path));
    assert.ok(error.expected !== "" && error.received !== "");
    assert.deepEqual(error.results, {});
    assert.equal(error.attempts, 1);
    assert.equal(server.requests.length, 1);
  });
}

test("invalid UTF-8 in a text becomes replacement characters, and the other bytes stay", async (t) => {
  const [before, after] = ['{"12345":{"texts":["a', 'b"]},"6789":{"texts":[]}}'].map((part) => Buffer.from(part));
  const { client } = await faultyFor(t, answer({ body: Buffer.concat([before, Buffer.of(0xc3, 0x28, 0xff), after]) }));
  const results = await client.getResults(IDS);
  assert.equal(results[12345].texts[0], "a\ufffd(\ufffdb");
});

test("gzip that is broken is an error of the package", async (t) => {
  const whole = gzipSync(Buffer.from(JSON.stringify(TEXTS).repeat(50)));
  const damaged = Buffer.from(whole);
  damaged.fill(0xaa, 20, 40);
  const headers = { "content-encoding": "gzip" };
  for (const body of [damaged, Buffer.from("no gzip at all")]) {
    const { client } = await faultyFor(t, answer({ headers, body }), { timeoutMs: 3000 });
    const error = await rejection(client.getResults(IDS));
    assert.ok(imported.TranslationResultsError.is(error), String(error));
    assert.notEqual(error.code, "TIMEOUT");
  }
});

test("a well-formed body with another 2xx status is read", async (t) => {
  const { client } = await faultyFor(t, json(TEXTS, { status: 201 }));
  assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
});
