/** Draws `docs/bench.svg` from the figures that the parts of the bench have kept. `cargo xtask bench` runs it last. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { median } from "./figures.mjs";
import { FLOOR, NOISE, OURS } from "./one-call.mjs";
import { kept } from "./results.mjs";

const WIDTH = 800;
const LABELS = 330;
const VALUES = 110;
const ROW = 22;
const TITLE = 46;

const escaped = (text) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Returns the figures of the newest version of Node. */
const newest = (all) => all.filter(({ runtime }) => runtime.startsWith("Node")).at(-1);

/* The charts: titles, and rows of a name, a number and its label. Shorter is better in all of them. */

async function oneCall() {
  const all = await kept("call");
  const answers = ["366 B Latin", "8 KB CJK", "500 KB Cyrillic", "over loopback HTTP"];
  return [newest(all), ...all.filter(({ runtime }) => runtime.startsWith("Chromium"))].map(({ runtime, rows }) => ({
    title: `One call, ${runtime.split(".")[0]}: time beside bare fetch with json(), which checks nothing`,
    rows: rows.filter(({ answer }) => answers.includes(answer)).flatMap(({ answer, ratios }) =>
      Object.entries(ratios).filter(([name]) => name !== NOISE && name !== FLOOR).map(([name, { median: ratio }]) =>
        [`${answer}, ${name}`, ratio, `${ratio.toFixed(2)} ×`])),
  }));
}

async function bulk() {
  const { runtime, pool, "retry-after": limited } = newest(await kept("bulk"));
  const seconds = (list) => median(list.map(({ ms }) => ms)) / 1000;
  const rows = ({ samples }, words) =>
    Object.entries(samples).map(([name, list]) => [name, seconds(list), words(seconds(list), list)]);
  return [
    {
      title: `1,000 runs, each answer after 50 ms, ${runtime.split(".")[0]}`,
      rows: rows(pool, (time) => `${time.toFixed(2)} s`),
    },
    {
      title: "1,000 runs, a server that allows 20 requests a second and says Retry-After",
      rows: rows(limited, (time, list) => {
        const lost = Math.max(...list.map(({ lost: runs }) => runs));
        return `${time.toFixed(1)} s, ${lost} lost`;
      }),
    },
  ];
}

async function perProcess(subject, title, unit) {
  const { runtime, samples } = newest(await kept(subject));
  return {
    title: `${title}, ${runtime.split(".")[0]}`,
    rows: Object.entries(samples).map(([name, own]) => [name, median(own), `${median(own).toFixed(0)} ${unit}`]),
  };
}

async function size() {
  const [{ rows }] = await kept("size");
  return {
    title: "What a page loads: bundled, minified, brotli",
    rows: rows.map(([name, , , bytes]) => [name, bytes, `${(bytes / 1000).toFixed(1)} kB`])
      .filter(([name]) => !/zod|the client|slim|its \.wasm/.test(name)),
  };
}

const sections = [
  ...(await oneCall()),
  ...(await bulk()),
  await perProcess("start", "From import to the first request", "ms"),
  await perProcess("peak", "Peak memory of an answer of 12 MB", "MB"),
  await size(),
];

function drawn({ title, rows }, top) {
  const most = Math.max(...rows.map(([, value]) => value));
  const scale = (WIDTH - LABELS - VALUES) / most;
  const bars = rows.map(([name, value, words], index) => {
    const y = top + TITLE + index * ROW;
    const own = name.includes(OURS) ? ' class="own"' : "";
    const width = Math.max(1, value * scale).toFixed(1);
    return `<g${own}><text x="${LABELS - 10}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`
      + `<rect x="${LABELS}" y="${y + 3}" width="${width}" height="${ROW - 8}" rx="2"/>`
      + `<text x="${(LABELS + Number(width) + 8).toFixed(1)}" y="${y + 14}">${escaped(words)}</text></g>`;
  });
  return [`<text class="title" x="0" y="${top + TITLE - 12}">${escaped(title)}</text>`, ...bars].join("\n");
}

let height = 0;
const parts = sections.map((section) => {
  const part = drawn(section, height);
  height += TITLE + section.rows.length * ROW;
  return part;
});

const said = sections.map(({ title, rows }) => `${title}: ${rows.map(([name, , words]) => `${name} ${words}`).join(", ")}.`);
await writeFile(fileURLToPath(new URL("../../docs/bench.svg", import.meta.url)), `\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height + 12}" width="${WIDTH}" height="${height + 12}" role="img" aria-labelledby="title said">
<title id="title">What translation-results costs beside other ways to do the same work; less is better</title>
<desc id="said">${escaped(said.join(" "))}</desc>
<style>
text { font: 13px system-ui, sans-serif; fill: #333; }
.title { font-weight: 600; fill: #111; }
rect { fill: #b3b9c4; }
.own rect { fill: #2563eb; }
.own text { font-weight: 600; }
@media (prefers-color-scheme: dark) {
  text { fill: #c9d1d9; }
  .title { fill: #f0f3f6; }
  rect { fill: #57606a; }
  .own rect { fill: #6ea8fe; }
}
</style>
${parts.join("\n")}
</svg>
`);
