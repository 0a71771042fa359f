// This tree against another revision: `cargo xtask bench NAME --against REV`.
//
// Both builds do the same work in one go. They are opened anew several times, since a process keeps
// its luck for life (where its memory lies, when its code was compiled); each start is warmed up, and
// then runs some shuffled rounds. In a round the two builds take short turns at each contest, in either
// order, and the best turn of each counts: whatever takes the processor away only adds to a turn.
//
// A bench hands over `openBuilt(built)`, which resolves to `{ contests, open }`: what is open has a `close()`. A contest
// is `{ name, place, sample }`, and a sample `{ times, amounts, check, faults }`: ms and other figures by
// name, and what must be equal in both builds. Where it is not, there is no figure.

import { constants, loadavg, setPriority } from "node:os";
import { OURS, THEIRS } from "./places.mjs";
import { compare, shuffled, table, verdict, within } from "./stats.mjs";

/** The revision's name; none where nothing is to be compared. */
export const REVISION = process.env.AGAINST;

const QUICK = process.argv.includes("--quick");
const STARTS = QUICK ? 5 : 7;
const ROUNDS = QUICK ? 3 : 6;
const SIDES = ["this tree", REVISION];
const WORDS = {
  times: { more: "slower", less: "faster" },
  amounts: { more: "more", less: "less" },
};

/**
 * Measures and prints. `warmUps`: how many samples of each contest go before a start's rounds; `turns`:
 * how many each build takes in a round.
 */
export async function against(openBuilt, { warmUps, turns }) {
  const [load] = loadavg();
  if (load > 1) console.log(`    a load of ${load.toFixed(1)} in the last minute: where others go on, intervals will be wide`);
  goFirst();
  const found = new Map();
  for (let nth = 1; nth <= STARTS; nth++) {
    console.log(`    start ${nth} of ${STARTS}`);
    await start(openBuilt, { warmUps, turns }, found);
  }
  print([...found.values()]);
}

/** Before others on a shared machine, where the system lets us; what is started from here inherits it. */
function goFirst() {
  try {
    setPriority(constants.priority.PRIORITY_HIGH);
  } catch {
    console.log("    no right to go before others: their work widens the intervals");
  }
}

async function start(openBuilt, { warmUps, turns }, found) {
  const opened = [];
  try {
    for (const built of [OURS, THEIRS]) opened.push(await openBuilt(built));
    const contests = paired(opened, found);
    for (const contest of contests) await warmUp(contest, warmUps);
    const left = contests.filter((contest) => !contest.leftOut);
    for (const contest of left) contest.starts.push([]);
    for (let round = 0; round < ROUNDS; round++) {
      for (const contest of shuffled(left)) await race(contest, turns);
    }
  } finally {
    const places = opened.flatMap(({ open }) => open);
    await Promise.all(places.map((place) => within(10, "closing", place.close())));
  }
}

/** The contests of both builds, with what was found of each in earlier starts. */
function paired(opened, found) {
  const named = opened.map(({ contests }) => new Map(contests.map((own) => [`${own.name} ${own.place}`, own])));
  const keys = new Set(named.flatMap((contests) => [...contests.keys()]));
  return [...keys].map((key) => {
    const both = named.map((contests) => contests.get(key));
    const { name, place } = both.find(Boolean);
    if (!found.has(key)) found.set(key, { name, place, starts: [], checks: new Set(), faults: new Set() });
    const contest = found.get(key);
    const lacking = both.findIndex((own) => !own);
    if (lacking >= 0) contest.leftOut ??= `${SIDES[lacking]} has none`;
    contest.sample = (side) => both[side].sample();
    return contest;
  });
}

/** What a build cannot do at all shows here, and is left out: the other contests go on. */
async function warmUp(contest, times) {
  for (const side of [0, 1]) {
    for (let nth = 0; nth < times && !contest.leftOut; nth++) {
      try {
        await contest.sample(side);
      } catch (error) {
        const told = `${SIDES[side]}: ${reason(error)}`;
        // What could be done in an earlier start is not lacking: something broke.
        if (contest.starts.length === 0) contest.leftOut = told;
        else contest.faults.add(told);
      }
    }
  }
}

/** One round: the best of each side's turns. A round with a fault is none. */
async function race(contest, turns) {
  const round = [{}, {}];
  for (let turn = 0; turn < turns; turn++) {
    for (const side of shuffled([0, 1])) {
      try {
        const { times = {}, amounts = {}, check, faults = [] } = await contest.sample(side);
        round[side] = { times: least(round[side].times, times), amounts };
        contest.checks.add(check);
        for (const fault of faults) contest.faults.add(`${SIDES[side]}: ${fault}`);
      } catch (error) {
        contest.faults.add(`${SIDES[side]}: ${reason(error)}`);
        return;
      }
    }
  }
  contest.starts.at(-1).push(round);
}

const least = (before, times) =>
  Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, Math.min(before?.[name] ?? ms, ms)]));

const reason = ({ message }) =>
  message.replace(/.*wasm\.(\w+) is not a function.*/s, "its wasm has no export $1");

function print(contests) {
  const rows = [["median", "", REVISION, "this tree", "of medians", "of rounds", "95% interval", "this tree is"]];
  const count = { more: 0, less: 0, same: 0, unclear: 0 };
  const notes = [];
  for (const contest of contests) {
    const { name, place, checks, faults, leftOut } = contest;
    const { length } = contest.starts;
    if (!leftOut && length < STARTS) faults.add(`only ${length} of ${STARTS} starts could be had`);
    if (checks.size > 1) faults.add(`the work is not equal: ${[...checks].join(", ")}`);
    if (leftOut) notes.push(`left out: ${name}, ${place}: ${leftOut}`);
    for (const fault of faults) notes.push(`NO RATE for ${name}, ${place}: ${fault}`);
    if (faults.size > 0) process.exitCode = 1;
    if (!leftOut && faults.size === 0) rows.push(...figures(contest, count));
  }
  const rounds = `${STARTS * ROUNDS} shuffled rounds in ${STARTS} starts`;
  console.log(`\n    this tree against ${REVISION}: ${rounds}${QUICK ? ", fewer because of --quick" : ""}`);
  console.log(`    ratios: this tree / ${REVISION}, so above 1 this tree takes more; of the medians, and the`);
  console.log("    median of the rounds' own, which is judged\n");
  table(rows);
  for (const note of notes) console.log(`    ${note}`);
  const { more, less, same, unclear } = count;
  console.log(`\n    ${more} slower or more, ${less} faster or less, ${same} within 3%, ${unclear} unclear`);
  if (rows.length === 1) process.exitCode = 1;
}

/** A row for each figure of a contest; `count` counts the verdicts. */
function figures({ place, starts }, count) {
  const rows = [];
  for (const kind of ["times", "amounts"]) {
    for (const name of Object.keys(starts[0][0][0][kind])) {
      const value = (sample) => sample[kind][name];
      const values = starts.map((rounds) => rounds.map((round) => round.map(value)));
      const found = compare(values);
      const word = verdict(found);
      count[word]++;
      const { ours, theirs } = found;
      const [ofMedians, ratio, low, high] = ["ofMedians", "ratio", "low", "high"].map((key) => found[key].toFixed(3));
      const told = { ...WORDS[kind], same: "within 3%", unclear: "unclear" }[word];
      const by = ["more", "less"].includes(word) ? ` by ${(100 * Math.abs(found.ratio - 1)).toFixed(0)}%` : "";
      rows.push([name, place, amount(theirs), amount(ours), ofMedians, ratio, `${low} to ${high}`, told + by]);
    }
  }
  return rows;
}

/** Four digits that count. */
const amount = (value) => (value >= 1000 ? value.toFixed(0) : value.toPrecision(4));
