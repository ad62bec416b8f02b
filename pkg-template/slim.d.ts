/**
 * As `translation-results`, without the WebAssembly module's bytes in the JavaScript: for pages that serve
 * `translation-results/translation_results.wasm` themselves and have it cached on its own. Nothing works before
 * {@link init}. Each entry is a copy of its own: `instanceof` does not hold between them, `TranslationResultsError.is` does.
 * @module translation-results/slim
 */

export * from "translation-results";

/**
 * Where the module comes from: the address of the `.wasm` file, the response of a `fetch` of it, its bytes, or a
 * `WebAssembly.Module` (an `object` here, as not every platform's types know it). The file must be that of the same version
 * of the package.
 */
export type ModuleSource = string | URL | Response | ArrayBuffer | ArrayBufferView | object;

/**
 * Loads the WebAssembly module; once is enough, and further calls then resolve at once.
 *
 * @example
 * Vite and webpack serve the file at this address:
 * ```ts
 * import { init, TranslationResultsClient } from "translation-results/slim";
 *
 * await init(new URL("translation-results/translation_results.wasm", import.meta.url));
 * ```
 *
 * @param source The module, or a promise of it.
 * @throws WasmUnavailableError if the module cannot be loaded or used; call `init` again then. Until it has resolved, everything
 * else that needs the module throws the same.
 */
export declare function init(source: ModuleSource | PromiseLike<ModuleSource>): Promise<void>;
