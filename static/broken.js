// The one button of the screen that a panic shows. It stands apart from the program, which cannot
// be trusted any more when it is needed.
document.getElementById("broken-copy").addEventListener("click", async () => {
  const field = document.getElementById("broken-text");
  field.select();
  const said = document.getElementById("broken-said");
  try {
    await navigator.clipboard.writeText(field.value);
    said.textContent = "Copied.";
  } catch {
    said.textContent = document.execCommand("copy") ? "Copied." : "Selected: copy it by hand.";
  }
});
