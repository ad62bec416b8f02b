// The headers of every answer of the sample API, and the options of its handler.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSampleApi } from "../../www/sample-api/app.js";

const POST_URL = "http://sample.test/apis/translation-results";
const GET_URL = "http://sample.test/apis/translation-result/12345";
const ORIGIN = { origin: "http://page.test" };

/** Returns the items of a comma-separated header, in lower case and sorted, as their order and case have no meaning. */
const listOf = (response, name) => (response.headers.get(name) ?? "").toLowerCase().split(/\s*,\s*/).sort();

describe("headers", { timeout: 10_000 }, () => {
  const cases = [
    [200, GET_URL, { headers: { "x-api-key": "sample-key" } }],
    [204, POST_URL, { method: "OPTIONS" }],
    [400, GET_URL.replace("12345", "80001"), { headers: { "x-api-key": "sample-key" } }],
    [401, GET_URL, {}],
    [404, "http://sample.test/elsewhere", {}],
    [405, POST_URL, {}],
    [413, POST_URL, { method: "POST", headers: { "x-api-key": "sample-key" }, body: "x".repeat(70_000) }],
    [422, POST_URL, { method: "POST", headers: { "x-api-key": "sample-key" } }],
  ];
  for (const [status, url, init] of cases) {
    test(`${status} names itself and is readable from any origin`, async () => {
      const response = await createSampleApi()(new Request(url, { ...init, headers: { ...init.headers, ...ORIGIN } }));
      assert.equal(response.status, status);
      assert.equal(response.headers.get("x-sample-api"), "1");
      assert.match(response.headers.get("x-request-id"), /^sample-\d+$/);
      assert.equal(response.headers.get("access-control-allow-origin"), "*");
      assert.equal(response.headers.get("access-control-allow-credentials"), null);
      assert.deepEqual(
        listOf(response, "access-control-expose-headers"),
        ["retry-after", "retry-after-ms", "x-request-id", "x-sample-api"],
      );
    });
  }

  test("a preflight needs no key and allows what the client sends", async () => {
    const headers = {
      ...ORIGIN,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,x-api-key",
    };
    const response = await createSampleApi()(new Request(POST_URL, { method: "OPTIONS", headers }));
    assert.equal(response.status, 204);
    assert.equal(await response.text(), "");
    assert.deepEqual(listOf(response, "access-control-allow-headers"), ["content-type", "x-api-key"]);
    assert.deepEqual(listOf(response, "access-control-allow-methods"), ["get", "post"]);
  });

  test("request ids differ", async () => {
    const handler = createSampleApi();
    const responses = await Promise.all(Array.from({ length: 5 }, () => handler(new Request(GET_URL))));
    assert.equal(new Set(responses.map(({ headers }) => headers.get("x-request-id"))).size, 5);
  });

  test("HEAD answers as GET does, without a body", async () => {
    const headers = { "x-api-key": "sample-key" };
    const response = await createSampleApi()(new Request(GET_URL, { method: "HEAD", headers }));
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "");
  });
});

describe("options", { timeout: 10_000 }, () => {
  const statusOf = async (options, path, key) => {
    const request = new Request(new URL(path, POST_URL), { headers: { "x-api-key": key } });
    return (await createSampleApi(options)(request)).status;
  };

  test("another key replaces the default one", async () => {
    assert.equal(await statusOf({ accepts: (key) => key === "other" }, GET_URL, "other"), 200);
    assert.equal(await statusOf({ accepts: (key) => key === "other" }, GET_URL, "sample-key"), 401);
  });

  for (const [basePath, path] of [
    ["/v1/apis", "/v1/apis/translation-result/1"],
    ["/v1/", "/v1/translation-result/1"],
    ["/", "/translation-result/1"],
    ["", "/translation-result/1"],
  ]) {
    test(`base path "${basePath}"`, async () => {
      assert.equal(await statusOf({ basePath }, path, "sample-key"), 200);
      assert.equal(await statusOf({ basePath }, GET_URL, "sample-key"), 404);
    });
  }
});
