// The player inside of other pages, in both browsers: code blocks, elements, messages, locks.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { BROWSERS, DIST, SUB_PATH, launch } from "./browsers.mjs";
import * as person from "./person.mjs";
import { startServer } from "./server.mjs";

const TEXT = "background\nalice adds book\n200ms bob views";

/** An article on a host of its own, as its writer would make it. */
function article(body, { head = "", script = "" } = {}) {
  return (lagoon) => `<!doctype html><html lang="en"><head><meta charset="utf-8">
    ${head}<link rel="icon" href="data:,"><title>An article</title></head><body>
    <p>Alice adds a book.</p>${body}
    <script src="${lagoon}embed.js" ${script}></script></body></html>`;
}

const element = (attributes, text = TEXT) =>
  `<lagoon-playground ${attributes}>${text}</lagoon-playground>`;
const block = `<pre><code class="language-lagoon">${TEXT}</code></pre>`;
const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none';
  script-src ORIGIN; frame-src ORIGIN; img-src data:">`;

const unscripted = `<meta http-equiv="Content-Security-Policy" content="script-src 'none'">`;

/** What the makers of sites write for a code block in the language `lagoon`. */
const HOSTS = {
  mdbook: `<pre><code class="language-lagoon hljs">${TEXT}</code></pre>`,
  hugo: `<pre tabindex="0"><code class="language-lagoon" data-lang="lagoon">${TEXT}</code></pre>`,
  jekyll: `<div class="language-lagoon highlighter-rouge"><div class="highlight">
    <pre class="highlight"><code>${TEXT}</code></pre></div></div>`,
  docusaurus: `<div class="language-lagoon codeBlockContainer"><pre tabindex="0"
    class="prism-code language-lagoon codeBlock"><code class="codeBlockLines">${TEXT.split("\n")
      .map((line) => `<span class="token-line"><span class="token plain">${line}</span><br></span>`)
      .join("")}</code></pre></div>`,
  wordpress: `<pre class="wp-block-code lagoon"><code>${TEXT}</code></pre>`,
  sphinx: `<div class="highlight-lagoon notranslate"><div class="highlight"><pre>${TEXT}</pre></div></div>`,
};

const ARTICLES = {
  "/hosts": article(Object.entries(HOSTS).map(([host, markup]) =>
    `<section id="${host}">${markup}</section>`).join("")),
  "/blocks": article(block + element('id="own"')),
  "/ten": article(Array.from({ length: 10 }, (_, nth) =>
    `<div style="height: 900px"><h2>${nth}</h2>${element(`id="p${nth}"`)}</div>`).join("")),
  "/sandbox": article(element('id="own" sandbox')),
  "/locked": article(element('id="own" lock="all"')),
  "/strict": article(element('id="own"'), { head: policy }),
  "/off": article(block + element('id="own"'), { head: unscripted }),
  "/head": (lagoon) => `<!doctype html><head><link rel="icon" href="data:,"><title>An article</title>
    <script src="${lagoon}embed.js" data-lock="switch"></script><script src="${lagoon}embed.js"></script></head>
    <body>${element('id="own"')}<pre data-show="diagram"><code class="language-lagoon">${TEXT}</code></pre></body>`,
  "/slip": article(element('id="own" hide="nonsense"', TEXT.replace("views", "veiws"))),
  "/lines": article(`<pre><code class="language-lagoon">${TEXT}\nshow diagram</code></pre>`),
  "/frame": (lagoon) => `<!doctype html><title>An article</title><link rel="icon" href="data:,">
    <iframe src="${lagoon}#${TEXT.replaceAll("\n", ";")};show player" sandbox="allow-scripts"></iframe>`,
  "/poster": article(element('id="own" poster="300ms"')),
  "/diagram": article(element('id="own" show="diagram" theme="dark" at="214ms"')),
};

for (const name of BROWSERS) {
  describe(`the player in other pages in ${name}`, () => {
    let browser, lagoon, host, closed, closedHost;
    const asked = [];

    before(async () => {
      // As most hosts do, it lets a browser keep what it has for a while.
      const hold = (url) => void asked.push(url);
      lagoon = await startServer({ dist: DIST, base: SUB_PATH, hold, cache: "max-age=600" });
      // Some do not let a sandboxed frame have their files.
      closed = await startServer({ dist: DIST, base: SUB_PATH, open: false });
      const articles = ({ url, origin }) => Object.fromEntries(Object.entries(ARTICLES).map(([path, make]) =>
        [path, make(url).replaceAll("ORIGIN", origin)]));
      host = await startServer({ dist: DIST, base: "/nothing/", pages: articles(lagoon) });
      closedHost = await startServer({ dist: DIST, base: "/nothing/", pages: articles(closed) });
      browser = await launch(name);
    });

    after(async () => {
      await browser?.close();
      for (const one of [lagoon, host, closed, closedHost]) await one?.close();
    });

    async function reading(path, act, at = host) {
      const page = await browser.newPage();
      const problems = [];
      // Firefox calls the refusal itself an error.
      const refusal = ({ message }) => at === closedHost && /^Cross-Origin Request Blocked/.test(message);
      page.on("pageerror", (error) => refusal(error) || problems.push(error.message));
      await page.setViewport({ width: 900, height: 900 });
      await page.evaluateOnNewDocument(() => {
        window.heard = [];
        for (const type of ["ready", "time", "state", "verdict", "resize", "error"]) {
          addEventListener(`lagoon-${type}`, ({ target, detail }) =>
            window.heard.push({ id: target.id, ...detail }));
        }
      });
      try {
        await page.goto(at.origin + path, { waitUntil: "domcontentloaded" });
        await act(page);
        assert.deepEqual(problems, []);
      } finally {
        await page.close();
      }
    }

    /** Waits until the page was told this, and returns it. */
    const told = async (page, id, what) => {
      const found = await page.waitForFunction((id, what) => window.heard.findLast((said) =>
        said.id === id && Object.entries(what).every(([key, value]) => said[key] === value)),
      { timeout: 20_000 }, id, what);
      return found.jsonValue();
    };
    const frameOf = async (page, id) => (await page.waitForSelector(`#${id} iframe`)).contentFrame();

    test("code blocks and elements become players, and nothing plays by itself", () =>
      reading("/blocks", async (page) => {
        await told(page, "own", { type: "state", mode: "background" });
        assert.equal(await page.$$eval("lagoon-playground iframe", (all) => all.length), 2);
        assert.equal(await page.$eval("pre", (pre) => pre.hidden), true);
        const frame = await frameOf(page, "own");
        await frame.waitForSelector(".page[data-show=player] .stage");
        assert.equal(await frame.$eval(".page", (page) => page.dataset.playing), "false");
        const way = await frame.$eval(".way-out a", (a) => a.href);
        assert.ok(way.startsWith(`${lagoon.url}#v1.`) && !way.includes("player"), way);
        const { height } = await told(page, "own", { type: "resize" });
        assert.ok(height > 300 && height < 1200, `${height}`);
      }));

    test("the script may stand in the head, twice, and speaks for all", () =>
      reading("/head", async (page) => {
        const { text } = await told(page, "own", { type: "state" });
        assert.equal(text, TEXT);
        const frame = await frameOf(page, "own");
        await frame.waitForSelector('.page[data-lock~="switch"][data-show="player"]');
        const block = await (await page.waitForSelector("pre[data-show]"))
          .evaluateHandle((pre) => pre.previousElementSibling);
        assert.equal(await block.evaluate((own) => own.getAttribute("show")), "diagram");
      }));

    test("what is not understood is told to the reader and to the writer", () =>
      reading("/slip", async (page) => {
        const { message } = await told(page, "own", { type: "error", line: 3 });
        assert.match(message, /^Line 3: .*veiws.* Try: 200ms bob views$/);
        const frame = await frameOf(page, "own");
        await frame.waitForFunction(() => document.querySelector(".notice")?.checkVisibility());
        assert.match(await frame.$eval(".notice", (own) => own.textContent), /veiws/);
        await page.waitForFunction(() => window.heard.some(({ message }) => /^hide nonsense: there is switch,/.test(message)));
        for (const [key, value] of [["lag", "much"], ["mode", "compare"], ["lagg", "1s"]]) {
          await page.evaluate(() => { window.heard = []; });
          await page.$eval("#own", (own, key, value) => own.set(key, value), key, value);
          await told(page, "own", { type: "error" });
          assert.ok(!(await page.evaluate(() => window.heard.some(({ type }) => type === "state"))), key);
        }
      }));

    test("a diagram alone is a diagram in a narrow column too, and a text can ask for it", () =>
      reading("/lines", async (page) => {
        await page.setViewport({ width: 390, height: 844 });
        const frame = await (await page.waitForSelector("lagoon-playground iframe")).contentFrame();
        await frame.waitForSelector('.page[data-show="diagram"] .timeline svg');
        await frame.waitForFunction(() => document.querySelector(".timeline svg").checkVisibility());
      }));

    test("a page around may look from both sides, and a reader finds the way back", () =>
      reading("/blocks", async (page) => {
        await told(page, "own", { type: "state", sideBySide: false });
        await page.$eval("#own", (own) => own.set("mode", "side by side"));
        await told(page, "own", { type: "state", sideBySide: true });
        await page.$eval("#own", (own) => own.set("lag", 500));
        await told(page, "own", { type: "error" });
        await page.$eval("#own", (own) => own.set("lag", "500ms"));
        const changed = await told(page, "own", { type: "state", sideBySide: true });
        assert.match(changed.text, /lag: 500ms/);
        const frame = await frameOf(page, "own");
        await frame.waitForFunction(() => document.querySelector(".way-out button")?.checkVisibility());
        await page.evaluate(() => { window.heard = []; });
        await frame.$eval(".way-out button", (back) => back.click());
        const { text } = await told(page, "own", { type: "state" });
        assert.equal(text, TEXT);
      }));

    test("a poster is a still picture, and playing begins at the start", () =>
      reading("/poster", async (page) => {
        await told(page, "own", { type: "state" });
        const frame = await frameOf(page, "own");
        await person.readyFrame(frame, ".page[data-ready=true] .stage");
        const clock = () => frame.$eval("input.scrub", (own) => own.getAttribute("aria-valuetext"));
        assert.equal(await clock(), "300 ms");
        assert.equal(await frame.$eval(".page", (page) => page.dataset.playing), "false");
        await page.evaluate(() => { window.heard = []; document.getElementById("own").play(); });
        const { at } = await told(page, "own", { type: "time", playing: true });
        assert.ok(at < 300, `${at}`);
      }));

    test("what the makers of sites write for a code block is understood", () =>
      reading("/hosts", async (page) => {
        for (const host of Object.keys(HOSTS)) {
          const own = await page.$(`#${host} lagoon-playground`);
          assert.ok(own, host);
          assert.equal((await own.evaluate((own) => own.text)).trim(), TEXT, host);
          assert.equal(await page.$eval(`#${host} pre`, (pre) => pre.checkVisibility()), false, host);
        }
      }));

    test("ten on a page: only those near the screen are fetched, and none disturbs another", () =>
      reading("/ten", async (page) => {
        await told(page, "p0", { type: "state" });
        assert.equal(await page.$("#p5 iframe"), null);
        await page.$eval("#p5", (own) => own.scrollIntoView());
        await told(page, "p5", { type: "state" });
        const before = await page.evaluate(() => window.heard.filter((said) => said.id === "p0").length);
        await page.$eval("#p5", (own) => own.set("mode", "synchronous"));
        await told(page, "p5", { type: "state", mode: "synchronous" });
        const after = await page.evaluate(() => window.heard.filter((said) => said.id === "p0").length);
        assert.equal(after, before);
        // All ten: the program is downloaded once, whatever the number of players.
        for (let nth = 0; nth < 10; nth += 1) {
          await page.$eval(`#p${nth}`, (own) => own.scrollIntoView());
          await told(page, `p${nth}`, { type: "state" });
        }
        const program = asked.filter((url) => url.endsWith(".wasm"));
        assert.ok(program.length > 0);
        assert.equal(new Set(program).size, program.length, `${program}`);
      }));

    test("a sandboxed frame plays, and obeys the page around it", () =>
      reading("/sandbox", async (page) => {
        const { hash } = await told(page, "own", { type: "state" });
        assert.match(hash, /^[0-9a-f]{16}$/);
        await page.$eval("#own", (own) => own.seek(300));
        await told(page, "own", { type: "time", at: 300 });
        await told(page, "own", { type: "verdict", name: "fresh", verdict: "violated" });
        await page.$eval("#own", (own) => own.load("synchronous\nalice adds pen"));
        const state = await told(page, "own", { type: "state", mode: "synchronous" });
        assert.equal(state.text, "synchronous\nalice adds pen");
        await page.$eval("#own", (own) => own.play());
        await told(page, "own", { type: "time", playing: true });
        await page.$eval("#own", (own) => own.pause());
        await told(page, "own", { type: "time", playing: false });
        await page.$eval("#own", (own) => own.set("lagg", "1s"));
        const { message } = await told(page, "own", { type: "error" });
        assert.equal(message, "lagg is no setting");
      }));

    test("what is locked stops the person, not the page around", () =>
      reading("/locked", async (page) => {
        await told(page, "own", { type: "state", mode: "background" });
        const frame = await frameOf(page, "own");
        await (await frame.waitForSelector(".switch input[value], .switch input")).evaluate((own) =>
          own.closest(".switch").querySelector("input").click());
        await frame.waitForSelector(".notice");
        assert.match(await frame.$eval(".notice span", (own) => own.textContent), /locked/);
        await page.$eval("#own", (own) => own.set("mode", "synchronous"));
        await told(page, "own", { type: "state", mode: "synchronous" });
      }));

    test("a page with a strict policy has a player all the same", () =>
      reading("/strict", (page) => told(page, "own", { type: "state" })));

    test("the diagram alone, dark, at its moment", () =>
      reading("/diagram", async (page) => {
        await told(page, "own", { type: "time", at: 214 });
        const frame = await frameOf(page, "own");
        await frame.waitForSelector("html[data-theme=dark] .timeline svg");
        const seen = (selector) => frame.$eval(selector, (own) => own.checkVisibility());
        assert.equal(await seen(".stage-card"), false);
        assert.equal(await seen(".timeline svg"), true);
      }));

    test("where a sandboxed frame is refused its files the text is shown in the player's place", () =>
      reading("/sandbox", async (page) => {
        await page.waitForSelector("#own pre", { timeout: 20_000 });
        assert.equal(await page.$eval("#own", (own) => own.innerText), TEXT);
        assert.equal(await page.$eval("#own iframe", (frame) => frame.checkVisibility()), false);
      }, closedHost));

    test("and so it is in a frame that was written by hand", () =>
      reading("/frame", async (page) => {
        const frame = await (await page.waitForSelector("iframe")).contentFrame();
        await frame.waitForSelector("#absent", { visible: true, timeout: 20_000 });
        assert.equal(await frame.$eval("#absent-text", (own) => own.value), TEXT);
        assert.ok(await frame.$eval("#absent-tab", (own) => own.checkVisibility()));
      }, closedHost));

    test("without script the text can be read", async () => {
      const page = await browser.newPage();
      await page.goto(`${host.origin}/off`);
      const text = await page.$eval("body", (body) => body.innerText);
      assert.equal(text.split("alice adds book").length - 1, 2);
      await page.close();
    });
  });
}

test("what an article fetches before a player is near is at most 4 KB", () => {
  const size = brotliCompressSync(readFileSync(join(DIST, "embed.js"))).length;
  assert.ok(size <= 4096, `${size} bytes`);
});
