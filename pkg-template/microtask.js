// What the glue calls `queueMicrotask`, see `xtask/src/entries.rs`: the module's own tasks are ways into it too.
import { enter } from "./instance.js";

export const queueMicrotask = (task) => globalThis.queueMicrotask(() => {
  try {
    enter(task);
  } catch {
    // Whoever waits has been told.
  }
});
