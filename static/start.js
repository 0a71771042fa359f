// Starts Lagoon over its printed first view. Plain script, since it has to work where the program
// does not: it fetches the program once the page is idle or somebody is there, keeps what is
// pressed meanwhile, says so where the program does not come, and shows the screen of a bug.
(() => {
  const script = document.currentScript;
  // A site is asked for the program by these names. A single file carries it (carried.js); in a
  // page that only Trunk built it starts by itself.
  const { glue, wasm, offline } = script.dataset;
  const root = document.documentElement;
  const part = (id) => document.getElementById(id);
  const stored = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };

  // A bug: the program cannot be trusted any more. It has laid the text of the scenario down on
  // this screen whenever it changed, and what a panic said.
  const isTrap = (error) => ["RuntimeError", "RangeError", "InternalError"].includes(error?.name);
  function broken(error) {
    if (!isTrap(error) || !part("broken").hidden) return;
    const said = [part("broken-why").textContent, `${error} ${error.stack || ""}`];
    part("broken-why").textContent = said.join("\n").trim().slice(0, 900);
    root.dataset.broken = "true";
    part("broken").hidden = false;
    part("broken").focus();
  }
  addEventListener("error", (event) => broken(event.error));
  addEventListener("unhandledrejection", (event) => broken(event.reason));

  function copies(button, field, said) {
    part(button).addEventListener("click", async () => {
      part(field).select();
      try {
        await navigator.clipboard.writeText(part(field).value);
        part(said).textContent = "Copied.";
      } catch {
        const copied = document.execCommand("copy");
        part(said).textContent = copied ? "Copied." : "Selected: copy it by hand.";
      }
    });
  }
  const parsed = new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));
  parsed.then(() => {
    copies("broken-copy", "broken-text", "broken-said");
    copies("absent-copy", "absent-text", "absent-said");
    part("absent-again").addEventListener("click", again);
  });
  if (!glue && !window.carried) return;

  // The theme of an earlier visit, before anything is painted; and never another run than that of
  // the address.
  const theme = stored("lagoon.theme");
  if (theme) root.dataset.theme = theme;
  const asked = /[#?]/.test(location.href);
  if (asked) root.dataset.coming = "true";

  // What is pressed before the program is here, in order. What stands there then is other
  // elements: each is found again by what it is called.
  const CONTROL = "a, button, summary, input, select, [role=button], [role=slider]";
  const seen = (element) => element.getClientRects().length > 0;
  const called = (element) =>
    [element.tagName, element.id, element.type, element.getAttribute("aria-label"),
      element.tagName === "SELECT" ? "" : element.textContent].join("|");
  const alike = (name) =>
    [...part("app").querySelectorAll(CONTROL)].filter((one) => seen(one) && called(one) === name);
  function mark(element) {
    const control = element?.closest?.(CONTROL);
    if (!control || !part("app").contains(control)) return null;
    const name = called(control);
    return { name, nth: alike(name).indexOf(control) };
  }
  const find = (place) => alike(place.name)[place.nth];
  const PRESSES = 20;
  const presses = [];
  function remember(press) {
    const last = presses.at(-1);
    const same = last?.kind === press.kind && last.name === press.name && last.key === press.key;
    // Who presses again only waits; who drags on means the last place.
    if (same) presses.pop();
    if (presses.length < PRESSES) presses.push(press);
    if (!part("coming").hidden || !part("absent").hidden) return;
    part("coming").hidden = false;
  }

  const heard = {
    click(event) {
      if (!part("app")?.contains(event.target)) return;
      const place = mark(event.target);
      if (event.target.closest("a")) return;
      if (place) remember({ kind: "click", ...place });
      else if (event.target.closest(".plot svg")) {
        remember({ kind: "point", at: [event.clientX, event.clientY] });
      }
    },
    input(event) {
      const place = mark(event.target);
      if (place && event.target.type === "range") {
        remember({ kind: "input", ...place, value: event.target.value });
      }
    },
    change(event) {
      const place = mark(event.target);
      if (place && event.target.tagName === "SELECT") {
        remember({ kind: "change", ...place, value: event.target.value });
      }
    },
    keydown(event) {
      const keys = [" ", "ArrowLeft", "ArrowRight", "Home", "End", "Enter"];
      if (!keys.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
      const place = mark(event.target);
      // These press by themselves, and then a click is heard.
      const presses = event.target.matches?.("a, button, summary, input, select, textarea");
      if (presses || (!place && event.key === "Enter")) return;
      event.preventDefault();
      remember({ kind: "key", key: event.key, ...place });
    },
  };
  function replay(press) {
    const target = press.name ? find(press) : document.body;
    const says = (Kind, name, more) =>
      target?.dispatchEvent(new Kind(name, { bubbles: true, cancelable: true, ...more }));
    if (press.kind === "click") says(MouseEvent, "click");
    if (press.kind === "key") says(KeyboardEvent, "keydown", { key: press.key });
    if (press.kind === "point") {
      const [clientX, clientY] = press.at;
      const where = { bubbles: true, buttons: 1, clientX, clientY };
      document.elementFromPoint(clientX, clientY)?.dispatchEvent(new PointerEvent("pointerdown", where));
    }
    if (target && (press.kind === "input" || press.kind === "change")) {
      target.value = press.value;
      says(Event, press.kind);
    }
  }

  // The drawing may part a press in two: begun on a printed control, ended on the drawn one. Of
  // that no browser makes a click. (Of a touch it does.)
  let here = false;
  let held = null;
  addEventListener("pointerdown", ({ target, pointerType }) => {
    const element = !here && pointerType === "mouse" && target.closest?.(CONTROL);
    held = element ? { element, kind: "click", ...mark(element) } : null;
  }, true);
  addEventListener("pointerup", ({ target }) => {
    const press = held;
    held = null;
    if (!press || press.element.isConnected || !find(press)?.contains(target)) return;
    if (here) replay(press);
    else presses.push(press);
  }, true);

  // The program says when it draws, and when it has drawn.
  let focused = null;
  addEventListener("lagoon-comes", () => (focused = mark(document.activeElement)), { once: true });
  addEventListener("lagoon-here", () => {
    here = true;
    for (const [kind, hear] of Object.entries(heard)) removeEventListener(kind, hear, true);
    delete root.dataset.coming;
    part("coming").hidden = part("absent").hidden = true;
    if (focused) find(focused)?.focus();
    presses.splice(0).forEach(replay);
    if (!thrifty) idle(keepOffline);
  }, { once: true });

  // Once nothing else is to do; and not where data is to be saved.
  const idle = (call) => (window.requestIdleCallback ?? ((later) => setTimeout(later, 200)))(() => call());
  const thrifty = navigator.connection?.saveData || matchMedia("(prefers-reduced-data: reduce)").matches;

  let begun = false;
  let tries = 0;
  async function begin() {
    if (begun) return;
    begun = true;
    try {
      if (typeof WebAssembly !== "object") throw new Error("this browser has no WebAssembly");
      // What failed once is not asked for under the same name.
      const query = tries ? `?${tries}` : "";
      const url = (name) => new URL(name + query, document.baseURI).href;
      const [program, response] = await Promise.all([
        glue ? import(url(glue)) : parsed.then(() => window.program),
        glue ? fetch(url(wasm)) : window.carried("wasm", "application/wasm"),
        // The program looks for its place as soon as it is there: the page has to be read whole.
        parsed,
      ]);
      await program.default({ module_or_path: response });
    } catch (error) {
      // What stops before it has drawn has no bug: half a file, for one.
      if (error?.name === "RuntimeError") broken(error);
      else await absent(error);
    }
  }

  async function absent(error) {
    tries += 1;
    await parsed;
    const lines = linesOfAddress();
    part("coming").hidden = true;
    part("absent").hidden = false;
    part("absent-run").hidden = !lines.length;
    part("absent-text").value = lines.join("\n");
    part("absent-why").textContent = String(error?.message ?? error).slice(0, 200);
    part("absent-tab").hidden = window === parent;
    part("absent-tab").href = location.href;
  }
  /** The lines of the address's text, without what only a player understands. */
  function linesOfAddress() {
    const VIEWS = /^(v1(\.|$)|(show|hide|lock|theme|poster|span|many|sweep) |at \S+$|side by side$)/;
    const [, text = ""] = /[#?](.*)$/s.exec(location.href) ?? [];
    let read = text.replaceAll("+", " ");
    try {
      read = decodeURIComponent(read);
    } catch {
      // Cut in the middle of a letter: it is shown as it came.
    }
    return read.split(/[;\n]/).filter((line) => line.trim() && !VIEWS.test(line.trim()));
  }
  async function again() {
    part("absent").hidden = true;
    part("coming").hidden = false;
    begun = false;
    await begin();
    if (part("absent").hidden) return;
    try {
      // The site may have a new build by now, which names other files.
      const page = await fetch(location.href.split("#")[0], { cache: "no-cache" });
      if (page.ok && !(await page.text()).includes(glue)) location.reload();
    } catch {
      // There is no line: what is said stays true.
    }
  }

  // A worker keeps the site for times without a network. A new build waits beside the old one until
  // the person says so; then every open page of the site loads itself anew, so that no page is of
  // two builds.
  async function keepOffline() {
    try {
      const workers = navigator.serviceWorker;
      if (!offline) return;
      const registration = await workers.register(offline);
      const tell = () => {
        part("newer").hidden = !registration.waiting || !workers.controller || window !== parent;
      };
      registration.addEventListener("updatefound", () => {
        registration.installing?.addEventListener("statechange", tell);
      });
      part("newer-load").addEventListener("click", () => registration.waiting?.postMessage("take over"));
      workers.addEventListener("controllerchange", () => location.reload());
      tell();
    } catch {
      // A sandboxed frame, or an old browser: the page works, with a network.
    }
  }

  for (const [kind, hear] of Object.entries(heard)) addEventListener(kind, hear, true);
  for (const kind of ["pointermove", "pointerdown", "touchstart", "keydown", "focusin", "scroll"]) {
    addEventListener(kind, begin, { capture: true, once: true, passive: true });
  }
  if (asked || stored("lagoon.open")) begin();
  // Else after the first paint.
  addEventListener("load", () => {
    if (!thrifty) requestAnimationFrame(() => requestAnimationFrame(() => idle(begin)));
  });
})();
