// On the page of patterns: frames as tall as what they hold, with links that leave them.
function follow({ contentDocument: { body }, style }) {
  const fit = () => {
    style.height = `${Math.ceil(body.getBoundingClientRect().height) + 2}px`;
  };
  // As tall as the frame, it would never let the frame shrink.
  body.style.minHeight = 0;
  // In the frame they would lead to a page that nobody may frame.
  for (const link of body.querySelectorAll("a[href], form")) link.target ||= "_top";
  new ResizeObserver(fit).observe(body);
}

for (const frame of document.querySelectorAll(".jb-pattern iframe")) {
  if (frame.contentDocument.readyState === "complete" && frame.contentDocument.body.firstElementChild)
    follow(frame);
  frame.addEventListener("load", () => follow(frame));
}
