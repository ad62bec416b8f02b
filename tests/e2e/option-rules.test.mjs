/** The rules for base URLs, keys and headers, character by character, and their messages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { imported } from "./support/install.mjs";
import { IN_THE_CLEAR, NO_BASE, NO_KEY, NO_NAME, NO_VALUE, OUR_KEY, OUR_TYPE } from "./support/words.mjs";

const { TranslationResultsClient } = imported;

/** Returns the message for an option, `undefined` if it is accepted. */
function said(options) {
  try {
    new TranslationResultsClient({ baseUrl: "https://api.test", ...options });
  } catch ({ code, option, message }) {
    assert.equal(code, "INVALID_OPTIONS");
    return message.replace(`${option} `, "");
  }
  return undefined;
}

function assertBase(baseUrl, withoutKey, withKey) {
  assert.equal(said({ baseUrl }), withoutKey, baseUrl);
  assert.equal(said({ baseUrl, apiKey: "k" }), withKey, `${baseUrl} with a key`);
}

test("http and https are accepted", () => {
  for (const url of [
    "https://client.camb.ai/apis/v2", "https://api.test/", "https://api.test/a/b//", "https://api.test:8443/",
    "https://bücher.test/", "https://[2001:db8::1]:8443/v1", "https://api.test/@team/a:b/https://c",
  ]) {
    assertBase(url);
  }
});

test("the default base URL needs a key", () => {
  const NO_KEY_YET = "is missing: pass it, set CAMB_API_KEY, or set baseUrl to your proxy, which adds it";
  for (const url of [undefined, "https://client.camb.ai/apis", "https://CLIENT.camb.ai:443/apis//"]) {
    assertBase(url, NO_KEY_YET);
  }
});

test("a key is sent over plain HTTP to loopback hosts only", () => {
  for (const url of [
    "http://127.0.0.1/", "http://127.0.0.1:8080/apis", "http://127.255.1.2:1/", "http://127.1", "http://0x7f.0.0.1",
    "http://localhost/", "http://localhost:3000/", "http://LOCALHOST", "http://a.localhost/", "http://a.b.localhost:3000/",
    "http://[::1]/", "http://[::1]:8080/", "http://[0:0:0:0:0:0:0:1]/",
  ]) {
    assertBase(url);
  }
  for (const url of [
    "http://api.test/", "http://127.evil.com/", "http://127.0.0.1.evil.com/", "http://128.0.0.1/", "http://10.127.0.1/",
    "http://0.0.0.0/", "http://localhost.evil.com/", "http://notlocalhost/", "http://api.test/localhost",
    "http://api.test:127/.localhost", "http://[::2]/", "http://[::]/", "http://[::1:1]:8080/", "http://[2001:db8::1]/",
    "http://192.168.0.1:80/",
  ]) {
    assertBase(url, undefined, IN_THE_CLEAR);
  }
});

test("the base URL is resolved from its parts", () => {
  const parts = {
    scheme: fc.constantFrom("https", "http", "ftp"),
    user: fc.constantFrom("", "", "user@", "user:secret@", "localhost@"),
    host: fc.constantFrom("api.test", "localhost", "a.localhost", "127.0.0.1", "127.evil.com", "[::1]"),
    port: fc.constantFrom("", ":8080"),
    path: fc.stringMatching(/^(\/[a-z:@.]{0,5}){0,2}$/),
    rest: fc.constantFrom("", "", "?", "?a=b", "#", "#/a"),
  };
  fc.assert(
    fc.property(fc.record(parts), ({ scheme, user, host, port, path, rest }) => {
      const isBase = scheme !== "ftp" && !user && !rest;
      const isSafe = scheme === "https" || !["api.test", "127.evil.com"].includes(host);
      const url = `${scheme}://${user}${host}${port}${path}${rest}`;
      assertBase(url, isBase ? undefined : NO_BASE, isBase ? (isSafe ? undefined : IN_THE_CLEAR) : NO_BASE);
    }),
    { numRuns: 2_000 },
  );
});

test("every character is checked", () => {
  const isToken = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/;
  for (let code = 0; code <= 0x17f; code += 1) {
    const character = String.fromCharCode(code);
    const text = `a${character}b`;
    const isVisible = code > 0x20 && code < 0x7f;
    assert.equal(said({ apiKey: text }), isVisible ? undefined : NO_KEY, `key, ${code}`);
    assert.equal(said({ headers: { [text]: "" } }), isToken.test(character) ? undefined : NO_NAME, `name, ${code}`);
    const isLatin = code === 9 || (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff);
    assert.equal(said({ headers: { "x-a": text } }), isLatin ? undefined : NO_VALUE, `value, ${code}`);
  }
  for (const text of ["", "ключ", "key\u200b", "日本", "key\n", "\nkey"]) {
    assert.equal(said({ apiKey: text }), NO_KEY, JSON.stringify(text));
  }
});

test("exactly the header names that the package sets are refused, in every spelling", () => {
  for (const name of ["x-api-key", "X-API-Key", "X-api-KEY"]) {
    assert.equal(said({ headers: { [name]: "a" } }), OUR_KEY, name);
  }
  for (const name of ["content-type", "Content-Type", "CONTENT-TYPE"]) {
    assert.equal(said({ headers: { [name]: "a" } }), OUR_TYPE, name);
  }
  for (const name of ["x-api-key2", "my-x-api-key", "content-type-options", "x-content-type", "traceparent"]) {
    assert.equal(said({ headers: { [name]: "a" } }), undefined, name);
  }
});

test("the message states the first broken rule", () => {
  const headers = { "x-a": "€", "x b": "c", "x-api-key": "d" };
  assert.equal(said({ headers }), NO_VALUE);
  assert.equal(said({ headers: { "x b": "€" } }), NO_NAME);
  assert.equal(said({ baseUrl: "http://user@api.test", apiKey: "k" }), NO_BASE);
});
