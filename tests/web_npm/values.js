// Values as JavaScript callers pass them, for the tests in Rust.

export const options = (fetch, rest) => ({ apiKey: "test-key", dangerouslyAllowBrowser: true, fetch, ...rest });

/** Returns a copy of an object with one more member. */
export const withMember = (object, key, value) => ({ ...object, [key]: value });

/**
 * Returns an iterable of these values, asynchronous or not. It counts the values read in `read`, and the calls of `return` in
 * `returned`.
 */
export function source(values, isAsync) {
  const iterable = { read: 0, returned: 0 };
  const step = (result) => (isAsync ? Promise.resolve(result) : result);
  const iterator = {
    next() {
      if (iterable.read === values.length) return step({ done: true, value: undefined });
      iterable.read += 1;
      return step({ done: false, value: values[iterable.read - 1] });
    },
    return(value) {
      iterable.returned += 1;
      return step({ done: true, value });
    },
  };
  iterable[isAsync ? Symbol.asyncIterator : Symbol.iterator] = () => iterator;
  return iterable;
}

/** Returns an asynchronous iterable that never yields. */
export const silentSource = () => {
  const never = () => new Promise(() => {});
  return { [Symbol.asyncIterator]: () => ({ next: never, return: never }) };
};

/** Returns an iterable that throws `cause` after these values. */
export function* throwingSource(values, cause) {
  yield* values;
  throw cause;
}

/** Returns a function that records the arguments of its calls in `told`, and then throws or rejects if `then` says so. */
export function listener(then) {
  const told = (...args) => {
    told.told.push(args);
    if (then === "throw") throw new Error("thrown by the listener");
    return then === "reject" ? Promise.reject(new Error("rejected by the listener")) : undefined;
  };
  return Object.assign(told, { told: [] });
}

/**
 * Records every value that `JSON.parse` returns for `wanted` in `values`, until `restore()`. Other texts are not the test's: a
 * WebDriver parses its commands in the page.
 */
export function keepParsed(wanted) {
  const { parse } = JSON;
  const values = [];
  JSON.parse = (text) => {
    const value = parse(text);
    if (text === wanted) values.push(value);
    return value;
  };
  return { values, restore: () => (JSON.parse = parse) };
}

/** Returns the names of a value's classes, from the most derived to the base. */
export function classes(value) {
  const names = [];
  while ((value = Object.getPrototypeOf(value))) names.push(value.constructor.name);
  return names;
}

export const keys = (value) => Object.keys(value);

export const has = (value, key) => Object.hasOwn(value, key);
