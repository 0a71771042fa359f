// A history file on the page, in both browsers: opened, judged, drawn.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { BROWSERS, DIST, LAGOON_BIN, SUB_PATH, launch } from "./browsers.mjs";
import * as person from "./person.mjs";
import { startServer } from "./server.mjs";

const HISTORIES = fileURLToPath(new URL("../tests/histories/", import.meta.url));
const HEADER = '{"kind":"header","model":"register","init":0}\n';
const BROKEN = HEADER +
  '{"process":0,"op":"write","key":"x","value":1,"call":1,"ret":2}\n' +
  '{"process":1,"op":"read","key":"x","value":"<b>","call":3,"ret":4}\n';

/** Concurrent writes of values that come twice: only a search can judge them, and it is long. */
const HARD = HEADER + Array.from({ length: 40 }, (_, nth) =>
  `{"process":${nth},"op":"write","value":${nth % 20},"call":${nth},"ret":1000}\n`).join("") +
  '{"process":99,"op":"read","value":77,"call":2000,"ret":2001}\n';

for (const name of BROWSERS) {
  describe(`a history file in ${name}`, () => {
    let browser, host, folder;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "lagoon-history-"));
      host = await startServer({ dist: DIST, base: SUB_PATH });
      browser = await launch(name);
    });

    after(async () => {
      await browser?.close();
      await host?.close();
      rmSync(folder, { recursive: true });
    });

    const file = (content, called = "a.jsonl") => {
      const path = join(folder, called);
      writeFileSync(path, content);
      return path;
    };

    const visiting = (what, act) =>
      test(what, async () => {
        const { page, problems } = await person.visit(browser, host.url);
        try {
          await act(page);
          assert.deepEqual(await problems(), []);
        } finally {
          await page.close();
        }
      });

    visiting("is found in the gallery, and shows a breach", async (page) => {
      await page.mouse.move(50, 50);
      await page.waitForSelector("#gallery li");
      await person.click(page, "#gallery li:last-child button");
      await person.click(page, "#dialog details button");
      await page.waitForFunction(() => /^Judged/.test(document.querySelector("#opened-told")?.textContent));
      assert.match(await person.text(page, ".opened .proof"), /process 1: read 0/);
      await person.open(page, file(BROKEN));
      assert.equal(await told(page), "Judged: 5 broken, 0 hold, 4 not tested.");
      assert.match(await person.text(page, ".verdict:first-child"), /Each operation had its moment ?Broken: .*read <b> of x/);
      assert.match(await person.text(page, ".opened .proof"), /1 ?process 1: read <b> ?3 to 4/);
      assert.equal(await page.$$eval(".opened-plot .op", (all) => all.length), 2);
      assert.equal(await page.$$eval(".opened-plot .lit", (all) => all.length), 1);
      assert.match(await page.$eval(".opened-plot [role=img]", (svg) => svg.getAttribute("aria-label")), /2 operations of 2 processes/);
      assert.equal(await page.$$eval(".opened tbody tr", (all) => all.length), 2);
      assert.equal(await page.$(".opened b:not(.setting b)"), null, "a value is never markup");
    });

    visiting("opens a run's own export with its own verdicts", async (page) => {
      await person.write(page, "background\nalice adds book\n100ms bob views\nbob views");
      await person.seek(page, 1_000_000);
      const own = await page.$$eval(".side .verdict, .centre .verdict", (all) => all.map((row) => [
        row.querySelector("h3").firstChild.textContent,
        row.dataset.state,
        row.querySelector("em").textContent,
      ]));
      await person.click(page, "#copy-link");
      const href = await page.$eval('a[download="history.jsonl"]', (link) => link.href);
      await person.click(page, "#open-history");
      await person.open(page, file(decodeURIComponent(href.slice(href.indexOf(",") + 1))));
      const opened = await page.$$eval(".opened .verdict", (all) => all.map((row) => [
        row.querySelector("h4").textContent,
        row.dataset.state,
        row.querySelector("em").textContent,
      ]));
      assert.ok(opened.length > 9, String(opened));
      for (const row of opened) {
        assert.ok(own.some((one) => String(one) === String(row)), `${row} is not on the page: ${own}`);
      }
      assert.ok(opened.some(([, state]) => state === "broken"));
      assert.match(await person.text(page, ".opened-plot .names"), /Alice.*Bob/);
    });

    visiting("says what is wrong as the command line does, and loses nothing", async (page) => {
      await openDialog(page);
      await person.open(page, file(BROKEN));
      const bad = file(BROKEN.replace('"ret":2', '"ret":0'), "bad.jsonl");
      await person.open(page, bad);
      const { stderr } = spawnSync(LAGOON_BIN, ["check", bad], { encoding: "utf8" });
      assert.match(stderr, /line 2: `ret` stands before `call`/);
      assert.equal(`lagoon: ${await told(page)}`.replace("bad.jsonl", bad), stderr.trim());
      await person.open(page, file("x".repeat(5_000_000), "long.jsonl"));
      assert.match(await told(page), /longer than 4 MB/);
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => !document.querySelector("#dialog").open);
      assert.equal(await page.$eval(".page", (root) => root.dataset.ready), "true");
    });

    visiting("judges all files that the command line judges alike", async (page) => {
      await openDialog(page);
      for (const one of ["porcupine-kv-c10-ok", "popl17-fig2d", "porcupine-etcd-099", "stateright-sc-not-lin"]) {
        const path = `${HISTORIES}${one}.jsonl`;
        const native = JSON.parse(execFileSync(LAGOON_BIN, ["check", "--json", path], { encoding: "utf8" }));
        await person.open(page, path);
        const states = { holds: "holds", broken: "violated", untested: "untested", unknown: "unknown" };
        const page_ = await page.$$eval(".opened .verdict", (all) => all.map((row) => row.dataset.state));
        assert.deepEqual(page_.map((state) => states[state]).sort(), Object.values(native.verdicts).sort(), one);
      }
    });

    visiting("stays awake while a judge has much to do, and stops", async (page) => {
      await openDialog(page);
      await page.evaluate(() => {
        globalThis.gaps = [];
        let before = performance.now();
        const beat = () => {
          const now = performance.now();
          globalThis.gaps.push(now - before);
          before = now;
          requestAnimationFrame(beat);
        };
        requestAnimationFrame(beat);
      });
      await (await page.$("#opened-file")).uploadFile(file(HARD));
      await page.waitForFunction(() => document.querySelector(".opened .verdict")?.dataset.state === "not-yet");
      await page.waitForFunction(() => globalThis.gaps.length > 20);
      assert.match(await told(page), /Judging/);
      // A turn is 8 ms: far more would be a frame held up, far less cannot be asked of every machine.
      const gaps = await page.evaluate(() => globalThis.gaps.slice(-15).sort((a, b) => a - b));
      assert.ok(gaps[7] < 100, `frames are ${gaps.map(Math.round)} ms apart`);
      await person.click(page, ".opened button.solid");
      assert.match(await person.text(page, ".opened .verdict:first-child"), /Cannot tell: The judge was stopped/);
    });

    visiting("is worked by keyboard: the file, the key, the stretch, the picture", async (page) => {
      await openDialog(page);
      await person.open(page, `${HISTORIES}porcupine-kv-c10-ok.jsonl`);
      const choose = async (key) => {
        await page.$eval(".opened .setting:not([hidden]) select", (menu, key) => {
          menu.value = key;
          menu.dispatchEvent(new Event("change", { bubbles: true }));
        }, key);
        await person.settle(page);
      };
      await choose("2");
      assert.doesNotMatch(await person.text(page, ".opened-plot title"), / (to|of) 2 \d/);
      assert.equal(await page.$eval(".drawing .setting", (stretch) => stretch.hidden), true);
      await choose("0");
      const first = await person.text(page, ".opened tbody tr:first-child");
      await page.focus("#opened-file");
      const reached = new Set();
      for (let presses = 0; presses < 8; presses++) {
        await page.keyboard.press("Tab");
        reached.add(await page.evaluate(() => {
          const focused = document.activeElement;
          return focused.id || focused.type || focused.tagName;
        }));
      }
      for (const control of ["select-one", "range", "opened-plot", "SUMMARY"]) {
        assert.ok(reached.has(control), `${control} is not among ${[...reached]}`);
      }
      await page.focus('.opened input[type="range"]');
      await page.keyboard.press("End");
      await person.settle(page);
      assert.match(await person.text(page, ".drawing .setting"), /Operations 218 to 337 of 337/);
      assert.notEqual(await person.text(page, ".opened tbody tr:first-child"), first);
    });

    visiting("takes a file that is dropped on a dialog", async (page) => {
      await person.click(page, "#copy-link");
      await page.waitForSelector("#dialog[open]");
      await page.evaluate((content) => {
        const data = new DataTransfer();
        data.items.add(new File([content], "dropped.jsonl"));
        for (const kind of ["dragover", "drop"]) {
          const event = new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data });
          if (document.querySelector("#dialog header").dispatchEvent(event)) throw new Error(`${kind} is left to the browser`);
        }
      }, BROKEN);
      await page.waitForFunction(() => /^Judged/.test(document.querySelector("#opened-told")?.textContent));
      assert.equal(await person.text(page, ".opened h3"), "dropped.jsonl");
    });
  });
}

const told = (page) => person.text(page, "#opened-told");

async function openDialog(page) {
  await person.click(page, "#copy-link");
  await person.click(page, "#open-history");
  await page.waitForSelector("#opened-file");
}
