// The entry for edge functions of Next.js and Vercel. They may not compile bytes at run time, so `?module` tells the build to
// compile the module.
import module from "./translation_results.wasm?module";
import { setSource } from "./instance.js";

setSource(() => module);

export * from "./api.js";
