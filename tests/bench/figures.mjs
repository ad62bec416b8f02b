/** Measures contenders in turn, and computes ratios within a round, medians and spreads. */

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);

export const quantile = (numbers, share) => {
  const at = (numbers.length - 1) * share;
  const [low, high] = [sorted(numbers)[Math.floor(at)], sorted(numbers)[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
};

export const median = (numbers) => quantile(numbers, 0.5);

/**
 * Times each contender once a round, one after the other, so that other work of the machine affects all of them.
 *
 * @param {Record<string, () => Promise<unknown>>} contenders
 * @param {{ rounds: number, times?: number, collect?: "minor" | "major" }} options `times`: the calls of a sample. `collect`: the
 * garbage collection before a sample. A major collection shrinks the heap, and discards what the engine has learnt about classes
 * without an instance. That would distort samples of many small calls, as no program collects so often.
 * @returns {Promise<Record<string, number[]>>} The times in ms, by contender and round.
 */
export async function inTurn(contenders, { rounds, times = 1, collect = "major" }) {
  const samples = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  const names = Object.keys(contenders);
  for (let round = 0; round < rounds; round += 1) {
    // The order rotates, because the first contender after a collection has a different heap.
    for (const at of names.keys()) {
      const name = names[(at + round) % names.length];
      globalThis.gc?.({ type: collect });
      const begun = performance.now();
      for (let time = 0; time < times; time += 1) await contenders[name]();
      samples[name].push(performance.now() - begun);
    }
  }
  return samples;
}

/** Returns the ratios of each contender to one of them, within a round: the median, and the range of the middle half. */
export function ratios(samples, base) {
  return Object.fromEntries(Object.entries(samples).map(([name, own]) => {
    const all = own.map((ms, round) => ms / samples[base][round]);
    return [name, { median: median(all), low: quantile(all, 0.25), high: quantile(all, 0.75), ms: median(own) }];
  }));
}

export function table(rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => String(row[at]).length)));
  return rows.map((row) =>
    row.map((cell, at) => (at === 0 ? String(cell).padEnd(widths[at]) : String(cell).padStart(widths[at]))).join("  ")).join("\n");
}

export const shown = ({ median: middle, low, high }) => `${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

/** Returns the median time of each contender, and the range of its middle half. */
export const summary = (samples, unit, digits = 0) => table([
  ["", "median", "middle half"],
  ...Object.entries(samples).map(([name, own]) => {
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(own, share).toFixed(digits));
    return [name, `${middle} ${unit}`, `${low} to ${high} ${unit}`];
  }),
]);
