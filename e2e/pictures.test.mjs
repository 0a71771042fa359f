// Pictures of a run: the files of the Share dialog beside the command line's, and those of the
// static pages, with script and without.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { BROWSERS, DIST, LAGOON_BIN, SUB_PATH, launch, openWatched } from "./browsers.mjs";
import * as person from "./person.mjs";
import { startServer } from "./server.mjs";

const TEXT = "title: Two <copies> & a view\nbackground\nreplicas: 2\nalice adds book\n200ms bob views from s3";
const drawn = (text, how = "--svg") =>
  execFileSync(LAGOON_BIN, ["run", how, "-"], { input: text, encoding: "utf8" });

test("every page has a preview for link cards, 1200 by 630", () => {
  const pages = readdirSync(DIST, { recursive: true }).filter((name) => name.endsWith("index.html"));
  assert.ok(pages.length > 60, `${pages.length}`);
  for (const page of pages) {
    const html = readFileSync(join(DIST, page), "utf8");
    const given = /<meta property="og:image" content="([^"]+)">/.exec(html)?.[1];
    assert.match(given ?? page, /(^|\/)preview\.png$/);
    assert.ok(html.includes('name="description"') && /twitter:card" content="summary_large_image"/.test(html), page);
    const png = readFileSync(join(DIST, page, "..", "preview.png"));
    assert.equal(png.toString("latin1", 1, 4), "PNG");
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1200, 630], page);
    assert.ok(png.length > 10_000 && png.length < 300_000, `${page}: ${png.length}`);
  }
});

for (const name of BROWSERS) {
  describe(`pictures in ${name}`, () => {
    let browser, host;

    before(async () => {
      host = await startServer({ dist: DIST, base: SUB_PATH });
      browser = await launch(name);
    });

    after(async () => {
      await browser?.close();
      await host?.close();
    });

    async function looking(address, act) {
      const { page, problems } = await openWatched(browser, host.url + address);
      try {
        await act(page);
        assert.deepEqual(await problems(), []);
      } finally {
        await page.close();
      }
    }

    test("the diagram is kept as a file: the same bytes as the command line's, and as pixels", () => {
      return looking(`#${encodeURIComponent(TEXT.replaceAll("\n", ";"))}`, async (page) => {
        await page.waitForSelector('.page[data-ready="true"]');
        await page.evaluate(() => {
          window.saved = [];
          HTMLAnchorElement.prototype.click = function () { window.saved.push([this.download, this.href]); };
        });
        await person.click(page, "#copy-link");
        const svg = await page.waitForSelector('.files a[download="run.svg"]');
        const content = await svg.evaluate((own) => own.getAttribute("href"));
        const [head, ...body] = content.split(",");
        assert.equal(head, "data:image/svg+xml;charset=utf-8");
        assert.equal(decodeURIComponent(body.join(",")), drawn(TEXT));
        const strip = await page.$eval('.files a[download="strip.svg"]', (own) => own.getAttribute("href"));
        assert.equal(decodeURIComponent(strip.split(",").slice(1).join(",")), drawn(TEXT, "--strip"));
        await page.$$eval(".files button", (all) => all.find((one) => one.textContent === "Diagram, PNG").click());
        await page.waitForFunction(() => window.saved.length > 0);
        const [file, size, ink] = await page.evaluate(async () => {
          const [file, href] = window.saved[0];
          const image = new Image();
          image.src = href;
          await image.decode();
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [image.width, image.height];
          const pen = canvas.getContext("2d");
          pen.drawImage(image, 0, 0);
          const colours = new Set();
          const { data } = pen.getImageData(0, 0, image.width, image.height);
          for (let at = 0; at < data.length; at += 4) colours.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
          return [`${file} ${href.slice(0, 22)}`, [image.width, image.height], [...colours]];
        });
        assert.equal(file, "run.png data:image/png;base64,");
        assert.equal(size[0], 2 * 992);
        // Paper, Alice's confirmed change, and what is behind.
        for (const colour of [0xffffff, 0x00667a, 0xb4390c]) assert.ok(ink.includes(colour), colour.toString(16));
        // Where no pixels can be made the page says so, and what else there is.
        assert.equal(await page.$eval(".files [role=alert]", (told) => told.checkVisibility()), false);
        await page.evaluate(() => { HTMLImageElement.prototype.decode = () => Promise.reject(new Error("no")); });
        await page.$$eval(".files button", (all) => all.find((one) => one.textContent === "Diagram, PNG").click());
        await page.waitForFunction(() => document.querySelector(".files [role=alert]").checkVisibility());
        const story = await page.$eval('.files a[download="story.txt"]', (own) => decodeURIComponent(own.getAttribute("href")));
        assert.match(story, /0 ms  Alice asks/);
      });
    });

    test("a preview is drawn with its words", () =>
      looking("scenarios/", async (page) => {
        const dark = await page.evaluate(async () => {
          const image = new Image();
          image.src = "../preview.png";
          await image.decode();
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [1200, 630];
          const pen = canvas.getContext("2d");
          pen.drawImage(image, 0, 0);
          const { data } = pen.getImageData(0, 80, 1200, 60);
          return data.filter((_, at) => at % 4 === 0 && data[at] < 0x40).length;
        });
        assert.ok(dark > 2000 && dark < 40_000, `${dark}`);
      }));

    test("every static page shows its runs, whether script runs or not", async () => {
      const pages = ["scenarios", "lessons/en"].flatMap((folder) =>
        readdirSync(join(DIST, folder), { withFileTypes: true })
          .filter((one) => one.isDirectory() && one.name !== "questions")
          .map((one) => `${folder}/${one.name}`));
      assert.ok(pages.length > 50, `${pages.length}`);
      let count = 0;
      for (const folder of pages) {
        const html = readFileSync(join(DIST, folder, "index.html"), "utf8");
        const images = [...html.matchAll(/<img class="drawn" src="([^"]+)" alt="([^"]+)"/g)];
        assert.ok(images.length > 0, folder);
        for (const [, src, alt] of images) {
          const svg = readFileSync(join(DIST, folder, src), "utf8");
          assert.ok(svg.startsWith("<svg xmlns=") && alt.length > 20, `${folder}: ${alt}`);
          count += 1;
        }
      }
      assert.ok(count > 80, `${count}`);
      const page = await browser.newPage();
      try {
        // Firefox cannot be told to run no script; there a page is looked at that hides nothing.
        if (name === "chromium") await page.setJavaScriptEnabled(false);
        for (const folder of [pages[0], name === "chromium" ? "lessons/en/time-goes-backwards" : pages[1]]) {
          await page.goto(`${host.url}${folder}/`);
          const seen = await page.$("img.drawn");
          await seen.evaluate((own) => own.scrollIntoView());
          const [width, height] = await seen.evaluate(async (own) => {
            await own.decode();
            return [own.naturalWidth, own.naturalHeight];
          });
          assert.ok(width === 992 && height > 200, `${folder}: ${width} x ${height}`);
        }
      } finally {
        await page.close();
      }
    });
  });
}
