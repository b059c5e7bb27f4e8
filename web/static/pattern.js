// In a document that holds one piece of the interface: the states that only a script brings about.
import { listed } from "./combobox.js?v=0bb7ce4a4d56037f";
import "./suggest.js";

const { opened, suggestions } = document.body.dataset;
if (opened !== undefined) for (const each of document.querySelectorAll("details")) each.open = true;
if (suggestions) {
  const input = document.querySelector(".jb-query");
  const list = document.querySelector(".jb-suggest");
  list.replaceChildren(...listed(JSON.parse(suggestions), list.id, input.dataset.jbTitle));
  list.children[1].setAttribute("aria-selected", "true");
  list.hidden = false;
}
