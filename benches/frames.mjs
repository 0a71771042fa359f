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
import { best, median, table } from "./stats.mjs";

const SECONDS = process.argv.includes("--quick") ? 2 : 5;
const GOAL_MS = 2;
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
  const folder = mkdtempSync(join(tmpdir(), "lagoon-frames-"));
  const path = join(folder, "trace.json");
  await page.tracing.start({ path, categories: ["devtools.timeline"] });
  await new Promise((done) => setTimeout(done, SECONDS * 1000));
  await page.tracing.stop();
  const events = JSON.parse(readFileSync(path, "utf8")).traceEvents;
  rmSync(folder, { recursive: true });
  const found = { flying: [before, await flying()], frames: framesOf(events) };
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
    for (const { name, ts, dur } of own) {
      // Nested ones were counted with the one around them.
      if (!names.has(name) || ts < from || ts >= to || ts < until) continue;
      ms += dur / 1000;
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

const server = await startServer({ dist: process.env.DIST ?? "dist" });
const browser = await launch("chromium");
try {
  const rows = [["ms a frame", "in flight", "frames", "script", "mean", "worst 5%", "drawing", "between"]];
  for (const [name, how] of [
    ["only moved", { at: "200ms", speed: 20 }],
    ["also drawn", { at: "4500ms", speed: 1 }],
  ]) {
    const { flying, frames } = await play(browser, server.url, how);
    if (frames.length === 0 || best(flying) < 200) {
      console.log(`    NO FIGURE for ${name}: ${flying} in flight, ${frames.length} frames`);
      continue;
    }
    const middle = (key) => median(frames.map((frame) => frame[key])).toFixed(2);
    const sorted = frames.map((frame) => frame.script).sort((one, other) => one - other);
    const worst = sorted[Math.floor(sorted.length * 0.95)].toFixed(2);
    const mean = frames.reduce((sum, frame) => sum + frame.script, 0) / frames.length;
    const [from, to] = flying;
    const count = [`${from} to ${to}`, String(frames.length)];
    rows.push([name, ...count, middle("script"), mean.toFixed(2), worst, middle("drawing"), middle("length")]);
  }
  console.log(`\n    medians; goal ${GOAL_MS} ms of script`);
  table(rows);
} finally {
  await browser.close();
  await server.close();
}
