// What axe-core finds on the page, by the rules of WCAG 2.2 AA: nothing, in every state.

import { AxePuppeteer } from "@axe-core/puppeteer";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { DIST, SUB_PATH, launch } from "./browsers.mjs";
import * as person from "./person.mjs";
import { startServer } from "./server.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const STATES = [
  ["at the start", async () => {}],
  ["in mid-run", async (page) => person.seek(page, 214)],
  ["side by side", async (page) => person.choose(page, 2)],
  ["with the dialog open", async (page) => person.click(page, "#copy-link")],
  ["with the help open", async (page) => person.click(page, 'button[aria-label="Help"]')],
  ["with diagnostics", async (page) => person.write(page, "background\nbob flies\nalice adds 0 book")],
  ["with the list of events", async (page) => {
    await person.openScript(page);
    await person.click(page, ".rail-tabs button:nth-child(2)");
  }],
  ["with a breach explained and the map open", async (page) => {
    await person.openScript(page);
    await person.seek(page, 390);
    await page.evaluate(() => document.querySelector(".tabs button:nth-child(3)").click());
    await page.evaluate(() => document.querySelector('.verdict button[aria-expanded]').click());
    await page.evaluate(() => { document.querySelector(".map").open = true; });
  }],
  ["while guessing", async (page) => {
    await person.click(page, "#guess-first");
    await person.click(page, ".guess .ways button:nth-child(1)");
  }],
  ["with the answer to a guess", async (page) => {
    await person.click(page, "#guess-first");
    await person.click(page, ".guess .ways button:nth-child(2)");
  }],
  ["with a crashed service, a cut link and what can be broken", async (page) => {
    await person.write(page, "background\nalice adds book\n20ms s2 crashes\n30ms s1-s2 breaks\n50ms bob views");
    await person.seek(page, 150);
    await person.click(page, "#breaker");
  }],
  ["after a take-over", async (page) => {
    await person.write(page, "background\nreplicas: 2\nalice adds book\n200ms s1 loses its disk\n400ms s3 takes over\n600ms bob views");
    await person.seek(page, 650);
    await person.click(page, "#breaker");
  }],
  ["with one server", async (page) => {
    await person.write(page, "services: one\nalice adds book\nmeanwhile bob views");
    await person.seek(page, 40);
  }],
  ["with a history file open", async (page) => {
    await openHistory(page, "porcupine-etcd-046");
    await page.evaluate(() => { document.querySelector(".opened details").open = true; });
  }],
  ["with a long history file open", async (page) => openHistory(page, "porcupine-kv-c10-ok")],
  ["with eight copies and eight shoppers", async (page) =>
    person.write(page, "replicas: 8\n" + ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"]
      .map((name) => `meanwhile ${name} adds book`).join("\n"))],
];

async function openHistory(page, name) {
  await person.click(page, "#copy-link");
  await person.click(page, "#open-history");
  await person.open(page, fileURLToPath(new URL(`../tests/histories/${name}.jsonl`, import.meta.url)));
}

describe("axe-core", () => {
  let browser, host;

  before(async () => {
    host = await startServer({ dist: DIST, base: SUB_PATH });
    browser = await launch("chromium");
  });

  after(async () => {
    await browser?.close();
    await host?.close();
  });

  for (const scheme of ["light", "dark"]) {
    for (const [width, height] of [[1360, 860], [390, 844], [320, 640]]) {
      for (const [state, reach] of STATES) {
        test(`finds nothing ${state}, ${scheme}, ${width} px wide`, async () => {
          const page = await browser.newPage();
          await page.setViewport({ width, height });
          await page.emulateMediaFeatures([
            { name: "prefers-color-scheme", value: scheme },
            { name: "prefers-reduced-motion", value: "reduce" },
          ]);
          // axe puts its own script into the page, which the strict policy would refuse.
          await page.setBypassCSP(true);
          await page.goto(host.url, { waitUntil: "load" });
          await person.ready(page);
          await reach(page);
          const { violations } = await new AxePuppeteer(page).withTags(TAGS).analyze();
          const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).slice(0, 3).join(" ")}`);
          assert.deepEqual(found, []);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(overflow <= 0, `the page is ${overflow} px wider than the window`);
          await page.close();
        });
      }
    }
  }
});
