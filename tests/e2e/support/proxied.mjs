/** The proxy between a client without a key and a faulty service, over HTTP on both sides. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { json, startFaulty } from "../../servers/faulty.mjs";
import { serve } from "../../../www/serve.mjs";
import { clientFor, KEY, TEXTS } from "./calls.mjs";
import { installDir } from "./install.mjs";

const entry = join(installDir, "node_modules", "translation-results", "proxy.js");
export const { createProxy } = await import(pathToFileURL(entry).href);

/** Starts a service with these behaviours and a proxy before it. `post` sends a body to the proxy. */
export async function proxied(t, behaviours = json(TEXTS), options = {}) {
  const service = await startFaulty(behaviours);
  const handler = createProxy({ apiKey: KEY, authorize: "everybody", baseUrl: service.url, ...options });
  const proxy = await serve({ handler });
  t.after(() => Promise.all([proxy.close(), service.close()]));
  const url = new URL("api/translations", proxy.url).href;
  const client = clientFor(url, { apiKey: undefined });
  const post = (body, headers) =>
    fetch(`${url}/translation-results`, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
  return { service, url, client, post };
}

/** Fails unless the proxy itself refused a request, and the service received nothing. */
export async function assertRefused(answer, status, service) {
  assert.equal(answer.status, status);
  const { detail } = await answer.json();
  assert.ok(detail.length > 0);
  assert.deepEqual(service.requests, []);
  return detail;
}
