// A box with a list of suggestions below it: an editable combobox with a listbox, as WAI-ARIA's
// patterns have it. The focus stays in the box.

const PAUSE_MS = 120;
const ROLES = ["role", "aria-autocomplete", "aria-expanded", "aria-controls"];

let boxes = 0;

/** The sentence with its values: `{count}` is one, `{count:one|many}` the form that goes with it. */
export const filled = (sentence, values) =>
  sentence.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, key, one, many) =>
    many === undefined ? values[key].toLocaleString("en") : values[key] === 1 ? one : many,
  );

export function make(tag, properties = {}, ...children) {
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

/**
 * Whether an input method is at work in a box. What it has not finished is nobody's query: nothing
 * is asked, chosen or submitted until it has. To be made before other listeners of the box.
 */
export class Composition {
  #open = false;

  constructor(input, options) {
    input.addEventListener("compositionstart", () => (this.#open = true), options);
    input.addEventListener("compositionend", () => (this.#open = false), options);
  }

  // Chromium and Android end a composition with `compositionend`; Firefox and Safari send one more
  // `input` after it, and Safari also the `keydown` of the Enter that ended it, with key code 229.
  // Android's search key may submit the form without any key, before the end.
  holds(event) {
    return this.#open || event.isComposing || event.keyCode === 229;
  }
}

/**
 * Gives a box suggestions until `remove()`. `address()` is that of the API without the text,
 * `words` has `label`, `title` and `count(number)`, and `choose(suggestion)` is called with the one
 * taken. A key that a listener before it has prevented is left alone.
 */
export class Combobox {
  #input;
  #list;
  #status;
  #composition;
  #address;
  #words;
  #choose;
  #attached = new AbortController();
  #shown = [];
  #active = -1;
  #asked = "";
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

  #listen() {
    const input = this.#input;
    const heard = { signal: this.#attached.signal };
    this.#composition = new Composition(input, heard);
    input.addEventListener("compositionstart", () => this.close(), heard);
    input.addEventListener("compositionend", () => this.#resume(), heard);
    input.addEventListener("input", (event) => this.#composition.holds(event) || this.#soon(), heard);
    input.addEventListener("keydown", (event) => this.#steer(event), heard);
    input.addEventListener("blur", () => this.close(), heard);
    input.form?.addEventListener("submit", (event) => this.#wait(event), heard);
    // The box keeps the focus, and a touch can still scroll.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#take([...this.#list.children].indexOf(option));
    });
    // A page that comes back from the browser's memory comes back as it was left.
    addEventListener("pagehide", () => this.close(), heard);
  }

  get open() {
    return !this.#list.hidden;
  }

  /** Leave a plain box. */
  remove() {
    this.close();
    this.#attached.abort();
    this.#list.remove();
    this.#status.remove();
    for (const name of ROLES) this.#input.removeAttribute(name);
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

  #wait(event) {
    if (!this.#composition.holds(event)) return this.close();
    event.preventDefault();
    this.#submitting = true;
  }

  #resume() {
    if (!this.#submitting) return this.#soon();
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
      const address = this.#address();
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
    this.#status.textContent = this.#words.count(found.length);
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
    if (chosen) this.#choose(chosen);
  }

  #steer(event) {
    if (event.defaultPrevented) return;
    if (this.#composition.holds(event)) {
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
