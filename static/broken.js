// The screen that a bug of Lagoon's shows. It stands apart from the program, which cannot be
// trusted any more when it is needed: a panic in it ends in a trap, and a trap is told here. The
// program has laid the text of the scenario down on the screen whenever it changed.
const part = (name) => document.getElementById(`broken${name}`);

function broken(error) {
  const traps = ["RuntimeError", "RangeError", "InternalError"];
  if (!error || !traps.includes(error.name) || !part("").hidden) return;
  part("-why").textContent = `${error} ${error.stack || ""}`.slice(0, 600);
  document.documentElement.dataset.broken = "true";
  part("").hidden = false;
  part("").focus();
}

// The program did not come: the line is down, or this is a frame that may not have it. What the
// address says can be read all the same, without what only a player understands.
const VIEWS = /^(v1|(show|hide|lock|theme|poster) |at \S+$|side by side$)/;

function refused() {
  const make = (name, fields) => Object.assign(document.createElement(name), fields);
  const link = location.hash.slice(1);
  let text = link;
  try {
    text = decodeURIComponent(link);
  } catch {
    // Cut in the middle of a letter: it is shown as it came.
  }
  const lines = text.replaceAll("+", " ").split(";").filter((line) => line && !VIEWS.test(line));
  const said = make("section", { className: "refused card" });
  said.append(make("p", { textContent: "The simulation could not be loaded here." }));
  if (lines.length) said.append(make("pre", { textContent: lines.join("\n") }));
  said.append(make("a", { href: location.href, target: "_blank", textContent: "Try it in a tab of its own" }));
  part("").before(said);
  document.getElementById("app").hidden = true;
}

// What could not be loaded is told to the element alone, so it is heard on the way there.
addEventListener("error", (event) => (event.target.type === "module" ? refused() : broken(event.error)), true);
addEventListener("unhandledrejection", (event) => broken(event.reason));

addEventListener("DOMContentLoaded", () => {
  part("-copy").addEventListener("click", async () => {
    const [field, said] = [part("-text"), part("-said")];
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Copied.";
    } catch {
      said.textContent = document.execCommand("copy") ? "Copied." : "Selected: copy it by hand.";
    }
  });
});
