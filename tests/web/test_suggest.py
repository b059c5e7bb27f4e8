"""Suggestions while typing: the API, and the combobox in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, expect

from jianbao.web import create_app
from tests.web.composing import COMPOSED, ENDINGS, SEARCH_KEY, STEPS, commit, compose, play
from tests.web.conftest import HandSearcher, make_articles, serving

PAUSE_MS = 500
"""Longer than the box waits before it asks."""

WORD = "图书馆"
TITLE = "城东图书馆第0期读书会开讲"


def test_the_api_tells_words_and_titles(client: FlaskClient) -> None:
    body = client.get("/api/v1/suggest?q=图书&size=2").get_json()
    word, title = body["suggestions"]
    assert body["query"] == "图书"
    assert (word["text"], word["kind"], word["marks"]) == (WORD, "word", [[0, 2]])
    assert (title["text"], title["kind"], title["marks"]) == (TITLE, "title", [[2, 4]])
    assert client.get(word["url"]).status_code == 200
    assert TITLE in client.get(title["url"]).text


@pytest.mark.parametrize("asked", ["size=0", "size=21", "page=2", "q=" + "长" * 2001])
def test_the_api_refuses_in_the_shape_of_every_error(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/api/v1/suggest?{asked}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "bad_query"


def test_only_listed_origins_read_the_suggestions(searcher: HandSearcher) -> None:
    client = create_app(searcher, allowed_origins=["https://a.example"]).test_client()
    for origin, allowed in (("https://a.example", True), ("https://b.example", False)):
        answer = client.get("/api/v1/suggest?q=图", headers={"Origin": origin})
        assert ("Access-Control-Allow-Origin" in answer.headers) == allowed


@dataclass
class Typing:
    """A tab with the cursor in the box, what it asked for, and what it complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)
    searched: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def hear(self, url: str) -> None:
        parts = urlsplit(url)
        words = parse_qs(parts.query).get("q", [])
        if parts.path == "/api/v1/suggest":
            self.asked += words
        elif parts.path in ("/", "/embed"):
            self.searched += words

    def type(self, text: str) -> None:
        """Type, and wait for the list."""
        self.page.keyboard.type(text)
        expect(self.page.get_by_role("listbox")).to_be_visible()

    def active(self) -> str:
        """The option that the box says is active, empty for none."""
        found: str = self.page.evaluate(
            "() => {"
            "  const active = document.querySelector('.jb-query').ariaActiveDescendantElement;"
            "  return active ? active.innerText : '';"
            "}"
        )
        return found


@pytest.fixture(params=["light", "dark"])
def typing(chromium: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Typing]:
    """The home page; a complaint of the browser fails the test."""
    yield from _typing(chromium, site, color_scheme=request.param)


@pytest.fixture
def box(chromium: Browser, site: str) -> Iterator[Typing]:
    """As `typing`, in one theme."""
    yield from _typing(chromium, site)


def _typing(chromium: Browser, site: str, **options: Any) -> Iterator[Typing]:
    context = chromium.new_context(locale="zh-CN", **options)
    page = context.new_page()
    found = Typing(page)
    page.on("console", lambda message: found.complaints.append(message.text))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("request", lambda asked: found.hear(asked.url))
    page.goto(site)
    page.focus(".jb-query")
    yield found
    context.close()
    assert found.complaints == []


def test_typing_shows_a_list_that_assistive_technology_understands(typing: Typing) -> None:
    page = typing.page
    combobox = page.get_by_role("combobox", name="检索词")
    expect(combobox).to_have_attribute("aria-expanded", "false")
    typing.type("图书")
    expect(combobox).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".jb-suggest").get_by_role("option")).to_have_count(8)
    expect(page.locator(".jb-suggest-status")).to_have_text("有 8 条建议，用上下方向键选择")
    listed = combobox.get_attribute("aria-controls")
    assert page.get_by_role("listbox", name="检索建议").get_attribute("id") == listed
    assert page.locator(".jb-suggest mark").first.inner_text() == "图书"
    assert page.locator(".jb-suggest [aria-selected=true]").count() == 0
    assert page.evaluate("document.activeElement.className") == "jb-query"


def test_the_arrows_walk_through_the_list_and_back_to_the_text(box: Typing) -> None:
    box.type("图书")
    press = box.page.keyboard.press
    press("ArrowDown")
    assert box.active() == WORD
    press("ArrowDown")
    assert box.active().startswith(TITLE)
    assert box.page.locator(".jb-suggest [aria-selected=true]").count() == 1
    press("ArrowUp")
    press("ArrowUp")
    assert box.active() == ""
    press("ArrowUp")
    assert box.active().startswith("城东图书馆第6期")
    press("ArrowDown")
    assert box.active() == ""
    press("ArrowDown")
    press("Home")
    assert box.active() == ""
    assert box.page.evaluate("document.querySelector('.jb-query').selectionStart") == 0
    press("ArrowDown")
    press("End")
    assert box.active() == ""
    assert box.page.evaluate("document.querySelector('.jb-query').selectionStart") == 2
    assert box.page.input_value(".jb-query") == "图书"


def test_enter_takes_the_active_word_and_searches_for_it(box: Typing) -> None:
    box.type("图书")
    box.page.keyboard.press("ArrowDown")
    box.page.keyboard.press("Enter")
    expect(box.page.locator(".jb-total")).to_have_text("共 40 条结果")
    assert box.page.input_value(".jb-query") == WORD
    assert box.searched == [WORD]


def test_enter_searches_for_the_text_where_no_option_is_active(box: Typing) -> None:
    box.type("图书")
    box.page.keyboard.press("Enter")
    expect(box.page.locator(".jb-total")).to_be_visible()
    assert box.searched == ["图书"]


@pytest.mark.parametrize("tap", [False, True])
def test_a_pointer_takes_a_title_and_opens_its_article(
    chromium: Browser, site: str, tap: bool
) -> None:
    for found in _typing(chromium, site, has_touch=tap, viewport={"width": 390, "height": 844}):
        found.type("图书")
        option = found.page.get_by_role("option", name=TITLE)
        assert found.page.evaluate("document.documentElement.scrollWidth") == 390
        option.tap() if tap else option.click()
        expect(found.page.get_by_role("heading", level=1)).to_have_text(TITLE)
        assert found.searched == []


def test_escape_puts_the_list_away_and_keeps_the_text(box: Typing) -> None:
    box.type("图书")
    box.page.keyboard.press("Escape")
    expect(box.page.get_by_role("listbox")).to_be_hidden()
    expect(box.page.locator(".jb-query")).to_have_attribute("aria-expanded", "false")
    expect(box.page.locator(".jb-suggest-status")).to_have_text("")
    assert box.page.input_value(".jb-query") == "图书"
    box.page.keyboard.press("ArrowDown")
    expect(box.page.get_by_role("listbox")).to_be_visible()


def test_leaving_the_box_puts_the_list_away(box: Typing) -> None:
    box.type("图书")
    box.page.keyboard.press("Tab")
    expect(box.page.get_by_role("listbox")).to_be_hidden()


def test_a_text_without_suggestions_shows_no_list(box: Typing) -> None:
    box.type("图书")
    box.page.keyboard.type("q")
    expect(box.page.get_by_role("listbox")).to_be_hidden()


def test_fast_typing_asks_once(box: Typing) -> None:
    page = box.page
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.keyboard.type("图书馆第1")
    assert box.asked == []
    page.clock.run_for(1000)
    expect(page.get_by_role("listbox")).to_be_visible()
    assert box.asked == ["图书馆第1"]


def test_a_late_answer_to_an_earlier_text_is_not_shown(box: Typing) -> None:
    page = box.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        if parse_qs(urlsplit(route.request.url).query)["q"] == ["图书"]:
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/v1/suggest?**", hold)
    page.keyboard.type("图书")
    page.wait_for_timeout(PAUSE_MS)
    assert len(held) == 1
    page.keyboard.type("馆")
    expect(page.locator(".jb-suggest").get_by_role("option").first).to_contain_text("图书馆")
    before = page.locator(".jb-suggest").inner_text()
    held[0].abort()
    page.wait_for_timeout(PAUSE_MS)
    assert page.locator(".jb-suggest").inner_text() == before


def test_in_a_frame_the_list_is_part_of_the_height(chromium: Browser, site: str) -> None:
    for found in _typing(chromium, f"{site}/embed", viewport={"width": 390, "height": 100}):
        found.type("图书")
        end = found.page.evaluate(
            "document.querySelector('.jb-suggest').getBoundingClientRect().bottom"
        )
        assert found.page.evaluate("document.body.getBoundingClientRect().bottom") >= end
        found.page.get_by_role("option", name=TITLE).click()
        expect(found.page.get_by_role("heading", level=1)).to_have_text(TITLE)


READABLE = """
() => [...document.querySelectorAll('.jb-suggest li span, .jb-suggest mark')].map(element => {
  let behind = element;
  while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)')
    behind = behind.parentElement;
  return [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
})
"""


def test_options_are_readable_in_both_themes(typing: Typing) -> None:
    from tests.web.test_browser import contrast

    typing.type("图书")
    typing.page.keyboard.press("ArrowDown")
    typing.page.keyboard.press("ArrowDown")
    pairs = typing.page.evaluate(READABLE)
    assert len(pairs) > 8
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


@pytest.mark.parametrize("steps", STEPS)
def test_nothing_is_asked_while_an_input_method_composes(box: Typing, steps: list[str]) -> None:
    for text in steps:
        compose(box.page, text)
        box.page.keyboard.press("Enter")
        box.page.wait_for_timeout(PAUSE_MS // 2)
    assert (box.asked, box.searched) == ([], [])
    expect(box.page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize("composed", COMPOSED)
def test_the_end_of_a_composition_asks_exactly_once(box: Typing, composed: str) -> None:
    compose(box.page, composed)
    commit(box.page, "图书")
    expect(box.page.get_by_role("listbox")).to_be_visible()
    box.page.wait_for_timeout(PAUSE_MS)
    assert (box.asked, box.searched) == (["图书"], [])
    box.page.keyboard.press("Enter")
    expect(box.page.locator(".jb-total")).to_be_visible()
    assert box.searched == ["图书"]


def test_composing_anew_puts_the_list_away(box: Typing) -> None:
    box.type("图书")
    compose(box.page, "guan")
    expect(box.page.get_by_role("listbox")).to_be_hidden()
    box.page.keyboard.press("ArrowDown")
    box.page.wait_for_timeout(PAUSE_MS)
    assert box.asked == ["图书"]


@pytest.mark.parametrize("browser", ENDINGS)
def test_the_events_of_every_browser_ask_once(box: Typing, browser: str) -> None:
    play(box.page.locator(".jb-query"), ENDINGS[browser], "图书")
    assert box.asked == []
    box.page.wait_for_timeout(PAUSE_MS)
    assert (box.asked, box.searched) == (["图书"], [])


@pytest.mark.parametrize("when", SEARCH_KEY)
def test_the_search_key_of_a_phone_searches_once(box: Typing, when: str) -> None:
    play(box.page.locator(".jb-query"), SEARCH_KEY[when], "图书")
    expect(box.page.locator(".jb-total")).to_be_visible()
    box.page.wait_for_timeout(PAUSE_MS)
    assert (box.asked, box.searched) == ([], ["图书"])


def test_a_failing_server_leaves_a_plain_box(chromium: Browser) -> None:
    searcher = HandSearcher(make_articles())
    with serving(create_app(searcher)) as origin:
        for found in _typing(chromium, origin):
            searcher.failure = RuntimeError("broken")
            found.page.keyboard.type("图书")
            found.page.wait_for_timeout(PAUSE_MS)
            expect(found.page.get_by_role("listbox")).to_be_hidden()
            searcher.failure = None
            found.page.keyboard.press("Enter")
            expect(found.page.locator(".jb-total")).to_be_visible()
            found.complaints = [text for text in found.complaints if "status of 500" not in text]


def test_without_javascript_the_box_is_a_plain_form(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    assert page.get_by_role("combobox", name="检索词").count() == 0
    page.fill(".jb-query", WORD)
    page.keyboard.press("Enter")
    expect(page.locator(".jb-total")).to_have_text("共 40 条结果")
    context.close()
