// The entry without the module's bytes, for pages that serve the .wasm file themselves. Nothing works before `init`.
import { instance, setSource, unavailable } from "./instance.js";
import { load } from "./load.js";

export * from "./api.js";

setSource(() => {
  throw unavailable("call init of translation-results/slim and await it before anything else");
});

let ready = false;

export async function init(source) {
  if (ready) return;
  const module = await load(source);
  setSource(() => module);
  instance();
  ready = true;
}
