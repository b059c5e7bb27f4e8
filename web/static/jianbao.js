// <jianbao-search base="https://host/search/">: a search box and its results in any page.
// Draws with elements and text only, and styles through a constructed sheet, so that it works under
// a policy of `script-src` and `connect-src` alone, and under trusted types.
import { Combobox, Composition, filled, make } from "./combobox.js?v=0bb7ce4a4d56037f";

// The sentences of web/languages/ that stand here; a test keeps them the same.
const TABLES = {
  "zh-Hans": {
    form_label: "检索",
    query_label: "检索词",
    query_hint: "输入词语，或用引号检索原句",
    submit: "检索",
    results_label: "检索结果",
    total: "共 {count} 条结果",
    untitled: "（无标题）",
    newspaper_page: "第{page}版",
    zero_title: "没有找到与{query}相符的文章",
    zero_query: "「{query}」",
    pager_label: "翻页",
    pager_previous: "上一页",
    pager_next: "下一页",
    page_of: "第 {page} 页，共 {pages} 页",
    widget_busy: "正在检索…",
    widget_failed: "现在无法检索，请稍后再试。",
    widget_all: "在检索页打开",
    suggest_label: "检索建议",
    suggest_count: "有 {count} 条建议，用上下方向键选择",
    suggest_title: "文章",
  },
  "zh-Hant": {
    form_label: "檢索",
    query_label: "檢索詞",
    query_hint: "輸入詞語，或用引號檢索原句",
    submit: "檢索",
    results_label: "檢索結果",
    total: "共 {count} 筆結果",
    untitled: "（無標題）",
    newspaper_page: "第{page}版",
    zero_title: "沒有找到與{query}相符的文章",
    zero_query: "「{query}」",
    pager_label: "翻頁",
    pager_previous: "上一頁",
    pager_next: "下一頁",
    page_of: "第 {page} 頁，共 {pages} 頁",
    widget_busy: "正在檢索…",
    widget_failed: "現在無法檢索，請稍後再試。",
    widget_all: "在檢索頁開啟",
    suggest_label: "檢索建議",
    suggest_count: "有 {count} 個建議，用上下方向鍵選擇",
    suggest_title: "文章",
  },
  "en": {
    form_label: "Search",
    query_label: "Words to search for",
    query_hint: "Words, or “a phrase”",
    submit: "Search",
    results_label: "Results",
    total: "{count} {count:result|results}",
    untitled: "(untitled)",
    newspaper_page: "Page {page}",
    zero_title: "No article matches {query}",
    zero_query: "“{query}”",
    pager_label: "Pages",
    pager_previous: "Previous",
    pager_next: "Next",
    page_of: "Page {page} of {pages}",
    widget_busy: "Searching…",
    widget_failed: "The search cannot be reached now. Please try again later.",
    widget_all: "Open in the search page",
    suggest_label: "Suggestions",
    suggest_count: "{count} {count:suggestion|suggestions}; choose with the arrow keys",
    suggest_title: "Article",
  },
};

const PAUSE_MS = 250;

const STYLE = `
:host {
  display: block;
  color: var(--jb-ink, CanvasText);
  font: var(--jb-font, 1rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif);
  overflow-wrap: anywhere;
}
:host([hidden]) { display: none; }
*, *::before, *::after { box-sizing: border-box; }
:focus-visible { outline: 3px solid var(--jb-accent, Highlight); outline-offset: 2px; }
form { position: relative; display: flex; min-width: 0; }
input {
  flex: 1;
  min-width: 0;
  padding: .5em .75em;
  border: 1px solid var(--jb-rule, GrayText);
  border-right: 0;
  border-radius: var(--jb-radius, 4px) 0 0 var(--jb-radius, 4px);
  background: var(--jb-paper, Field);
  color: var(--jb-ink, FieldText);
  font: inherit;
}
button { font: inherit; cursor: pointer; }
.submit {
  padding: .5em 1.2em;
  border: 1px solid var(--jb-seal, ButtonBorder);
  border-radius: 0 var(--jb-radius, 4px) var(--jb-radius, 4px) 0;
  background: var(--jb-seal, ButtonFace);
  color: var(--jb-on-seal, ButtonText);
}
p, ol { margin: 0; padding: 0; }
.status { min-height: 1.6em; padding: .4em 0; color: var(--jb-soft, inherit); font-size: .9em; }
.notice { margin-bottom: .6em; padding: .4em .7em; border-left: 4px solid var(--jb-bar, GrayText); background: var(--jb-notice, transparent); }
ol { display: grid; gap: .6em; list-style: none; }
ol > li { padding: .7em .9em; border: 1px solid var(--jb-line, GrayText); border-radius: var(--jb-radius, 4px); background: var(--jb-sheet, Canvas); }
ol a { color: var(--jb-accent, LinkText); font-weight: 700; text-underline-offset: .2em; }
.facts { color: var(--jb-soft, inherit); font-size: .85em; }
mark { background: var(--jb-mark, Mark); color: var(--jb-on-mark, MarkText); border-radius: 2px; }
nav { display: flex; flex-wrap: wrap; align-items: center; gap: .5em 1em; padding-top: .8em; font-size: .9em; }
nav button { padding: .3em .8em; border: 1px solid var(--jb-rule, ButtonBorder); border-radius: var(--jb-radius, 4px); background: var(--jb-sheet, ButtonFace); color: var(--jb-ink, ButtonText); }
nav a { margin-left: auto; color: var(--jb-accent, LinkText); }
.jb-suggest {
  position: absolute;
  inset: calc(100% + .25em) 0 auto;
  z-index: 2;
  max-height: min(26em, 70vh);
  margin: 0;
  padding: .3em;
  overflow-y: auto;
  border: 1px solid var(--jb-rule, GrayText);
  border-radius: var(--jb-radius, 4px);
  background: var(--jb-sheet, Canvas);
  box-shadow: 0 .5em 1.25em rgb(0 0 0 / .22);
  list-style: none;
}
[role=option] { display: flex; align-items: baseline; justify-content: space-between; gap: 1em; padding: .5em .6em; border-radius: 3px; line-height: 1.5; cursor: pointer; }
[role=option]:hover { background: var(--jb-paper, Field); }
[role=option][aria-selected=true] { background: var(--jb-seal, Highlight); color: var(--jb-on-seal, HighlightText); }
[role=option] mark { background: none; color: inherit; font-weight: 700; }
.jb-suggest-kind { flex: none; color: var(--jb-soft, inherit); font-size: .8em; }
[aria-selected=true] .jb-suggest-kind { color: inherit; }
.jb-suggest-status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (forced-colors: active) { [aria-selected=true] { outline: 2px solid Highlight; outline-offset: -2px; } }
[hidden] { display: none; }
`;

// The table that a tag such as zh-HK or en-GB asks for; English for a language that is not here.
function nearest(tag) {
  const [main, ...parts] = tag.toLowerCase().split("-");
  if (main === "zh" || main === "yue") {
    const named = ["hans", "hant", "tw", "hk", "mo"].find((part) => parts.includes(part));
    return named === "hans" || (!named && main === "zh") ? "zh-Hans" : "zh-Hant";
  }
  return "en";
}

// The API's `*_html` is escaped text whose only tag is <mark>: taken apart, never parsed as HTML.
const SIGNS = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'" };
const plain = (text) => text.replace(/&(?:amp|lt|gt|#34|#39);/g, (sign) => SIGNS[sign]);
const dressed = (html) =>
  html.split(/(<mark>.*?<\/mark>)/s).map((part) =>
    part.startsWith("<mark>") ? make("mark", { textContent: plain(part.slice(6, -7)) }) : plain(part),
  );

class JianbaoSearch extends HTMLElement {
  static observedAttributes = ["base", "q", "size", "filter", "placeholder", "lang", "suggestions"];

  #asked = "";
  #page = 1;
  #shown = null;
  #composition = null;
  #combobox = null;
  #pause = 0;
  #running = null;
  #parts = null;

  connectedCallback() {
    if (!this.#parts) this.#build();
    this.#offer();
    if (this.getAttribute("q")?.trim()) this.search(this.getAttribute("q"));
  }

  disconnectedCallback() {
    clearTimeout(this.#pause);
    this.#running?.abort();
    this.#shown = null;
    this.#offer();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#parts || before === after) return;
    if (name === "placeholder" || name === "lang") this.#label();
    if (name === "suggestions" || name === "lang") this.#offer();
    if (name === "placeholder" || name === "suggestions") return;
    if (name === "q") this.search(after ?? "");
    else if (this.#asked) this.search(this.#asked);
  }

  /** The address of the search page; without the attribute, that of the server of this script. */
  get base() {
    const url = new URL(this.getAttribute("base") || new URL("../../", import.meta.url), document.baseURI);
    if (!url.pathname.endsWith("/")) url.pathname += "/";
    url.search = url.hash = "";
    return url;
  }

  /** The tag of its sentences: that of its `lang`, else of the page around it, else the browser's. */
  get language() {
    return nearest(this.#named || navigator.language);
  }

  get query() {
    return this.#parts?.input.value ?? "";
  }

  /** Search for a text, as if it had been typed; resolves when the answer is shown. */
  async search(query, page = 1) {
    if (!this.#parts) this.#build();
    clearTimeout(this.#pause);
    if (this.#parts.input.value !== query) {
      this.#combobox?.close();
      this.#parts.input.value = query;
    }
    this.#asked = query.trim();
    this.#page = page;
    const address = this.#address("api/v1/search");
    if (address.href === this.#shown) return;
    this.#running?.abort();
    this.#shown = address.href;
    if (!this.#asked) return this.#clear();
    const running = (this.#running = new AbortController());
    this.#parts.status.textContent = this.#say("widget_busy");
    this.#parts.results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal: running.signal });
      const body = await answer.json();
      if (running.signal.aborted) return;
      if (answer.ok) this.#show(body);
      else this.#fail(body.error.message);
    } catch (error) {
      if (running.signal.aborted) return;
      console.error("jianbao-search:", error);
      this.#fail(this.#say("widget_failed"));
    }
  }

  get #named() {
    return this.closest("[lang]")?.lang || "";
  }

  #say(name, values = {}) {
    return filled(TABLES[this.language][name], values);
  }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const input = make("input", {
      type: "search",
      name: "q",
      autocomplete: "off",
      spellcheck: false,
      enterKeyHint: "search",
      value: this.getAttribute("q") ?? "",
    });
    const submit = make("button", { type: "submit", className: "submit" });
    const form = make("form", { role: "search" }, input, submit);
    const status = make("p", { className: "status", role: "status" });
    const notice = make("p", { className: "notice", hidden: true });
    const list = make("ol");
    const previous = make("button", { type: "button" });
    const next = make("button", { type: "button" });
    const place = make("span");
    const all = make("a");
    const pager = make("nav", { hidden: true }, previous, place, next, all);
    const results = make("section", {}, notice, list, pager);
    this.#parts = { form, input, submit, status, notice, list, previous, next, place, all, pager, results };
    this.#label();
    root.append(form, status, results);
    this.#listen(form);
  }

  #label() {
    const { form, input, submit, previous, next, all, pager, results } = this.#parts;
    form.ariaLabel = this.#say("form_label");
    input.ariaLabel = this.#say("query_label");
    input.placeholder = this.getAttribute("placeholder") ?? this.#say("query_hint");
    submit.textContent = this.#say("submit");
    previous.textContent = this.#say("pager_previous");
    next.textContent = this.#say("pager_next");
    all.textContent = this.#say("widget_all");
    pager.ariaLabel = this.#say("pager_label");
    results.ariaLabel = this.#say("results_label");
  }

  #listen(form) {
    const { input, list, previous, next } = this.#parts;
    this.#composition = new Composition(input);
    input.addEventListener("compositionstart", () => clearTimeout(this.#pause));
    input.addEventListener("compositionend", () => this.#soon());
    input.addEventListener("input", (event) => this.#composition.holds(event) || this.#soon());
    input.addEventListener("keydown", (event) => this.#leave(event));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#composition.holds(event)) this.search(input.value);
    });
    list.addEventListener("keydown", (event) => this.#steer(event));
    list.addEventListener("click", (event) => this.#select(event));
    previous.addEventListener("click", () => this.#turn(-1));
    next.addEventListener("click", () => this.#turn(1));
  }

  // Suggestions, where the element stands in a page and does not forbid them. Made after the other
  // listeners of the box: a key is its own only if they leave it.
  #offer() {
    this.#combobox?.remove();
    this.#combobox = null;
    if (!this.isConnected || this.getAttribute("suggestions") === "off") return;
    const label = this.#say("suggest_label");
    const title = this.#say("suggest_title");
    this.#combobox = new Combobox(this.#parts.input, {
      address: () => this.#spoken(new URL("api/v1/suggest", this.base)),
      words: { label, title, count: (count) => this.#say("suggest_count", { count }) },
      choose: (suggestion) => this.#take(suggestion),
    });
  }

  #take({ kind, text, url }) {
    if (kind !== "title") return this.search(text);
    const address = new URL(url, this.base);
    const place = `${this.base.pathname}articles/`;
    if (address.origin !== this.base.origin || !address.pathname.startsWith(place)) return;
    const id = decodeURIComponent(address.pathname.slice(place.length));
    const detail = { id, title: text, url: address.href, date: null, source: null };
    if (this.#tell("jianbao-select", detail, true)) open(address, "_self");
  }

  #soon() {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.search(this.#parts.input.value), PAUSE_MS);
  }

  async #turn(by) {
    await this.search(this.#asked, this.#page + by);
    this.#links()[0]?.focus();
  }

  #links() {
    return [...this.#parts.list.querySelectorAll("a")];
  }

  // From the box to the hits; an open list of suggestions lies between, Alt opens it.
  #leave(event) {
    if (this.#composition.holds(event)) {
      if (event.key === "Enter") event.preventDefault();
    } else if (event.key === "ArrowDown" && !event.altKey && !this.#combobox?.open)
      this.#move(event, -1, 1);
  }

  #steer(event) {
    const at = this.#links().indexOf(event.target);
    if (event.key === "ArrowDown") this.#move(event, at, 1);
    else if (event.key === "ArrowUp") this.#move(event, at, -1);
    else if (event.key === "Escape") this.#parts.input.focus();
  }

  #move(event, at, by) {
    const links = this.#links();
    const target = at + by < 0 ? this.#parts.input : links[at + by];
    if (!target) return;
    event.preventDefault();
    target.focus();
  }

  #select(event) {
    const link = event.target.closest("a");
    if (link && !this.#tell("jianbao-select", link.hit, true)) event.preventDefault();
  }

  #tell(name, detail, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable, bubbles: true, composed: true }));
  }

  #spoken(url) {
    if (this.#named) url.searchParams.set("lang", this.language);
    return url;
  }

  // The search as an address below the base: the attributes, then what was typed.
  #address(path) {
    const url = new URL(path, this.base);
    for (const [name, value] of new URLSearchParams(this.getAttribute("filter") ?? ""))
      url.searchParams.append(name, value);
    if (this.getAttribute("size")) url.searchParams.set("size", this.getAttribute("size"));
    this.#spoken(url).searchParams.set("q", this.#asked);
    if (this.#page > 1) url.searchParams.set("page", this.#page);
    return url;
  }

  #clear() {
    const { status, notice, list, pager, results } = this.#parts;
    results.removeAttribute("aria-busy");
    status.textContent = "";
    list.replaceChildren();
    notice.hidden = pager.hidden = true;
  }

  #fail(message) {
    this.#clear();
    this.#parts.status.textContent = message;
    // Or asking again would not ask.
    this.#shown = null;
  }

  #show(body) {
    const { status, notice, list, previous, next, place, all, pager } = this.#parts;
    this.#clear();
    status.textContent = body.total
      ? this.#say("total", { count: body.total })
      : this.#say("zero_title", { query: this.#say("zero_query", { query: this.#asked }) });
    notice.textContent = body.notice ?? "";
    notice.hidden = !body.notice;
    list.replaceChildren(...body.hits.map((hit) => this.#entry(hit)));
    list.start = (body.page - 1) * body.size + 1;
    const pages = Math.max(1, Math.ceil(body.total / body.size));
    place.textContent = this.#say("page_of", { page: body.page, pages });
    previous.hidden = body.page <= 1;
    next.hidden = !body.next;
    place.hidden = pages < 2;
    all.href = this.#address("").href;
    pager.hidden = !body.total;
    const { query, total, page, generation } = body;
    this.#tell("jianbao-search", { query, total, page, generation, url: all.href });
  }

  #entry(hit) {
    const url = this.#leadingTo(hit);
    const title = hit.title.trim() ? dressed(hit.title_html) : [this.#say("untitled")];
    const link = make("a", { href: url }, ...title);
    link.hit = { id: hit.id, title: hit.title, url, date: hit.date, source: hit.source };
    const page = /^[0-9A-Za-z]+$/.test(hit.page) ? this.#say("newspaper_page", hit) : hit.page;
    const facts = [hit.source, hit.date, page, hit.column, hit.author].filter(Boolean).join(" · ");
    if (hit.title.trim()) link.lang = "zh";
    const entry = make("li", {}, link);
    if (facts) entry.append(make("p", { className: "facts", textContent: facts }));
    if (hit.snippet_html) entry.append(make("p", { lang: "zh" }, ...dressed(hit.snippet_html)));
    return entry;
  }

  // An article's page below the base marks the words; other addresses are left as they are.
  #leadingTo(hit) {
    const base = this.base;
    const url = new URL(hit.url, base);
    if (!/^https?:$/.test(url.protocol)) return base.href;
    if (url.origin === base.origin && url.pathname.startsWith(`${base.pathname}articles/`))
      url.searchParams.set("q", this.#asked);
    return url.href;
  }
}

if (!customElements.get("jianbao-search")) customElements.define("jianbao-search", JianbaoSearch);
