// The page as a person uses it, in both browsers.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { BROWSERS, DIST, LAGOON_BIN, SUB_PATH, launch } from "./browsers.mjs";
import * as person from "./person.mjs";
import { startServer } from "./server.mjs";

const GALLERY = fileURLToPath(new URL("../scenarios/", import.meta.url));
const FIRST = "background\nalice adds book\n200ms bob views";

/** What the command line says of the same text or link. */
function native(argument) {
  try {
    return JSON.parse(execFileSync(LAGOON_BIN, ["run", "--json", argument], { encoding: "utf8" }));
  } catch (error) {
    // A claim that is not met ends with 1; the run is printed all the same.
    return JSON.parse(error.stdout);
  }
}

for (const name of BROWSERS) {
  describe(`a person at the page in ${name}`, () => {
    let browser, host;
    const at = (link = "") => host.url + link;

    before(async () => {
      host = await startServer({ dist: DIST, base: SUB_PATH });
      browser = await launch(name);
    });

    after(async () => {
      await browser?.close();
      await host?.close();
    });

    /** Visits, acts, and then insists that nothing went wrong. */
    const visiting = (what, link, act) =>
      test(what, async () => {
        const { page, problems } = await person.visit(browser, at(link));
        try {
          await act(page);
          assert.deepEqual(await problems(), []);
        } finally {
          await page.close();
        }
      });

    visiting("first sees a small run, the switch, and Play with a halo", "", async (page) => {
      assert.equal(await page.$eval('.switch [data-on="true"] b', (b) => b.textContent), "Background");
      assert.ok(await page.$(".tp.go.halo"));
      assert.equal(await page.$("#script"), null);
      await person.openScript(page);
      assert.match(await person.script(page), /alice adds book/);
    });

    visiting("plays to the end, and sees a stale view judged", "", async (page) => {
      await person.click(page, ".tp.go");
      await page.waitForFunction(() => document.querySelector(".page").dataset.playing === "true");
      const before = await person.playhead(page);
      // It moves.
      await page.waitForFunction((before) =>
        Number(document.querySelector('input[data-glide="scrub"]').value) > before, {}, before);
      await person.click(page, ".tp.go");
      await page.waitForFunction(() => document.querySelector(".page").dataset.playing === "false");
      await page.keyboard.press("End");
      await person.settle(page);
      assert.match(await person.text(page, '.verdict[data-state="broken"]'), /Nobody is shown an old cart/);
    });

    visiting("asks why, and sees the proof's moments on the timeline", "", async (page) => {
      await person.openScript(page);
      await page.keyboard.press("End");
      await person.settle(page);
      const why = '.verdict[data-state="broken"] button[aria-expanded]';
      assert.equal(await page.$(".pin"), null);
      await person.click(page, why);
      await page.waitForSelector(".proof");
      const moments = await page.$$eval(".proof li", (all) => all.map((one) => one.textContent));
      assert.match(moments.join("\n"), /The background job takes v1[^]*Alice is told[^]*Bob asks[^]*Service 2 reads its own copy, v0/);
      assert.equal((await page.$$(".pin")).length, moments.length);
      assert.equal((await page.$$(".lit")).length, 2, "both operations light up");
      await person.click(page, ".proof li:nth-child(3) button");
      await person.settle(page);
      const asked = await person.playhead(page);
      assert.ok(asked > 0 && asked < 390_000, "a moment of the proof is gone to");
      assert.ok(await page.$(".proof"), "the proof stays open at its moments");
      assert.equal(await page.$('.verdict[data-state="broken"]'), null, "nothing is broken there yet");
      const [first] = await page.$$(".more header button");
      await first.click();
      await person.settle(page);
      assert.ok((await person.playhead(page)) > asked, "the first violation is where the answer came");
      assert.ok(await page.$('.more .verdict[data-state="broken"]'));
      assert.ok(await page.$('.map [data-state="broken"]'), "the map is lit");
    });

    const OVERLAP = "#background;alice+adds+book;meanwhile+bob+views";
    const told = (page) => person.text(page, ".told");
    const point = (nth) => `.point:nth-child(${nth})`;
    const says = (page, nth) => page.$eval(point(nth), (slider) => slider.getAttribute("aria-valuetext"));

    visiting("guesses by pointer when each operation took effect, wrongly and rightly", OVERLAP, async (page) => {
      await person.click(page, "#guess-first");
      const bar = async (nth) => (await page.$(`${point(nth)} .grip`)).boundingBox();
      const drag = async (nth, from, to) => {
        await page.$eval(point(nth), (slider) => slider.scrollIntoView({ block: "center" }));
        const { x, y, width, height } = await bar(nth);
        await page.mouse.move(x + width * from, y + height / 2);
        await page.mouse.down();
        await page.mouse.move(x + width * to, y + height / 2, { steps: 4 });
        await page.mouse.up();
        await person.settle(page);
      };
      await drag(1, 0.5, -0.5);
      await drag(2, 0.5, 2);
      assert.equal(await says(page, 1), "0 ms", "a point stays on its bar");
      await person.click(page, ".guess .ways button:nth-child(1)");
      assert.match(await told(page), /^Not possible: here “Bob: view the cart” comes after “Alice: add book”.*was “shown an empty cart \(v0\)”/);
      assert.equal(await page.$(".proof, .timeline :is(.arrow, .rib, .window, .pin)"), null, "nothing gives the answer away");
      await drag(2, 0.9, 0.1);
      assert.equal(await told(page), "");
      await drag(1, 0.1, 0.9);
      await person.click(page, ".guess .ways button:nth-child(1)");
      assert.match(await told(page), /^Possible/);
      await person.click(page, ".guess .ways button:nth-child(2)");
      assert.match(await told(page), /^Possible/);
      assert.ok(await page.$(".rib"), "the stored half is shown again");
    });

    visiting("guesses by keyboard alone", OVERLAP, async (page) => {
      await page.$eval("#guess-first", (button) => button.focus());
      await page.keyboard.press("Enter");
      await page.waitForSelector(".guess");
      await person.settle(page);
      const focus = () => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);
      assert.match(await focus(), /when did each operation take effect/);
      for (let press = 0; press < 4; press++) await page.keyboard.press("Tab");
      assert.equal(await focus(), "Alice: add book took effect at");
      await page.keyboard.press("Home");
      await person.settle(page);
      assert.equal(await says(page, 1), "0 ms");
      await page.keyboard.press("ArrowRight");
      await person.settle(page);
      assert.notEqual(await says(page, 1), "0 ms");
      await page.keyboard.press("End");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Home");
      await person.settle(page);
      assert.equal(await focus(), "Bob: view the cart took effect at");
      for (let press = 0; press < 4; press++) {
        await page.keyboard.down("Shift");
        await page.keyboard.press("Tab");
        await page.keyboard.up("Shift");
      }
      assert.equal(await focus(), "Check my guess");
      await page.keyboard.press("Enter");
      await person.settle(page);
      assert.match(await told(page), /^Possible/);
      await page.$eval('button[aria-label$="theme"]', (button) => button.focus());
      await person.choose(page, 0);
      assert.equal(await page.$(".guess"), null, "another run is another guess");
      assert.notEqual(await page.evaluate(() => document.activeElement.id), "guess-first");
    });

    visiting("is told that no order is possible, and why", "", async (page) => {
      await person.click(page, "#guess-first");
      const side = () => page.$eval(".side", (side) => side.checkVisibility());
      assert.equal(await side(), false, "the verdicts are hidden");
      await person.click(page, ".guess .ways button:nth-child(2)");
      assert.match(await told(page), /^No order is possible. Bob was shown an empty cart, though “add book” was already done/);
      assert.equal((await page.$$(".pin")).length, (await page.$$(".panel .proof li")).length);
      assert.ok(await page.$(".pin"));
      await person.click(page, ".guess .ways button:nth-child(3)");
      assert.equal(await side(), true);
      assert.equal(await page.evaluate(() => document.activeElement.id), "guess-first");
    });

    visiting("says why there is nothing to guess", "#background", async (page) => {
      await person.click(page, "#guess-first");
      assert.match(await person.text(page, ".notice"), /nothing to guess/);
      assert.equal(await page.$(".guess"), null);
    });

    visiting("switches the mode, and the stale view is gone", "", async (page) => {
      const before = await person.hash(page);
      await person.choose(page, 0);
      assert.notEqual(await person.hash(page), before);
      await page.keyboard.press("End");
      await person.settle(page);
      assert.equal(await page.$('.verdict[data-state="broken"]'), null);
      await person.choose(page, 1);
      assert.equal(await person.hash(page), before);
    });

    visiting("clicks on a phone in the past, and undo brings the later line back", "", async (page) => {
      await person.write(page, FIRST);
      const before = await person.hash(page);
      await person.seek(page, 100);
      await person.click(page, '[aria-label="Bob: view cart"], [aria-label="Bob: View cart"]');
      await person.ready(page);
      assert.equal(await person.script(page), "background\nalice adds book\n101ms bob views");
      assert.match(await person.text(page, ".notice"), /1 later line removed/);
      await person.click(page, 'button[aria-label="Undo"]');
      await person.ready(page);
      assert.equal(await person.script(page), FIRST);
      assert.equal(await person.hash(page), before);
      await person.click(page, 'button[aria-label="Redo"]');
      assert.equal(await person.script(page), "background\nalice adds book\n101ms bob views");
    });

    visiting("edits the script, is told of a bad line, and the rest runs", "", async (page) => {
      await person.write(page, "background\nalice adds book\nbob flies");
      assert.match(await person.text(page, "#diagnostics"), /Line 3/);
      const { hash } = native("background;alice adds book");
      assert.equal(await person.hash(page), hash);
    });

    visiting("steps and scrubs by keyboard alone", "", async (page) => {
      await page.keyboard.press("ArrowRight");
      await person.settle(page);
      const first = await person.playhead(page);
      await page.keyboard.press("ArrowRight");
      await person.settle(page);
      const second = await person.playhead(page);
      assert.ok(second > first);
      await page.keyboard.press("ArrowLeft");
      await person.settle(page);
      assert.equal(await person.playhead(page), first);
      await page.keyboard.press("Home");
      await person.settle(page);
      assert.equal(await person.playhead(page), 0);
      await page.keyboard.press(" ");
      await page.waitForFunction(() => document.querySelector(".page").dataset.playing === "true");
      await page.keyboard.press(" ");
      await page.waitForFunction(() => document.querySelector(".page").dataset.playing === "false");
    });

    visiting("reaches everything by Tab, and the focus is visible", "", async (page) => {
      const reached = [];
      for (let press = 0; press < 60; press++) {
        await page.keyboard.press("Tab");
        reached.push(
          await page.evaluate(() => {
            const element = document.activeElement;
            // Behind the last one the browser has its own.
            if (element === document.body) return null;
            const name = element.getAttribute("aria-label") ?? element.textContent.trim();
            // An outline, or on the stage a line that is drawn: it is gone with the focus.
            const whole = element.closest(".segment, .script") ?? element;
            const look = () => JSON.stringify([whole, ...whole.querySelectorAll("*")].map((one) => {
              const { outlineStyle, outlineWidth, stroke, strokeWidth } = getComputedStyle(one);
              return [outlineStyle, outlineWidth, stroke, strokeWidth];
            }));
            const focused = look();
            element.blur();
            return { name, seen: look() !== focused };
          }),
        );
      }
      const here = reached.filter(Boolean);
      assert.deepEqual(here.filter(({ seen }) => !seen), [], "no focus is seen");
      const names = here.map(({ name }) => name);
      for (const wanted of ["Copy link", "Background", "Play", "Alice: add book"]) {
        assert.ok(names.some((name) => name.toLowerCase() === wanted.toLowerCase()), `${wanted} in ${names}`);
      }
    });

    visiting("copies a link that shows the same run in a fresh profile", "", async (page) => {
      await person.write(page, "background\nlag: 750ms\nalice adds 2 book\n400ms bob views");
      await person.seek(page, 300);
      const link = await person.address(page, "at+300ms");
      const here = [await person.hash(page), await person.playhead(page)];
      const other = await launch(name);
      try {
        const visit = await person.visit(other, link);
        assert.deepEqual([await person.hash(visit.page), await person.playhead(visit.page)], here);
        await person.openScript(visit.page);
        assert.equal(await person.script(visit.page), await person.script(page));
      } finally {
        await other.close();
      }
      assert.equal(native(link).hash, here[0]);
    });

    visiting("opens the share dialog with the link selected for copying", "", async (page) => {
      await person.click(page, "#copy-link");
      const shared = await page.$eval("#shared", (field) => field.value);
      assert.match(shared, /#v1\.[0-9a-z]{3};/);
      await page.keyboard.press("Escape");
      await person.settle(page);
      assert.equal(await page.$("dialog[open]"), null);
    });

    visiting("offers what happened as files, as the command line writes them", "", async (page) => {
      await person.click(page, "#copy-link");
      await page.waitForSelector(".files a");
      const files = await page.$$eval(".files a", (links) =>
        links.map((link) => [link.download, decodeURIComponent(link.href.split(",").slice(1).join(","))]));
      for (const [name, option] of [["history.jsonl", "--history"], ["history.edn", "--edn"], ["trace.jsonl", "--trace"]]) {
        const [, content] = files.find(([known]) => known === name);
        const args = ["run", option, "scenarios/bob-looks-too-early.lagoon"];
        const cwd = new URL("..", import.meta.url);
        assert.equal(content, execFileSync(LAGOON_BIN, args, { encoding: "utf8", cwd }));
      }
    });

    visiting("goes back to the scenario left, as it was edited", "", async (page) => {
      await person.write(page, "background\nalice adds pen");
      await person.address(page, "alice+adds+pen");
      const left = await person.hash(page);
      await person.click(page, "#gallery summary");
      await person.click(page, "#gallery li:nth-child(3) button");
      await person.ready(page);
      assert.notEqual(await person.hash(page), left);
      await page.goBack();
      await person.ready(page);
      await person.settle(page);
      assert.equal(await person.hash(page), left);
    });

    visiting("sees both ways side by side, with the switch's price in one sentence", "", async (page) => {
      await person.choose(page, 2);
      assert.equal((await page.$$(".two .stage")).length, 2);
      assert.match(await person.text(page, ".changed .sum"), /bought Bob the right cart in this run/);
      const differs = await page.$$eval(".promises [data-differs=true]", (rows) =>
        rows.map((row) => [row.querySelector("th").firstChild.data, ...[...row.querySelectorAll("td")].map((cell) => cell.textContent)].join(" | ")),
      );
      assert.deepEqual(differs, [
        "Nobody is shown an old cart | holds | broken",
        "No cart is older than what was out | holds | broken",
      ]);
    });

    const MANGLED = [
      ["a plus for a space, upper case", "#BACKGROUND;Alice+Adds+Book;200ms+bob+views"],
      ["%20 for a space", "#background;alice%20adds%20book;200ms%20bob%20views"],
      ["encoded twice", "#background%253Balice%2Badds%2Bbook%3B200ms+bob+views"],
      ["a question mark for the hash", "?background;alice+adds+book;200ms+bob+views"],
      ["trailing marks of a sentence", "#background;alice+adds+book;200ms+bob+views).,"],
    ];
    for (const [what, link] of MANGLED) {
      visiting(`reads a link with ${what}`, link, async (page) => {
        assert.equal(await person.hash(page), native(FIRST).hash);
      });
    }

    visiting("is told of a link that was cut", "#v1.zzz;background;alice+adds+bo", async (page) => {
      assert.match(await person.text(page, ".notice"), /looks cut off or changed/);
      await person.openScript(page);
      assert.match(await person.script(page), /alice adds bo/);
    });

    visiting("keeps an unknown statement and says so", "#background;bob+dances;alice+adds+book", async (page) => {
      // As on a first visit, with the script shut: the notice tells of it and leads there.
      await page.evaluate(() => localStorage.clear());
      await page.reload();
      await person.ready(page);
      assert.match(await person.text(page, ".notice"), /could not be used/);
      await person.click(page, ".notice button");
      await page.waitForSelector("#script");
      assert.match(await person.text(page, "#diagnostics"), /dances/);
      assert.equal(await person.text(page, ".notice"), "");
      assert.match(await person.script(page), /bob dances/);
      await person.address(page, "bob+dances");
    });

    visiting("shows a hostile text as text only", "#title:+%3Cimg+src=x+onerror=alert(1)%3E;%3Cscript%3E;alice+adds+book", async (page) => {
      assert.equal(await page.$("img"), null);
      assert.equal((await page.$$("#app script")).length, 0);
    });

    const cue = (nth) => `${["alice", "bob", "carol", "dave"][nth % 4]} adds item-${nth % 50}`;
    const HOSTILE = [
      ["a thousand lines and eight copies", `replicas: 8\n${Array.from({ length: 999 }, (_, nth) => `meanwhile ${cue(nth)}`).join("\n")}`],
      ["far more lines than are read", Array.from({ length: 3000 }, () => "x").join("\n")],
      ["a line without an end", `alice adds ${"b".repeat(60_000)}`],
      ["repairs without an end", "replicas: 8\nrepair: 1ms\nnetwork: 5s\nlag: 3600s\nalice adds book"],
      ["nine hundred changes in disorder", `synchronous\ntimeout: 1ms\nreplicas: 8\napplying: as it comes\nnetwork: exp 500ms\nresend: 1ms\n${Array.from({ length: 700 }, (_, nth) => `meanwhile ${cue(nth)}`).join("\n")}`],
      ["links so slow that everything is sent again and again", `network: 3600s\nreplicas: 8\n${Array.from({ length: 200 }, (_, nth) => cue(nth)).join("\n")}`],
    ];
    for (const [what, lines] of HOSTILE) {
      visiting(`is not frozen by ${what}`, "", async (page) => {
        await person.openScript(page);
        const longest = page.evaluate(
          () =>
            new Promise((done) => {
              let worst = 0;
              let before = performance.now();
              const beat = () => {
                const now = performance.now();
                worst = Math.max(worst, now - before);
                before = now;
                if (document.querySelector(".page")?.dataset.seen) return done(worst);
                setTimeout(beat, 4);
              };
              beat();
            }),
        );
        await person.write(page, lines);
        await person.settle(page);
        await page.$eval(".page", (root) => (root.dataset.seen = "true"));
        // A ceiling for a hang, not a measure of speed: benches measure.
        assert.ok((await longest) < 5_000);
        await person.choose(page, 0);
        assert.ok(await person.hash(page));
      });
    }

    // One fault, four ways: the same line, and the same run.
    const crashed = async (page) => {
      await person.ready(page);
      await person.openScript(page);
      assert.match(await person.script(page), /101ms s2 crashes$/);
      assert.equal(await person.hash(page), native("background\nalice adds book\n101ms s2 crashes").hash);
    };
    const WAYS = {
      "a button": async (page) => {
        await person.click(page, "#breaker");
        await person.click(page, '#trouble [aria-label="Service 2"] button');
      },
      "pointing at the service": async (page) => {
        const service = await page.waitForSelector('[data-kind="handle"][aria-label^="Service 2"]');
        await service.evaluate((element) => element.scrollIntoView({ block: "center" }));
        await person.settle(page);
        const { x, y, width, height } = await service.boundingBox();
        await page.mouse.click(x + width / 2, y + height / 2);
        await page.waitForSelector("#trouble");
        assert.equal((await page.$$("#trouble .trouble-row")).length, 1);
        await person.click(page, "#trouble .trouble-row button");
      },
      "the keyboard": async (page) => {
        await page.$eval('[data-kind="handle"][aria-label^="Service 2"]', (handle) => handle.focus());
        await page.keyboard.press("Enter");
        await page.waitForSelector("#trouble");
        await person.settle(page);
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
      },
      "the text": async (page) => {
        await person.write(page, "background\nalice adds book\n101ms s2 crashes");
      },
    };
    for (const [way, crash] of Object.entries(WAYS)) {
      visiting(`breaks a service by ${way}`, "#background;alice+adds+book;200ms+bob+views", async (page) => {
        await person.seek(page, 100);
        await crash(page);
        await crashed(page);
      });
    }

    // The last line of the script, and the run of the whole, as the command line has it.
    const lineOf = async (page) => {
      await person.ready(page);
      await person.openScript(page);
      const script = await person.script(page);
      assert.equal(await person.hash(page), native(script).hash, script);
      return script.trimEnd().split("\n").pop();
    };
    const undo = async (page) => {
      await person.click(page, 'button[aria-label^="Undo"]');
      await person.settle(page);
    };

    visiting("says every fault of its panel as a line that the command line runs alike", "#background;replicas:2;alice+adds+book;300ms+bob+views;at+50ms", async (page) => {
      await person.click(page, "#breaker");
      const count = (await page.$$("#trouble .trouble-row button")).length;
      assert.ok(count > 25, `${count} choices`);
      const lines = new Set();
      for (let nth = 0; nth < count; nth += 1) {
        await page.$$eval("#trouble .trouble-row button", (all, nth) => all[nth].click(), nth);
        const line = await lineOf(page);
        assert.match(line, /^51ms /);
        lines.add(line);
        await undo(page);
      }
      assert.equal(lines.size, count, [...lines].join("\n"));
    });

    /** What was opened is this, and nothing else: its first fault is a line, which is then undone. */
    const breaks = async (page, name) => {
      await page.waitForSelector("#trouble");
      await person.settle(page);
      const title = await page.$$eval("#trouble .trouble-row", (rows) => rows.map((row) => row.getAttribute("aria-label")));
      assert.deepEqual(title, [name.split(":")[0]]);
      await person.click(page, "#trouble .trouble-row button");
      const line = await lineOf(page);
      await undo(page);
      await person.click(page, "#breaker");
      return line;
    };

    visiting("opens whatever is pointed at on the stage, and the same by keyboard", "#background;replicas:2;alice+adds+book;300ms+bob+views;at+50ms", async (page) => {
      const names = await page.$$eval('#main [data-kind="handle"], [data-kind="handle"]', (all) =>
        [...new Set(all.map((handle) => handle.getAttribute("aria-label")))]);
      for (const what of ["Service 1:", "Service 3:", "The database of Service 2:", "The link between Alice and Service 1:", "The link between Service 1 and Service 3:"]) {
        assert.ok(names.some((name) => name.startsWith(what)), `${what} in ${names}`);
      }
      for (const name of names) {
        const said = [];
        for (const way of ["pointer", "keyboard"]) {
          const handle = await page.$(`[data-kind="handle"][aria-label="${name}"]`);
          await handle.evaluate((element) => element.scrollIntoView({ block: "center" }));
          if (way === "pointer") {
            const { x, y, width, height } = await (await handle.$(".face")).boundingBox();
            // A grip that others lie on is free at one of its places.
            await handle.evaluate((element, at) => {
              for (const part of [0.5, 0.2, 0.8, 0.05, 0.95]) {
                const [left, top] = [at.x + at.width * part, at.y + at.height * part];
                const top_most = document.elementFromPoint(left, top);
                if (element.contains(top_most)) {
                  top_most.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
                  return;
                }
              }
              throw new Error(`nothing of ${element.getAttribute("aria-label")} can be pressed`);
            }, { x, y, width, height });
          } else {
            await handle.evaluate((element) => element.focus());
            await page.keyboard.press("Enter");
          }
          said.push(await breaks(page, name));
        }
        assert.equal(said[0], said[1], name);
      }
    });

    visiting("pulls a message later on the timeline, by pointer and by keyboard", "#background;alice+adds+book;200ms+bob+views;at+340ms", async (page) => {
      await person.click(page, "#breaker");
      const grip = '.timeline .point[role="slider"]';
      await page.waitForSelector(grip);
      assert.match(await page.$eval(grip, (own) => own.getAttribute("aria-label")), /^The update v1 to Service 2: /);
      const knob = await page.$(`${grip} .knob`);
      await knob.evaluate((element) => element.scrollIntoView({ block: "center" }));
      await person.settle(page);
      const { x, y, width, height } = await knob.boundingBox();
      const [left, top] = [x + width / 2, y + height / 2];
      await page.mouse.move(left, top);
      await page.mouse.down();
      await page.mouse.move(left + 40, top, { steps: 4 });
      await page.mouse.move(left + 80, top, { steps: 4 });
      await page.mouse.up();
      const pulled = await lineOf(page);
      const by = Number(/^341ms delay replicate 1 to s2 by (\d+)ms$/.exec(pulled)?.[1]);
      assert.ok(by > 20 && by < 400, pulled);
      // One step back, and all is as it was.
      await undo(page);
      assert.equal(await lineOf(page), "200ms bob views");
      await page.$eval(grip, (own) => own.focus());
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      assert.equal(await lineOf(page), "341ms delay replicate 1 to s2 by 30ms");
      await page.keyboard.press("Enter");
      await person.settle(page);
      assert.equal(await page.$$eval("#trouble .trouble-row", (rows) => rows.length), 1);
    });

    visiting("opens on the timeline what the stage opens, by pointer and by keyboard", "#background;replicas:2;alice+adds+book;300ms+bob+views;at+200ms", async (page) => {
      await person.click(page, "#breaker");
      const grips = '.timeline .point[role="button"]';
      await page.waitForSelector(grips);
      const names = async (selector) =>
        (await page.$$eval(selector, (all) => all.map((own) => own.getAttribute("aria-label")))).sort();
      const stage = [...new Set(await names('[data-kind="handle"]'))];
      assert.deepEqual(await names(grips), stage);
      assert.equal(stage.length, 10);
      for (const name of stage) {
        const said = [];
        for (const way of ["pointer", "keyboard"]) {
          if (!(await page.$(grips))) await person.click(page, "#breaker");
          const grip = await page.waitForSelector(`${grips}[aria-label="${name}"]`);
          await grip.evaluate((element) => element.scrollIntoView({ block: "center" }));
          await person.settle(page);
          if (way === "pointer") {
            const { x, y, width, height } = await (await grip.$(".knob")).boundingBox();
            await page.mouse.click(x + width / 2, y + height / 2);
          } else {
            await grip.evaluate((element) => element.focus());
            await page.keyboard.press("Enter");
          }
          said.push(await breaks(page, name));
        }
        assert.equal(said[0], said[1], name);
      }
    });

    visiting("mends what it broke, and drops a message by pointing at it", "#background;lag:10ms;alice+adds+book;at+50ms", async (page) => {
      await page.waitForSelector("#main-flights [data-message]");
      await page.$eval("#main-flights [data-message] .message", (message) =>
        message.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })));
      await page.waitForSelector("#trouble");
      assert.match(await person.text(page, "#trouble"), /The (update|answer|receipt)/);
      await person.click(page, "#trouble .trouble-row button");
      await person.ready(page);
      await person.openScript(page);
      assert.match(await person.script(page), /\n51ms drop (replicate 1 to s2|ack 1 from s2|answer alice add 1)$/);
      await person.click(page, "#trouble .trouble-all .act");
      await person.ready(page);
      assert.match(await person.script(page), /all heals$/);
    });

    visiting("toggles everything a hundred times", "", async (page) => {
      await person.openScript(page);
      for (let round = 0; round < 100; round++) {
        await page.evaluate((round) => {
          const press = (selector) => document.querySelector(selector)?.click();
          document.querySelectorAll('.switch input[type="radio"]')[round % 3].click();
          press(`.rail-tabs button:nth-child(${(round % 2) + 1})`);
          press(`.tabs button:nth-child(${(round % 4) + 1})`);
          if (round % 7 === 0) press("#gallery li:nth-child(" + ((round % 6) + 1) + ") button");
          press('button[aria-label="Undo"]');
          if (round % 3 === 0) press("#guess-first");
          if (round % 9 === 0) press(".guess .ways button:nth-child(2)");
          if (round % 4 === 0) press(".guess .ways button:nth-child(3)");
          press('button[aria-label$="theme"]');
          press(".tp.go");
        }, round);
        if (round % 10 === 0) await person.settle(page);
      }
      await person.ready(page);
      assert.equal(await page.$eval("#broken", (screen) => screen.hidden), true);
    });

    test("keeps the text and offers to copy it if Lagoon itself breaks", async () => {
      const { page } = await person.visit(browser, at());
      await person.write(page, FIRST);
      // A document that takes no more nodes: drawing panics, as it would by a bug of ours.
      await page.evaluate(() => {
        Node.prototype.insertBefore = Node.prototype.appendChild = () => {
          throw new Error("no more nodes");
        };
        document.querySelectorAll('.switch input[type="radio"]')[2].click();
      });
      await page.waitForFunction(() => !document.querySelector("#broken").hidden);
      assert.equal(await page.$eval("#broken-text", (field) => field.value), FIRST);
      assert.match(await page.$eval("#broken-why", (why) => why.textContent), /panicked at/);
      await person.click(page, "#broken-copy");
      await page.waitForFunction(() => document.querySelector("#broken-said").textContent !== "");
      await page.close();
    });

    test("steps from event to event where motion is not wanted", async () => {
      const calm = await launch(name, { motion: false });
      try {
        const { page, problems } = await person.visit(calm, at());
        const steps = [];
        for (let nth = 0; nth < 3; nth += 1) {
          await page.keyboard.press("ArrowRight");
          await person.settle(page);
          steps.push(await person.playhead(page));
        }
        await page.keyboard.press("Home");
        await person.settle(page);
        await person.click(page, ".tp.go");
        // Whatever the playhead shows in any frame is one of these.
        const shown = await page.evaluate((count) => new Promise((done) => {
          const seen = [];
          const look = () => {
            const at = Number(document.querySelector('input[data-glide="scrub"]').value);
            if (seen.at(-1) !== at) seen.push(at);
            if (seen.length < count) requestAnimationFrame(look);
            else done(seen);
          };
          look();
        }), 4);
        assert.deepEqual(shown.filter((at) => at > 0).slice(0, 3), steps);
        assert.deepEqual(await problems(), []);
      } finally {
        await calm.close();
      }
    });

    for (const file of readdirSync(GALLERY).filter((file) => file.endsWith(".lagoon"))) {
      visiting(`computes ${file} as the command line does`, "", async (page) => {
        await person.write(page, readFileSync(join(GALLERY, file), "utf8"));
        assert.equal(await person.hash(page), native(join(GALLERY, file)).hash);
      });
    }
  });
}
