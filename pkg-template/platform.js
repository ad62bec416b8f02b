// Parts of the platform that wasm-bindgen's glue uses, with stand-ins where the platform lacks them.
//
// The glue needs `TextDecoder` and `TextEncoder` for every text that crosses. Jest's jsdom environment has neither.

class Decoder {
  /** Decodes what Rust holds, which is always UTF-8. */
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

/** Fake timers, Jest's for one, replace the global `queueMicrotask`: calls would wait until a test moves the clock. */
export const queueMicrotask = (work) => void settled.then(work);
