// What a cold visit to the built page fetches, and what that weighs.
//
//   node e2e/size.mjs dist 115000
//
// prints a row for each file and fails above the number of bytes. The smoke test watches a real
// visit and fails if the page fetches anything that is not counted here.

import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

/** Links that a browser does not fetch on a plain visit. */
const NOT_FETCHED = /\brel="(alternate|apple-touch-icon|author|canonical|help|license|next|prev)"/;

/** The files of a cold visit, as paths inside `dist`: index.html and all that it pulls in. */
export function coldFiles(dist) {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const found = new Set(["index.html"]);
  for (const [tag] of html.matchAll(/<(link|script|img)\b[^>]*>/g)) {
    if (!NOT_FETCHED.test(tag)) addLocal(found, ".", tag.match(/\b(?:src|href)="([^"]*)"/)?.[1]);
  }
  // Growing while it is walked: scripts name further scripts and the wasm.
  for (const file of found) {
    if (!file.endsWith(".js")) continue;
    const script = readFileSync(join(dist, file), "utf8");
    for (const [, name] of script.matchAll(/(?:from|import)\s*["'](\.[^"']+)["']/g)) {
      addLocal(found, posix.dirname(file), name);
    }
  }
  return [...found];
}

function addLocal(found, folder, address) {
  if (!address || /^([a-z]+:|\/|#)/.test(address)) return;
  found.add(posix.normalize(posix.join(folder, address.split(/[?#]/)[0])));
}

/** What a person's first sign fetches: the modules that the scripts of a cold visit name. */
function laterFiles(dist) {
  const found = new Set();
  for (const file of coldFiles(dist).filter((file) => file.endsWith(".js"))) {
    const script = readFileSync(join(dist, file), "utf8");
    for (const [, name] of script.matchAll(/new URL\("(\.\/[^"]+\.wasm)"/g)) {
      addLocal(found, posix.dirname(file), name);
    }
  }
  return [...found].filter((file) => existsSync(join(dist, file)));
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

function main([dist = "dist", budget]) {
  const rows = weigh(dist).sort((a, b) => b.brotli - a.brotli);
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const total = { file: "a cold visit", raw: sum("raw"), brotli: sum("brotli") };
  const number = (value) => value.toLocaleString("en-GB").padStart(10);
  console.log(`    ${"file".padEnd(44)}${"raw".padStart(10)}${"brotli 11".padStart(10)}`);
  for (const { file, raw, brotli } of [...rows, total]) {
    console.log(`    ${file.padEnd(44)}${number(raw)}${number(brotli)}`);
  }
  for (const { file, raw, brotli } of weigh(dist, laterFiles(dist))) {
    console.log(`    ${`later: ${file}`.padEnd(44)}${number(raw)}${number(brotli)}`);
  }
  if (!budget) return;
  const left = Number(budget) - total.brotli;
  console.log(`    ${"budget".padEnd(44)}${"".padStart(10)}${number(Number(budget))}`);
  console.log(`    ${(left < 0 ? "TOO MUCH BY" : "left").padEnd(54)}${number(Math.abs(left))}`);
  if (left < 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
