// Next and previous match of an article: the buttons, and the keys n and p while the focus is in the
// article. Without this script the numbers lead to the matches just the same.
const article = document.querySelector(".jb-clipping");
const bar = document.querySelector(".jb-matches");
const count = Number(bar.dataset.count);

const shown = () => Number(/^#m(\d+)$/.exec(location.hash)?.[1] ?? 0);

function show(number) {
  const at = ((number - 1 + count) % count) + 1;
  // Not a step of the history: Back leads to the results.
  location.replace(`#m${at}`);
  document.getElementById(`m${at}`).focus({ preventScroll: true });
}

const next = () => show(shown() + 1);
const previous = () => show((shown() || 1) - 1);

function tell() {
  for (const link of bar.querySelectorAll("a"))
    if (link.hash === location.hash) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
}

for (const button of bar.querySelectorAll("button"))
  button.addEventListener("click", () => {
    if (button.dataset.turn === "1") next();
    else previous();
    button.focus({ preventScroll: true });
  });
article.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "n") next();
  else if (event.key === "p") previous();
});
addEventListener("hashchange", tell);
tell();
