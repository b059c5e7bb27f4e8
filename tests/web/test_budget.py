"""What a page costs a browser: bytes on the wire, moves while it loads, scripts to wait for."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

MOST_BYTES = 60_000
PAGES = ("/", "/?q=图书馆", "/articles/daily/2021.txt%231?q=图书馆", "/embed?q=图书馆", "/browse")
WATCH = """
window.moved = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.moved += entry.value;
}).observe({ type: 'layout-shift', buffered: true });
"""
SETTLED = "new Promise(done => requestAnimationFrame(() => setTimeout(done, 300)))"


@pytest.fixture
def tab(chromium: Browser) -> Any:
    """A tab that has nothing in its cache."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def transferred(tab: Page, address: str) -> dict[str, float]:
    """Address -> bytes on the wire, headers included, for all that the page makes a browser get."""
    session = tab.context.new_cdp_session(tab)
    session.send("Network.enable")
    names: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on(
        "Network.responseReceived",
        lambda event: names.update({event["requestId"]: event["response"]["url"]}),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    tab.goto(address, wait_until="networkidle")
    return {names[each]: size for each, size in sizes.items()}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_with_all_it_needs_is_small(tab: Page, site: str, address: str) -> None:
    got = transferred(tab, site + address)
    kinds = {name.partition("?")[0].rpartition(".")[2] for name in got}
    assert "css" in kinds
    icon = site + str(tab.get_attribute("link[rel=icon]", "href"))
    if icon not in got:
        got[icon] = len(tab.request.get(icon).body())
    assert sum(got.values()) <= MOST_BYTES, got
    assert all(name.startswith(site) for name in got)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("address", PAGES)
def test_nothing_moves_while_a_page_loads(
    chromium: Browser, site: str, address: str, width: int
) -> None:
    tab = chromium.new_page(viewport={"width": width, "height": 844})
    tab.add_init_script(WATCH)
    tab.goto(site + address, wait_until="networkidle")
    tab.evaluate(SETTLED)
    moved = tab.evaluate("window.moved")
    tab.close()
    assert moved == 0


@pytest.mark.parametrize("address", PAGES)
def test_no_script_is_waited_for(tab: Page, site: str, address: str) -> None:
    tab.goto(site + address)
    waited = tab.evaluate(
        "[...document.scripts].filter(each => !(each.type === 'module' || each.defer))"
        ".map(each => each.outerHTML)"
    )
    assert waited == []
    blocking = tab.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter(each => each.renderBlockingStatus === 'blocking')"
        ".map(each => new URL(each.name).pathname.split('.').pop())"
    )
    assert set(blocking) <= {"css"}


def test_a_second_page_costs_its_text_alone(tab: Page, site: str) -> None:
    transferred(tab, f"{site}/?q=图书馆")
    again = transferred(tab, f"{site}/?q=图书馆&page=2")
    assert [size for name, size in again.items() if "/static/" in name and size] == []


def test_going_there_again_gets_not_modified(tab: Page, site: str) -> None:
    tab.goto(f"{site}/?q=图书馆")
    tab.goto(f"{site}/")
    session = tab.context.new_cdp_session(tab)
    session.send("Network.enable")
    pages: set[str] = set()
    told: dict[str, int] = {}
    session.on(
        "Network.requestWillBeSent",
        lambda event: pages.update({event["requestId"]} if event["type"] == "Document" else ()),
    )
    session.on(
        "Network.responseReceivedExtraInfo",
        lambda event: told.update({event["requestId"]: event["statusCode"]}),
    )
    tab.goto(f"{site}/?q=图书馆", wait_until="networkidle")
    assert [told[page] for page in pages] == [304]
    assert tab.locator(".jb-hit").count() == 10
