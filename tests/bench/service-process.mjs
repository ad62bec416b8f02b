/**
 * The service in a process of its own, so that it does not use the measured event loop. It is started by `fork`. A message
 * `{ latencyMs, limiter, retryAfter }` starts a new service in place of the previous one, and is answered by `{ url }`. The
 * message "report" is answered by the requests that the service received.
 */
import * as limiters from "../servers/limiters.mjs";
import { startService } from "../servers/service.mjs";

let service;

async function begin({ latencyMs, limiter, retryAfter }) {
  await service?.close();
  const [kind, options] = limiter ?? [];
  service = await startService({
    latencyMs,
    limiter: kind && limiters[kind](options),
    refusedWith: () => (retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
  });
  return { url: service.url };
}

function report() {
  const { exchanges, refused, given, askedAgain, peak } = service.ledger;
  return { requests: exchanges.length, refused, given: given.size, askedAgain: askedAgain.length, peak };
}

process.on("message", async (message) => process.send(message === "report" ? report() : await begin(message)));
process.on("disconnect", () => process.exit());
