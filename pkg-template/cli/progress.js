// One line on a terminal that says how far it is.
import process from "node:process";
import { oneLine, say } from "./standard.js";

const EVERY_MS = 100;
const CLEAR = "\r\x1b[K";
const WIDTH = 80;

const UNITS = [["h", 3600], ["min", 60], ["s", 1]];

function inWords(seconds) {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1);
  return `${Math.ceil(seconds / size)} ${unit}`;
}

export class ProgressLine {
  #stream = process.stderr;
  #share;
  #latest;
  #shownAt = -Infinity;
  #text = "";

  /** @param {() => number | undefined} share How much of all there is was read, from 0 to 1. */
  constructor(share) {
    this.#share = share;
  }

  /** @param {import("translation-results").BulkProgress} progress */
  show(progress) {
    this.#latest = progress;
    if (progress.elapsedMs - this.#shownAt < EVERY_MS) return;
    this.#shownAt = progress.elapsedMs;
    this.#draw();
  }

  #draw() {
    if (!this.#stream.isTTY) return;
    const { succeeded, failed, elapsedMs } = this.#latest;
    const seconds = elapsedMs / 1000;
    const rate = (succeeded + failed) / Math.max(seconds, 0.001);
    const share = this.#share();
    const left = share > 0 && share < 1 ? `, ${inWords((seconds * (1 - share)) / share)} left` : "";
    const text = `${succeeded} done, ${failed} failed, ${rate.toFixed(1)}/s${left}`;
    this.#text = text.slice(0, (this.#stream.columns || WIDTH) - 1);
    say(CLEAR + this.#text);
  }

  /** Something that stays, above the line. */
  note(message) {
    const clear = this.#text === "" ? "" : CLEAR;
    say(`${clear}${oneLine(message)}\n${this.#text}`);
  }

  end() {
    if (this.#latest) this.#draw();
    if (this.#text !== "") say("\n");
  }
}
