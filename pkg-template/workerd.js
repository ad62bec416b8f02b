// The entry for Cloudflare Workers, which may not compile bytes while they run: the module is compiled when the worker is
// deployed.
import module from "./translation_results.wasm";
import { setSource } from "./instance.js";

setSource(() => module);

export * from "./api.js";
