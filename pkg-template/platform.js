// Platform features that wasm-bindgen's glue uses, with replacements where the platform lacks them.
//
// The glue needs `TextDecoder` and `TextEncoder` to pass strings to and from Rust. Jest's jsdom environment has neither.

class Decoder {
  /** Decodes a string of Rust's, which is always valid UTF-8. */
  decode(bytes = []) {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
  }
}

class Encoder {
  encode(text) {
    const wellFormed = Array.from(text, (character) => (/^[\ud800-\udfff]$/.test(character) ? "\ufffd" : character)).join("");
    const escaped = encodeURIComponent(wellFormed).match(/%..|./g) ?? [];
    return Uint8Array.from(escaped, (part) => (part.length > 1 ? parseInt(part.slice(1), 16) : part.charCodeAt(0)));
  }
}

const { TextDecoder = Decoder, TextEncoder = Encoder } = globalThis;
export { TextDecoder, TextEncoder };

const settled = Promise.resolve();

/** Stands in for the global `queueMicrotask`, which fake timers such as Jest's replace: calls would wait for the test's clock. */
export const queueMicrotask = (work) => void settled.then(work);
