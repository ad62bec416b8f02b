/**
 * What bundlers and platforms that import WebAssembly as a module give: the `WebAssembly.Module` that `init` of
 * `translation-results/slim` takes (an `object` here, as not every platform's types know it).
 */
declare const module: object;
export default module;
