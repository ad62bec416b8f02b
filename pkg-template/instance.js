// The instance of the WebAssembly module, and the next one where it has trapped.
//
// It is made at first use and not at import, so that importing costs nothing, and a page that may not use WebAssembly gets an
// error that it can catch.
import { makeError } from "./errors.js";
// wasm-bindgen's glue. It keeps its state in variables, so the build wraps it in a function: each instance has its own.
import { createGlue } from "./glue.js";

let source;
let module;
let current;

/** Sets how the imported entry comes by the module: a function that gives bytes or a WebAssembly.Module, or throws. */
export function setSource(given) {
  source = given;
}

/** Returns the instance. A failure is tried again at the next use. */
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
 * An instance of the module. What Rust throws on purpose comes out of its glue. An exception that comes out of the module
 * itself is a trap, for lack of memory or stack: Rust's state cannot be trusted after it, so nothing enters the instance
 * any more, and the calls that it had under way are rejected.
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

  /** Guards every way into the module: calls of ours, and those of promises, timers and finalizers. */
  #guarded(exports) {
    const guard = (enter) => (...args) => {
      if (!this.trap) {
        try {
          return enter(...args);
        } catch (cause) {
          this.#stop(cause);
        }
      }
      // The glue takes an empty array for no result.
      return [];
    };
    const guarded = Object.entries(exports).map(([name, value]) => [name, typeof value === "function" ? guard(value) : value]);
    return Object.fromEntries(guarded);
  }

  /** Calls the glue. A trap is an error of the package. */
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
        // It is tried again at the next use.
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
