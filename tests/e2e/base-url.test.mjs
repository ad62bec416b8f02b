/** How a base URL may be written, and the URLs of the requests. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { json, results } from "../servers/faulty.mjs";
import { clientFor, faultyFor, IDS, KEY, TEXTS } from "./support/calls.mjs";
import { imported } from "./support/install.mjs";

const { TranslationResultsClient } = imported;

/** [the end of a base URL, the path of its requests] */
const ends = [
  ["", ""], ["/", ""], ["//", ""], ["/////", ""],
  ["/a/b", "/a/b"], ["/a/b/", "/a/b"], ["/a/b//", "/a/b"], ["/a/b////", "/a/b"],
  ["//a//b", "//a//b"], ["/a/./b/..//", "/a"], ["/a/..", ""], ["/a%2F/", "/a%2F"], ["/ä b/", "/%C3%A4%20b"],
  ["\\a\\", "/a"], ["/a/ ", "/a"], ["/@team/a:b/https://c", "/@team/a:b/https://c"],
];
for (const [end, path] of ends) {
  test(`with a base URL that ends in ${inspect(end)}, requests go to ${path}/translation-results`, async (t) => {
    const { server } = await faultyFor(t, results());
    const urls = [];
    const onEvent = ({ type, url }) => type === "request" && urls.push(url);
    const base = server.url + end;
    for (const baseUrl of [base, new URL(base)]) {
      const client = clientFor(baseUrl, { onEvent });
      assert.deepEqual({ ...(await client.getResults(IDS)) }, TEXTS);
    }
    const expected = `${path}/translation-results`;
    assert.deepEqual(server.requests.map((request) => request.path), [expected, expected]);
    assert.deepEqual(new Set(urls), new Set([server.url + expected]));
  });
}

test("the request for a single run is below the base URL, too", async (t) => {
  const { server } = await faultyFor(t, json({ texts: [] }));
  await clientFor(`${server.url}/a//`).getAllResults([12345]);
  assert.equal(server.requests[0].path, "/a/translation-result/12345");
});

test("events do not contain a key in the base URL", async (t) => {
  const { server } = await faultyFor(t, results());
  const urls = [];
  const onEvent = ({ type, url }) => type === "request" && urls.push(url);
  await clientFor(`${server.url}/${KEY}/`, { onEvent }).getResults(IDS);
  assert.equal(server.requests[0].path, `/${KEY}/translation-results`);
  assert.deepEqual(urls, [`${server.url}/•••/translation-results`]);
});

test("the default base URL is the service's", async () => {
  const urls = [];
  const fetch = async (url) => {
    urls.push(url);
    return Response.json(TEXTS);
  };
  await new TranslationResultsClient({ apiKey: KEY, fetch }).getResults(IDS);
  assert.deepEqual(urls, ["https://client.camb.ai/apis/translation-results"]);
});
