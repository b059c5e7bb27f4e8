// Suggestions in the search boxes of our pages; without this file the form works as it is.
import { Combobox, filled } from "./combobox.js?v=0bb7ce4a4d56037f";

function choose({ kind, text, url }, input) {
  if (kind === "title") return open(url, input.dataset.jbTarget ?? "_self");
  input.value = text;
  input.form.requestSubmit();
}

for (const input of document.querySelectorAll("input[data-jb-suggest]")) {
  const { jbSuggest, jbLabel: label, jbCount: count, jbTitle: title } = input.dataset;
  new Combobox(input, {
    address: () => new URL(jbSuggest, document.baseURI),
    words: { label, title, count: (number) => filled(count, { count: number }) },
    choose: (suggestion) => choose(suggestion, input),
  });
}
