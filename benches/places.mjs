// Where contestants run: natively, in node, in both browsers, in Python. Each place is
// `{ name, ask(method, ...arguments), close() }`, and keeps what it has compiled warm.

import { fork, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { startServer } from "../e2e/server.mjs";
import { within } from "./stats.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PATIENCE_S = 120;

/** What was built of this tree. */
export const OURS = {
  native: process.env.BENCH_NATIVE,
  wasm: process.env.BENCH_WASM,
  dist: process.env.DIST ?? "dist",
};

/** What was built of the revision that `--against` names. */
export const THEIRS = {
  native: process.env.AGAINST_NATIVE,
  wasm: process.env.AGAINST_WASM,
  dist: process.env.AGAINST_DIST,
};

const wasmBase64 = (built) => readFileSync(built.wasm).toString("base64");

/** A program that answers each line on its standard input with a line of JSON. */
function program(name, command, args, settings = {}) {
  const env = { ...process.env, ...settings };
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], env });
  const waiting = [];
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.done(line));
  const fail = (why) => waiting.splice(0).forEach(({ failed }) => failed(new Error(why)));
  child.on("error", (error) => fail(`${command}: ${error.message}`));
  child.on("exit", (code) => fail(`${command} ended (${code})`));
  return {
    name,
    async ask(_, ...words) {
      const answer = new Promise((done, failed) => waiting.push({ done, failed }));
      child.stdin.write(`${words.join(" ")}\n`);
      return JSON.parse(await within(PATIENCE_S, name, answer));
    },
    close: async () => void child.kill(),
  };
}

// A wasm keeps its memory from run to run, and so does a native program that is told to: else each
// run waits for fresh pages. glibc takes no more than 32 MB for the first of these.
const KEEP_MEMORY = { MALLOC_MMAP_THRESHOLD_: 32 << 20, MALLOC_TRIM_THRESHOLD_: 1 << 30 };

export const native = (built = OURS) => program("native", built.native, [], KEEP_MEMORY);

export const python = () => program("python", process.env.SIMPY_PYTHON, [`${HERE}peer.py`]);

/** A node process of its own. */
export async function node(built = OURS) {
  const child = fork(`${HERE}node.mjs`);
  const waiting = [];
  child.on("message", ({ answer, fault }) => {
    const { done, failed } = waiting.shift();
    if (fault === undefined) done(answer);
    else failed(new Error(fault));
  });
  const ask = async (...question) => {
    const answer = new Promise((done, failed) => waiting.push({ done, failed }));
    child.send(question);
    return within(PATIENCE_S, "node", answer);
  };
  await ask("load", wasmBase64(built));
  return { name: "node", ask, close: async () => void child.kill() };
}

/** A page in a browser, with its clock as exact as the browser can make it. */
export async function browser(name, built = OURS) {
  const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">`;
  const server = await startServer({ dist: HERE, pages: { "/bench": page }, isolated: true });
  const started = await launch(name);
  const tab = await started.newPage();
  await tab.goto(`${server.origin}/bench`);
  const ask = (method, ...given) =>
    within(PATIENCE_S, name, tab.evaluate(inPage, method, given));
  await ask("load", wasmBase64(built));
  const close = async () => {
    await started.close();
    await server.close();
  };
  return { name, ask, close };
}

/** Runs in the page. */
async function inPage(method, given) {
  const place = await import("/web/place.mjs");
  if (method !== "load") return place[method](...given);
  return place.load(Uint8Array.from(atob(given[0]), (char) => char.charCodeAt(0)));
}

function launch(name) {
  if (name === "firefox") {
    return puppeteer.launch({
      browser: "firefox",
      executablePath: process.env.FIREFOX,
      extraPrefsFirefox: { "privacy.reduceTimerPrecision": false },
    });
  }
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
  });
}
