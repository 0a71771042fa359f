// One file that needs nothing beside it, opened from the disk: the playground, and a lesson.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { single } from "../xtask/src/single.mjs";
import { BROWSERS, DIST, LAGOON_BIN, launch, openWatched } from "./browsers.mjs";
import * as person from "./person.mjs";
import { startServer } from "./server.mjs";

const SITE = "https://lagoon.example/play/";
const LESSON = "the-window";
const TEXT = "synchronous\ncarol adds pen\n50ms bob views\n";

const folder = mkdtempSync(join(tmpdir(), "lagoon-single-"));
after(() => rmSync(folder, { recursive: true }));

/** The address of the file on the disk. */
function written(id, site) {
  const path = join(folder, `${id ?? "lagoon"}${site ? "-of-a-site" : ""}.html`);
  writeFileSync(path, single(DIST, id, site));
  return pathToFileURL(path).href;
}

for (const name of BROWSERS) {
  describe(`a single file in ${name}`, () => {
    let browser;
    before(async () => (browser = await launch(name)));
    after(() => browser?.close());

    /** Opens the file, and holds it to this: nothing is asked for but itself, and nothing fails. */
    async function opened(address, act) {
      const { page, problems, requests } = await openWatched(browser, address);
      try {
        await act(page);
        assert.deepEqual(await problems(), []);
        const others = requests.filter((asked) => !/^(data|blob):/.test(asked) && !asked.startsWith(folderUrl));
        assert.deepEqual(others, []);
      } finally {
        await page.close();
      }
    }
    const folderUrl = pathToFileURL(folder).href;

    test("runs a link as the command line does, opens the gallery, plays, and judges", () =>
      opened(`${written()}#${encodeURIComponent(TEXT.trim().replaceAll("\n", ";"))}`, async (page) => {
        await person.ready(page);
        const file = join(folder, "run.lagoon");
        writeFileSync(file, TEXT);
        const native = JSON.parse(execFileSync(LAGOON_BIN, ["run", "--json", file], { encoding: "utf8" }));
        assert.equal(await person.hash(page), native.hash);
        assert.match(await person.text(page, ".stage"), /Carol/);
        await page.$$eval("#gallery li button", (all) => all[1].click());
        await person.ready(page);
        assert.match(await person.text(page, ".chooser summary"), /One server/);
        await page.click(".tp.go");
        await page.waitForFunction(() => document.querySelector(".page").dataset.playing === "true");
        await page.keyboard.press("End");
        assert.notEqual(await person.text(page, ".verdicts, .promises"), "");
      }));

    test("hands on the text where it knows no site, and leads nowhere", () =>
      opened(`${written()}#synchronous;carol+adds+pen`, async (page) => {
        await person.ready(page);
        assert.equal(await person.text(page, "#copy-link"), "Copy text");
        await page.click("#copy-link");
        await page.waitForSelector("#shared");
        assert.match(await page.$eval("#shared", (field) => field.value), /^synchronous\ncarol adds pen/);
        const offered = await page.$$eval("#dialog .row button", (all) => all.map((one) => one.textContent));
        assert.deepEqual(offered.slice(0, 3), ["Copy text", "as a code block, for embed.js", "as a Mermaid diagram"]);
        const html = await page.evaluate(() => document.documentElement.outerHTML);
        assert.ok(!html.includes("file:"), "no address of the disk");
        const ways = await page.$$eval("a[href]", (all) =>
          all.filter((one) => one.checkVisibility()).map((one) => one.getAttribute("href")));
        assert.deepEqual(ways.filter((way) => !/^(#|data:)/.test(way)), []);
      }));

    test("hands on a link to the site that it was told", () =>
      opened(`${written(undefined, SITE)}#synchronous;carol+adds+pen`, async (page) => {
        await person.ready(page);
        assert.equal(await page.$eval("a.lessons", (own) => own.href), `${SITE}lessons/en/`);
        await page.click("#copy-link");
        await page.waitForSelector("#shared");
        const link = await page.$eval("#shared", (field) => field.value);
        assert.ok(link.startsWith(`${SITE}#`) && link.includes("carol"), link);
      }));

    test("plays a lesson: a bet, its run, a task, a sentence", () =>
      opened(written(LESSON), async (page) => {
        const lesson = JSON.parse(readFileSync(join(DIST, "lessons/en", `${LESSON}.json`), "utf8"));
        const frame = await (await page.waitForSelector(".stage iframe")).contentFrame();
        await person.readyFrame(frame);
        const count = await page.$$eval(".page", (all) => all.length);
        for (let nth = 1; nth < count; nth += 1) {
          const bet = await page.$("[data-now] .bet input");
          if (bet) {
            await bet.evaluate((own) => {
              if (own.type === "number") own.value = "1";
              else own.click();
              own.dispatchEvent(new Event("input", { bubbles: true }));
            });
            await page.click("[data-now] .bet > button");
            await frame.waitForSelector('.page[data-playing="true"]');
          }
          await page.click(".steps .next");
        }
        assert.ok(lesson.pages.some(({ bet }) => bet), "this lesson has a bet");
        const pictures = await page.$$eval("img.drawn", async (all) => {
          for (const one of all) one.loading = "eager";
          await Promise.all(all.map((one) => one.decode()));
          return all.map((one) => one.naturalWidth);
        });
        assert.ok(pictures.length > 0 && pictures.every((width) => width > 0), `${pictures}`);
        await page.type("textarea", "Fast is late somewhere.");
        await page.evaluate(() => Object.defineProperty(navigator, "clipboard", {
          value: { writeText: async (text) => (globalThis.copied = text) },
        }));
        await page.$eval(".copy", (own) => own.click());
        await page.waitForFunction(() => globalThis.copied);
        const copied = await page.evaluate(() => globalThis.copied);
        assert.ok(copied.startsWith(`> Fast is late somewhere.\n\n${lesson.title}\n\n\`\`\`lagoon\nbackground\n`), copied);
        const html = await page.evaluate(() => document.documentElement.outerHTML);
        assert.ok(!html.includes("file:"), "no address of the disk");
      }));

    test("plays a lesson where a course system keeps it in a sandbox", async () => {
      const around = '<link rel="icon" href="data:,"><iframe sandbox="allow-scripts" src="/lesson.html" style="width:100%;height:900px"></iframe>';
      const host = await startServer({ dist: folder, pages: { "/": around, "/lesson.html": single(DIST, LESSON) } });
      try {
        const { page, problems } = await openWatched(browser, host.url);
        const outer = await (await page.waitForSelector("iframe")).contentFrame();
        const stage = await (await outer.waitForSelector(".stage iframe")).contentFrame();
        await person.readyFrame(stage);
        assert.deepEqual(await problems(), []);
        await page.close();
      } finally {
        await host.close();
      }
    });
  });
}

test("every lesson can be one file", () => {
  const { lessons } = JSON.parse(readFileSync(join(DIST, "lessons/en/index.json"), "utf8"));
  for (const { id } of lessons) {
    const html = single(DIST, id, SITE);
    // Whatever is left to be fetched is another page of the site, by its whole address.
    const asked = [...html.matchAll(/ (?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    assert.deepEqual(asked.filter((address) => !/^(#|data:)/.test(address) && !address.startsWith(SITE)
      && !address.startsWith("https://")), [], id);
    assert.ok(html.length < 2_000_000, `${id}: ${html.length}`);
  }
});

test("a lesson that is not there is told, with those that are", () => {
  assert.throws(() => single(DIST, "the-widow"), /there is no lesson the-widow[\s\S]*the-window/);
  assert.throws(() => single(DIST, "../en"), /there is no lesson/);
  assert.throws(() => single(DIST, undefined, "lagoon.example"), /LAGOON_SITE is no address/);
});
