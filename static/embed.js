// Lagoon in a page of your own: every code block in the language `lagoon` and every
// <lagoon-playground> becomes a live player when it comes near the screen. Without script the
// text stays, readable. What can be asked and heard: docs/embedding.md, embed.d.ts.
(() => {
  // A second copy of the snippet has nothing to add.
  if (customElements.get("lagoon-playground") || window.Lagoon) return;
  const script = document.currentScript;
  // Where the players are, and what a link is put behind. A single file carries its player
  // (carried.js), and may know a site.
  const home = script.src ? new URL(".", script.src).href : document.documentElement.dataset.site;
  const player = script.src ? home : window.carried("player", "text/html")
    .then((response) => response.blob()).then(URL.createObjectURL);
  const FENCES =
    "pre > code.language-lagoon, pre.language-lagoon, pre > code.lagoon, pre.lagoon, " +
    "pre[lang=lagoon], .highlighter-rouge.language-lagoon pre, .highlight-lagoon pre";
  const SAYS = ["show", "hide", "lock", "theme", "at", "poster"];
  // A line that says so, in a text or of an attribute.
  const LAYOUT = /(^|[;\n])\s*show\s[^;\n]*\b(player|diagram|all)\b/i;
  const HEIGHT = 600;
  // So long a frame may take to say that it is there; then the text is shown in its place.
  const PATIENCE_MS = 8000;
  const frames = new Map();

  // A text in an address: `;` for a new line, and how it is shown behind it.
  function link(text, options) {
    const lines = text.trim().split("\n").map((line) => line.trim());
    const views = SAYS.flatMap((word) =>
      (options[word] || "").split(",").map((value) => value.trim()).filter(Boolean)
        .map((value) => `${word} ${value}`));
    return "#" + encodeURIComponent([...lines, ...views].filter(Boolean).join(";"));
  }

  class Playground extends HTMLElement {
    connectedCallback() {
      if (this.frame || this.waits) return;
      this.text ??= this.textContent;
      this.waits = true;
      // Room for what will come, so that the page does not grow while it is read.
      this.style.cssText = `display:block;min-height:${Number(this.getAttribute("height")) || HEIGHT}px`;
      near.observe(this);
    }

    disconnectedCallback() {
      near.unobserve(this);
      frames.delete(this.frame?.contentWindow);
      this.frame?.remove();
      this.frame = undefined;
      this.waits = this.ready = false;
    }

    /** What is said of this one, or of all. */
    says(word) {
      return this.getAttribute(word) ?? script.getAttribute(`data-${word}`);
    }

    begin() {
      const options = {};
      for (const word of SAYS) options[word] = this.says(word) ?? "";
      if (!LAYOUT.test(`show ${options.show};${this.text}`)) options.show += ",player";
      const frame = document.createElement("iframe");
      const open = (address) => (frame.src = address + link(this.text, options));
      if (typeof player === "string") open(player);
      else player.then(open);
      const title = /^\s*title:\s*(.+)$/im.exec(this.text)?.[1];
      frame.title = this.getAttribute("title") || title || "Lagoon: a run to play with";
      frame.allow = "clipboard-write";
      if (this.says("sandbox") !== null) {
        frame.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox");
      }
      frame.style.cssText = "width:100%;border:0;color-scheme:normal";
      frame.height = this.getAttribute("height") || HEIGHT;
      this.replaceChildren(frame);
      this.frame = frame;
      frames.set(frame.contentWindow, this);
      this.show(true);
      setTimeout(() => this.show(this.ready), PATIENCE_MS);
    }

    // Where no player can be had (a host that is away, a frame that may not run it), there is the text.
    show(player) {
      if (!this.frame) return;
      this.frame.style.display = player ? "block" : "none";
      this.querySelector("pre")?.remove();
      if (!player) this.append(Object.assign(document.createElement("pre"), { textContent: this.text.trim() }));
    }

    // What the frame is told; before it is ready that waits.
    ask(type, fields) {
      const message = { ...fields, lagoon: 1, type };
      if (this.ready) this.frame.contentWindow.postMessage(message, "*");
      else (this.asked ??= []).push(message);
    }

    heard(message) {
      if (message.type === "ready") {
        this.ready = true;
        this.show(true);
        this.style.minHeight = "";
        for (const { type, ...fields } of this.asked?.splice(0) ?? []) this.ask(type, fields);
      }
      if (message.type === "resize" && !this.hasAttribute("height")) {
        this.frame.height = Math.min(4000, Math.max(120, Number(message.height) || 0));
      }
      if (message.type === "error") console.warn(`Lagoon: ${message.message}`, this);
      if (message.type === "time") this.playing = message.playing === true;
      this.dispatchEvent(new CustomEvent(`lagoon-${message.type}`, { detail: message, bubbles: true }));
    }

    play() { this.ask("play"); }
    pause() { this.ask("pause"); }
    step(by = 1) { this.ask("step", { by }); }
    seek(at) { this.ask("seek", { at }); }
    load(text) { this.text = text; if (this.frame) this.ask("load", { text }); }
    set(key, value) { this.ask("set", { key, value: String(value) }); }
  }

  // Nothing is fetched before it is near; what has gone off the screen stops playing.
  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting && !target.frame) target.begin();
      else if (!isIntersecting && target.playing) target.pause();
    }
  }, { rootMargin: "300px" });

  addEventListener("message", ({ source, data }) => {
    const playground = frames.get(source);
    if (playground && data?.lagoon === 1 && /^[a-z-]{1,20}$/.test(data.type)) playground.heard(data);
  });

  // Code blocks become playgrounds; the block itself is kept, hidden, for print and for copying.
  function scan(root = document) {
    for (const block of root.querySelectorAll(FENCES)) {
      const pre = block.closest("pre");
      if (pre.dataset.lagoon) continue;
      pre.dataset.lagoon = "true";
      const playground = document.createElement("lagoon-playground");
      // Some highlighters end lines with <br>, which only the text as it is shown tells.
      playground.text = pre.innerText || pre.textContent;
      for (const word of [...SAYS, "sandbox", "height"]) {
        const value = block.dataset[word] ?? pre.dataset[word];
        if (value !== undefined) playground.setAttribute(word, value);
      }
      const whole = pre.closest(".highlighter-rouge, .highlight-lagoon") || pre;
      whole.before(playground);
      whole.hidden = !("keep" in pre.dataset);
    }
  }

  // Not before the page is read: an element that is still being read has no text yet.
  function start() {
    customElements.define("lagoon-playground", Playground);
    scan();
  }

  window.Lagoon = { scan, link: (text, options = {}) => (home ? home + link(text, options) : "") };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
