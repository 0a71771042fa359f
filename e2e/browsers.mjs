// Starts the real browsers for the tests: `for (const name of BROWSERS) { … await launch(name) }`.
//
// `cargo xtask test` names everything in the environment; a test that is started by hand
// (`node --test e2e/smoke.test.mjs`) finds the same things in their usual places.

import { accessSync, constants } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

export const BROWSERS = ["chromium", "firefox"];

/** The built page. */
export const DIST = resolve(ROOT, process.env.DIST ?? "dist");

/** The command line, built in release; its trace hashes are compared with the page's. */
export const LAGOON_BIN = resolve(ROOT, process.env.LAGOON_BIN ?? "target/release/lagoon");

/** A sub-path as on a project's page of a static host. Nothing may depend on standing at `/`. */
export const SUB_PATH = "/some/sub/path/";

const PROGRAMS = {
  chromium: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  firefox: ["firefox-esr", "firefox"],
};

/** A headless browser by name, perhaps without script, or of somebody who wants no motion. The caller closes it. */
export function launch(name, { script = true, motion = true } = {}) {
  const executablePath = process.env[name.toUpperCase()] ?? find(PROGRAMS[name]);
  if (name === "firefox") {
    const extraPrefsFirefox = { "javascript.enabled": script, "ui.prefersReducedMotion": motion ? 0 : 1 };
    return puppeteer.launch({ browser: "firefox", executablePath, extraPrefsFirefox });
  }
  const args = ["--no-sandbox", "--disable-quic", "--disable-background-networking"];
  if (!motion) args.push("--force-prefers-reduced-motion");
  if (!script) args.push("--blink-settings=scriptEnabled=false");
  return puppeteer.launch({ executablePath, args });
}

/**
 * Opens a fresh page that keeps account of what must not happen. `problems()` lists console
 * errors, uncaught exceptions, failed requests and breaches of the content policy; `requests`
 * holds every address that the page asked for; `started()` waits until the wasm runs.
 */
export async function openWatched(browser, url) {
  const page = await browser.newPage();
  const seen = [];
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("requestfailed", (request) => {
    seen.push(`request failed: ${request.url()} (${request.failure()?.errorText})`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) seen.push(`${response.status()}: ${response.url()}`);
  });
  page.on("pageerror", (error) => seen.push(`exception: ${error.message ?? error}`));
  page.on("console", (message) => {
    if (message.type() === "error") seen.push(`console: ${message.text()}`);
  });
  await page.evaluateOnNewDocument(takeNotes);
  await page.goto(url, { waitUntil: "load" });
  const problems = async () => {
    const ask = (frame) => frame.evaluate(() => globalThis.policyBreaches);
    const breaches = (await Promise.all(page.frames().map(ask))).flat();
    return [...seen, ...breaches.map((breach) => `policy: ${breach}`)];
  };
  const started = (frame = page) => frame.waitForFunction(() => globalThis.wasmHasStarted);
  return { page, requests, problems, started };
}

/** Runs in the page, before its own scripts. */
function takeNotes() {
  globalThis.policyBreaches = [];
  // Firefox does not report these on the console that we can read.
  document.addEventListener("securitypolicyviolation", (event) => {
    globalThis.policyBreaches.push(`${event.effectiveDirective}: ${event.blockedURI}`);
  });
  addEventListener("lagoon-here", () => (globalThis.wasmHasStarted = true));
}

/** The first of these programs that is on the PATH. */
export function find(names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = names.flatMap((name) => folders.map((dir) => join(dir, name))).find(isProgram);
  if (!found) throw new Error(`no ${names.join(" or ")} on the PATH; cargo xtask test installs it`);
  return found;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
