// What a click costs: parse, run, twin and pictures of a scenario of a thousand events, in parts.
//
//   cargo xtask bench click [--quick]
//
// Warm is the median of shuffled rounds; cold is the first time, with the wasm just compiled.

import { REVISION, against } from "./against.mjs";
import { OF_A_CLICK, PARTS } from "./parts.mjs";
import { median, shuffled, table } from "./stats.mjs";
import * as places from "./places.mjs";

const QUICK = process.argv.includes("--quick");
const ROUNDS = QUICK ? 7 : 15;
const TIMES = 60;
const AGAINST_TIMES = 10;
const GOAL_MS = 2;

const openAll = async (built) => [
  await places.node(built),
  await places.browser("chromium", built),
  await places.browser("firefox", built),
];

const sum = (values) => values.slice(0, OF_A_CLICK).reduce((total, value) => total + value, 0);

async function main() {
  const open = await openAll();
  const found = [];
  for (const place of open) {
    console.log(`    ${place.name}`);
    found.push(await measure(place));
    await place.close();
  }
  print(open, found);
}

async function measure(place) {
  const text = { cold: [], warm: PARTS.map(() => []) };
  await place.ask("takeText", 0);
  for (const part of PARTS.keys()) text.cold.push(await place.ask("part", part, 1));
  for (const part of PARTS.keys()) await place.ask("part", part, 3 * TIMES);
  for (let round = 0; round < ROUNDS; round++) {
    for (const part of shuffled([...PARTS.keys()])) {
      text.warm[part].push(await place.ask("part", part, TIMES));
    }
  }
  return { ...text, ...(await place.ask("measured")) };
}

function print(open, found) {
  const rows = [["ms", ...open.flatMap(({ name }) => [name, "cold"])]];
  const ms = (value) => value.toFixed(3);
  const cells = (warm, cold) => found.flatMap((text) => [ms(warm(text)), ms(cold(text))]);
  for (const [part, name] of PARTS.entries()) {
    rows.push([name, ...cells((text) => median(text.warm[part]), (text) => text.cold[part])]);
  }
  const whole = (text) => sum(text.warm.map(median));
  rows.splice(OF_A_CLICK + 1, 0, ["a click in all", ...cells(whole, (text) => sum(text.cold))]);
  if (new Set(found.map((text) => text.check)).size === 1) {
    const { records, check } = found[0];
    console.log(`\n    ${records} records, hash ${check}; goal ${GOAL_MS} ms, warm`);
    table(rows);
  } else {
    console.log(`    NO RATE: the runs differ: ${found.map((text) => text.check).join(", ")}`);
    process.exitCode = 1;
  }
}

async function contests(built) {
  const open = await openAll(built);
  for (const place of open) {
    await place.ask("takeText", 0);
    // Each part needs those before it.
    for (const part of PARTS.keys()) await place.ask("part", part, 1);
  }
  const contest = (place) => ({ name: "a click", place: place.name, sample: () => sample(place) });
  return {
    contests: open.map(contest),
    open,
  };
}

async function sample(place) {
  const ms = [];
  for (const part of shuffled([...PARTS.keys()])) ms[part] = await place.ask("part", part, AGAINST_TIMES);
  const { records, check } = await place.ask("measured");
  const times = { "a click in all": sum(ms) };
  for (const [part, name] of PARTS.entries()) times[name] = ms[part];
  return { times, check: `${records} records, hash ${check}` };
}

if (REVISION) await against(contests, { warmUps: 15, turns: 5 });
else await main();
