// From a gesture to the frame that answers it, in both browsers: where the program is there, and
// where the gesture fetches it, with the files in the browser's cache.
//
//   cargo xtask bench gesture [--quick]
//
// The gesture is a press on Play by the browser's own input, the answer the frame after the page
// says that it plays. A page that is told to save data fetches nothing before.

import { BROWSERS, launch } from "../e2e/browsers.mjs";
import * as person from "../e2e/person.mjs";
import { startServer } from "../e2e/server.mjs";
import { REVISION, against } from "./against.mjs";
import { OURS } from "./places.mjs";
import { median, table } from "./stats.mjs";

const ROUNDS = process.argv.includes("--quick") ? 3 : 9;
const KINDS = [
  { kind: "the program is there", thrifty: false, goal: 100 },
  { kind: "the gesture fetches it", thrifty: true, goal: 400 },
];

/** Milliseconds from the press, by the browser's own stamp, to the frame that shows that it plays. */
async function answered(page) {
  await page.evaluate(() => {
    const plays = () => document.querySelector(".page")?.dataset.playing === "true";
    addEventListener("pointerdown", (event) => {
      const look = () => (plays()
        ? setTimeout(() => (globalThis.answered = performance.now() - event.timeStamp))
        : requestAnimationFrame(look));
      requestAnimationFrame(look);
    }, { capture: true, once: true });
  });
  await page.click(".tp.go");
  return (await page.waitForFunction(() => globalThis.answered)).jsonValue();
}

async function visit(browser, url, thrifty) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1360, height: 860 });
  if (thrifty) {
    await page.evaluateOnNewDocument(() =>
      Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
  }
  await page.goto(url, { waitUntil: "load" });
  if (!thrifty) await person.ready(page);
  await person.settle(page);
  return page;
}

/** A browser that has seen the page once; `press` resolves to the milliseconds of one gesture. */
async function open(name, { dist }) {
  const host = await startServer({ dist, cache: "max-age=600" });
  const browser = await launch(name);
  const press = async (thrifty) => {
    const page = await visit(browser, host.url, thrifty);
    const millis = await answered(page);
    await page.close();
    return millis;
  };
  await press(false);
  return { press, close: () => Promise.all([browser.close(), host.close()]) };
}

async function main() {
  const rows = [["", ...BROWSERS.map((name) => `${name} ms`), "worst", "goal"]];
  const opened = await Promise.all(BROWSERS.map((name) => open(name, OURS)));
  for (const { kind, thrifty, goal } of KINDS) {
    const all = opened.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [nth, { press }] of opened.entries()) all[nth].push(await press(thrifty));
    }
    const medians = all.map((times) => median(times).toFixed(0));
    rows.push([kind, ...medians, Math.max(...all.flat()).toFixed(0), `< ${goal}`]);
  }
  await Promise.all(opened.map((one) => one.close()));
  table(rows);
}

async function contests(built) {
  const opened = await Promise.all(BROWSERS.map((name) => open(name, built)));
  const contest = (place, nth) => KINDS.map(({ kind, thrifty }) => ({
    name: kind,
    place,
    sample: async () => ({ times: { [kind]: await opened[nth].press(thrifty) }, check: "it plays" }),
  }));
  return { contests: BROWSERS.flatMap(contest), open: opened };
}

if (REVISION) await against(contests, { warmUps: 1, turns: 2 });
else await main();
