// The course as a learner goes through it, in both browsers: bets, tasks, the keyboard, no script.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { AxePuppeteer } from "@axe-core/puppeteer";
import { BROWSERS, DIST, LAGOON_BIN, SUB_PATH, launch } from "./browsers.mjs";
import * as person from "./person.mjs";
import { startServer } from "./server.mjs";

const COURSE = join(DIST, "lessons", "en");
const lessons = JSON.parse(readFileSync(join(COURSE, "index.json"), "utf8")).lessons;
const lesson = (id) => JSON.parse(readFileSync(join(COURSE, `${id}.json`), "utf8"));

/** The first lesson with such a page, and the number of the page, the recall counted in. */
function withPage(has) {
  for (const { id } of lessons) {
    const whole = lesson(id);
    const place = whole.pages.findIndex(has);
    if (place >= 0) return { id, page: place + (whole.recall ? 2 : 1), own: whole.pages[place] };
  }
  throw new Error("no such lesson");
}

for (const name of BROWSERS) {
  describe(`the course in ${name}`, () => {
    let browser, host;
    const at = (id, page = 1) => `${host.url}lessons/en/${id}/#${page}`;

    before(async () => {
      host = await startServer({ dist: DIST, base: SUB_PATH });
      browser = await launch(name);
    });

    after(async () => {
      await browser?.close();
      await host?.close();
    });

    async function learning(address, act) {
      const page = await browser.newPage();
      const problems = [];
      page.on("pageerror", (error) => problems.push(error.message));
      await page.setViewport({ width: 1360, height: 900 });
      try {
        // Nothing is remembered from before.
        await page.goto(`${host.url}lessons/en/questions/`);
        await page.evaluate(() => localStorage.clear());
        await page.goto(address, { waitUntil: "domcontentloaded" });
        await act(page);
        assert.deepEqual(problems, []);
      } finally {
        await page.close();
      }
    }

    /** The stage, once it shows what the lesson says. */
    async function stage(page) {
      const frame = await (await page.waitForSelector(".stage iframe")).contentFrame();
      return person.readyFrame(frame);
    }
    const told = (page, selector) =>
      page.waitForFunction((selector) => document.querySelector(selector)?.textContent, {}, selector)
        .then((found) => found.jsonValue());

    test("lists every lesson, and each can be read from start to end by keyboard", () =>
      learning(`${host.url}lessons/en/`, async (page) => {
        const listed = await page.$$eval(".lessons a", (all) => all.map((a) => a.getAttribute("href")));
        assert.deepEqual(listed, lessons.map(({ id }) => `${id}/`));
        await page.focus(".lessons a");
        await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
        await page.waitForSelector(".steps");
        const count = await page.$$eval(".page", (all) => all.length);
        await page.focus(".steps .next");
        for (let nth = 1; nth < count; nth += 1) {
          await page.focus(".steps .next");
          await page.keyboard.press("Enter");
          const place = await page.$eval(".steps span", (own) => own.textContent);
          assert.equal(place, `${nth + 1} of ${count}`);
          assert.equal(await page.$$eval(".page", (all) => all.filter((one) => one.checkVisibility()).length), 1);
        }
        await page.type("textarea", "Waiting grows before the server is full.");
        await page.reload();
        assert.match(await page.$eval("textarea", (own) => own.value), /Waiting grows/);
        await page.goto(`${host.url}lessons/en/`);
        assert.equal(await page.$$eval(".lessons [data-done]", (all) => all.length), 1);
        // The map lights up where a lesson is done, and says so.
        assert.equal(await page.$$eval(".map [data-done]", (all) => all.length), 0);
        const fresh = await page.$$eval(".map a", (all) => all.map((a) => a.dataset.lesson));
        assert.ok(fresh.length >= 7 && fresh.every((id) => lessons.some((one) => one.id === id)), `${fresh}`);
        await page.evaluate((id) => localStorage.setItem(`lagoon.course.${id}`, '{"done":true}'), fresh[0]);
        await page.reload();
        const lit = await page.$$eval(".map [data-done] text", (all) => all.map((one) => one.textContent));
        assert.ok(lit.length > 0 && lit.every((text) => text.startsWith("✓ ")), `${lit}`);
      }));

    test("the browser's Back goes one page back, and then out of the lesson", () =>
      learning(at(lessons[1].id), async (page) => {
        const place = () => page.$eval(".steps span", (own) => own.textContent.split(" ")[0]);
        await stage(page);
        await page.click(".steps .next");
        await page.click(".steps .next");
        assert.equal(await place(), "3");
        await page.evaluate(() => history.back());
        await page.waitForFunction(() => location.hash === "#2");
        assert.equal(await place(), "2");
        await page.evaluate(() => history.forward());
        await page.waitForFunction(() => location.hash === "#3");
        assert.equal(await place(), "3");
      }));

    test("a bet and a task are done by keyboard alone", () => {
      const { id, page: place, own } = withPage((one) => one.bet?.answers.length && one.task?.solutions.length);
      return learning(at(id, place), async (page) => {
        const frame = await stage(page);
        const focused = (inside, selector) => inside.evaluate((selector) =>
          document.activeElement?.matches(selector) ?? false, selector);
        /** Tab until this has the focus, as somebody without a pointer does. */
        const tabTo = async (inside, selector) => {
          for (let steps = 0; steps < 150; steps += 1) {
            if (await focused(inside, selector)) return;
            await page.keyboard.press("Tab");
          }
          assert.fail(`${selector} cannot be reached`);
        };
        await tabTo(page, "[data-now] .bet input");
        await page.keyboard.press(" ");
        await tabTo(page, "[data-now] .bet button");
        await page.keyboard.press("Enter");
        assert.match(await told(page, "[data-now] .bet .told"), /^(Right|Not so)\./);
        await frame.waitForSelector(".page:not([data-hide])");
        // From the text into the stage, and there into the script.
        await tabTo(page, "iframe");
        await tabTo(frame, ".intro button, #script");
        if (await focused(frame, ".intro button")) {
          await page.keyboard.press("Enter");
          await frame.waitForSelector("#script");
          await tabTo(frame, "#script");
        }
        await page.keyboard.down("Control");
        await page.keyboard.press("a");
        await page.keyboard.up("Control");
        await page.keyboard.type(own.task.solutions[0].text);
        await page.waitForSelector("[data-now] .task[data-done]", { timeout: 20_000 });
      });
    });

    test("a class has one address, and each number a run of its own", async () => {
      const { id } = lessons.find(({ id }) => lesson(id).teacher.puzzle);
      await learning(`${host.url}lessons/en/${id}/puzzle/`, async (page) => {
        assert.equal(await page.$("iframe"), null);
        const links = await page.$$eval(".numbers a", (all) => all.map((a) => a.hash));
        assert.equal(new Set(links).size, 30);
        const runs = [];
        for (const number of [7, 12]) {
          await page.$$eval(".numbers a", (all, nth) => all[nth].click(), number - 1);
          assert.equal(await page.$eval(".numbers [aria-current]", (a) => a.textContent), `${number}`);
          const frame = await stage(page);
          const { hash } = JSON.parse(execFileSync(LAGOON_BIN, ["run", "--json", links[number - 1]]));
          await frame.waitForSelector(`[data-trace-hash="${hash}"]`, { timeout: 20_000 });
          runs.push(hash);
        }
        assert.notEqual(runs[0], runs[1]);
        await page.goto(`${host.url}lessons/en/${id}/puzzle/key/`);
        const rows = await page.$$eval("tbody tr", (all) => all.map((row) => row.textContent));
        const answers = await page.$$eval("tbody td", (all) => all.map((cell) => cell.textContent));
        assert.equal(rows.length, 30);
        assert.ok(new Set(answers).size >= 4, `${answers}`);
      });
    });

    test("a bet stands before its run: curtained until then, explained after, and kept", () => {
      const { id, page: place, own } = withPage((one) => one.bet?.answers.length);
      return learning(at(id, place), async (page) => {
        const frame = await stage(page);
        await frame.waitForSelector('[data-hide~="inside"]');
        const seen = (selector) => frame.$eval(selector, (one) => one.getClientRects().length > 0);
        assert.equal(await seen(".db"), false);
        assert.equal(await seen(".timeline"), false);
        await frame.$eval(".tp.go", (play) => play.click());
        assert.equal(await frame.$eval(".page", (one) => one.dataset.playing), "false");
        const wrong = own.bet.answers.findIndex((answer) => !answer.right);
        await (await page.$$("[data-now] .bet input"))[wrong].click();
        await page.click("[data-now] .bet button");
        assert.match(await told(page, "[data-now] .bet .told"), /^Not so\./);
        assert.equal(await page.$eval("[data-now] .bet .key", (key) => key.open), true);
        assert.equal(await page.$$eval('[data-now] .answer[data-mark="right"]', (all) => all.length), 1);
        await frame.waitForSelector(".page:not([data-hide])");
        await frame.waitForSelector(".db");
        assert.equal(await seen(".db"), true);
        await page.reload();
        await page.waitForSelector("[data-now] .bet[data-placed]");
      });
    });

    test("a task that would give its page's bet away is shown after it", () => {
      const { id, page: place } = withPage((one) => one.bet?.answers.length && one.task);
      return learning(at(id, place), async (page) => {
        await stage(page);
        const seen = () => page.$eval("[data-now] .task", (task) => task.checkVisibility());
        assert.equal(await seen(), false);
        await page.click("[data-now] .bet input");
        await page.click("[data-now] .bet button");
        assert.equal(await seen(), true);
      });
    });

    test("a task is done whatever way was found, and only then", async () => {
      const { id, page: place, own } = withPage((one) => one.task?.solutions.length > 1);
      for (const { text } of own.task.solutions) {
        await learning(at(id, place), async (page) => {
          const frame = await stage(page);
          await page.waitForSelector("[data-now] .task");
          assert.equal(await page.$("[data-now] .task[data-done]"), null);
          await frame.evaluate(() => document.querySelector(".intro button")?.click());
          await frame.waitForSelector("#script");
          await frame.$eval("#script", (field, value) => {
            field.value = value;
            field.dispatchEvent(new InputEvent("input", { bubbles: true }));
          }, text);
          await page.waitForSelector("[data-now] .task[data-done]", { timeout: 20_000 });
        });
      }
    });

    test("a task says how far it is, keeps what has to stay, and begins anew", () => {
      const { id, page: place, own } = withPage((one) => one.task?.stays.length && one.task.seeds > 1 && !one.bet);
      return learning(at(id, place), async (page) => {
        const frame = await stage(page);
        const row = (nth) => page.$$eval("[data-now] .claims li", (all, nth) =>
          ({ met: all[nth].dataset.met, fare: all[nth].querySelector(".fare").textContent }), nth);
        await page.waitForSelector('[data-now] .claims li[data-met="false"]');
        const first = await row(0);
        assert.match(first.fare, /^In \d+ of \d+ runs\. For example, with seed \d+: .+\.$/);
        await page.click("[data-now] .tools");
        await frame.waitForFunction(() => document.activeElement?.id === "script");
        const write = (text) => frame.$eval("#script", (field, value) => {
          field.value = value;
          field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }, text);
        // A solution without the line that has to stay is none, and neither is one with a slip.
        const line = own.task.stays[0];
        const { text } = own.task.solutions[0];
        const without = text.split("\n").filter((own) => own !== line).join("\n");
        assert.notEqual(without, text);
        await write(without);
        const stays = own.task.claims.length;
        await page.waitForFunction((nth) => document.querySelectorAll("[data-now] .claims li")[nth].dataset.met === "false",
          {}, stays);
        assert.equal((await row(stays)).fare, "It is gone.");
        await write(`${text}\nbob flies`);
        await page.waitForFunction(() => /not understood/.test(document.querySelector("[data-now] .task .told").textContent));
        assert.equal(await page.$("[data-now] .task[data-done]"), null);
        await page.click("[data-now] .anew");
        await frame.waitForFunction((text) => document.querySelector("#script").value === text, {}, own.text);
        await page.$eval("[data-now] .task .key button", (show) => show.click());
        await page.waitForSelector("[data-now] .task[data-done]", { timeout: 20_000 });
      });
    });

    test("after a bet on what would have helped, each answer's run can be seen", () => {
      const { id, page: place, own } = withPage((one) => one.bet?.answers.some(({ text }) => text));
      return learning(at(id, place), async (page) => {
        const frame = await stage(page);
        await page.click("[data-now] .bet input");
        await page.click("[data-now] .bet button");
        await page.waitForSelector("[data-now] .bet .see");
        const texts = own.bet.answers.map(({ text }) => text).filter(Boolean);
        assert.equal(await page.$$eval("[data-now] .bet .see", (all) => all.length), texts.length);
        for (const [nth, text] of texts.entries()) {
          const { hash } = JSON.parse(execFileSync(LAGOON_BIN, ["run", "--json", "-"], { input: text }));
          await page.$$eval("[data-now] .bet .see", (all, nth) => all[nth].click(), nth);
          await frame.waitForSelector(`[data-trace-hash="${hash}"]`, { timeout: 20_000 });
        }
      });
    });

    test("what a page asks is not shown by the page before it", () => {
      const { id } = lessons.find(({ id }) => lesson(id).recall && lesson(id).pages[0].bet);
      return learning(at(id, 1), async (page) => {
        const frame = await stage(page);
        await frame.waitForSelector('[data-hide~="inside"]');
        assert.equal(await frame.$eval(".timeline", (own) => own.checkVisibility()), false);
        await frame.$eval(".tp.go", (play) => play.click());
        await frame.waitForSelector(".notice");
        assert.match(await frame.$eval(".notice span", (own) => own.textContent), /when its turn comes/);
      });
    });

    /** A page of somebody's own with a lesson in a frame: what it hears is kept in `heard`. */
    async function framing(address, sandbox, act) {
      const body = `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>A course</title>
        <script>heard = []; onmessage = ({ data }) => heard.push(data);</script>
        <iframe src="${address}" title="A lesson" ${sandbox} width="1000" height="900"></iframe>`;
      const course = await startServer({ dist: DIST, base: "/nothing/", pages: { "/course": body } });
      const page = await browser.newPage();
      try {
        await page.goto(`${course.origin}/course`, { waitUntil: "domcontentloaded" });
        const framed = await (await page.waitForSelector("iframe")).contentFrame();
        await person.readyFrame(framed, ".stage iframe");
        const inner = await (await framed.$(".stage iframe")).contentFrame();
        await person.readyFrame(inner);
        await act(page, framed, inner);
      } finally {
        await page.close();
        await course.close();
      }
    }

    for (const sandbox of ["", 'sandbox="allow-scripts"']) {
      test(`a lesson in a frame ${sandbox} tells the page around it what was done`, async () => {
        const { id, page: place, own } = withPage((one) => one.bet?.answers.length);
        await framing(at(id, place), sandbox, async (page, framed) => {
          const wrong = own.bet.answers.findIndex((answer) => !answer.right);
          await framed.$$eval("[data-now] .bet input", (all, nth) => all[nth].click(), wrong);
          await framed.$eval("[data-now] .bet button", (ask) => ask.click());
          await framed.$eval(".steps .next", async (go) => {
            while (go.textContent === "Next") go.click();
          });
          await page.waitForFunction(() => heard.some(({ type }) => type === "lesson-done"));
          const heard = await page.evaluate(() => heard);
          const bet = { lagoon: 1, type: "bet", lesson: id, page: place, right: false };
          assert.deepEqual(heard.filter(({ type }) => type === "bet"), [bet]);
          assert.deepEqual(heard.filter(({ type }) => type === "lesson-done"),
            [{ lagoon: 1, type: "lesson-done", lesson: id }]);
          const { height, lesson } = heard.findLast(({ type }) => type === "resize");
          assert.ok(lesson === id && height > 400 && height < 6000, `${height}`);
        });
      });
    }

    test("a lesson in a frame tells that its task is done, once", async () => {
      const { id, page: place, own } = withPage((one) => one.task?.solutions.length);
      // A frame that keeps nothing knows of no task that was done before.
      await framing(at(id, place), 'sandbox="allow-scripts"', async (page, framed, inner) => {
        await inner.evaluate(() => document.querySelector(".intro button")?.click());
        await inner.waitForSelector("#script");
        await inner.$eval("#script", (field, value) => {
          field.value = value;
          field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }, own.task.solutions[0].text);
        await framed.waitForSelector("[data-now] .task[data-done]", { timeout: 20_000 });
        await page.waitForFunction(() => heard.some(({ type }) => type === "task-done"));
        const done = await page.evaluate(() => heard.filter(({ type }) => type === "task-done"));
        assert.deepEqual(done, [{ lagoon: 1, type: "task-done", lesson: id, page: place }]);
      });
    });

    test("a class sees it large, raises hands, and the keys alone lift the curtain", () => {
      const { id, page: place, own } = withPage((one) => one.bet?.answers.length);
      return learning(`${host.url}lessons/en/${id}/?present#${place}`, async (page) => {
        const frame = await stage(page);
        await frame.waitForSelector('[data-hide~="inside"]');
        assert.ok(await page.$eval("body", (body) => parseFloat(getComputedStyle(body).fontSize)) >= 24);
        for (const key of ["1", "1", "2"]) await page.keyboard.press(key);
        await page.keyboard.down("Shift");
        await page.keyboard.press("Digit1");
        await page.keyboard.up("Shift");
        const hands = await page.$$eval("[data-now] .bet .hands", (all) => all.map((one) => one.textContent));
        assert.deepEqual(hands, ["1 hand", "1 hand"]);
        assert.equal(await page.$("[data-now] .bet[data-placed]"), null);
        await page.keyboard.press("l");
        const right = own.bet.answers.findIndex((answer) => answer.right);
        const marks = await page.$$eval("[data-now] .bet .answer", (all) => all.map((one) => one.dataset.mark));
        assert.deepEqual(marks, own.bet.answers.map((_, nth) => (nth === right ? "right" : "")));
        assert.equal(await page.$eval("[data-now] .bet .key", (key) => key.open), true);
        await frame.waitForSelector(".page:not([data-hide])");
        await frame.waitForSelector('.page[data-playing="true"]');
        const before = await page.$eval(".steps span", (one) => one.textContent);
        await page.keyboard.press("ArrowRight");
        assert.notEqual(await page.$eval(".steps span", (one) => one.textContent), before);
        await page.keyboard.press("Escape");
        assert.ok(await page.$eval("body", (body) => parseFloat(getComputedStyle(body).fontSize)) < 20);
        // A learner does not meet it: it stands with the teacher's notes, and there it begins again.
        assert.equal(await page.$(".steps .present"), null);
        await page.click(".teacher summary");
        await page.click(".teacher .present");
        assert.equal(await page.$eval(".steps .present", (own) => own.textContent), "Stop presenting");
      });
    });

    test("nothing stands in a learner's way: axe finds nothing", async () => {
      const { id, page: place } = withPage((one) => one.bet);
      const presented = `${host.url}lessons/en/${id}/?present#${place}`;
      const task = withPage((one) => one.task && !one.bet);
      const riddle = `${host.url}lessons/en/${lessons.find(({ id }) => lesson(id).teacher.puzzle).id}/puzzle/`;
      for (const address of [`${host.url}lessons/en/`, at(id, place), at(task.id, task.page), presented,
        `${host.url}lessons/en/questions/`, `${riddle}#7`, `${riddle}key/`]) {
        await learning(address, async (page) => {
          // axe looks into every frame, so the stage has to stand.
          if (await page.$(".stage")) await stage(page);
          if (await page.$(".stage")) await page.waitForSelector(".lesson .steps, .puzzle .numbers [aria-current]");
          const found = await new AxePuppeteer(page).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
            .exclude("iframe").analyze();
          assert.deepEqual(found.violations.map(({ id, nodes }) => [id, nodes[0].html]), []);
        });
      }
    });
  });
}

test("a puzzle's page leads nowhere to its key", () => {
  for (const { id } of lessons.filter(({ id }) => lesson(id).teacher.puzzle)) {
    const html = readFileSync(join(COURSE, id, "puzzle", "index.html"), "utf8");
    assert.ok(!html.includes("key"), id);
    assert.match(readFileSync(join(COURSE, id, "index.html"), "utf8"), /href="puzzle\/key\/"/);
  }
});

test("every page of the course can be read without script", () => {
  for (const { id, title } of lessons) {
    const html = readFileSync(join(COURSE, id, "index.html"), "utf8");
    const whole = lesson(id);
    assert.ok(html.includes("<h1>") && html.includes('name="description"'), id);
    assert.equal(html.match(/class="page"/g).length, whole.pages.length + 2 + (whole.recall ? 1 : 0), title);
    for (const page of whole.pages.filter((page) => page.text)) {
      assert.ok(html.includes(page.text.split("\n")[0]), `${id}: ${page.title}`);
    }
    assert.ok(!/<script(?![^>]*src=)/.test(html), `${id}: no inline script`);
  }
  assert.ok(readdirSync(COURSE).includes("questions"));
});
