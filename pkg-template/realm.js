// Values of another realm, a frame's or a sandbox's: `instanceof` does not know them.

export const isA = (value, type) => Object.prototype.toString.call(value) === `[object ${type}]`;

/** For wasm-bindgen's glue, which asks `instanceof`, and compiles what it does not know. */
export const ofThisRealm = (module) => Object.setPrototypeOf(module, WebAssembly.Module.prototype);
