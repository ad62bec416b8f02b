// The default entry: carries the module's bytes in a string of one character a byte, so that it works on import, with
// no file to copy or to serve.
import characters from "./wasm-bytes.js";
import { setSource } from "./instance.js";

setSource(() => {
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = characters.charCodeAt(index);
  return bytes;
});

export * from "./api.js";
