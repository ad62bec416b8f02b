// The entry for edge functions of Next.js and Vercel, which may not compile bytes while they run: `?module` has the build
// compile the module.
import module from "./translation_results.wasm?module";
import { setSource } from "./instance.js";

setSource(() => module);

export * from "./api.js";
