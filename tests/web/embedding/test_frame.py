"""`/embed` in frames of other origins, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.embedding.sites import PAUSE_MS, Sites, Tab


def test_a_listed_origin_frames_a_search_as_tall_as_it_is(sites: Sites, tab: Tab) -> None:
    sites.show_frame("embed?q=图书馆&size=5")
    tab.page.goto(sites.friend)
    frame = tab.page.frame_locator("iframe")
    expect(frame.locator(".jb-total")).to_have_text("共 40 条结果")
    tab.page.wait_for_timeout(PAUSE_MS)
    inside = tab.page.frames[1]
    fits = "document.documentElement.scrollHeight <= innerHeight"
    assert inside.evaluate(fits) and inside.evaluate("innerHeight") > 400
    tall = inside.evaluate("innerHeight")
    frame.locator(".jb-query").fill("月球")
    frame.locator(".jb-submit").click()
    expect(frame.locator(".jb-empty")).to_be_visible()
    tab.page.wait_for_timeout(PAUSE_MS)
    inside = tab.page.frames[1]
    assert inside.evaluate(fits) and inside.evaluate("innerHeight") < tall
    assert inside.url.startswith(f"{sites.search}embed?")
    assert tab.complaints == []


def test_a_hit_in_a_frame_opens_in_the_whole_tab(sites: Sites, tab: Tab) -> None:
    sites.show_frame("embed?q=图书馆")
    tab.page.goto(sites.friend)
    tab.page.frame_locator("iframe").locator(".jb-hit-title a").first.click()
    tab.page.wait_for_url(f"{sites.search}articles/**")


@pytest.mark.parametrize(("who", "page"), [("stranger", "embed?q=x"), ("friend", "?q=x")])
def test_no_other_frame_is_shown(sites: Sites, tab: Tab, who: str, page: str) -> None:
    sites.show_frame(page)
    tab.page.goto(getattr(sites, who))
    tab.page.wait_for_timeout(PAUSE_MS)
    assert tab.page.frames[1].url == "chrome-error://chromewebdata/"
    assert any("frame" in text.lower() for text in tab.complaints)
