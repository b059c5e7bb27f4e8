"""axe-core on every kind of page, in both themes and two widths: no rule of it is violated."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page

from jianbao.web import create_app
from tests.web.conftest import HandSearcher, make_articles, serving

PAGES = {
    "home": "/",
    "results": "/?q=图书馆",
    "refined results": "/?q=图书馆&page=2&from=2021&source=城东日报&not_kind=picture&sort=newest",
    "results of all kinds": "/?q=石桥",
    "relaxed results": "/?q=宽",
    "beyond the last page": "/?q=图书馆&page=9",
    "no result": "/?q=没有",
    "no result, refined": "/?q=“没有 的”&from=2021&source=城东日报",
    "refusal": "/?q=x&from=abc",
    "not found": "/nowhere",
    "article": "/articles/daily/2021.txt%231?q=图书馆",
    "picture": "/articles/p1?q=积雪",
    "hostile article": "/articles/evil%3F%26%23%22%27%3Cb%3E",
    "sources": "/browse",
    "a source": "/browse?source=城东日报",
    "a year": "/browse?source=城东日报&year=2022",
    "an issue": "/browse?source=城东日报&date=2022-03-12",
    "frame": "/embed",
    "framed results": "/embed?q=图书馆&from=2021",
}
FOREIGN = ("home", "refined results", "no result, refined", "refusal", "article", "a year")
"""Pages looked at in the other languages too."""

OF_WHOLE_PAGES = ("region", "page-has-heading-one", "landmark-one-main", "heading-order")

WIDTHS = (pytest.param(390, marks=pytest.mark.slow, id="phone"), pytest.param(1280, id="desk"))


@pytest.fixture(scope="session")
def axe() -> str:
    """The program of axe-core."""
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_axe_finds_no_violation(
    chromium: Browser, site: str, axe: str, address: str, width: int
) -> None:
    tab = chromium.new_page(viewport={"width": width, "height": 900})
    tab.goto(site + address)
    tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    tab.evaluate(axe)
    told = [violations(tab, scheme) for scheme in ("light", "dark")]
    tab.close()
    assert told == [[], []]


@pytest.mark.parametrize("tag", ["zh-Hant", "en"])
@pytest.mark.parametrize("name", FOREIGN)
def test_axe_finds_no_violation_in_another_language(
    chromium: Browser, site: str, axe: str, name: str, tag: str
) -> None:
    tab = chromium.new_page(viewport={"width": 390, "height": 900})
    address = PAGES[name]
    tab.goto(f"{site}{address}{'&' if '?' in address else '?'}lang={tag}")
    tab.evaluate(axe)
    told = [violations(tab, scheme) for scheme in ("light", "dark")]
    wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
    tab.close()
    assert told == [[], []] and wide <= 0


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tag", ["zh-Hans", "zh-Hant", "en"])
def test_axe_finds_no_violation_among_the_patterns(
    chromium: Browser, axe: str, tag: str, scheme: Any
) -> None:
    with serving(create_app(HandSearcher(make_articles()), debug=True)) as origin:
        tab = chromium.new_page(viewport={"width": 390, "height": 900})
        tab.emulate_media(color_scheme=scheme)
        tab.goto(f"{origin}/patterns?lang={tag}")
        tab.wait_for_function(
            "[...document.querySelectorAll('iframe')].every(each => each.style.height)"
        )
        told = [found for frame in tab.frames for found in _violations_alone(frame, axe)]
        shown = len(tab.frames)
        tab.close()
    assert told == [] and shown > 60


def _violations_alone(frame: Frame, axe: str) -> list[tuple[str, str, str]]:
    """Those of a document without the frames in it; a part of a page need not be a page."""
    frame.evaluate(axe)
    part = frame.evaluate("document.body.matches('.jb-piece')")
    off = {rule: {"enabled": not part} for rule in OF_WHOLE_PAGES}
    options = {"resultTypes": ["violations"], "iframes": False, "rules": off}
    return listed(frame.evaluate("options => axe.run(document, options)", options))


def violations(tab: Page, scheme: Any) -> list[tuple[str, str, str]]:
    """Rule, element and advice of every violation that axe finds in a theme."""
    tab.emulate_media(color_scheme=scheme)
    return listed(tab.evaluate("axe.run(document, { resultTypes: ['violations'] })"))


def listed(found: Any) -> list[tuple[str, str, str]]:
    """The same of what axe answers."""
    assert found["passes"]
    return [
        (rule["id"], node["html"], node["failureSummary"])
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def test_axe_finds_no_violation_in_a_page_with_the_search_box(
    chromium: Browser, site: str, axe: str
) -> None:
    tab = chromium.new_page()
    html = (
        '<!doctype html><html lang="zh"><title>内网</title><main><h1>内网</h1>'
        f'<script type="module" src="{site}/static/jianbao/jianbao.js"></script>'
        f'<jianbao-search base="{site}/" q="图书馆"></jianbao-search></main>'
    )
    tab.route(
        "**/intranet",
        lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"),
    )
    tab.goto(f"{site}/intranet")
    tab.locator("jianbao-search mark").first.wait_for()
    tab.evaluate(axe)
    told = [violations(tab, scheme) for scheme in ("light", "dark")]
    tab.close()
    assert told == [[], []]
