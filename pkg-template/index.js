// The default entry. It carries the module's bytes in a string, so it needs no file to copy or to serve.
import text from "./wasm-text.js";
import { bytesOf } from "./bytes.js";
import { setSource } from "./instance.js";

setSource(() => bytesOf(text));

export * from "./api.js";
