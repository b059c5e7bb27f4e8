"""No page scrolls sideways, in either browser, at any width, in any language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser

from jianbao.indexer import Article
from jianbao.web import create_app
from tests.web.conftest import HandSearcher, make_articles, serving
from tests.web.firefox import Firefox

WIDTHS = (320, 390, 768, 1000, 1280)
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
LONG = "关于进一步做好数字经济核心产业企业跨区域协同创新工作若干措施的通知" * 3
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamten" * 3
PAGES = {
    "home": "/",
    "results": "/?q=图书馆",
    "chosen": "/?q=图书馆&source=城东日报&not_source=河港晚报&year=2021&from=2020&to=2024",
    "long": "/?q=石桥",
    "long chosen": f"/?q=石桥&source={LONG}&not_source={UNBROKEN}",
    "zero hits": f"/?q={LONG}",
    "zero hits unbroken": f"/?q={UNBROKEN}",
    "article": "/articles/long",
    "hostile article": "/articles/evil%3F&%23%22'%3Cb%3E",
    "browse": "/browse",
    "browse a source": "/browse?source=城东日报",
    "error": "/?q=坏",
    "nowhere": "/nowhere",
    "embed": "/embed?q=石桥",
    "patterns": "/patterns",
}
"""The last stands for every piece of the interface in every state."""

WIDER = """[...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 5).map((each) => each.tagName + "." + each.className)"""
SIDEWAYS = f"""{{
  over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  by: {WIDER},
}}"""


@pytest.fixture(scope="module")
def long_site() -> Iterator[str]:
    """A server whose articles have long titles, and long values of every facet."""
    article = Article(
        id="long",
        title=f"石桥{LONG}",
        body=f"石桥{LONG}\n{UNBROKEN}",
        author=(LONG, UNBROKEN),
        date="2024-12-30",
        source=LONG,
        column=UNBROKEN,
        page=LONG,
        issue="1",
        url=f"https://a.example/{UNBROKEN}",
    )
    others = (replace(article, id="word", title=f"石桥{UNBROKEN}", source=UNBROKEN, page=UNBROKEN),)
    searcher = HandSearcher((*make_articles(), article, *others))
    with serving(create_app(searcher, debug=True)) as origin:
        yield origin


def addresses(origin: str, page: str) -> list[str]:
    """The page in each language."""
    joined = "&" if "?" in PAGES[page] else "?"
    return [f"{origin}{PAGES[page]}{joined}lang={language}" for language in LANGUAGES]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_scrolls_sideways_in_chromium(chromium: Browser, long_site: str, page: str) -> None:
    tab = chromium.new_page()
    wide: dict[tuple[str, int], Any] = {}
    for address in addresses(long_site, page):
        tab.goto(address)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 800})
            found = tab.evaluate(f"({SIDEWAYS})")
            if found["over"] > 0:
                wide[address[-7:], width] = found
    tab.close()
    assert not wide


@pytest.mark.parametrize("page", PAGES)
def test_nothing_scrolls_sideways_in_firefox(firefox: Firefox, long_site: str, page: str) -> None:
    wide: dict[tuple[str, int], Any] = {}
    for address in addresses(long_site, page):
        firefox.goto(address)
        for width in WIDTHS:
            firefox.resize(width)
            found = firefox.evaluate(f"({SIDEWAYS})")
            if found["over"] > 0:
                wide[address[-7:], width] = found
    assert not wide
