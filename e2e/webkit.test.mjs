// The built page in WebKit, which every browser on an iPhone is made of: it opens, computes the
// same runs as the command line, plays, takes a press, and fits a phone.
//
// Where WebKit cannot be had, all of this is one skipped test that says why.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { DIST, LAGOON_BIN, SUB_PATH } from "./browsers.mjs";
import { startServer } from "./server.mjs";
import { startWebKit } from "./webdriver.mjs";

const GALLERY = fileURLToPath(new URL("../scenarios/", import.meta.url));
/** The scenario of the front page. */
const FRONT = join(GALLERY, "bob-looks-too-early.lagoon");
/** One scenario in four: some ten, which differ in mode, clock, faults and copies. */
const EVERY = 4;
const WIDE = [1400, 1000];
const PHONE = [390, 844];

/** Notes of what must not happen, taken in the page: WebDriver does not listen to the console. */
const NOTES = `
globalThis.problems = [];
const note = (what) => problems.push(String(what));
addEventListener("error", (event) => {
  note(event.message ?? "could not be loaded: " + (event.target.src ?? event.target.href));
}, true);
addEventListener("unhandledrejection", (event) => note("rejected: " + event.reason));
addEventListener("securitypolicyviolation", (event) => {
  note("policy: " + event.effectiveDirective + ": " + event.blockedURI);
});
const error = console.error;
console.error = (...words) => (note("console: " + words.join(" ")), error(...words));
`;

const webkit = await startWebKit().catch((error) => ({ missing: error.message }));

after(() => webkit.close?.());

test("WebKit can be had", { skip: webkit.missing && `WebKit is left out: ${webkit.missing}` });

if (!webkit.missing) {
  describe(`the built page in ${webkit.name}`, () => {
    let dist, host;

    before(async () => {
      dist = mkdtempSync(join(tmpdir(), "lagoon-webkit-dist-"));
      cpSync(DIST, dist, { recursive: true });
      writeFileSync(join(dist, "notes.js"), NOTES);
      const index = join(dist, "index.html");
      const html = readFileSync(index, "utf8");
      assert.match(html, /<head>/);
      writeFileSync(index, html.replace("<head>", '<head><script src="notes.js"></script>'));
      host = await startServer({ dist, base: SUB_PATH });
    });

    after(async () => {
      await host?.close();
      if (dist) rmSync(dist, { recursive: true });
    });

    /** Opens the page at this link and waits until its run is computed. */
    const open = async (link = "", size = WIDE) => {
      await webkit.resize(...size);
      await webkit.go(host.url + link);
      await ready();
    };

    const ready = () =>
      webkit.runUntil("the run is computed", () =>
        document.querySelector('.page[data-ready="true"]') !== null);

    const hash = () => webkit.run(() => document.querySelector(".page").dataset.traceHash);

    const noProblems = async () => {
      assert.deepEqual(await webkit.run(() => globalThis.problems), []);
      assert.equal(await webkit.run(() => document.querySelector("#broken").hidden), true);
    };

    test("opens at the front page", async () => {
      await open();
      assert.equal(await hash(), native(FRONT).hash);
      await noProblems();
    });

    const files = readdirSync(GALLERY).filter((name) => name.endsWith(".lagoon")).sort();
    for (const name of files.filter((_, nth) => nth % EVERY === 0)) {
      test(`computes the run of ${name} as the command line does`, async () => {
        const file = join(GALLERY, name);
        await open(lagoon("link", file).trim());
        assert.equal(await hash(), native(file).hash);
        await noProblems();
      });
    }

    test("plays to the end", async () => {
      await open();
      await webkit.run(recordPlayback);
      await webkit.press('[aria-label="Play"]');
      const heads = await webkit.runUntil("the run has been played", () => globalThis.played);
      assert.ok(heads.length > 3, `the playhead moves on the way: ${heads}`);
      assert.deepEqual(heads, [...heads].sort((a, b) => a - b));
      const { applied } = native(FRONT);
      assert.ok(heads.at(-1) >= applied.at(-1).at_us, `${heads.at(-1)} is no end`);
      await noProblems();
    });

    const LAYOUTS = [
      ["wide", WIDE, 'g[role="button"][aria-label="Alice: add book"]'],
      ["phone's", PHONE, 'button[aria-label="Alice: add book"]'],
    ];
    for (const [layout, size, add] of LAYOUTS) {
      test(`adds a line by a press on the stage, in the ${layout} layout`, async () => {
        await open("#background", size);
        const [inner, content] = await webkit.run(() =>
          [innerWidth, document.documentElement.scrollWidth]);
        assert.equal(inner, size[0]);
        assert.ok(content <= inner, `${content} px stand in a window of ${inner}`);
        const empty = await hash();
        await webkit.press(add);
        const address = await webkit.runUntil("the address has the line", () =>
          location.hash.includes("alice+adds+book") && location.href);
        await ready();
        assert.notEqual(await hash(), empty);
        assert.equal(await hash(), native(address).hash);
        await noProblems();
      });
    }
  });
}

/** What the command line says of a file or a link. */
function native(argument) {
  return JSON.parse(lagoon("run", "--json", argument));
}

/** What the command line prints. */
function lagoon(...args) {
  try {
    return execFileSync(LAGOON_BIN, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch (error) {
    // A claim that is not met ends with 1; the run is printed all the same.
    if (error.stdout) return error.stdout;
    throw error;
  }
}

/** Runs in the page: keeps every place of the playhead until it has been played and stands. */
function recordPlayback() {
  const page = document.querySelector(".page");
  const heads = [];
  let began = false;
  const look = () => {
    const head = Number(document.querySelector('input[data-glide="scrub"]').value);
    if (heads.at(-1) !== head) heads.push(head);
    const playing = page.dataset.playing === "true";
    if (began && !playing) globalThis.played = heads;
    else requestAnimationFrame(look);
    began ||= playing;
  };
  look();
}
