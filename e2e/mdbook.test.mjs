// The example for mdBook, as docs/embedding.md tells it: built by mdBook, read in both browsers.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { BROWSERS, DIST, SUB_PATH, launch } from "./browsers.mjs";
import * as person from "./person.mjs";
import { startServer } from "./server.mjs";

const docs = readFileSync("docs/embedding.md", "utf8");
/** The first block of this language behind these words, as a reader would copy it. */
const block = (words, language) => {
  const rest = docs.slice(docs.indexOf(words));
  return new RegExp(`\\n\`\`\`${language}\\n([^]*?)\`\`\``).exec(rest)[1];
};
const TEXT = "background\nalice adds book\n200ms bob views";

describe("a book made with mdBook", () => {
  let lagoon, book, folder;

  before(async () => {
    lagoon = await startServer({ dist: DIST, base: SUB_PATH });
    folder = mkdtempSync(join(tmpdir(), "book-"));
    mkdirSync(join(folder, "src"));
    const write = (name, text) => writeFileSync(join(folder, name), text);
    write("book.toml", `[book]\ntitle = "A book"\n\n${block("**mdBook**", "toml")}`);
    write("lagoon.js", block("**mdBook**", "js").replaceAll("https://host/path/", lagoon.url));
    write("src/SUMMARY.md", "- [A run](run.md)\n");
    write("src/run.md", `# A run\n\nBob looks too early.\n\n\`\`\`lagoon\n${TEXT}\n\`\`\`\n`);
    execFileSync(process.env.MDBOOK ?? "mdbook", ["build", folder], { stdio: "pipe" });
    book = await startServer({ dist: join(folder, "book") });
  });

  after(async () => {
    await lagoon?.close();
    await book?.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  for (const name of BROWSERS) {
    test(`has a live player in ${name}`, async () => {
      const browser = await launch(name);
      try {
        const page = await browser.newPage();
        await page.setViewport({ width: 1200, height: 900 });
        await page.goto(`${book.url}run.html`);
        const frame = await (await page.waitForSelector("lagoon-playground iframe")).contentFrame();
        await person.readyFrame(frame, '.page[data-ready="true"] .stage');
        assert.equal(await page.$eval("lagoon-playground", (own) => own.text.trim()), TEXT);
        assert.equal(await page.$$eval("lagoon-playground", (all) => all.length), 1);
        await frame.$eval(".tp.go", (play) => play.click());
        await frame.waitForSelector('.page[data-playing="true"]');
      } finally {
        await browser.close();
      }
    });
  }

  test("can be read without script", () => {
    const html = readFileSync(join(folder, "book", "run.html"), "utf8");
    assert.ok(html.includes(`<code class="language-lagoon">${TEXT}`));
  });
});
