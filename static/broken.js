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

// What could not be loaded is told to the element alone, so it is heard on the way there.
addEventListener("error", (event) => {
  if (event.target.type !== "module") return broken(event.error);
  const script = document.createElement("script");
  script.src = "refused.js";
  document.head.append(script);
}, true);
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
