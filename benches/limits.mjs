// Texts that reach a limit of the language, or try to: how long each part takes, once, and how
// long a slice of the run holds the page.
//
//   cargo xtask bench limits [--quick]

import { PARTS, TEXTS } from "./parts.mjs";
import { table } from "./stats.mjs";
import * as places from "./places.mjs";

const QUICK = process.argv.includes("--quick");

async function natively() {
  const place = places.native();
  const ask = (number) => place.ask("run", "text", number);
  return { name: place.name, ask, close: place.close };
}

async function inWasm(open) {
  const place = await open();
  return { name: place.name, ask: (number) => place.ask("limit", number), close: place.close };
}

const chromium = () => places.browser("chromium");
const firefox = () => places.browser("firefox");
const open = [await natively(), await inWasm(places.node)];
if (!QUICK) open.push(await inWasm(chromium), await inWasm(firefox));
for (const [number, name] of TEXTS.entries()) {
  console.log(`\n    ${name}`);
  const rows = [["ms, once", ...open.map((place) => place.name)]];
  const texts = [];
  for (const place of open) texts.push(await place.ask(number));
  if (new Set(texts.map((text) => text.check)).size > 1) {
    console.log(`    NO TIMES: the runs differ: ${texts.map((text) => text.check).join(", ")}`);
    process.exitCode = 1;
    continue;
  }
  const cells = (cell) => texts.map((text) => cell(text) ?? "");
  for (const [nth, part] of PARTS.entries()) {
    rows.push([part, ...cells((text) => text.ms[nth].toFixed(1))]);
  }
  rows.push(["longest slice of the run", ...cells((text) => text.slice?.toFixed(1))]);
  rows.push(["memory so far, MB", ...cells((text) => text.megabytes?.toFixed(0))]);
  rows.push(["records", ...cells((text) => String(text.records))]);
  table(rows);
}
await Promise.all(open.map((place) => place.close()));
