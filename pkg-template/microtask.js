// What the glue calls `queueMicrotask`, see `xtask/src/entries.rs`: the module's own tasks are ways into it too.
import { enterUnwatched } from "./instance.js";

export const queueMicrotask = (task) => globalThis.queueMicrotask(() => enterUnwatched(task));
