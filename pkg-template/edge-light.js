// The entry for edge functions of Next.js and Vercel, which may not compile bytes while they run: `?module` has the build
// compile the module, in another realm.
import module from "./translation_results.wasm?module";
import { setSource } from "./instance.js";
import { ofThisRealm } from "./realm.js";

setSource(() => ofThisRealm(module));

export * from "./api.js";
