// Lighthouse on the built page, simulated mobile: five runs, since they differ.
//
//   cargo xtask bench lighthouse [--quick]

import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { table } from "./stats.mjs";

const RUNS = process.argv.includes("--quick") ? 1 : 5;
const DIST = process.env.DIST ?? "dist";
const GOALS = [">= 95", "100", "<= 0.8", "< 1.5", "0", ""];
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** A host that has compressed copies, as static hosts do; the tests' own server has none. */
async function serve() {
  const copies = new Map();
  const compressed = (name) => {
    if (!copies.has(name)) copies.set(name, brotliCompressSync(readFileSync(join(DIST, name))));
    return copies.get(name);
  };
  // Not while the page is loaded: that would take the time that is measured.
  for (const name of readdirSync(DIST).filter((name) => extname(name))) compressed(name);
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    try {
      const name = path === "/" ? "index.html" : path.slice(1);
      const body = compressed(name);
      const type = TYPES[extname(name)] ?? "text/plain; charset=utf-8";
      response.writeHead(200, { "Content-Type": type, "Content-Encoding": "br" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

async function run(url) {
  const { default: lighthouse } = await import(`${process.env.LIGHTHOUSE}/core/index.js`);
  const launcher = `${process.env.LIGHTHOUSE}/../chrome-launcher/dist/index.js`;
  const { launch } = await import(launcher);
  const chromeFlags = ["--no-sandbox", "--headless=new", "--disable-quic"];
  const chrome = await launch({ chromeFlags });
  try {
    return (await lighthouse(url, { port: chrome.port })).lhr;
  } finally {
    chrome.kill();
  }
}

const server = await serve();
const url = `http://127.0.0.1:${server.address().port}/`;
const rows = [["", "performance", "accessibility", "FCP s", "LCP s", "CLS", "blocked ms"]];
const failed = new Set();
for (let nth = 1; nth <= RUNS; nth++) {
  console.log(`    run ${nth} of ${RUNS}`);
  const { categories, audits } = await run(url);
  const score = (name) => Math.round(categories[name].score * 100).toString();
  rows.push([
    `run ${nth}`,
    score("performance"),
    score("accessibility"),
    (audits["first-contentful-paint"].numericValue / 1000).toFixed(2),
    (audits["largest-contentful-paint"].numericValue / 1000).toFixed(2),
    audits["cumulative-layout-shift"].numericValue.toFixed(3),
    audits["total-blocking-time"].numericValue.toFixed(0),
  ]);
  const refs = categories.accessibility.auditRefs.filter(({ weight }) => weight > 0);
  for (const { id } of refs) {
    if (audits[id].score !== null && audits[id].score < 1) failed.add(audits[id].title);
  }
}
rows.push(["goal", ...GOALS]);
table(rows);
for (const title of failed) console.log(`    accessibility: ${title}`);
server.close();
