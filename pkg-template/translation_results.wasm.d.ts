/**
 * The `WebAssembly.Module` that some bundlers and platforms give for an import of the file. `init` of `translation-results/slim`
 * takes it. (It is an `object` here, because some platforms' types lack it.)
 */
declare const module: object;
export default module;
