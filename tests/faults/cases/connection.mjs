/** Lost connections, at every point of an answer. */
import { GOOD, RESULTS, fault } from "./fault.mjs";

const rule = "2. fetch rejected, connection reset: NETWORK, tried again";

/** The last part before the connection ends. A browser itself repeats a request if nothing came back. */
const PLACES = [
  "nothing", "the status line", "half of the headers", "the headers", "the first byte", "half of the body",
  "all but the last byte", "all of a body that declares more", "all of a chunked body but its end",
];

const more = (place) => ({
  ...(place === "all of a body that declares more" && { length: GOOD.length + 10 }),
  // With `connection: close`, Node accepts the bytes so far as the whole body.
  ...(place === "all of a chunked body but its end" && { framing: "chunked", headers: { connection: "keep-alive" } }),
});

export const connection = PLACES.flatMap((place) => ["reset", "end"].flatMap((how) => {
  const name = `${how} after ${place}`;
  const broken = { body: GOOD, cut: place, how, ...more(place) };
  // A lenient parser may accept a head that breaks off without a reset.
  const lenient = how === "end" && ["the status line", "half of the headers"].includes(place);
  const once = { results: RESULTS, requests: [2, 3] };
  const always = { codes: lenient ? ["NETWORK", "INVALID_RESPONSE"] : ["NETWORK"], requests: [1, 4] };
  // Whether the engine reports the lost connection depends on the place and on timing.
  const either = { codes: ["NETWORK", "INVALID_RESPONSE"], results: RESULTS };
  const engines = {
    ...(place !== "nothing" && { WebKitGTK: either }),
    ...(lenient && { Firefox: either, Chromium: either }),
  };
  return [
    fault({ family: "connection", rule, name: `${name}, once`, server: [broken, { body: GOOD }], expect: once, ...engines }),
    fault({ family: "connection", rule, name: `${name}, always`, server: [broken], expect: always, ...engines }),
  ];
}));

connection.push(
  fault({
    family: "connection", rule, name: "refused", base: "nowhere", expect: { code: "NETWORK", requests: 0 },
  }),
  fault({
    family: "connection", rule: "2. Further attempts: maxRetries", name: "no retries, where none are wanted",
    server: [{ cut: "nothing", how: "reset" }], client: { maxRetries: 0 }, expect: { code: "NETWORK", requests: [1, 2] },
    peers: false,
  }),
);
