// The instance of the WebAssembly module. After a trap, a new instance replaces it.
//
// It is made at the first use, not at import. So importing costs nothing, and a page that forbids WebAssembly gets an error that
// it can catch.
import { makeError } from "./errors.js";
// wasm-bindgen's glue. It keeps its state in variables, so the build wraps it in a function: each instance has its own.
import { createGlue } from "./glue.js";

let source;
let module;
let current;

/** Sets the source of the module: a function that returns bytes or a WebAssembly.Module, or throws. Each entry calls it. */
export function setSource(given) {
  source = given;
}

/** Returns the instance. After a failure, the next use tries again. */
export function instance() {
  if (current) return current;
  const given = source();
  try {
    module = ArrayBuffer.isView(given) ? new WebAssembly.Module(given) : given;
    current = new Instance(module);
  } catch (cause) {
    throw forbidden(cause);
  }
  return current;
}

/**
 * An instance of the module. Errors that Rust throws on purpose come from the glue. An exception from the module itself is a
 * trap: memory or stack ran out. Rust's state cannot be trusted afterwards, so no call enters the instance any more, and its
 * pending calls are rejected.
 */
class Instance {
  glue = createGlue();
  /** The error that it trapped with. */
  trap;
  /** Functions that reject the pending promises. */
  #pending = new Set();
  /** The `AbortController`s of the requests under way. */
  #requests = new Set();

  constructor(module) {
    const { exports } = new WebAssembly.Instance(module, { "./translation_results_bg.js": this.glue });
    this.glue.__wbg_set_wasm(this.#guarded(exports));
    exports.__wbindgen_start();
    this.use(({ setUp }) => setUp(makeError, this.#pending, this.#requests));
  }

  /** Guards every entry into the module: calls of the package, and callbacks of promises, timers and finalizers. */
  #guarded(exports) {
    const guard = (enter) => (...args) => {
      if (!this.trap) {
        try {
          return enter(...args);
        } catch (cause) {
          this.#stop(cause);
        }
      }
      // The glue reads an empty array as no result.
      return [];
    };
    const guarded = Object.entries(exports).map(([name, value]) => [name, typeof value === "function" ? guard(value) : value]);
    return Object.fromEntries(guarded);
  }

  /** Calls the glue. After a trap, throws an error of the package. */
  use(work) {
    let result;
    try {
      result = work(this.glue);
    } catch (error) {
      if (!this.trap) throw error;
    }
    if (this.trap) throw this.#stopped();
    return result;
  }

  #stop(cause) {
    this.trap = { cause };
    if (current === this) {
      current = undefined;
      try {
        current = new Instance(module);
      } catch {
        // The next use tries again.
      }
    }
    for (const controller of this.#requests) controller.abort();
    for (const reject of this.#pending) reject(this.#stopped());
  }

  #stopped() {
    return wasmError("the WebAssembly instance ran out of memory and was restarted: try again", this.trap);
  }
}

const wasmError = (message, options) => makeError("WasmUnavailableError", message, { code: "WASM_UNAVAILABLE" }, options);

export const unavailable = (why, cause) => wasmError(`WebAssembly could not be started: ${why}`, { cause });

export const forbidden = (cause) =>
  unavailable("the page's Content-Security-Policy lacks script-src 'wasm-unsafe-eval', or the engine lacks it", cause);
