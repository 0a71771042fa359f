// What a person does on the page, as functions for the tests.

import { openWatched } from "./browsers.mjs";

/** Opens the page at this address and waits until its run is computed. */
export async function visit(browser, url, { settled = true } = {}) {
  const watched = await openWatched(browser, url);
  if (settled) await ready(watched.page);
  return watched;
}

/** Waits until no run is being computed any more. */
export async function ready(page) {
  await page.waitForSelector('.page[data-ready="true"]', { timeout: 60_000 });
}

/**
 * Waits until the player in this frame is ready. A wait that begins while the frame leaves its first,
 * empty page can be lost with that page, so it is begun anew.
 */
export async function readyFrame(frame, selector = '.page[data-ready="true"]') {
  let failed;
  for (let nth = 0; nth < 12; nth += 1) {
    try {
      await frame.waitForSelector(selector, { timeout: 2_500 });
      return frame;
    } catch (error) {
      failed = error;
    }
  }
  throw failed;
}

/** The hash of the run on the screen. */
export const hash = (page) => page.$eval(".page", (root) => root.dataset.traceHash);

/** The text of everything that this selector finds, in one line. */
export const text = (page, selector) =>
  page.$$eval(selector, (all) => all.map((one) => one.textContent).join(" ").replace(/\s+/g, " ").trim());

/** The script as the editor shows it. */
export const script = (page) => page.$eval("#script", (field) => field.value);

/** Opens the rail with the script, if it is still closed. */
export async function openScript(page) {
  if (!(await page.$("#script"))) await click(page, ".intro button");
  await page.waitForSelector("#script");
}

/** Replaces the whole script, as a person would who selects all and types. */
export async function write(page, lines) {
  await openScript(page);
  await page.$eval(
    "#script",
    (field, value) => {
      field.focus();
      field.value = value;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      field.blur();
    },
    lines,
  );
  await ready(page);
}

/** Clicks through the DOM: scrolling and hit testing are the browser's business, not ours. */
export async function click(page, selector) {
  await page.waitForSelector(selector);
  await page.$eval(selector, (element) => element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })));
  await settle(page);
}

/** Lets Yew draw, and the next frame pass. */
export const settle = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Puts the playhead at this many milliseconds, by the scrubber. */
export async function seek(page, millis) {
  await page.$eval(
    'input[data-glide="scrub"]',
    (field, micros) => {
      field.value = String(micros);
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    },
    millis * 1000,
  );
  await settle(page);
}

/** Where the playhead stands, in microseconds. */
export const playhead = (page) => page.$eval('input[data-glide="scrub"]', (field) => Number(field.value));

/** Chooses one of the three answers of the switch: 0, 1 or 2. */
export async function choose(page, nth) {
  await page.$$eval('.switch input[type="radio"]', (all, nth) => all[nth].click(), nth);
  await ready(page);
  await settle(page);
}

/** The address once the page has written this into it: it does so a moment after the last change. */
export async function address(page, piece) {
  await page.waitForFunction((piece) => location.href.includes(piece), {}, piece);
  return page.evaluate(() => location.href);
}

/** Opens a history file in the dialog, and waits until it is judged or refused. */
export async function open(page, path) {
  const before = await page.$eval(".opened h3", (title) => title.textContent).catch(() => "");
  await (await page.waitForSelector("#opened-file")).uploadFile(path);
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (before === name) await settle(page);
  await page.waitForFunction(
    (name) => document.querySelector(".opened h3")?.textContent === name
      && /^Judged|: /.test(document.querySelector("#opened-told").textContent),
    { timeout: 60_000 },
    name,
  );
  await settle(page);
}
