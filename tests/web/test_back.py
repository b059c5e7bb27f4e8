"""Back in a real Chromium: the place on the page, what was chosen and what was unfolded return."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from jianbao.web import create_app
from tests.web.conftest import CHROMIUM_FLAGS, HandSearcher, make_articles, serving

PLACES = 16
ADDRESS = "/?q=图书馆&source=城东日报&not_year=2022&size=20"
DESK = ViewportSize(width=1280, height=720)
PHONE = ViewportSize(width=390, height=844)
UNFOLDED = "[...document.querySelectorAll('details')].map(each => each.open)"
PLACE = "[scrollY, document.documentElement.scrollHeight]"
CHIPS = ".jb-chips"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A server for articles on more newspaper pages than a facet shows unfolded."""
    articles = (
        replace(article, page=str(1 + number % PLACES))
        for number, article in enumerate(make_articles())
    )
    with serving(create_app(HandSearcher(tuple(articles)))) as origin:
        yield origin


@pytest.fixture(scope="module")
def keeping(chromium: Browser) -> Iterator[Browser]:
    """A browser that keeps the pages it leaves as they are, which drivers forbid unless told."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    browser = chromium.browser_type.launch(
        executable_path=program,
        args=CHROMIUM_FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


def opened(browser: Browser, address: str, size: ViewportSize, *, script: bool = True) -> Page:
    """A tab that shows the address."""
    tab = browser.new_context(viewport=size, java_script_enabled=script).new_page()
    tab.goto(address)
    return tab


def unfold(tab: Page) -> None:
    """Unfold all that a reader can."""
    for summary in tab.locator("details > summary").all():
        if summary.is_visible():
            summary.click()


def settled(tab: Page, expression: str, expected: object) -> object:
    """The value of an expression once it is as expected, else what it is after five seconds.

    Asked from here: the pages' content policy forbids them to evaluate a text again and again.
    """
    for _ in range(100):
        if tab.evaluate(expression) == expected:
            break
        tab.wait_for_timeout(50)
    return tab.evaluate(expression)


def back(tab: Page) -> None:
    """Back from an article; a page that was kept is not loaded, so nothing else can be awaited."""
    tab.evaluate("void setTimeout(() => history.back())")
    tab.wait_for_url("**/?q=*", wait_until="commit")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("kept", [False, True], ids=["loaded anew", "kept by the browser"])
def test_a_reader_comes_back_to_what_he_left(
    request: pytest.FixtureRequest, site: str, size: ViewportSize, kept: bool
) -> None:
    browser: Browser = request.getfixturevalue("keeping" if kept else "chromium")
    tab = opened(browser, site + ADDRESS, size)
    tab.evaluate("window.kept = true")
    unfold(tab)
    hit = tab.locator(".jb-hit-title a").nth(7)
    hit.scroll_into_view_if_needed()
    assert tab.evaluate("scrollY") > 500
    chips, unfolded, place = tab.inner_text(CHIPS), tab.evaluate(UNFOLDED), tab.evaluate(PLACE)
    # The last two are the timeline's table and the rest of a facet.
    assert unfolded[-2:] == [True, True]
    hit.click()
    tab.wait_for_url("**/articles/**")
    back(tab)
    assert settled(tab, PLACE, place) == place
    assert tab.evaluate(UNFOLDED) == unfolded
    assert tab.inner_text(CHIPS) == chips
    assert bool(tab.evaluate("window.kept")) is kept
    tab.context.close()


def test_what_was_folded_stays_so_for_its_own_page_alone(chromium: Browser, site: str) -> None:
    tab = opened(chromium, f"{site}/?q=图书馆&mode=any", PHONE)
    assert tab.is_visible("select[name=mode]")
    tab.click(".jb-more summary")
    tab.click(".jb-timeline summary")
    tab.locator("a[rel=next]").click()
    tab.wait_for_url("**page=2*")
    assert tab.evaluate(UNFOLDED) == [True, False, False]
    tab.go_back()
    assert settled(tab, UNFOLDED, [False, True, False]) == [False, True, False]
    assert not tab.is_visible("select[name=mode]")
    tab.context.close()


def test_without_javascript_the_place_and_the_choices_return(chromium: Browser, site: str) -> None:
    tab = opened(chromium, site + ADDRESS, DESK, script=False)
    chips = tab.inner_text(CHIPS)
    hit = tab.locator(".jb-hit-title a").nth(7)
    hit.scroll_into_view_if_needed()
    place = tab.evaluate("scrollY")
    assert place > 500
    hit.click()
    tab.wait_for_url("**/articles/**")
    tab.go_back()
    assert settled(tab, "scrollY", place) == place
    assert tab.inner_text(CHIPS) == chips
    unfold(tab)
    assert tab.is_visible(".jb-timeline table")
    tab.context.close()
