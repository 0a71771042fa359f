// WebKit through W3C WebDriver, with nothing but node: puppeteer, which drives the other two
// browsers, cannot drive it. Every browser on an iPhone is WebKit.
//
// The driver starts WebKitGTK's own small browser (MiniBrowser), which needs an X display. Where
// there is none, Xvfb is started too. Whatever is started here is ended here, by its process id.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { find } from "./browsers.mjs";

/** A ceiling for a hang, not a measure of speed. */
const DEADLINE_MS = 60_000;

/** How long to wait before a state is looked at again. */
const PAUSE_MS = 25;

/** The buttons beside the address would keep the browser's window wider than a phone. */
const SLIM = "* { margin: 0; padding: 0; min-width: 0; border-width: 0 }";

/**
 * A window of WebKit and what can be asked of it. Rejects with the reason where it cannot be had.
 * The caller closes it, and everything that was started for it ends.
 */
export async function startWebKit() {
  const ends = [];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const driver = process.env.WEBKIT_DRIVER ?? find(["WebKitWebDriver"]);
    const home = mkdtempSync(join(tmpdir(), "lagoon-webkit-"));
    ends.push(() => rmSync(home, { recursive: true, force: true }));
    const display = process.env.DISPLAY ?? (await startDisplay(ends));
    const server = await startDriver(driver, surroundings(home, display), ends);
    const { sessionId, capabilities } = await server("POST", "/session", { capabilities: {} });
    const path = `/session/${sessionId}`;
    ends.push(() => server("DELETE", path).catch(() => {}));
    const name = `${capabilities.browserName} ${capabilities.browserVersion}`;
    return { name, close, ...window((method, rest, body) => server(method, path + rest, body)) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Looks again and again until the answer is truthy, and gives it. */
export async function until(what, look) {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const answer = await look();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${DEADLINE_MS / 1000} s in vain: ${what}`);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}

/** What can be asked of the one window of a session. */
function window(ask) {
  /** Runs a function in the page with these arguments. A promise that it returns is awaited. */
  const run = (work, ...args) =>
    ask("POST", "/execute/sync", { script: `return (${work}).apply(null, arguments)`, args });

  /** Runs a function in the page until what it returns is truthy. */
  const runUntil = (what, work, ...args) => until(what, () => run(work, ...args));

  /** Goes to an address and waits until it is loaded, even if only its hash is another one. */
  const go = async (url) => {
    await ask("POST", "/url", { url: "about:blank" });
    await ask("POST", "/url", { url });
  };

  /** Moves the mouse to the middle of an element, as soon as nothing covers it, and clicks. */
  const press = async (selector) => {
    const { x, y } = await runUntil(`${selector} can be pressed`, middle, selector);
    const actions = [
      { type: "pointerMove", x, y },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    const parameters = { pointerType: "mouse" };
    await ask("POST", "/actions", { actions: [{ type: "pointer", id: "mouse", parameters, actions }] });
  };

  const resize = (width, height) => ask("POST", "/window/rect", { width, height });

  /** Writes what is on the screen to a file, as PNG. */
  const screenshot = async (file) =>
    writeFileSync(file, Buffer.from(await ask("GET", "/screenshot"), "base64"));

  return { run, runUntil, go, press, resize, screenshot };
}

/** Runs in the page: where to press an element, or null while something else is in the way. */
function middle(selector) {
  const element = document.querySelector(selector);
  if (!element) return null;
  element.scrollIntoView({ block: "center", inline: "center" });
  const { left, top, width, height } = element.getBoundingClientRect();
  const point = { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
  return element.contains(document.elementFromPoint(point.x, point.y)) ? point : null;
}

/** The environment of the driver and its browser: a display, and a home that is thrown away. */
function surroundings(home, display) {
  const config = join(home, "config");
  mkdirSync(join(config, "gtk-3.0"), { recursive: true });
  writeFileSync(join(config, "gtk-3.0", "gtk.css"), SLIM);
  return {
    ...process.env,
    DISPLAY: display,
    GDK_BACKEND: "x11",
    // Painting by an imitated graphics card would be slower: 9 frames a second instead of 13.
    WEBKIT_SKIA_ENABLE_CPU_RENDERING: "1",
    HOME: home,
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_CONFIG_HOME: config,
    XDG_DATA_HOME: join(home, "data"),
  };
}

/** Starts Xvfb on a display that is free; Xvfb itself says which one. */
async function startDisplay(ends) {
  const screen = ["-screen", "0", "1600x1200x24", "-nolisten", "tcp"];
  const program = start(find(["Xvfb"]), ["-displayfd", "3", ...screen], process.env, ends);
  let says = "";
  program.child.stdio[3].on("data", (data) => (says += data));
  await until("Xvfb names its display", () => program.throwIfEnded() || says.includes("\n"));
  return `:${says.trim()}`;
}

/** Starts the driver on a free port. What is given back asks it for something. */
async function startDriver(path, env, ends) {
  const port = await freePort();
  const program = start(path, ["--host=127.0.0.1", `--port=${port}`], env, ends);
  const ask = (method, path, body) => request(`http://127.0.0.1:${port}${path}`, method, body);
  const ready = () => ask("GET", "/status").then((status) => status.ready, () => false);
  await until("the driver answers", () => program.throwIfEnded() || ready());
  return async (method, path, body) => {
    try {
      return await ask(method, path, body);
    } catch (error) {
      program.throwIfEnded();
      throw error;
    }
  };
}

/** Asks a driver, and throws what it answers if that is an error. */
async function request(url, method, body) {
  const what = `${method} ${new URL(url).pathname}`;
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const response = await fetch(url, { method, body: body && JSON.stringify(body), signal }).catch(
    (error) => {
      throw new Error(`${what}: ${error.cause?.message ?? error.message}`);
    },
  );
  const { value } = await response.json();
  if (response.ok) return value;
  throw new Error(`${what}: ${value?.error}: ${value?.message}`);
}

/**
 * Starts a program in a process group of its own, so that all that it starts ends with it.
 * `throwIfEnded` throws what the program said if it has ended before its time.
 */
function start(path, args, env, ends) {
  const stdio = ["ignore", "pipe", "pipe", "pipe"];
  const child = spawn(path, args, { env, stdio, detached: true });
  let said = "";
  let failure;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => (said = (said + data).slice(-2000)));
  }
  const ended = new Promise((done) => {
    child.once("error", (error) => done((failure = error.message)));
    child.once("exit", (code, signal) => done((failure = `ended with ${code ?? signal}`)));
  });
  const end = () => {
    try {
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  };
  process.once("exit", end);
  ends.push(async () => {
    end();
    await ended;
    process.removeListener("exit", end);
  });
  const throwIfEnded = () => {
    if (failure) throw new Error(`${path}: ${failure}\n${said}`.trim());
  };
  return { child, throwIfEnded };
}

async function freePort() {
  const server = createServer();
  await new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", done);
  });
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}
