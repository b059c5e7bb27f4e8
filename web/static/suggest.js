// Suggestions under a search box: an editable combobox with a listbox, as WAI-ARIA's patterns have
// it. The focus stays in the box; without this file the form works as it is.

const PAUSE_MS = 120;

let boxes = 0;

// `{count}` is the value, `{count:one|many}` the form that goes with it.
const say = (sentence, values) =>
  sentence.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, key, one, many) =>
    many === undefined ? String(values[key]) : values[key] === 1 ? one : many,
  );

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Marks count code points, JavaScript counts 16-bit units.
function marked({ text, marks }) {
  const characters = [...text];
  const parts = [];
  let done = 0;
  for (const [start, end] of marks) {
    parts.push(characters.slice(done, start).join(""));
    parts.push(make("mark", { textContent: characters.slice(start, end).join("") }));
    done = end;
  }
  return [...parts, characters.slice(done).join("")];
}

/** The suggestions as the options of the list of that id; `title` names those that are articles. */
export function listed(found, id, title) {
  return found.map((each, at) => {
    const text = make("span", { className: "jb-suggest-text", lang: "zh" }, ...marked(each));
    const option = make("li", { id: `${id}-${at}` }, text);
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    if (each.kind === "title")
      option.append(" ", make("span", { className: "jb-suggest-kind", textContent: title }));
    return option;
  });
}

class Combobox {
  #input;
  #list;
  #status;
  #address;
  #words;
  #choose;
  #shown = [];
  #active = -1;
  #asked = "";
  #composing = false;
  #submitting = false;
  #pause = 0;
  #running = null;

  constructor(input, { address, words, choose }) {
    this.#input = input;
    this.#address = address;
    this.#words = words;
    this.#choose = choose;
    const id = `jb-suggest-${++boxes}`;
    this.#list = make("ul", { id, className: "jb-suggest", hidden: true });
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", words.label);
    this.#status = make("span", { className: "jb-suggest-status" });
    this.#status.setAttribute("role", "status");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", id);
    input.after(this.#list, this.#status);
    this.#listen();
  }

  // What an input method has not finished is nobody's query: nothing is asked, chosen or submitted
  // until it has. Chromium and Android end a composition with `compositionend`; Firefox and Safari
  // send one more `input` after it, and Safari also the `keydown` of the Enter that ended it, with
  // key code 229. Android's search key may submit the form without any key, before the end.
  #listen() {
    const input = this.#input;
    input.addEventListener("compositionstart", () => {
      this.#composing = true;
      this.close();
    });
    input.addEventListener("compositionend", () => {
      this.#composing = false;
      if (this.#submitting) this.#submit();
      else this.#soon();
    });
    input.addEventListener("input", (event) => {
      if (!this.#isComposing(event)) this.#soon();
    });
    input.addEventListener("keydown", (event) => this.#steer(event));
    input.addEventListener("blur", () => this.close());
    input.form?.addEventListener("submit", (event) => {
      if (this.#composing) {
        event.preventDefault();
        this.#submitting = true;
      } else this.close();
    });
    // The box keeps the focus, and a touch can still scroll.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#take([...this.#list.children].indexOf(option));
    });
    // A page that comes back from the browser's memory comes back as it was left.
    addEventListener("pagehide", () => this.close());
  }

  /** Put the list away; a request under way is of no use any more. */
  close() {
    clearTimeout(this.#pause);
    this.#running?.abort();
    this.#shown = [];
    this.#asked = "";
    this.#active = -1;
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#status.textContent = "";
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  #isComposing(event) {
    return this.#composing || event.isComposing;
  }

  #submit() {
    this.#submitting = false;
    this.close();
    this.#input.form.requestSubmit();
  }

  #soon(pause = PAUSE_MS) {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#ask(), pause);
  }

  async #ask() {
    const text = this.#input.value.trim();
    if (!text || !this.#input.matches(":focus")) return this.close();
    if (text === this.#asked) return;
    this.#running?.abort();
    this.#asked = text;
    const running = (this.#running = new AbortController());
    try {
      const address = new URL(this.#address, document.baseURI);
      address.searchParams.set("q", text);
      const answer = await fetch(address, { signal: running.signal });
      const found = answer.ok ? (await answer.json()).suggestions : [];
      if (!running.signal.aborted) this.#show(found);
    } catch (error) {
      if (running.signal.aborted) return;
      // Searching does not need suggestions; whoever looks after the page is told.
      console.warn("jianbao suggestions:", error);
      this.close();
    }
  }

  #show(found) {
    if (!found.length) return this.#shown.length ? this.close() : undefined;
    this.#shown = found;
    this.#list.replaceChildren(...listed(found, this.#list.id, this.#words.title));
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#activate(-1);
    this.#status.textContent = say(this.#words.count, { count: found.length });
  }

  #activate(at) {
    const options = [...this.#list.children];
    options[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = at;
    if (at < 0) return this.#input.removeAttribute("aria-activedescendant");
    options[at].setAttribute("aria-selected", "true");
    options[at].scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", options[at].id);
  }

  #take(at) {
    const chosen = this.#shown[at];
    this.close();
    if (chosen) this.#choose(chosen, this.#input);
  }

  #steer(event) {
    if (this.#isComposing(event) || event.keyCode === 229) {
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const keys = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in keys) this.#move(event, keys[event.key]);
    else if (this.#list.hidden) return;
    else if (event.key === "Enter" && this.#active >= 0) {
      event.preventDefault();
      this.#take(this.#active);
    } else if (event.key === "Escape") {
      // Of a search box the browser would delete the text as well.
      event.preventDefault();
      this.close();
    } else if (event.key === "Home" || event.key === "End") this.#activate(-1);
  }

  #move(event, by) {
    if (this.#list.hidden) {
      if (by > 0) this.#soon(0);
      return;
    }
    event.preventDefault();
    if (event.altKey) return by < 0 ? this.close() : undefined;
    // Beyond either end lies the text itself.
    const stops = this.#shown.length + 1;
    this.#activate(((this.#active + 1 + by + stops) % stops) - 1);
  }
}

/** Give a box suggestions; `choose(suggestion, input)` is called with the one that is taken. */
export function suggest(input, { address, words, choose }) {
  return new Combobox(input, { address, words, choose });
}

function choose({ kind, text, url }, input) {
  if (kind === "title") return open(url, input.dataset.jbTarget ?? "_self");
  input.value = text;
  input.form.requestSubmit();
}

for (const input of document.querySelectorAll("input[data-jb-suggest]")) {
  const { jbSuggest: address, jbLabel: label, jbCount: count, jbTitle: title } = input.dataset;
  suggest(input, { address, words: { label, count, title }, choose });
}
