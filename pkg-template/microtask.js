// What the glue calls `queueMicrotask`, see `xtask/src/entries.rs`: the module's own tasks are ways into it too.
import { enterUnwatched } from "./instance.js";

/** By a promise, as engines run its reactions without the detour by way of their host. */
export const queueMicrotask = (task) => void Promise.resolve().then(() => enterUnwatched(task));
