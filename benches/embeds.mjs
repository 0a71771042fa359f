// What players cost the article around them, in Chromium: none, one, ten on one page.
//
//   cargo xtask bench embeds [--quick]
//
// Each is scrolled to, so that it starts. Then nobody touches anything: what is at rest should
// cost nothing. Memory is that of all the browser's processes, from /proc, where there is one.

import { readFileSync, readdirSync } from "node:fs";
import { launch } from "../e2e/browsers.mjs";
import { startServer } from "../e2e/server.mjs";
import { REVISION, against } from "./against.mjs";
import { OURS } from "./places.mjs";
import { median, table } from "./stats.mjs";

const ROUNDS = process.argv.includes("--quick") ? 2 : 5;
const REST_SECONDS = REVISION ? 1 : 3;
const TEXT = "background\nalice adds book\n200ms bob views";

const article = (lagoon, count) => `<!doctype html><html lang="en"><meta charset="utf-8">
  <link rel="icon" href="data:,"><title>An article</title>
  ${Array.from({ length: count }, () =>
    `<div style="height: 900px"><lagoon-playground>${TEXT}</lagoon-playground></div>`).join("")}
  <script src="${lagoon}embed.js"></script>`;

const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** In MB, of this process and all below it; 0 where the system does not tell. */
function memory(root) {
  try {
    const parents = new Map(readdirSync("/proc").filter(Number).map((id) =>
      [Number(id), Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${id}/stat`, "utf8"))?.[1])]));
    const below = (id) => id === root || (parents.has(id) && below(parents.get(id)));
    const pss = (id) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    return [...parents.keys()].filter(below).reduce((sum, id) => sum + pss(id), 0) / 1024;
  } catch {
    return 0;
  }
}

async function read(count, { dist }) {
  const asked = [];
  const hashes = new Set();
  const lagoon = await startServer({ dist, hold: (url) => void asked.push(url), cache: "max-age=600" });
  const host = await startServer({ dist: "e2e", base: "/nothing/", pages: { "/article": article(lagoon.url, count) } });
  const browser = await launch("chromium");
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 900, height: 900 });
    await page.goto(`${host.origin}/article`);
    const busy = async () => (await page.metrics()).TaskDuration * 1000;
    const before = await busy();
    for (const player of await page.$$("lagoon-playground")) {
      await player.evaluate((own) => own.scrollIntoView());
      const frame = await (await player.waitForSelector("iframe")).contentFrame();
      await frame.waitForSelector('.page[data-ready="true"]');
      hashes.add(await frame.$eval("[data-trace-hash]", (own) => own.dataset.traceHash));
    }
    await sleep(1);
    const started = await busy();
    await sleep(REST_SECONDS);
    const rested = await busy();
    return {
      programs: asked.filter((url) => url.endsWith(".wasm")).length,
      start: count ? (started - before) / count : 0,
      rest: (rested - started) / REST_SECONDS,
      memory: memory(browser.process().pid),
      hashes: [...hashes],
    };
  } finally {
    await browser.close();
    await host.close();
    await lagoon.close();
  }
}

async function main() {
  const found = new Map([0, 1, 10].map((count) => [count, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [count, all] of found) all.push(await read(count, OURS));
  }
  const rows = [["players", "programs fetched", "ms of work for each", "ms a second at rest", "MB, whole browser"]];
  for (const [count, all] of found) {
    const middle = (key) => median(all.map((one) => one[key]));
    rows.push([`${count}`, `${middle("programs")}`, middle("start").toFixed(0), middle("rest").toFixed(1), middle("memory").toFixed(0)]);
  }
  console.log("\n    medians");
  table(rows);
}

async function contests(built) {
  const contest = (count) => ({
    name: `players: ${count}`,
    place: "chromium",
    sample: async () => {
      const { programs, start, rest, memory, hashes } = await read(count, built);
      const times = { [`${count}: ms of work for each`]: start, [`${count}: ms a second at rest`]: rest };
      const amounts = { [`${count}: programs fetched`]: programs };
      if (memory > 0) amounts[`${count}: MB, whole browser`] = memory;
      return { times, amounts, check: `hash ${hashes}` };
    },
  });
  // Each sample starts a browser of its own.
  return { contests: [1, 10].map(contest), open: [] };
}

if (REVISION) await against(contests, { warmUps: 1, turns: 1 });
else await main();
