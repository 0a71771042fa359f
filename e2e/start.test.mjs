// The page before its program is there: printed, the same to the eye as what takes its place; what
// is pressed meanwhile is done; and where the program does not come, the page says so.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { BROWSERS, DIST, SUB_PATH, launch, openWatched } from "./browsers.mjs";
import * as person from "./person.mjs";
import { startServer } from "./server.mjs";

/** A server that keeps the program back until `arrive` is called. */
async function slowHost(dist = DIST) {
  let arrive;
  const arrives = new Promise((done) => (arrive = done));
  const hold = (url) => (/\.wasm/.test(url) ? arrives : undefined);
  const host = await startServer({ dist, base: SUB_PATH, hold });
  return { ...host, arrive };
}

/** The places of everything that is seen, by what it is. */
function boxes(page) {
  return page.evaluate(() => {
    const parts =
      ".top > *, .top nav > *, .band > *, .segment, .tabs > *, .stage-card > section, .narrator > *, " +
      ".stage > svg, .stage .btn, .act-row, .act, .transport > *, .timeline, .plot > *, .note, .side > *, " +
      ".verdict, .figure, .side td, .rail, .rail p, .page > .story";
    const seen = [...document.querySelectorAll(parts)].filter((one) => one.getClientRects().length);
    return seen.map((one) => {
      const { x, y, width, height } = one.getBoundingClientRect();
      const name = one.getAttribute("aria-label") ?? one.classList[0] ?? "";
      const place = [x, y, width, height].map((length) => Math.round(length * 10) / 10);
      return `${one.tagName} ${name.slice(0, 40)}: ${place.join(" ")}`;
    });
  });
}

const still = (page) =>
  page.evaluate(() => (document.documentElement.dataset.motion = "reduced"));

/** How many pixels differ between two screenshots; decoded by a page of the browser. */
async function differing(browser, one, other) {
  const page = await browser.newPage();
  const count = await page.evaluate(async (...pictures) => {
    const pixels = await Promise.all(pictures.map(async (picture) => {
      const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const pen = canvas.getContext("2d");
      pen.drawImage(bitmap, 0, 0);
      return pen.getImageData(0, 0, bitmap.width, bitmap.height);
    }));
    const [a, b] = pixels;
    if (a.width !== b.width || a.height !== b.height) return Infinity;
    let different = 0;
    for (let at = 0; at < a.data.length; at += 4) {
      if ([0, 1, 2].some((channel) => Math.abs(a.data[at + channel] - b.data[at + channel]) > 8)) different += 1;
    }
    return different;
  }, one, other);
  await page.close();
  return count;
}

for (const name of BROWSERS) {
  describe(`the printed first view in ${name}`, () => {
    let browser, host;

    before(async () => {
      host = await startServer({ dist: DIST, base: SUB_PATH });
      browser = await launch(name);
    });

    after(async () => {
      await browser?.close();
      await host?.close();
    });

    /** Opens the page with the program kept back, and closes all at the end. */
    const withheld = (what, act, { link = "", theme } = {}) =>
      test(what, async () => {
        const slow = await slowHost();
        const page = await browser.newPage();
        try {
          if (theme) {
            await page.evaluateOnNewDocument((theme) => localStorage.setItem("lagoon.theme", theme), theme);
          }
          await act({
            page,
            open: () => page.goto(slow.url + link, { waitUntil: "load" }),
            arrive: async () => {
              slow.arrive();
              await person.ready(page);
              await person.settle(page);
            },
          });
        } finally {
          slow.arrive();
          await page.close();
          await slow.close();
        }
      });

    for (const theme of ["light", "dark"]) {
      for (const [width, height] of [[320, 640], [390, 844], [600, 800], [1360, 1200], [1920, 1400]]) {
        withheld(`stands where the program draws it at ${width} px, ${theme}`, async ({ page, open, arrive }) => {
          await page.setViewport({ width, height });
          await open();
          await page.waitForSelector(".page");
          await still(page);
          const printed = await boxes(page);
          const before = await page.screenshot({ encoding: "base64" });
          assert.equal(await page.$('.page[data-ready="true"]'), null);
          assert.ok(printed.length > 30, printed.join("\n"));
          await arrive();
          await still(page);
          assert.deepEqual(await boxes(page), printed);
          if (width === 390 || width === 1360) {
            const after = await page.screenshot({ encoding: "base64" });
            assert.equal(await differing(browser, before, after), 0, "pixels differ");
          }
        }, { theme });
      }
    }

    test("is read without script, and says what Lagoon is", async () => {
      const silent = await launch(name, { script: false });
      try {
        const page = await silent.newPage();
        await page.setViewport({ width: 390, height: 844 });
        await page.goto(host.url, { waitUntil: "load" });
        const picture = await page.screenshot({ encoding: "base64", fullPage: true });
        const mute = await startServer({ dist: DIST, base: SUB_PATH, policy: "script-src 'none'" });
        const other = await browser.newPage();
        await other.goto(mute.url, { waitUntil: "load" });
        const said = await person.text(other, "#app");
        for (const words of ["A shop was one server", "Alice asks to add the book", "Nobody is shown an old cart"]) {
          assert.ok(said.includes(words), words);
        }
        assert.equal(await other.$('.page[data-ready="true"]'), null);
        assert.ok(picture.length > 40_000, "something is painted");
        await other.close();
        await mute.close();
      } finally {
        await silent.close();
      }
    });

    const WAIT = "#coming";
    withheld("tells after a press that the program is on its way, and does it when it is here", async ({ page, open, arrive }) => {
      await open();
      assert.equal(await page.$eval(WAIT, (own) => own.hidden), true);
      await page.click(".tp.go");
      await page.waitForSelector(WAIT, { visible: true });
      await arrive();
      await page.waitForFunction(() => document.querySelector(".page").dataset.playing === "true");
      assert.equal(await page.$eval(WAIT, (own) => own.hidden), true);
    });

    withheld("keeps presses by pointer, by keyboard and of fields, in order", async ({ page, open, arrive }) => {
      await page.setViewport({ width: 1360, height: 860 });
      await open();
      await page.click('[data-printed="main"] [aria-label="Bob: view cart"], [data-printed="main"] [aria-label="Bob: View cart"]');
      await page.select(".speed select", "5");
      await page.focus('[aria-label="Help"]');
      await page.keyboard.press("Enter");
      await arrive();
      await page.waitForSelector("#dialog[open]");
      assert.equal(await page.$eval(".speed select", (own) => own.value), "5");
      await page.keyboard.press("Escape");
      await person.openScript(page);
      assert.match(await person.script(page), /\n1ms bob views\n/);
    });

    withheld("does a press that began on the printed page and ends on the drawn one", async ({ page, open, arrive }) => {
      await open();
      const playing = () => page.$eval(".page", (own) => own.dataset.playing);
      const place = async () => {
        const { x, y, width, height } = await (await page.$(".tp.go")).boundingBox();
        return [x + width / 2, y + height / 2];
      };
      await page.mouse.move(...await place());
      await page.mouse.down();
      await arrive();
      assert.notEqual(await playing(), "true");
      await page.mouse.up();
      await page.waitForFunction(() => document.querySelector(".page").dataset.playing === "true");
      await page.click(".tp.go");
      await person.settle(page);
      assert.notEqual(await playing(), "true", "the next press is one press");
    });

    withheld("keeps the focus, and steps by an arrow that was pressed early", async ({ page, open, arrive }) => {
      await open();
      await page.keyboard.press("ArrowRight");
      await page.focus("#copy-link");
      await arrive();
      assert.ok((await person.playhead(page)) > 0);
      assert.equal(await page.evaluate(() => document.activeElement.id), "copy-link");
    });

    withheld("never shows another run than the link's", async ({ page, open, arrive }) => {
      await open();
      const shown = () => page.$eval(".body", (body) => getComputedStyle(body).visibility);
      assert.equal(await shown(), "hidden");
      await arrive();
      assert.equal(await shown(), "visible");
      assert.match(await person.text(page, ".stage"), /Carol/);
    }, { link: "#synchronous;carol+adds+pen" });

    test("waits with the program until the page is read whole", async () => {
      let ask, resume;
      const asked = new Promise((done) => (ask = done));
      const resumed = new Promise((done) => (resume = done));
      const hold = (url) => void (/\.wasm/.test(url) && ask(url));
      const pause = (url) => (url === SUB_PATH ? resumed : undefined);
      const halting = await startServer({ dist: DIST, base: SUB_PATH, hold, pause });
      const page = await browser.newPage();
      try {
        const opened = page.goto(halting.url + "#carol+adds+pen", { waitUntil: "load" });
        const wasm = await asked;
        // As long as the program itself takes.
        await page.evaluate(async (wasm) => {
          await WebAssembly.compileStreaming(fetch(wasm));
          await new Promise((done) => setTimeout(done));
        }, wasm);
        resume();
        await opened;
        await person.ready(page);
        assert.match(await person.text(page, ".stage"), /Carol/);
      } finally {
        resume();
        await page.close();
        await halting.close();
      }
    });

    /** A copy of the built page that may be spoilt; the names of the program's files in it. */
    const spoilt = (what, spoil, act) =>
      test(what, async () => {
        const dist = mkdtempSync(join(tmpdir(), "lagoon-start-"));
        cpSync(DIST, dist, { recursive: true });
        const file = (end) => join(dist, readdirSync(dist).find((one) => one.endsWith(end) && one.startsWith("lagoon")));
        const mend = spoil({ glue: file(".js"), wasm: file(".wasm") });
        const lonely = await startServer({ dist, base: SUB_PATH });
        const page = await browser.newPage();
        try {
          await act({ page, url: lonely.url, mend, dist });
        } finally {
          await page.close();
          await lonely.close();
          rmSync(dist, { recursive: true });
        }
      });
    const moved = (path) => {
      renameSync(path, `${path}.away`);
      return () => renameSync(`${path}.away`, path);
    };
    const halved = (path) => {
      const whole = readFileSync(path);
      writeFileSync(path, whole.subarray(0, whole.length / 2));
      return () => writeFileSync(path, whole);
    };
    const LINK = "#background;carol+adds+pen;at+20ms";
    const told = async (page) => {
      await page.waitForSelector("#absent", { visible: true });
      assert.equal(await page.$eval("#absent-text", (field) => field.value), "background\ncarol adds pen");
      assert.equal(await page.$eval(".body", (body) => getComputedStyle(body).visibility), "hidden");
      assert.notEqual(await person.text(page, "#absent-why"), "");
    };
    for (const [what, spoil] of [
      ["the glue is gone", ({ glue }) => moved(glue)],
      ["the wasm is gone", ({ wasm }) => moved(wasm)],
      ["half of the glue comes", ({ glue }) => halved(glue)],
      ["half of the wasm comes", ({ wasm }) => halved(wasm)],
    ]) {
      spoilt(`says so where ${what}, keeps the text, and comes when asked again`, spoil, async ({ page, url, mend }) => {
        await page.goto(url + LINK, { waitUntil: "load" });
        await told(page);
        mend();
        await page.click("#absent-again");
        await person.ready(page);
        assert.equal(await page.$eval("#absent", (own) => own.hidden), true);
        assert.match(await person.text(page, ".stage"), /Carol/);
      });
    }

    spoilt("does what was pressed once the program can be had", ({ glue }) => moved(glue), async ({ page, url, mend }) => {
      await page.goto(url, { waitUntil: "load" });
      await page.click('[aria-label="Help"]');
      await page.waitForSelector("#absent", { visible: true });
      assert.match(await person.text(page, ".stage-card"), /Alice asks to add the book/);
      mend();
      await page.click("#absent-again");
      await page.waitForSelector("#dialog[open]");
    });

    spoilt("finds the names of a new build", ({ glue, wasm }) => [moved(glue), moved(wasm)], async ({ page, url, dist }) => {
      await page.goto(url + LINK, { waitUntil: "load" });
      await told(page);
      cpSync(DIST, dist, { recursive: true });
      const index = join(dist, "index.html");
      const html = readFileSync(index, "utf8");
      const [, old] = html.match(/data-glue="\.\/([^"]*)"/);
      renameSync(join(dist, old), join(dist, "lagoon-new.js"));
      writeFileSync(index, html.replaceAll(old, "lagoon-new.js"));
      await page.click("#absent-again");
      await person.ready(page);
      assert.match(await person.text(page, ".stage"), /Carol/);
    });

    test("says so where the browser has no WebAssembly", async () => {
      const page = await browser.newPage();
      await page.evaluateOnNewDocument(() => delete globalThis.WebAssembly);
      await page.goto(host.url + LINK, { waitUntil: "load" });
      await told(page);
      assert.match(await person.text(page, "#absent-why"), /WebAssembly/);
      await page.close();
    });

    test("asks for the program when the page is idle, once, and complains of nothing", async () => {
      const { page, started, problems, requests } = await openWatched(browser, host.url);
      await started();
      const names = requests.filter((address) => /lagoon[^/]*\.(js|wasm)$/.test(address));
      assert.equal(names.length, 2, names.join("\n"));
      assert.deepEqual(await problems(), []);
      await page.close();
    });

    test("waits for somebody where data is to be saved", async () => {
      const page = await browser.newPage();
      await page.evaluateOnNewDocument(() => {
        Object.defineProperty(navigator, "connection", { value: { saveData: true }, configurable: true });
      });
      const requests = [];
      page.on("request", (request) => requests.push(request.url()));
      await page.goto(host.url, { waitUntil: "load" });
      await person.settle(page);
      await person.settle(page);
      assert.deepEqual(requests.filter((address) => address.endsWith(".wasm")), []);
      await page.mouse.move(40, 40);
      await page.mouse.move(60, 60);
      await person.ready(page);
      await page.close();
    });
  });
}
