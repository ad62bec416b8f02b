// Prints the progress of a call: one line on a terminal, or a line every ten seconds elsewhere.
import process from "node:process";
import { inColour, oneLine, say } from "./standard.js";
import { counted } from "./words.js";

const ON_A_TERMINAL_MS = 200;
const IN_A_LOG_MS = 10_000;
const CLEAR = "\r\x1b[K";
const WIDTH = 80;

const UNITS = [["h", 3600], ["min", 60], ["s", 1]];

function duration(seconds) {
  const [unit, size] = UNITS.find(([, size]) => seconds >= 2 * size) ?? UNITS.at(-1);
  return `${Math.ceil(seconds / size)} ${unit}`;
}

const rounded = (number) => (number < 10 ? number.toFixed(1) : Math.round(number).toLocaleString("en"));

/** Returns the parts of a line: `2,056 of 20,000 runs · 3 failed · 301/s · 60 s left` */
function lineOf({ settled, all, failed, perSecond }) {
  const left = (all - settled) / perSecond;
  return [
    all === undefined ? counted(settled, "run") : `${settled.toLocaleString("en")} of ${counted(all, "run")}`,
    `${failed.toLocaleString("en")} failed`,
    `${rounded(perSecond)}/s`,
    ...(left > 0 && Number.isFinite(left) ? [`${duration(left)} left`] : []),
  ];
}

export class Progress {
  #tally;
  #terminal = process.stderr.isTTY === true;
  #timer;
  #shown = "";

  /**
   * @param {import("./tally.js").Tally} tally
   * @param {{ progress: boolean, quiet: boolean }} options
   */
  constructor(tally, { progress, quiet }) {
    this.#tally = tally;
    if (quiet || !(progress || this.#terminal)) return;
    this.#timer = setInterval(() => this.#show(), this.#terminal ? ON_A_TERMINAL_MS : IN_A_LOG_MS).unref();
  }

  /** Whether progress is printed. */
  get isShown() {
    return this.#timer !== undefined;
  }

  #show() {
    const parts = lineOf(this.#tally);
    if (!this.#terminal) return say(`${parts.join(" · ")}\n`);
    const width = (process.stderr.columns || WIDTH) - 1;
    const line = parts.join(" · ");
    if (this.#tally.failed > 0) parts[1] = inColour("red", parts[1]);
    this.#shown = line.length > width ? line.slice(0, width) : parts.join(" · ");
    say(CLEAR + this.#shown);
  }

  /** Removes the line until the next update. */
  hide() {
    if (this.#shown !== "") say(CLEAR);
    this.#shown = "";
  }

  /** Prints a message that stays. */
  note(message) {
    this.hide();
    say(`${oneLine(message)}\n`);
  }

  end() {
    clearInterval(this.#timer);
    this.hide();
  }
}
