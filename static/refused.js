// The program did not come: the line is down, or this is a frame that may not have it. What the
// address says can be read all the same, without what only a player understands.
(() => {
  const VIEWS = /^(v1|(show|hide|lock|theme|poster) |at \S+$|side by side$)/;
  const make = (name, fields) => Object.assign(document.createElement(name), fields);
  const app = document.getElementById("app");
  if (app.hidden) return;
  let text = location.hash.slice(1);
  try {
    text = decodeURIComponent(text);
  } catch {
    // Cut in the middle of a letter: it is shown as it came.
  }
  const lines = text.replaceAll("+", " ").split(";").filter((line) => line && !VIEWS.test(line));
  const said = make("section", { className: "refused card" });
  said.style.cssText = "max-width:640px;margin:24px auto;padding:16px 24px";
  said.append(make("p", { textContent: "The simulation could not be loaded here." }));
  if (lines.length) said.append(make("pre", { textContent: lines.join("\n") }));
  said.append(make("a", { href: location.href, target: "_blank", textContent: "Try it in a tab of its own" }));
  app.before(said);
  app.hidden = true;
})();
