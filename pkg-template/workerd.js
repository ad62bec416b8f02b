// The entry for Cloudflare Workers. They may not compile bytes at run time, so the module is compiled when the worker is deployed.
import module from "./translation_results.wasm";
import { setSource } from "./instance.js";

setSource(() => module);

export * from "./api.js";
