// The built page starts in both browsers, from a sub-path, under its own strict policy, and asks
// for nothing but its own files.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, DIST, SUB_PATH, launch, openWatched } from "./browsers.mjs";
import { startServer } from "./server.mjs";
import { coldFiles } from "./size.mjs";

const EMBEDDING = "/article.html";

for (const name of BROWSERS) {
  describe(`the built page in ${name}`, () => {
    let browser, host, article;

    before(async () => {
      host = await startServer({ dist: DIST, base: SUB_PATH });
      const frame = `<iframe sandbox="allow-scripts" src="${host.url}"></iframe>`;
      const head = '<!doctype html><title>An article</title><link rel="icon" href="data:,">';
      const pages = { [EMBEDDING]: head + frame };
      article = await startServer({ dist: DIST, base: "/elsewhere/", pages });
      browser = await launch(name);
    });

    after(async () => {
      await browser?.close();
      await article?.close();
      await host?.close();
    });

    test("starts from a sub-path without a complaint", async () => {
      const { page, started, problems } = await openWatched(browser, host.url);
      await started();
      assert.deepEqual(await problems(), []);
      await page.close();
    });

    test("fetches its own files only, each once, and all of them are weighed", async () => {
      const { page, started, requests } = await openWatched(browser, host.url);
      await started();
      const weighed = coldFiles(DIST).map((file) => new URL(file, host.url).href);
      weighed.push(host.url);
      const fetched = requests.filter((address) => !address.startsWith("data:"));
      assert.deepEqual(fetched.filter((address) => !weighed.includes(address)), []);
      assert.equal(fetched.length, new Set(fetched).size, `fetched twice: ${fetched.join("\n")}`);
      await page.close();
    });

    test("refuses inline scripts and other hosts", async () => {
      const { page, problems } = await openWatched(browser, host.url);
      const ran = await page.evaluate(async () => {
        const script = document.createElement("script");
        script.textContent = "globalThis.smuggled = true";
        document.head.append(script);
        const reached = await fetch("http://127.0.0.1:9/", { mode: "no-cors" }).then(
          () => true,
          () => false,
        );
        return Boolean(globalThis.smuggled) || reached;
      });
      assert.equal(ran, false);
      const breaches = (await problems()).filter((problem) => problem.startsWith("policy: "));
      assert.deepEqual(
        breaches.map((breach) => breach.split(" ")[1]).sort(),
        ["connect-src:", "script-src-elem:"],
      );
      await page.close();
    });

    test("starts in a sandboxed frame of another origin", async () => {
      const { page, started, problems } = await openWatched(browser, article.origin + EMBEDDING);
      const frame = page.frames().find((candidate) => candidate.url() === host.url);
      assert.ok(frame, "the article holds the page in a frame");
      await started(frame);
      assert.deepEqual(await problems(), []);
      await page.close();
    });
  });
}
