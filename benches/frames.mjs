// Script in a frame of the built page with 300 messages in flight, in Chromium, from its trace.
//
//   cargo xtask bench frames [--quick]
//
// Between two events the page only moves what moves. Where something happens in every frame, as in
// real time here, every third frame or so is drawn anew by Yew: the mean is what all of them cost.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, openWatched } from "../e2e/browsers.mjs";
import { startServer } from "../e2e/server.mjs";
import { REVISION, against } from "./against.mjs";
import { OURS } from "./places.mjs";
import { best, median, table } from "./stats.mjs";

const SECONDS = REVISION || process.argv.includes("--quick") ? 2 : 5;
const GOAL_MS = 2;
const FLYING_LEAST = 200;
const SCENES = {
  "only moved": { at: "200ms", speed: 20 },
  "also drawn": { at: "4500ms", speed: 1 },
};
const SHOPPERS = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"];
const COPIES = [2, 3, 4, 5, 6, 7, 8, 9];

/** 40 writes, and so 320 updates, that are on their way for 4 to 6 s. */
const TEXT = [
  "background; replicas: 8; lag: 0ms; write: 1ms; network: 10ms",
  ...COPIES.map((copy) => `s1-s${copy} network: 4s-6s`),
  ...Array.from({ length: 40 }, (_, n) => `${2 * n}ms ${SHOPPERS[n % 8]} adds x${n}`),
].join("; ");

/** What the browser's trace calls the running of scripts. */
const SCRIPT = new Set([
  "EventDispatch",
  "FireAnimationFrame",
  "FunctionCall",
  "RunMicrotasks",
  "TimerFire",
]);
/** And what it calls the work that follows. */
const DRAWING = new Set(["UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit"]);

async function play(browser, url, { at, speed }) {
  const link = `${url}#${encodeURIComponent(`${TEXT}; at ${at}`)}`;
  const { page, problems } = await openWatched(browser, link);
  await page.setViewport({ width: 1360, height: 900 });
  await page.waitForSelector('.page[data-ready="true"]');
  await page.select(".speed select", String(speed));
  await page.focus("body");
  await page.keyboard.press("Space");
  await page.waitForSelector('.page[data-playing="true"]');
  const flying = () => page.$$eval('[data-glide="move"]', (all) => all.length);
  const before = await flying();
  const hash = await page.$eval("[data-trace-hash]", (own) => own.dataset.traceHash);
  const folder = mkdtempSync(join(tmpdir(), "lagoon-frames-"));
  const path = join(folder, "trace.json");
  await page.tracing.start({ path, categories: ["devtools.timeline"] });
  await new Promise((done) => setTimeout(done, SECONDS * 1000));
  await page.tracing.stop();
  const events = JSON.parse(readFileSync(path, "utf8")).traceEvents;
  rmSync(folder, { recursive: true });
  const found = { flying: [before, await flying()], frames: framesOf(events), hash };
  const wrong = await problems();
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  await page.close();
  return found;
}

/** For each frame, from one animation callback to the next, the ms of script and of drawing. */
function framesOf(events) {
  const starts = events.filter((event) => event.name === "FireAnimationFrame" && event.dur > 0);
  const thread = starts[0]?.tid;
  const own = events
    .filter((event) => event.tid === thread && event.pid === starts[0].pid && event.dur > 0)
    .sort((one, other) => one.ts - other.ts);
  const inside = (names, from, to) => {
    let [ms, until] = [0, 0];
    for (const { name, ts, dur, tdur } of own) {
      // Nested ones were counted with the one around them.
      if (!names.has(name) || ts < from || ts >= to || ts < until) continue;
      // The thread's own time, where the trace tells it: what others take of the machine is not the page's.
      ms += (tdur ?? dur) / 1000;
      until = ts + dur;
    }
    return ms;
  };
  const times = starts.map((start) => start.ts).sort((one, other) => one - other);
  return times.slice(1).map((to, nth) => ({
    length: (to - times[nth]) / 1000,
    script: inside(SCRIPT, times[nth], to),
    drawing: inside(DRAWING, times[nth], to),
  }));
}

/** Figures of many frames, in ms. None where too little was seen. */
function figures({ flying, frames }) {
  if (frames.length === 0 || best(flying) < FLYING_LEAST) return undefined;
  const middle = (key) => median(frames.map((frame) => frame[key]));
  const sorted = frames.map((frame) => frame.script).sort((one, other) => one - other);
  return {
    script: middle("script"),
    mean: frames.reduce((sum, frame) => sum + frame.script, 0) / frames.length,
    "worst 5%": sorted[Math.floor(sorted.length * 0.95)],
    drawing: middle("drawing"),
    between: middle("length"),
  };
}

const lacking = ({ flying, frames }) => `${flying} in flight, ${frames.length} frames`;

async function openBuilt(built) {
  return { server: await startServer({ dist: built.dist }), browser: await launch("chromium") };
}

async function main() {
  const { server, browser } = await openBuilt(OURS);
  try {
    const rows = [["ms a frame", "in flight", "frames", "script", "mean", "worst 5%", "drawing", "between"]];
    for (const [name, how] of Object.entries(SCENES)) {
      const played = await play(browser, server.url, how);
      const found = figures(played);
      if (!found) {
        console.log(`    NO FIGURE for ${name}: ${lacking(played)}`);
        continue;
      }
      const [from, to] = played.flying;
      const cells = Object.values(found).map((ms) => ms.toFixed(2));
      rows.push([name, `${from} to ${to}`, String(played.frames.length), ...cells]);
    }
    console.log(`\n    medians; goal ${GOAL_MS} ms of script`);
    table(rows);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function contests(built) {
  const { server, browser } = await openBuilt(built);
  const contest = ([name, how]) => ({
    name,
    place: "chromium",
    sample: async () => {
      const played = await play(browser, server.url, how);
      const found = figures(played);
      const times = Object.entries(found ?? {}).map(([key, ms]) => [`${name}: ${key}`, ms]);
      const faults = found ? [] : [lacking(played)];
      return { times: Object.fromEntries(times), check: `hash ${played.hash}`, faults };
    },
  });
  return { contests: Object.entries(SCENES).map(contest), open: [browser, server] };
}

if (REVISION) await against(contests, { warmUps: 1, turns: 1 });
else await main();
