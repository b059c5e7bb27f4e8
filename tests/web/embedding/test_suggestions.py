"""Suggestions in `<jianbao-search>`, in a page of another origin under a strict policy."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, expect

from jianbao.web import create_app
from tests.web.conftest import serving
from tests.web.embedding.sites import PAUSE_MS, Sites, Tab
from tests.web.indexes import searcher_of
from tests.web.test_browser import contrast

WORD = "图书馆"
TITLE = "城东图书馆第0期读书会开讲"


@pytest.fixture
def listed(typing: Tab) -> Iterator[Tab]:
    """A tab that shows suggestions; a complaint of the browser fails the test."""
    typing.page.keyboard.type("图书")
    expect(options(typing)).to_have_count(8)
    yield typing
    assert typing.complaints == []


def options(tab: Tab) -> Locator:
    return tab.page.locator("jianbao-search").get_by_role("option")


def asked(addresses: list[str]) -> list[str]:
    return [parse_qs(urlsplit(each).query)["q"][0] for each in addresses]


def test_typing_shows_a_list_that_assistive_technology_understands(listed: Tab) -> None:
    box = listed.page.get_by_role("combobox", name="检索词")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(listed.page.locator(".jb-suggest-status")).to_have_text("有 8 条建议，用上下方向键选择")
    shown = listed.page.get_by_role("listbox", name="检索建议")
    assert shown.get_attribute("id") == box.get_attribute("aria-controls")
    expect(options(listed).nth(1)).to_have_text(f"{TITLE} 文章")
    assert set(shown.locator("mark").all_inner_texts()) == {"图书"}
    active = "input => input.ariaActiveDescendantElement?.textContent ?? ''"
    assert listed.box.evaluate(active) == ""
    listed.page.keyboard.press("ArrowDown")
    assert listed.box.evaluate(active) == WORD
    expect(options(listed).first).to_have_attribute("aria-selected", "true")
    listed.page.keyboard.press("ArrowUp")
    assert listed.box.evaluate(active) == ""


def test_pinyin_is_completed(chromium: Browser, tmp_path: Path) -> None:
    articles = [
        {"id": f"n{n}", "title": f"图书馆第{n}期", "body": "图书馆开了。"} for n in range(5)
    ]
    with searcher_of(tmp_path, articles) as searcher, serving(create_app(searcher)) as origin:
        page = chromium.new_page(locale="zh-CN")
        page.goto(f"{origin}/browse")
        page.evaluate("""() => import("/static/jianbao/jianbao.js").then(() =>
            document.body.prepend(document.createElement("jianbao-search")))""")
        page.locator("jianbao-search input").press_sequentially("tushug")
        expect(page.locator("jianbao-search").get_by_role("option").first).to_have_text("图书馆")
        for key in ("ArrowDown", "Enter"):
            page.keyboard.press(key)
        expect(page.locator("jianbao-search ol > li")).to_have_count(5)
        page.close()


def test_enter_takes_the_active_word_and_searches_for_it(listed: Tab) -> None:
    expect(listed.hits).to_have_count(10)
    listed.page.keyboard.press("ArrowDown")
    listed.page.keyboard.press("Enter")
    expect(listed.box).to_have_value(WORD)
    expect(listed.box).to_be_focused()
    listed.page.wait_for_timeout(PAUSE_MS)
    expect(options(listed)).to_have_count(0)
    assert asked(listed.searches) == ["图书", WORD]
    assert asked(listed.suggested) == ["图书"]


def test_a_click_on_a_word_searches_for_it(listed: Tab) -> None:
    options(listed).first.click()
    expect(listed.box).to_have_value(WORD)
    expect(listed.status).to_have_text("共 40 条结果")
    assert asked(listed.searches)[-1] == WORD


@pytest.mark.parametrize("way", ["key", "click"])
def test_a_title_opens_its_article(listed: Tab, sites: Sites, way: str) -> None:
    if way == "click":
        options(listed).nth(1).click()
    else:
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            listed.page.keyboard.press(key)
    listed.page.wait_for_url(f"{sites.search}articles/**")
    expect(listed.page.get_by_role("heading", level=1)).to_have_text(TITLE)


def test_the_host_may_keep_the_choice_of_a_title(listed: Tab, sites: Sites) -> None:
    listed.page.evaluate("""() => addEventListener("jianbao-select", (event) => {
        event.preventDefault();
        window.heard = event.detail;
    })""")
    options(listed).nth(1).click()
    heard = listed.page.evaluate("heard")
    assert (heard["title"], heard["date"], heard["source"]) == (TITLE, None, None)
    found = listed.page.request.get(heard["url"].replace("/articles/", "/api/v1/articles/"))
    assert found.json()["id"] == heard["id"]
    assert listed.page.url == f"{sites.friend}/"


def test_escape_puts_the_list_away_and_then_the_arrows_lead_to_the_hits(listed: Tab) -> None:
    expect(listed.hits).to_have_count(10)
    listed.page.keyboard.press("Escape")
    expect(listed.page.get_by_role("listbox")).to_be_hidden()
    expect(listed.box).to_have_attribute("aria-expanded", "false")
    expect(listed.box).to_have_value("图书")
    listed.page.keyboard.press("Alt+ArrowDown")
    expect(options(listed)).to_have_count(8)
    listed.page.keyboard.press("Escape")
    listed.page.keyboard.press("ArrowDown")
    expect(listed.hits.locator("a").first).to_be_focused()


def test_leaving_the_box_or_searching_from_a_script_puts_the_list_away(listed: Tab) -> None:
    listed.page.keyboard.press("Tab")
    expect(listed.page.get_by_role("listbox")).to_be_hidden()
    listed.box.fill("图书馆")
    expect(options(listed)).to_have_count(8)
    listed.page.locator("jianbao-search").evaluate("element => element.search('石桥')")
    expect(listed.page.get_by_role("listbox")).to_be_hidden()


def test_turned_off_it_is_a_plain_box(sites: Sites, tab: Tab) -> None:
    sites.show_box(f'base="{sites.search}" suggestions="off"')
    tab.page.goto(sites.friend)
    tab.page.get_by_role("searchbox", name="检索词").fill("图书")
    tab.page.wait_for_timeout(PAUSE_MS)
    assert (tab.suggested, len(tab.searches)) == ([], 1)
    assert tab.page.get_by_role("combobox").count() == 0
    tab.page.keyboard.press("ArrowDown")
    expect(tab.hits.locator("a").first).to_be_focused()
    assert tab.complaints == []


def test_it_is_turned_off_and_on_where_it_stands(listed: Tab) -> None:
    listed.set("suggestions", "off")
    expect(listed.page.get_by_role("listbox", include_hidden=True)).to_have_count(0)
    assert listed.page.get_by_role("searchbox").get_attribute("aria-expanded") is None
    listed.set("suggestions", "on")
    listed.page.keyboard.type("馆")
    expect(options(listed)).to_have_count(8)


def test_moved_or_spoken_otherwise_it_has_one_list(listed: Tab) -> None:
    listed.page.evaluate("""() => {
        const element = document.querySelector("jianbao-search");
        document.body.prepend(document.createElement("main"));
        document.querySelector("main").append(element);
        element.lang = "en";
    }""")
    listed.box.fill("图书馆")
    expect(options(listed)).to_have_count(8)
    expect(listed.page.get_by_role("listbox", name="Suggestions", exact=True)).to_have_count(1)
    assert listed.page.get_by_role("listbox", include_hidden=True).count() == 1
    expect(listed.page.locator(".jb-suggest-status")).to_have_text(
        "8 suggestions; choose with the arrow keys"
    )
    assert "lang=en" in listed.suggested[-1]


def test_without_an_answer_the_search_goes_on(typing: Tab) -> None:
    typing.page.route("**/api/v1/suggest?**", lambda route: route.abort())
    typing.page.keyboard.type("图书馆")
    expect(typing.status).to_have_text("共 40 条结果")
    expect(typing.page.get_by_role("listbox")).to_be_hidden()


READABLE = """list => [...list.querySelectorAll("span, mark")].map((element) => {
  let behind = element;
  while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)")
    behind = behind.parentElement;
  return [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_options_are_readable_without_a_colour_of_the_host(
    listed: Tab, scheme: Literal["light", "dark"]
) -> None:
    listed.page.evaluate(f"document.documentElement.style.colorScheme = '{scheme}'")
    for _ in range(2):
        listed.page.keyboard.press("ArrowDown")
    pairs = listed.page.get_by_role("listbox").evaluate(READABLE)
    assert len(pairs) > 8
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def test_the_list_breaks_no_rule_of_axe(listed: Tab) -> None:
    listed.page.keyboard.press("ArrowDown")
    listed.page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found = listed.page.evaluate("axe.run('jianbao-search')")
    assert found["passes"] and found["violations"] == []
