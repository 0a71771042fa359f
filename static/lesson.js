// A lesson, played: one page at a time beside a live stage, bets before runs, tasks that the judges
// tick, and a sentence of the learner's own. What is remembered stays in this browser.
(() => {
  const CURTAIN = "inside timeline verdicts price script";
  const LOCKED = "all transport";
  const FIRST = "Place your bet first. Then the run is shown, and plays.";
  const NARROW = matchMedia("(max-width: 959px)");
  const remember = (key, value) => {
    try {
      if (value === undefined) return JSON.parse(localStorage.getItem(`lagoon.course.${key}`));
      localStorage.setItem(`lagoon.course.${key}`, JSON.stringify(value));
    } catch {
      // A browser that keeps nothing is no reason not to learn.
    }
    return null;
  };

  // A new build has taken the place of the old one: no page is of two builds.
  try {
    navigator.serviceWorker?.addEventListener("controllerchange", () => location.reload());
  } catch {
    // A sandboxed frame has no worker.
  }

  for (const item of document.querySelectorAll(".lessons li, .index .map a")) {
    if (!remember(item.dataset.lesson)?.done) continue;
    item.dataset.done = "true";
    item.querySelector("text")?.prepend("✓ ");
  }
  // The questions before and after: how many were right, and how many the first time.
  const inventory = [...document.querySelectorAll(".inventory .question")];
  const total = document.querySelector(".total");
  const rights = [];
  for (const question of inventory) {
    ready(question, (right) => {
      rights.push(right);
      if (rights.length < inventory.length) return;
      const own = rights.filter(Boolean).length;
      const first = remember("questions");
      total.textContent = `${own} of ${inventory.length} were right.${first === null ? "" : ` The first time it was ${first}.`}`;
      if (first === null) remember("questions", own);
    });
  }

  function player(title) {
    const stage = document.createElement("lagoon-playground");
    stage.setAttribute("show", "all");
    // Beside the text it is as high as the window; below it, as high as it needs.
    if (!NARROW.matches) stage.setAttribute("height", "900");
    stage.setAttribute("title", title);
    return stage;
  }

  // A puzzle: who takes a number has its run.
  const numbers = [...document.querySelectorAll(".numbers a")];
  if (numbers.length) {
    const stage = player("The run of your number");
    const take = () => {
      const mine = numbers[Number(location.hash.slice(1)) - 1];
      numbers.forEach((one) => one === mine ? one.setAttribute("aria-current", "true") : one.removeAttribute("aria-current"));
      if (!mine) return;
      stage.text ??= document.querySelector(".scenario").textContent;
      if (!stage.isConnected) document.querySelector(".stage").append(stage);
      stage.ask("load", { text: mine.hash });
    };
    for (const [nth, one] of numbers.entries()) {
      one.onclick = (event) => {
        event.preventDefault();
        location.hash = nth + 1;
      };
    }
    addEventListener("hashchange", take);
    take();
  }

  const lesson = document.querySelector(".lesson");
  if (!lesson) return;
  const id = lesson.dataset.lesson;
  const kept = { page: 0, sentence: "", bets: {}, tasks: {}, ...remember(id) };
  const keep = () => remember(id, kept);
  const pages = [...lesson.querySelectorAll(".page")];
  // Inside of another page, what the learner did is told to that: docs/embedding.md.
  const tell = (type, fields) => {
    if (parent !== window) parent.postMessage({ lagoon: 1, type, lesson: id, ...fields }, "*");
  };
  const beside = lesson.querySelector(".beside");
  let now = 0;

  // The stage.
  const stage = player("The run beside this lesson");
  let asked = null;
  stage.addEventListener("lagoon-judged", ({ detail }) => asked?.(detail));

  // Steps.
  const steps = document.createElement("nav");
  steps.className = "steps";
  steps.setAttribute("aria-label", "Pages of this lesson");
  const button = (words, name) => Object.assign(document.createElement("button"),
    { type: "button", textContent: words, className: name });
  const [back, next] = [button("Back", "back"), button("Next", "next go")];
  const place = document.createElement("span");
  const present = button("Present", "present");
  present.setAttribute("aria-pressed", "false");
  // A teacher's, so it stands with the teacher's notes until it is used.
  const notes = document.querySelector(".teacher summary");
  notes.after(present);
  steps.append(back, place, next);
  back.onclick = () => go(now - 1);
  const onward = beside.querySelector("[rel=next][href]");
  next.onclick = () => (now < pages.length - 1 ? go(now + 1) : location.assign(onward.href));
  beside.before(steps);

  function text(page) {
    for (let nth = pages.indexOf(page); nth >= 0; nth -= 1) {
      const own = pages[nth].querySelector(":scope > .scenario");
      if (own) return own.textContent;
    }
    return pages.map((one) => one.querySelector(".scenario")).find(Boolean)?.textContent ?? "";
  }

  let shown = null;
  function go(to, focus = true) {
    now = Math.min(Math.max(to, 0), pages.length - 1);
    const page = pages[now];
    pages.forEach((one) => one.toggleAttribute("data-now", one === page));
    beside.toggleAttribute("data-now", now === pages.length - 1);
    back.disabled = now === 0;
    next.hidden = now === pages.length - 1 && !onward;
    next.textContent = now === pages.length - 1 ? "Next lesson" : "Next";
    place.textContent = `${now + 1} of ${pages.length}`;
    kept.page = now;
    if (!kept.done && now === pages.length - 1) {
      kept.done = true;
      tell("lesson-done");
    }
    keep();
    // The browser's Back goes one page back; inside of another page its history is not ours.
    const turn = shown === null || parent !== window ? "replaceState" : "pushState";
    try {
      if (location.hash !== `#${now + 1}`) history[turn](null, "", `#${now + 1}`);
    } catch {
      // A sandboxed frame has no address of its own.
    }
    stage.ask("judge", { claims: "" });
    const run = text(page);
    if (run !== shown || page.querySelector(":scope > .scenario")) {
      shown = run;
      stage.load(run);
    }
    veil(page);
    const task = page.querySelector(".task");
    asked = null;
    if (task) judge(task);
    if (focus) {
      const title = page.querySelector("h2");
      title.tabIndex = -1;
      title.focus();
    }
  }

  const open = (page) => page.querySelector(".bet") && !(pages.indexOf(page) in kept.bets);

  /** Hides what a bet is about: also on a page that has no run of its own, and shows the next one's. */
  function veil(page) {
    const waits = open(page) || (!page.querySelector(":scope > .scenario") && pages.some((other) =>
      open(other) && text(other) === text(page)));
    const hide = waits || page.hasAttribute("data-curtained") ? CURTAIN : "";
    const said = open(page) ? FIRST : "The run is shown when its turn comes.";
    // What the shoppers saw may be looked at where that is all there is.
    const locked = page.hasAttribute("data-curtained") ? "all" : LOCKED;
    stage.ask("view", { hide, lock: waits ? locked : "", why: said });
    // What is to be done first looks so.
    next.classList.toggle("go", !open(page));
  }

  function judge(task) {
    const told = task.querySelector(".told");
    const rows = [...task.querySelectorAll(".claims li")];
    const id = String(now);
    asked = ({ met, runs, claims, stays, slips, id: about }) => {
      // What is still said of the task before is not about this one.
      if (about !== id) return;
      const all = runs === 1 ? "" : ` in all ${runs} runs`;
      const fares = [
        ...claims.map(({ met, why, seed }) => met === runs ? [true, `So it is${all}.`]
          : [false, runs === 1 ? why : `In ${met} of ${runs} runs. For example, with seed ${seed}: ${why}`]),
        ...stays.map((there) => [there, there ? "" : "It is gone."]),
      ];
      rows.forEach((row, nth) => {
        const [so, why] = fares[nth];
        row.dataset.met = String(so);
        row.querySelector(".fare").textContent = why;
      });
      told.textContent = met ? "Done. Play it, and look how."
        : slips > 0 ? "A line of the script is not understood: the script says why."
        : kept.tasks[now] ? "Done before, and not so now." : "";
      if (!met) return;
      if (!kept.tasks[now]) tell("task-done", { page: now + 1 });
      kept.tasks[now] = true;
      keep();
      task.dataset.done = "true";
    };
    const { claims, stays, seeds } = task.dataset;
    stage.ask("judge", { claims, stays, seeds: Number(seeds), id });
    const tools = task.querySelector(".tools");
    tools.hidden = false;
    tools.onclick = () => {
      stage.querySelector("iframe")?.focus();
      stage.ask("open");
    };
    const anew = task.querySelector(".anew");
    anew.hidden = false;
    anew.onclick = () => stage.load(text(pages[now]));
    if (kept.tasks[now]) task.dataset.done = "true";
    for (const solution of task.querySelectorAll(".key")) {
      const show = solution.querySelector("button");
      show.hidden = false;
      show.onclick = () => stage.load(solution.querySelector("pre").textContent);
    }
  }

  /** A question that answers: `placed` is called once, with whether it was right. */
  function ready(question, placed, before) {
    const ask = question.querySelector("button");
    const told = question.querySelector(".told");
    const inputs = [...question.querySelectorAll("input")];
    ask.hidden = false;
    ask.disabled = true;
    const chosen = () => inputs.find((input) => input.checked || (input.type === "number" && input.value));
    question.addEventListener("input", () => { ask.disabled = !chosen(); });
    function answer(own) {
      const number = own.type === "number";
      const right = number
        ? Math.abs(Number(own.value) - Number(own.dataset.right)) <= Number(own.dataset.within)
        : own.dataset.right === "true";
      for (const input of inputs) {
        input.disabled = true;
        const mark = input === own ? (right ? "right" : "wrong") : input.dataset.right === "true" ? "right" : "";
        input.closest(".answer").dataset.mark = mark;
      }
      const seeds = inputs.filter((input) => input.dataset.seeds);
      if (seeds.length > 1 && seeds.every((input) => Number(input.dataset.seeds) < 200)) {
        for (const input of seeds) {
          input.closest(".answer").append(Object.assign(document.createElement("small"),
            { textContent: `in ${input.dataset.seeds} of 200 runs` }));
        }
      }
      // What an answer changes can be looked at.
      const shown = question.classList.contains("bet") ? inputs.filter((input) => input.dataset.text) : [];
      for (const input of shown) {
        const see = Object.assign(document.createElement("button"), { type: "button", textContent: "See it", className: "see" });
        see.setAttribute("aria-label", `See the run: ${input.closest(".answer").textContent.trim()}`);
        see.onclick = () => {
          stage.load(input.dataset.text);
          run();
        };
        input.closest(".answer").after(see);
      }
      const unit = question.querySelector(".unit")?.textContent ?? "";
      told.textContent = (right ? "Right" : "Not so") + (number ? `: it is ${own.dataset.right}${unit}.` : ".");
      ask.hidden = true;
      question.dataset.placed = "true";
      question.querySelector(".key").open = true;
      placed(right, inputs.indexOf(own), own.value);
    }
    ask.onclick = () => answer(chosen());
    if (before) {
      const own = inputs[before.nth];
      if (own?.type === "number") own.value = before.value;
      else if (own) own.checked = true;
      if (own) answer(own);
    }
  }

  /** Plays from the start, where it can be seen. */
  function run() {
    if (NARROW.matches) stage.scrollIntoView({ block: "start" });
    stage.ask("seek", { at: 0 });
    stage.play();
  }

  pages.forEach((page, place) => {
    for (const question of page.querySelectorAll(".question")) {
      const bet = question.classList.contains("bet");
      ready(question, (right, nth, value) => {
        const first = bet && !(place in kept.bets);
        if (bet) kept.bets[place] = { nth, value, right };
        if (first) tell("bet", { page: place + 1, right });
        keep();
        if (first && place === now) {
          veil(page);
          run();
        }
      }, bet ? kept.bets[place] : undefined);
    }
  });

  // For a class: large, by keys alone; hands are counted, then the curtain is lifted.
  const KEYS = [
    ["→ or Page Down", "the next page"], ["← or Page Up", "the page before"],
    ["1 to 4", "one more hand for this answer (with Shift, one less)"],
    ["L", "lift the curtain: the answer, and the run"], ["Space", "play, or pause"],
    ["Escape", "back to the lesson"],
  ];
  const list = Object.assign(document.createElement("dl"), { className: "keys" });
  list.setAttribute("aria-label", "Keys");
  for (const [key, does] of KEYS) {
    const row = list.appendChild(document.createElement("div"));
    row.append(Object.assign(document.createElement("dt"), { textContent: key }),
      Object.assign(document.createElement("dd"), { textContent: does }));
  }
  list.hidden = true;
  lesson.querySelector(".prose").append(list);
  const presents = () => document.documentElement.dataset.present === "true";
  function presenting(on) {
    document.documentElement.dataset.present = String(on);
    present.setAttribute("aria-pressed", String(on));
    present.textContent = on ? "Stop presenting" : "Present";
    (on ? place : notes).after(present);
    list.hidden = !on;
    if (on) document.activeElement?.blur();
  }
  present.onclick = () => presenting(!presents());

  const asking = () => pages[now].querySelector(".question:not([data-placed])");
  function hand(nth, more) {
    const answer = asking()?.querySelectorAll(".answer")[nth];
    if (!answer || answer.querySelector("input[type=number]")) return;
    const count = Math.max(0, Number(answer.dataset.hands ?? 0) + more);
    answer.dataset.hands = count;
    const told = answer.querySelector(".hands") ?? answer.appendChild(
      Object.assign(document.createElement("span"), { className: "hands" }));
    told.setAttribute("role", "status");
    told.textContent = count === 1 ? "1 hand" : `${count} hands`;
  }
  function lift() {
    const question = asking();
    if (!question) return;
    const told = question.querySelector(".told");
    for (const input of question.querySelectorAll("input")) {
      input.disabled = true;
      const number = input.type === "number";
      if (number) told.textContent = `It is ${input.dataset.right}${question.querySelector(".unit")?.textContent ?? ""}.`;
      input.closest(".answer").dataset.mark = number || input.dataset.right === "true" ? "right" : "";
    }
    question.querySelector("button").hidden = true;
    question.dataset.placed = "true";
    question.querySelector(".key").open = true;
    if (!question.classList.contains("bet")) return;
    stage.ask("view", { hide: pages[now].hasAttribute("data-curtained") ? CURTAIN : "", lock: "" });
    run();
  }
  addEventListener("keydown", (event) => {
    if (!presents() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, summary")) return;
    const digit = /^Digit([1-4])$/.exec(event.code)?.[1];
    const act = {
      ArrowRight: () => go(now + 1, false), PageDown: () => go(now + 1, false),
      ArrowLeft: () => go(now - 1, false), PageUp: () => go(now - 1, false),
      l: lift, L: lift, " ": () => (stage.playing ? stage.pause() : stage.play()),
      Escape: () => presenting(false),
    }[event.key] ?? (digit && (() => hand(Number(digit) - 1, event.shiftKey ? -1 : 1)));
    if (!act) return;
    event.preventDefault();
    act();
  });
  if (new URLSearchParams(location.search).has("present")) presenting(true);

  // The learner's own sentence.
  const own = lesson.querySelector("textarea");
  const copy = lesson.querySelector(".copy");
  own.value = kept.sentence;
  own.addEventListener("input", () => { kept.sentence = own.value; keep(); });
  copy.hidden = false;
  copy.onclick = async () => {
    const title = document.querySelector("h1").textContent;
    const link = window.Lagoon.link(shown);
    const run = link ? `[${title}](${link})` : `${title}\n\n\`\`\`lagoon\n${shown.trim()}\n\`\`\``;
    const markdown = `> ${own.value.trim().replaceAll("\n", "\n> ")}\n\n${run}\n`;
    const told = copy.parentElement.querySelector(".told");
    try {
      await navigator.clipboard.writeText(markdown);
      told.textContent = "Copied.";
    } catch {
      own.value = markdown;
      own.select();
      told.textContent = "Selected: copy it by hand.";
    }
  };

  new ResizeObserver(() => tell("resize", { height: Math.ceil(document.body.getBoundingClientRect().height) }))
    .observe(document.body);
  lesson.dataset.live = "true";
  const from = Number(location.hash.slice(1)) - 1;
  stage.text = text(pages[0]);
  lesson.querySelector(".stage").append(stage);
  addEventListener("hashchange", () => go(Number(location.hash.slice(1)) - 1));
  go(Number.isInteger(from) && from >= 0 ? from : kept.done ? 0 : kept.page, false);
})();
