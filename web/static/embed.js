// Tells the page that frames this one how tall it is. Which pages may frame it, the server says;
// a height is no secret to them.
const tell = () =>
  parent.postMessage({ type: "jianbao-height", height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");

if (parent !== window) new ResizeObserver(tell).observe(document.body);
