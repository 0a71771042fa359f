// Without a network after one visit; and a new build takes the place of the old one whole.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { BROWSERS, DIST, SUB_PATH, launch } from "./browsers.mjs";
import * as person from "./person.mjs";
import { startServer } from "./server.mjs";

const LIST = fileURLToPath(new URL("../xtask/src/offline.mjs", import.meta.url));
const hosted = (options) => startServer({ dist: DIST, base: SUB_PATH, worker: true, ...options });

/** Waits until the worker keeps the site. */
const kept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
const workers = (page) =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);

for (const name of BROWSERS) {
  describe(`the site without a network in ${name}`, () => {
    let browser;
    before(async () => (browser = await launch(name)));
    after(() => browser?.close());

    test("works after one visit: a run, a link, the gallery, a lesson with its player", async () => {
      const host = await hosted();
      const page = await browser.newPage();
      await page.goto(host.url, { waitUntil: "load" });
      await person.ready(page);
      await kept(page);
      await host.close();
      await page.goto(`${host.url}?synchronous;carol+adds+pen`, { waitUntil: "load" });
      await person.ready(page);
      assert.match(await person.text(page, ".stage"), /Carol/);
      await page.$$eval("#gallery li button", (all) => all[1].click());
      await person.ready(page);
      assert.match(await person.text(page, ".chooser summary"), /One server/);
      await page.goto(`${host.url}lessons/en/one-server/`, { waitUntil: "load" });
      const frame = await (await page.waitForSelector("lagoon-playground iframe")).contentFrame();
      await person.readyFrame(frame);
      await page.close();
    });

    test("keeps to its build until a person takes the new one, and then takes it whole", async () => {
      const dist = mkdtempSync(join(tmpdir(), "lagoon-offline-"));
      cpSync(DIST, dist, { recursive: true });
      const host = await hosted({ dist });
      const page = await browser.newPage();
      const builds = async () => {
        const inside = await page.evaluate(async () => {
          const embed = await (await fetch("embed.js")).text();
          return [document.documentElement.outerHTML, embed].map((text) => text.includes("the second build"));
        });
        return inside.join(" ");
      };
      try {
        await page.goto(host.url, { waitUntil: "load" });
        await person.ready(page);
        await kept(page);
        const change = (file, write) => {
          const path = join(dist, file);
          writeFileSync(path, write(readFileSync(path, "utf8")));
        };
        change("index.html", (html) => html.replace("<html ", '<html data-build="the second build" '));
        change("embed.js", (script) => `${script}// the second build`);
        execFileSync(process.execPath, [LIST, dist]);
        await page.goto(host.url, { waitUntil: "load" });
        await person.ready(page);
        assert.equal(await builds(), "false false");
        await page.waitForSelector("#newer", { visible: true });
        assert.equal(await builds(), "false false");
        // A lesson is open beside it, whose player is of the same build, before and after.
        const lesson = await browser.newPage();
        const player = async () => {
          const frame = await (await lesson.waitForSelector("lagoon-playground iframe")).contentFrame();
          await person.readyFrame(frame);
          return frame.evaluate(() => document.documentElement.dataset.build ?? "the first build");
        };
        await lesson.goto(`${host.url}lessons/en/one-server/`, { waitUntil: "load" });
        assert.equal(await player(), "the first build");
        await lesson.evaluate(() => (globalThis.isOld = true));
        await page.bringToFront();
        const loaded = page.waitForNavigation({ waitUntil: "load" });
        await page.click("#newer-load");
        await loaded;
        await person.ready(page);
        await lesson.bringToFront();
        await lesson.waitForFunction(() => !globalThis.isOld);
        assert.equal(await player(), "the second build");
        await lesson.close();
        assert.equal(await builds(), "true true");
        assert.equal(await page.$eval("#newer", (own) => own.hidden), true);
      } finally {
        await page.close();
        await host.close();
        rmSync(dist, { recursive: true });
      }
    });

    test("a page that is served to whoever changes it has no worker, and loses that of before", async () => {
      const host = await hosted();
      const port = Number(new URL(host.origin).port);
      const page = await browser.newPage();
      await page.goto(host.url, { waitUntil: "load" });
      await person.ready(page);
      await kept(page);
      await host.close();
      const served = await hosted({ worker: false, port });
      await page.goto(served.url, { waitUntil: "load" });
      await page.waitForFunction(async () => {
        const [left] = await navigator.serviceWorker.getRegistrations();
        await left?.update().catch(() => {});
        return !left;
      }, { polling: 200 });
      await page.goto(served.url, { waitUntil: "load" });
      await person.ready(page);
      assert.equal(await workers(page), 0);
      assert.equal(await page.$("script[data-offline]"), null);
      await page.close();
      await served.close();
    });
  });
}
