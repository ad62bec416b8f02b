// Starts the module. `worker-build` writes a longer version of this file, with every kind of event and a restart after a panic.

import * as glue from "./worker_bg.js";
import module from "./worker_bg.wasm";

const { exports } = new WebAssembly.Instance(module, { "./worker_bg.js": glue });
glue.__wbg_set_wasm(exports);
exports.__wbindgen_start();

export default {
  fetch: (request, env, context) => glue.fetch(request, env, context),
};
