// Texts that reach a limit of the language, or try to: how long each part takes, once, and how
// long a slice of the run holds the page. Against another revision each is run again and again, so warm.
//
//   cargo xtask bench limits [--quick]

import { REVISION, against } from "./against.mjs";
import { PARTS, TEXTS } from "./parts.mjs";
import { table } from "./stats.mjs";
import * as places from "./places.mjs";

const QUICK = process.argv.includes("--quick");
const RUN = PARTS.indexOf("run");

async function natively(built) {
  const place = places.native(built);
  const ask = async (number) => {
    const text = await place.ask("run", "text", number);
    if (text.faults) throw new Error(text.faults.join("; "));
    return text;
  };
  return { name: place.name, ask, close: place.close };
}

async function inWasm(open) {
  const place = await open();
  return { name: place.name, ask: (number) => place.ask("limit", number), close: place.close };
}

async function openAll(built) {
  const open = [await natively(built), await inWasm(() => places.node(built))];
  // Against another revision, too, the browsers would take too long.
  if (!QUICK && !REVISION) {
    open.push(await inWasm(() => places.browser("chromium", built)));
    open.push(await inWasm(() => places.browser("firefox", built)));
  }
  return open;
}

async function main() {
  const open = await openAll();
  for (const [number, name] of TEXTS.entries()) {
    console.log(`\n    ${name}`);
    const texts = [];
    for (const place of open) texts.push(await place.ask(number));
    if (new Set(texts.map((text) => text.check)).size > 1) {
      console.log(`    NO TIMES: the runs differ: ${texts.map((text) => text.check).join(", ")}`);
      process.exitCode = 1;
    } else print(open, texts);
  }
  await Promise.all(open.map((place) => place.close()));
}

function print(open, texts) {
  const rows = [["ms, once", ...open.map((place) => place.name)]];
  const cells = (cell) => texts.map((text) => cell(text) ?? "");
  for (const [nth, part] of PARTS.entries()) {
    rows.push([part, ...cells((text) => text.ms[nth].toFixed(1))]);
  }
  rows.push(["longest slice of the run", ...cells((text) => text.slice?.toFixed(1))]);
  rows.push(["memory so far, MB", ...cells((text) => text.megabytes?.toFixed(0))]);
  rows.push(["records", ...cells((text) => String(text.records))]);
  table(rows);
}

async function contests(built) {
  const open = await openAll(built);
  const contest = (place, number) => ({
    name: TEXTS[number],
    place: place.name,
    sample: async () => {
      const { ms, records, check } = await place.ask(number);
      const times = {
        [`${TEXTS[number]}: run`]: ms[RUN],
        [`${TEXTS[number]}: all parts`]: ms.reduce((sum, part) => sum + part, 0),
      };
      return { times, check: `${records} records, hash ${check}` };
    },
  });
  return {
    contests: open.flatMap((place) => [...TEXTS.keys()].map((number) => contest(place, number))),
    open,
  };
}

if (REVISION) await against(contests, { warmUps: 1, turns: 1 });
else await main();
