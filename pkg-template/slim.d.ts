/**
 * The same exports as `translation-results`, without the bytes of the WebAssembly module in the JavaScript. It is for pages that
 * serve and cache `translation-results/translation_results.wasm` as a file. Nothing works before {@link init}. Each entry is a
 * copy of its own: between copies, `TranslationResultsError.is` works and `instanceof` does not.
 * @module translation-results/slim
 */

export * from "translation-results";

/**
 * The source of the module: the URL of the `.wasm` file, the response of a `fetch` of it, its bytes, or a `WebAssembly.Module`
 * (an `object` here, because some platforms' types lack it). The file must be of the same version of the package.
 */
export type ModuleSource = string | URL | Response | ArrayBuffer | ArrayBufferView | object;

/**
 * Loads the WebAssembly module. Call it once; further calls resolve at once.
 *
 * @example
 * Vite and webpack serve the file at this URL:
 * ```ts
 * import { init, TranslationResultsClient } from "translation-results/slim";
 *
 * await init(new URL("translation-results/translation_results.wasm", import.meta.url));
 * ```
 *
 * @param source The module, or a promise of it.
 * @throws WasmUnavailableError if the module cannot be loaded or used. You may then call `init` again. Until `init` has resolved,
 * everything else that needs the module throws the same error.
 */
export declare function init(source: ModuleSource | PromiseLike<ModuleSource>): Promise<void>;
