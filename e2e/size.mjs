// What a cold visit to the built page fetches, and what that weighs.
//
//   node e2e/size.mjs dist 25000 410000
//
// prints a row for each file and fails above so many bytes before the first paint, or in all. The
// smoke test watches a real visit and fails if the page fetches anything that is not counted here.

import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

/** Links that a browser does not fetch on a plain visit. */
const NOT_FETCHED = /\brel="(alternate|apple-touch-icon|author|canonical|help|license|manifest|next|prev)"/;

/** What is fetched before the first paint, as paths inside `dist`: index.html and what it names. */
export function firstFiles(dist) {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const found = new Set(["index.html"]);
  for (const [tag] of html.matchAll(/<(link|script|img)\b[^>]*>/g)) {
    if (!NOT_FETCHED.test(tag)) addLocal(found, tag.match(/\b(?:src|href)="([^"]*)"/)?.[1]);
  }
  return [...found];
}

/** The files of a whole cold visit: the first ones, and the program, which start.js is told of. */
export function coldFiles(dist) {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const found = new Set(firstFiles(dist));
  for (const name of ["glue", "wasm"]) addLocal(found, html.match(` data-${name}="([^"]*)"`)?.[1]);
  // What a browser looks at that could install the page.
  found.add("manifest.webmanifest").add("icon.svg");
  return [...found];
}

function addLocal(found, address) {
  if (!address || /^([a-z]+:|\/|#)/.test(address)) return;
  found.add(posix.normalize(address.split(/[?#]/)[0]));
}

/** Each file of a cold visit with its bytes, raw and after brotli at level 11. */
export function weigh(dist, files = coldFiles(dist)) {
  return files.map((file) => {
    const bytes = readFileSync(join(dist, file));
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    return { file, raw: bytes.length, brotli: brotliCompressSync(bytes, { params }).length };
  });
}

function main([dist = "dist", ...budgets]) {
  const rows = weigh(dist).sort((a, b) => b.brotli - a.brotli);
  const first = firstFiles(dist);
  const sum = (file, rows) => {
    const of = (key) => rows.reduce((total, row) => total + row[key], 0);
    return { file, raw: of("raw"), brotli: of("brotli") };
  };
  const totals = [
    sum("before the first paint", rows.filter((row) => first.includes(row.file))),
    sum("a cold visit", rows),
  ];
  const number = (value) => value.toLocaleString("en-GB").padStart(10);
  console.log(`    ${"file".padEnd(44)}${"raw".padStart(10)}${"brotli 11".padStart(10)}${"budget".padStart(10)}`);
  for (const { file, raw, brotli } of rows) {
    console.log(`    ${file.padEnd(44)}${number(raw)}${number(brotli)}`);
  }
  for (const [nth, { file, raw, brotli }] of totals.entries()) {
    const budget = Number(budgets[nth] ?? Infinity);
    const over = brotli > budget ? "   TOO MUCH" : "";
    console.log(`    ${file.padEnd(44)}${number(raw)}${number(brotli)}${number(budget)}${over}`);
    if (over) process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
