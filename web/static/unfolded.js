// What a reader has unfolded or folded stays so when he comes back: it is kept with the page's entry
// in the history, since a browser that has to load the page anew forgets it, and then scrolls to
// another place than he left. Without this script a page comes back as it was first shown.

const named = (details) => details.closest("section")?.querySelector("h2")?.textContent ?? "";

const kept = history.state?.unfolded ?? {};
for (const details of document.querySelectorAll("details"))
  details.open = kept[named(details)] ?? details.open;

// `toggle` does not bubble.
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!(target instanceof HTMLDetailsElement)) return;
    const unfolded = { ...history.state?.unfolded, [named(target)]: target.open };
    history.replaceState({ ...history.state, unfolded }, "");
  },
  true,
);
