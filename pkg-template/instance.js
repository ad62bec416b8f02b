// The one instance of the WebAssembly module: made at first use and not at import, so that importing costs nothing and
// a page that may not use WebAssembly gets an error it can catch.
import { TranslationResultsError, initSync } from "./glue/translation_results.js";

let source;
let ready = false;

/** How the entry that was imported comes by the module: a function that gives bytes or a WebAssembly.Module, or throws. */
export function setSource(given) {
  source = given;
}

/** Makes the instance if there is none. What failed is tried again at the next use. */
export function ensureInstance() {
  if (ready) return;
  const module = source();
  try {
    initSync({ module });
  } catch (cause) {
    throw forbidden(cause);
  }
  ready = true;
}

export const unavailable = (why, cause) =>
  new TranslationResultsError(`WebAssembly could not be started: ${why}`, { code: "WASM_UNAVAILABLE" }, { cause });

export const forbidden = (cause) =>
  unavailable("the page's Content-Security-Policy lacks script-src 'wasm-unsafe-eval', or the engine lacks it", cause);
