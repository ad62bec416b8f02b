// The default entry: carries the module's bytes in a text, so that it works on import, with no file to copy or to serve.
import text from "./wasm-text.js";
import { bytesOf } from "./bytes.js";
import { setSource } from "./instance.js";

setSource(() => bytesOf(text));

export * from "./api.js";
