/**
 * The sample API: the documented translation results endpoints over the runs of `runs.js` and `generated.js`. One
 * web-standard handler: it runs inside the demo page, behind the Node server in `www/serve.mjs`, and in `fetch.js`.
 */

import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { misbehave } from "./faults.js";
import { findRun, latency as latencyOf } from "./generated.js";
import { otherType, unfinished } from "./runs.js";
import { checkBody, checkPathRunId } from "./validation.js";

const MAX_BODY_BYTES = 64 * 1024;

/**
 * The state of a run: an unknown run has no type, an unfinished run no texts. If a run has a refusal, a request for it is
 * answered with the refusal.
 *
 * @typedef {{ type?: string, texts?: string[], refusal?: { status: number, detail?: string } }} Known
 */

/**
 * Looks up a sample run.
 *
 * @param {number} id
 * @returns {Known}
 */
export function lookUpSample(id) {
  const type = otherType.get(id);
  if (type !== undefined) return { type };
  if (unfinished.has(id)) return { type: "translation" };
  const run = findRun(id);
  return run ? { type: "translation", texts: run.texts } : {};
}

const notATranslation = (id) => `Run ${id} is not a translation run`;

/**
 * @param {object} [options]
 * @param {(key: string | undefined) => boolean} [options.accepts] Whether a key is accepted; by default, the sample key.
 * @param {string} [options.basePath]
 * @param {(id: number) => Known} [options.lookUp]
 * @param {(ids: number[]) => number} [options.latency] How long the look-up takes, in ms.
 * @returns {(request: Request) => Promise<Response>}
 */
export function createSampleApi({
  accepts = (key) => key === "sample-key",
  basePath = "/apis",
  lookUp = lookUpSample,
  latency = latencyOf,
} = {}) {
  const known = (id) => lookUp(Number(id));
  /** Waits as long as a server would need to look these runs up. */
  const think = async (ids) => {
    const ms = latency(ids.map(Number));
    if (ms > 0) await new Promise((resolve) => { setTimeout(resolve, ms); });
  };
  const app = new Hono();
  const fail = (c, status, detail, headers) => c.json({ detail }, status, headers);

  const refuse = (c, { id, refusal: { status, detail = `Run ${id} was refused` } }) => fail(c, status, detail);

  // Counted, not random: `crypto.randomUUID` is missing from pages that are not served securely.
  let requestCount = 0;
  app.use(async (c, next) => {
    requestCount += 1;
    c.header("x-request-id", `sample-${requestCount}`);
    c.header("x-sample-api", "1");
    await next();
  });
  app.use(cors({
    origin: "*",
    allowMethods: ["GET", "POST"],
    allowHeaders: ["x-api-key", "content-type"],
    exposeHeaders: ["retry-after", "retry-after-ms", "x-request-id", "x-sample-api"],
  }));
  app.notFound((c) => fail(c, 404, "Not Found"));
  app.onError((error, c) => {
    console.error(error);
    return fail(c, 500, "Internal Server Error");
  });

  const requireKey = async (c, next) => {
    if (!accepts(c.req.header("x-api-key"))) return c.json({ error: "Invalid API key", status: 401 }, 401);
    await next();
  };
  const tooLarge = (c) => fail(c, 413, `Request body is larger than ${MAX_BODY_BYTES} bytes`);

  const api = app.basePath(basePath);
  api.post(
    "/translation-results",
    requireKey,
    bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }),
    async (c) => {
      // Firefox has no `Request.body` to count while reading, where `bodyLimit` lets everything through.
      if ((await c.req.arrayBuffer()).byteLength > MAX_BODY_BYTES) return tooLarge(c);
      const { ids, errors } = checkBody(await c.req.text(), c.req.header("content-type") ?? "");
      if (errors) return fail(c, 422, errors);

      await think(ids);
      const all = ids.map((id) => ({ id, ...known(id) }));
      const refused = all.find(({ refusal }) => refusal);
      if (refused) return refuse(c, refused);
      const found = all.filter(({ type }) => type !== undefined);
      if (new Set(found.map(({ type }) => type)).size > 1) {
        return fail(c, 400, "All run IDs must correspond to the same run type");
      }
      if (found.length > 0 && found[0].type !== "translation") return fail(c, 400, notATranslation(found[0].id));
      return c.json(Object.fromEntries(found.map(({ id, texts }) => [id, texts ? { texts } : null])));
    },
  );
  api.get("/translation-result/:run_id", requireKey, async (c) => {
    const { ids, errors } = checkPathRunId(c.req.param("run_id"));
    if (errors) return fail(c, 422, errors);

    await think(ids);
    const [id] = ids;
    const { type, texts, refusal } = known(id);
    if (refusal) return refuse(c, { id, refusal });
    if (type === undefined) return fail(c, 404, `Run ${id} was not found`);
    if (type !== "translation") return fail(c, 400, notATranslation(id));
    return c.json(texts ? { texts } : null);
  });
  api.all("/translation-results", (c) => fail(c, 405, "Method Not Allowed", { allow: "POST" }));
  api.all("/translation-result/:run_id", (c) => fail(c, 405, "Method Not Allowed", { allow: "GET, HEAD" }));

  return (request) => misbehave(request, async () => app.fetch(request));
}
