// How long the verdicts of a published history take, natively: linearizable alone, and all together.
//
//   cargo xtask bench checker [--quick]
//
// porcupine's own times are for linearizable alone, measured on such a machine.

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
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

const place = places.native();
const files = readdirSync(FOLDER).filter((name) => name.startsWith("porcupine-"));
const found = new Map(files.map((name) => [name, []]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const name of shuffled([...files])) {
    const answer = await place.ask("", "check", FOLDER + name);
    if (answer.faults) throw new Error(answer.faults.join("; "));
    // The first round is cold.
    if (round > 0) found.get(name).push(answer);
  }
}
await place.close();

const rows = [["history", "operations", "linearizable", "best ms", "median ms", "porcupine ms", "times", "all, median ms"]];
for (const [name, answers] of found) {
  const [ms, all] = ["first", "ms"].map((key) => answers.map((answer) => answer[key]));
  const own = name.replace(".jsonl", "");
  const other = PORCUPINE_MS[own];
  rows.push([own, `${answers[0].operations}`, answers[0].check, Math.min(...ms).toFixed(3), median(ms).toFixed(3),
    other ? `${other}` : "", other ? (other / median(ms)).toFixed(1) : "", median(all).toFixed(3)]);
}
console.log("");
table(rows);
console.log(`\n    the goal is ${GOAL} times porcupine`);
