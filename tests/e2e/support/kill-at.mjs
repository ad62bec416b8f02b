/**
 * Loaded before the command line: kills the process with SIGKILL at the change to a file whose number is in `KILL_AT`. A write
 * gets as far as half of its bytes.
 */
import fs, { writeSync } from "node:fs";
import promises, { open } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";

let left = Number(process.env.KILL_AT);

function killing(owner, name, half = () => {}) {
  const real = owner[name];
  owner[name] = function (...args) {
    left -= 1;
    if (left > 0) return real.apply(this, args);
    half.apply(this, args);
    process.kill(process.pid, "SIGKILL");
    // The signal may need a moment.
    for (;;);
  };
}

const handle = await open(process.execPath);
const fileHandle = Object.getPrototypeOf(handle);
await handle.close();
killing(fileHandle, "write", function (bytes, offset, length, place) {
  writeSync(this.fd, bytes, offset, Math.floor(length / 2), place);
});
for (const name of ["truncate", "chown", "chmod", "datasync"]) killing(fileHandle, name);
for (const name of ["rename", "rm"]) killing(promises, name);
killing(fs, "appendFileSync", (file, text) => writeSync(file, text.slice(0, text.length / 2)));
syncBuiltinESMExports();
