// Test doubles of `fetch` and of other platform values, for the tests in Rust. They record how they are used.

// The originals, so that a test's own waits do not count as timers of the module.
const { setTimeout, clearTimeout } = globalThis;

/**
 * Returns a `fetch` that answers with `answer(count of calls, url, init)`. It records the arguments of its calls in `calls`, and
 * the number of cancelled bodies in `cancelled`.
 */
export function recorder(answer) {
  const fetch = (url, init) => {
    fetch.calls.push({ url, at: performance.now(), ...init });
    return answer(fetch.calls.length, url, init);
  };
  return Object.assign(fetch, { calls: [], cancelled: 0 });
}

const response = ([status, body, headers]) => new Response(body, { status, headers });

/** Returns a response whose body is filled by `source`. */
function streamed(fetch, source) {
  const cancel = () => void (fetch.cancelled += 1);
  return new Response(new ReadableStream({ cancel, ...source }));
}

/** Answers each call with the next of these `[status, body, headers]`; the last one answers all further calls. */
export const answering = (...answers) =>
  recorder(async (count) => response(answers[Math.min(count, answers.length) - 1]));

export const ok = (body) => answering([200, body]);

/** Answers with a body in pieces of these bytes. */
export function inPieces(...pieces) {
  const fetch = recorder(async () =>
    streamed(fetch, {
      start(controller) {
        for (const piece of pieces) controller.enqueue(new Uint8Array(piece));
        controller.close();
      },
    }));
  return fetch;
}

/** Never answers, not even when its signal aborts. */
export const silent = () => recorder(() => new Promise(() => {}));

/** Answers with a body that never ends. */
export function endless() {
  const pull = (controller) => controller.enqueue(new Uint8Array(1000));
  const fetch = recorder(async () => streamed(fetch, { pull }));
  return fetch;
}

const stuck = { start: (controller) => controller.enqueue(new Uint8Array([123])) };

/** Answers with a body that stops after one byte. */
export function stalled() {
  const fetch = recorder(async () => streamed(fetch, stuck));
  return fetch;
}

/** As `stalled`, but answers late, and ignores its signal. */
export function late(ms) {
  const fetch = recorder(async () => {
    await wait(ms);
    return streamed(fetch, stuck);
  });
  return fetch;
}

/** Answers with a body that fails with `cause` after one byte. */
export function cutOff(cause) {
  let reads = 0;
  const pull = (controller) => (reads++ === 0 ? stuck.start(controller) : controller.error(cause));
  const fetch = recorder(async () => streamed(fetch, { pull }));
  return fetch;
}

export const failing = (cause) => recorder(async () => { throw cause; });

export const throwing = (cause) => recorder(() => { throw cause; });

/** Returns this value, which need not be a promise of a `Response`. */
export const giving = (value) => recorder(() => value);

/**
 * Answers as the service does: run 7 has the text "t7". Each answer takes `delayMs`.
 *
 * `script` holds the answers to the first requests: `[status, body, headers]`, "never", or null for the service's own.
 * The runs in `absent` are left out of answers; a request for one of them alone is refused with 404.
 *
 * `fetch.most` is the largest number of requests that were in flight at once.
 */
export function service({ script = [], absent = [], delayMs = 0 } = {}) {
  const run = (id) => ({ texts: [`t${id}`] });
  const answer = (url, body) => {
    const alone = /\/translation-result\/(\d+)$/.exec(url);
    if (alone && absent.includes(Number(alone[1]))) return [404, '{"detail":"no such run"}'];
    if (alone) return [200, JSON.stringify(run(alone[1]))];
    const ids = JSON.parse(body).run_ids.filter((id) => !absent.includes(id));
    return [200, JSON.stringify(Object.fromEntries(ids.map((id) => [id, run(id)])))];
  };
  let inFlight = 0;
  const fetch = recorder(async (count, url, { body }) => {
    inFlight += 1;
    fetch.most = Math.max(fetch.most, inFlight);
    if (script[count - 1] === "never") await new Promise(() => {});
    await wait(delayMs);
    inFlight -= 1;
    return response(script[count - 1] ?? answer(url, body));
  });
  fetch.most = 0;
  return fetch;
}

/** Returns the run ids of the requests of a double, in the order of the requests. */
export const asked = ({ calls }) =>
  calls.map(({ url, body }) => (body ? JSON.parse(body).run_ids : Number(url.split("/").pop())));

/** Returns an AbortController that counts the listeners on its signal: the current number, and the largest. */
export function countedController() {
  const controller = Object.assign(new AbortController(), { listeners: 0, most: 0 });
  const { signal } = controller;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  signal.addEventListener = (...rest) => {
    controller.listeners += 1;
    controller.most = Math.max(controller.most, controller.listeners);
    addEventListener.apply(signal, rest);
  };
  signal.removeEventListener = (...rest) => {
    controller.listeners -= 1;
    removeEventListener.apply(signal, rest);
  };
  return controller;
}

/**
 * Counts the timers that the module has set and that have neither fired nor been cleared, until `restore()`.
 *
 * Test runners and drivers set timers of their own in the page. The module's timers have a function of WebAssembly on their
 * stack, which all engines write alike: https://webassembly.github.io/spec/web-api/#conventions
 */
export function countTimers() {
  const open = new Set();
  const isTheModules = () => new Error().stack.includes("wasm-function[");
  globalThis.setTimeout = (callback, ms, ...rest) => {
    const id = setTimeout(() => {
      open.delete(id);
      callback(...rest);
    }, ms);
    if (isTheModules()) open.add(id);
    return id;
  };
  globalThis.clearTimeout = (id) => {
    open.delete(id);
    clearTimeout(id);
  };
  return { open: () => open.size, restore: () => Object.assign(globalThis, { setTimeout, clearTimeout }) };
}

export const wait = (ms) => new Promise((resolve) => void setTimeout(resolve, ms));

/** Returns the value at the end of a path of keys. */
export const at = (value, path) => path.split(".").reduce((inner, key) => inner?.[key], value);

export const json = (value) => JSON.stringify(value);

export const parse = (text) => JSON.parse(text);

/** Returns whether the tests run in a page or in a browser's worker. */
export const isPage = () => typeof document !== "undefined" || typeof WorkerGlobalScope !== "undefined";

/** Gives every object a member that it does not own, until `restore()`. */
export function pollute(key, text) {
  Object.prototype[key] = JSON.parse(text);
  return { restore: () => delete Object.prototype[key] };
}
