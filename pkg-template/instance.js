// The one instance of the WebAssembly module: made at first use and not at import, so that importing costs nothing and
// a page that may not use WebAssembly gets an error it can catch.
import { imports } from "../glue/imports.js";
import { __wbg_set_wasm as use } from "../glue/translation_results_bg.js";
import { live } from "../src/js/call.js";
import { TranslationResultsError } from "./errors.js";

let source;
let module;

/** How many calls into the module are under way, one within the other. */
let depth = 0;
/** What went wrong in it. */
let trap;

/** How the entry that was imported comes by the module: a function that gives bytes or a WebAssembly.Module, or throws. */
export function setSource(given) {
  source = given;
}

/** Makes the instance if there is none. What failed is tried again at the next use. */
export function ensureInstance() {
  if (module) return;
  const given = source();
  try {
    const compiled = ArrayBuffer.isView(given) ? new WebAssembly.Module(given) : given;
    instantiate(compiled);
    module = compiled;
  } catch (cause) {
    throw forbidden(cause);
  }
}

function instantiate(module) {
  use(new WebAssembly.Instance(module, imports).exports);
}

/**
 * Every way into the module. All that Rust throws is of the package's classes. Anything else is a trap, for want of memory or
 * of stack: it leaves the module's memory in disorder, so the instance is given up with all the calls that it had under way.
 * Clients go on with the next one.
 */
export function enter(work) {
  if (trap) throw stopped(trap.cause);
  depth += 1;
  try {
    return work();
  } catch (error) {
    if (TranslationResultsError.is(error)) throw error;
    trap ??= { cause: error };
    throw stopped(error);
  } finally {
    depth -= 1;
    // The frames that are still open are the old instance's.
    if (trap && depth === 0) giveUp();
  }
}

/** As `enter`, for ways in that nobody waits at. */
export function enterUnwatched(work) {
  try {
    enter(work);
  } catch {
    // Whoever waits for the calls has been told.
  }
}

function giveUp() {
  const { cause } = trap;
  trap = undefined;
  try {
    instantiate(module);
  } catch {
    // Then what is asked next fails in its turn.
  }
  for (const call of live) call?.stop(stopped(cause));
}

const stopped = (cause) => new TranslationResultsError(
  "WebAssembly has stopped, for want of memory it may be, and starts anew: try again",
  { code: "WASM_UNAVAILABLE" },
  { cause },
);

export const unavailable = (why, cause) =>
  new TranslationResultsError(`WebAssembly could not be started: ${why}`, { code: "WASM_UNAVAILABLE" }, { cause });

export const forbidden = (cause) =>
  unavailable("the page's Content-Security-Policy lacks script-src 'wasm-unsafe-eval', or the engine lacks it", cause);
