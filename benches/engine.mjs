// Events a second on the common workload: Lagoon's engine, with its trace and history, and with its measures and judges too,
// against nexosim, SimPy and loops that record nothing.
//
//   cargo xtask bench engine [--quick]
//
// Every contestant runs once in each shuffled round. One whose work does not check has no rate.
// Against another revision only Lagoon runs, and the lean loop, which is the same in both: its ratio
// shows what the way of measuring is worth.

import { REVISION, against } from "./against.mjs";
import { best, median, shuffled, table, within } from "./stats.mjs";
import * as places from "./places.mjs";

const QUICK = process.argv.includes("--quick");
const ROUNDS = QUICK ? 7 : 15;
const WRITES = QUICK ? 20_000 : 50_000;
const AGAINST_WRITES = 3_000;
const SIMPY_WRITES = WRITES / 10;
const EVENTS = 7;
const MEAN_MS = 22;

/** Who runs where. The same `hash` means that the answers must be equal. */
const FIELD = [
  ["native", "lagoon", "trace"],
  ["native", "judged", "trace"],
  ["native", "nexosim", ""],
  ["native", "lean", "sum"],
  ["python", "simpy", ""],
  ...["node", "chromium", "firefox"].flatMap((place) => [
    [place, "lagoon", "trace"],
    [place, "judged", "trace"],
    [place, "lean", "sum"],
    [place, "typed", "sum"],
    [place, "objects", ""],
  ]),
];

const LABELS = {
  lagoon: "Lagoon",
  judged: "Lagoon, judged",
  nexosim: "nexosim 1.0.0",
  lean: "lean loop in Rust",
  simpy: "SimPy",
  typed: "typed arrays in JS",
  objects: "heap of objects in JS",
};

/** What runs against another revision. */
const OWN = ["lagoon", "judged", "lean"];

async function main() {
  const open = await openAll();
  if (process.env.SIMPY_PYTHON) await add(open, "python", places.python);
  else console.log("    left out: SimPy (no Python with simpy)");
  const field = FIELD.filter(([place]) => open.has(place)).map(([place, name, hash]) => {
    const writes = name === "simpy" ? SIMPY_WRITES : WRITES;
    return { place: open.get(place), name, hash, writes, times: [], checks: [], faults: new Set() };
  });
  console.log(`    the first run of each, cold`);
  for (const one of field) await race(one);
  const cold = new Map(field.map((one) => [one, one.times.pop()]));
  for (let round = 1; round <= ROUNDS; round++) {
    console.log(`    round ${round} of ${ROUNDS}`);
    for (const one of shuffled(field)) await race(one);
  }
  check(field);
  print(field, cold);
  await Promise.all([...open.values()].map((place) => within(10, "closing", place.close())));
}

async function openAll(built) {
  const open = new Map();
  await add(open, "native", () => places.native(built));
  await add(open, "node", () => places.node(built));
  await add(open, "chromium", () => places.browser("chromium", built));
  await add(open, "firefox", () => places.browser("firefox", built));
  return open;
}

async function add(open, name, start) {
  try {
    open.set(name, await start());
  } catch (error) {
    console.log(`    left out: ${name} (${error.message})`);
  }
}

async function contests(built) {
  const open = [...(await openAll(built)).values()];
  const contest = (place, name) => ({
    name: LABELS[name],
    place: place.name,
    sample: async () => {
      const { ms, check, faults } = await place.ask("run", name, AGAINST_WRITES);
      if (ms === undefined) throw new Error(faults.join("; "));
      return { times: { [LABELS[name]]: ms }, check, faults };
    },
  });
  return {
    contests: open.flatMap((place) => OWN.map((name) => contest(place, name))),
    open,
  };
}

async function race(one) {
  try {
    const { ms, check, faults } = await one.place.ask("run", one.name, one.writes);
    if (ms !== undefined) one.times.push(ms);
    one.checks.push(check);
    faults.forEach((fault) => one.faults.add(fault));
  } catch (error) {
    one.faults.add(error.message);
  }
}

/** A peer's write takes 22.0 ms on average; equal work has equal hashes. */
function check(field) {
  for (const one of field) {
    const mean = Number(one.checks.at(-1));
    // Some four standard errors of so many writes.
    const error = 45 / Math.sqrt(one.writes);
    if (!["lagoon", "judged"].includes(one.name) && !(Math.abs(mean - MEAN_MS) < error)) {
      one.faults.add(`mean of ${mean} ms is not ${MEAN_MS} within ${error.toFixed(2)}`);
    }
    const same = field.find((other) => one.hash !== "" && other.hash === one.hash);
    const wrong = same && one.checks.find((value) => value !== same.checks[0]);
    if (wrong) one.faults.add(`${wrong} is not ${same.checks[0]} as ${same.place.name} has it`);
  }
}

function print(field, cold) {
  const right = (one) => one && one.faults.size === 0 && one.times.length > 0;
  const find = (place, name) => field.find((one) => one.place.name === place && one.name === name);
  const rate = (one, ms) => ((EVENTS * one.writes) / ms / 1000).toFixed(2);
  const rows = [["millions of events a second", "place", "best", "median", "cold"]];
  for (const one of field) {
    const label = LABELS[one.name];
    if (!right(one)) rows.push([label, one.place.name, "none", "", ""]);
    else {
      const ms = [best(one.times), median(one.times), cold.get(one)];
      rows.push([label, one.place.name, ...ms.map((value) => rate(one, value))]);
    }
  }
  console.log();
  table(rows);
  for (const one of field) {
    for (const fault of one.faults) {
      console.log(`    NO RATE for ${LABELS[one.name]} in ${one.place.name}: ${fault}`);
    }
  }
  console.log("\n    Lagoon in wasm, as ratios of medians");
  const peers = [
    ["native", "nexosim", "at least 3"],
    ["python", "simpy", "at least 25"],
    ["native", "lean", "0.45"],
    ["native", "lagoon", "0.7"],
    ["here", "typed", "1"],
    ["here", "objects", ""],
    ["here", "lean", ""],
  ];
  const ratios = [["against", "node", "chromium", "firefox", "goal"]];
  for (const [where, name, goal] of peers) {
    const cells = ["node", "chromium", "firefox"].map((place) => {
      const [own, peer] = [find(place, "lagoon"), find(where === "here" ? place : where, name)];
      if (!right(own) || !right(peer)) return "none";
      return ((median(peer.times) / peer.writes) / (median(own.times) / own.writes)).toFixed(2);
    });
    ratios.push([`${LABELS[name]}, ${where === "here" ? "same place" : where}`, ...cells, goal]);
  }
  table(ratios);
}

if (REVISION) await against(contests, { warmUps: 20, turns: 12 });
else await main();
