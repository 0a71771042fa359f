// How long the verdicts of a published history take, natively: linearizable alone, and all together.
//
//   cargo xtask bench checker [--quick]
//
// porcupine's own times are for linearizable alone, measured on such a machine.

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { REVISION, against } from "./against.mjs";
import { median, shuffled, table } from "./stats.mjs";
import * as places from "./places.mjs";

const ROUNDS = process.argv.includes("--quick") ? 7 : 25;
const FOLDER = fileURLToPath(new URL("../tests/histories/", import.meta.url));
const PORCUPINE_MS = {
  "porcupine-kv-c10-ok": 0.48,
  "porcupine-kv-c50-ok": 127,
  "porcupine-etcd-000": 0.18,
  "porcupine-etcd-002": 192,
};
const GOAL = 4;

const files = readdirSync(FOLDER).filter((name) => name.startsWith("porcupine-"));
const short = (file) => file.replace(".jsonl", "");

async function ask(place, file) {
  const answer = await place.ask("", "check", FOLDER + file);
  if (answer.faults) throw new Error(answer.faults.join("; "));
  return answer;
}

async function main() {
  const place = places.native();
  const found = new Map(files.map((file) => [file, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const file of shuffled(files)) {
      const answer = await ask(place, file);
      // The first round is cold.
      if (round > 0) found.get(file).push(answer);
    }
  }
  await place.close();
  print(found);
}

function print(found) {
  const rows = [["history", "operations", "linearizable", "best ms", "median ms", "porcupine ms", "times", "all, median ms"]];
  for (const [file, answers] of found) {
    const [ms, all] = ["first", "ms"].map((key) => answers.map((answer) => answer[key]));
    const own = short(file);
    const other = PORCUPINE_MS[own];
    rows.push([own, `${answers[0].operations}`, answers[0].check, Math.min(...ms).toFixed(3), median(ms).toFixed(3),
      other ? `${other}` : "", other ? (other / median(ms)).toFixed(1) : "", median(all).toFixed(3)]);
  }
  console.log("");
  table(rows);
  console.log(`\n    the goal is ${GOAL} times porcupine`);
}

/** Both builds judge the same files, those of this tree. */
async function contests(built) {
  const place = places.native(built);
  const contest = (file) => ({
    name: short(file),
    place: place.name,
    sample: async () => {
      const { first, ms, operations, check } = await ask(place, file);
      const times = { [short(file)]: first, [`${short(file)}, all verdicts`]: ms };
      return { times, check: `${operations} operations, ${check}` };
    },
  });
  return { contests: files.map(contest), open: [place] };
}

if (REVISION) await against(contests, { warmUps: 1, turns: 3 });
else await main();
