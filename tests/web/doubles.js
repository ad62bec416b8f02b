// Stand-ins for `fetch` that the rim's tests steer, and what they saw.

/** A `fetch` that keeps what it was called with and answers as `answer(call number, init)` says. */
export function recorder(answer) {
  const fetch = (url, init) => {
    fetch.calls.push({ url, ...init });
    return answer(fetch.calls.length, init);
  };
  fetch.calls = [];
  return fetch;
}

/** Answers the first call with the first of these `[status, body, headers]`, the last one for ever. */
export const answering = (...answers) =>
  recorder(async (call) => {
    const [status, body, headers] = answers[Math.min(call, answers.length) - 1];
    return new Response(body, { status, headers });
  });

export const ok = (body) => answering([200, body]);

/** A body in pieces of these bytes. */
export const inPieces = (...pieces) =>
  recorder(async () => {
    const stream = new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(new Uint8Array(piece));
        controller.close();
      },
    });
    return new Response(stream);
  });

/** Never answers, whatever its signal says. */
export const silent = () => recorder(() => new Promise(() => {}));

/** Answers with a body that never ends; `fetch.cancelled` says whether it was given up. */
export function endless() {
  const fetch = recorder(async () => {
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1000)),
      cancel: () => (fetch.cancelled = true),
    });
    return new Response(stream);
  });
  fetch.cancelled = false;
  return fetch;
}

/** Answers with a body that stops coming; `fetch.cancelled` says whether it was given up. */
export function stalled() {
  const fetch = recorder(async () => {
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array([123])),
      cancel: () => (fetch.cancelled = true),
    });
    return new Response(stream);
  });
  fetch.cancelled = false;
  return fetch;
}

export const failing = (cause) => recorder(async () => { throw cause; });

export const throwing = (cause) => recorder(() => { throw cause; });

/** Gives this and no promise of a Response. */
export const giving = (value) => recorder(() => value);

/** A signal that counts the listeners that are on it. */
export function countedController() {
  const controller = new AbortController();
  const { signal } = controller;
  controller.listeners = 0;
  controller.most = 0;
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
 * Counts the timers that the package has set and that are neither cleared nor fired; `restore()` ends it. WebKit's driver sets
 * some of its own in the page.
 */
export function countTimers() {
  const { setTimeout, clearTimeout } = globalThis;
  const open = new Set();
  globalThis.setTimeout = (callback, ms, ...rest) => {
    const id = setTimeout(() => {
      open.delete(id);
      callback(...rest);
    }, ms);
    if (new Error().stack.includes("/src/js/")) open.add(id);
    return id;
  };
  globalThis.clearTimeout = (id) => {
    open.delete(id);
    clearTimeout(id);
  };
  return { open: () => open.size, restore: () => Object.assign(globalThis, { setTimeout, clearTimeout }) };
}

/** Waits, with the platform's own timer. */
export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a value is at the end of a path of keys. */
export const at = (value, path) => path.split(".").reduce((inner, key) => inner?.[key], value);

export const json = (value) => JSON.stringify(value);

export const parse = (text) => JSON.parse(text);

export const isPage = () => typeof document !== "undefined" || typeof WorkerGlobalScope !== "undefined";

export const options = (fetch, rest) => ({ apiKey: "test-key", dangerouslyAllowBrowser: true, fetch, ...rest });

/** Puts a member on every object there is; `restore()` takes it off. */
export function pollute(key, text) {
  Object.prototype[key] = JSON.parse(text);
  return { restore: () => delete Object.prototype[key] };
}
