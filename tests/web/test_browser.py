"""The pages in a real Chromium: searching, paging, both themes, a phone, no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

PHONE = {"width": 390, "height": 844}
PAGES = (
    "/",
    "/?q=图书馆",
    "/?q=图书馆&page=2&from=2021&source=城东日报",
    "/?q=没有",
    "/?q=石桥",
    "/?q=x&from=abc",
    "/embed?q=图书馆&from=2021",
    "/embed",
    "/articles/p1?q=积雪",
    "/articles/daily/2021.txt%231?q=图书馆",
    "/?q=图书馆&source=城东日报&not_year=2021&from=2020&to=2020",
    "/browse",
    "/browse?source=城东日报&year=2021",
    "/browse?source=城东日报&date=2021-02-11",
)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab that fails the test when the page breaks its own content policy or errs."""
    context = chromium.new_context(java_script_enabled=request.param, locale="zh-CN")
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    context.close()
    assert [text for text in complaints if "status of 4" not in text] == []


def test_a_reader_searches_pages_reads_and_comes_back(page: Page, site: str) -> None:
    page.goto(site)
    page.fill("input[name=q]", "图书馆")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=*")
    assert page.inner_text(".jb-total") == "共 40 条结果"
    assert page.locator(".jb-hit").count() == 10
    assert set(page.locator(".jb-hit mark").all_inner_texts()) == {"图书馆"}
    first = page.inner_text(".jb-hit-title >> nth=0")
    page.click("a[rel=next]")
    page.wait_for_url("**page=2*")
    assert page.inner_text(".jb-hit-title >> nth=0") != first
    assert page.inner_text(".jb-pager [aria-current]") == "2"
    page.click(".jb-hit-title a >> nth=0")
    page.wait_for_url("**/articles/**")
    assert page.locator(".jb-clipping mark").count() >= 2
    page.click(".jb-back a")
    page.wait_for_url("**page=2*")


def test_a_reader_narrows_by_facet_bar_sort_and_date(page: Page, site: str) -> None:
    page.goto(f"{site}/?q=图书馆")
    page.click(".jb-value:has-text('河港晚报')")
    assert page.inner_text(".jb-total") == "共 14 条结果"
    page.click(".jb-timeline svg a >> nth=0")
    assert "2020年" in page.inner_text(".jb-chips")
    page.click(".jb-clear")
    page.click(".jb-orders a:has-text('最新在前')")
    page.wait_for_url("**sort=newest*")
    page.fill("input[name=to]", "2022")
    page.click("button[type=submit]")
    assert page.inner_text(".jb-total") == "共 24 条结果"
    assert page.inner_text(".jb-orders [aria-current]") == "最新在前"


def test_a_reader_chooses_two_sources_and_excludes_a_year(page: Page, site: str) -> None:
    page.goto(f"{site}/?q=图书馆&size=7")
    page.click(".jb-value:has-text('河港晚报')")
    page.wait_for_url("**source=*")
    page.click(".jb-value:has-text('城东日报')")
    page.wait_for_url("**source=*source=*")
    assert page.inner_text(".jb-total") == "共 40 条结果"
    year = page.locator(".jb-choice:has-text('2022年')")
    year.hover()
    year.locator(".jb-not").click()
    page.wait_for_url("**not_year=2022*")
    assert page.inner_text(".jb-total") == "共 32 条结果"
    chips = page.locator(".jb-chips li").all_inner_texts()
    assert len(chips) == 4 and "排除年份 2022年 ×" in chips
    page.click(".jb-chip-not")
    expect(page.locator(".jb-total")).to_have_text("共 40 条结果")
    assert "not_year" not in page.url


def test_a_reader_drills_into_time_and_comes_up_again(page: Page, site: str) -> None:
    page.goto(f"{site}/?q=图书馆")
    page.click(".jb-timeline summary")
    rows = page.locator(".jb-timeline tbody tr")
    assert rows.count() == page.locator(".jb-timeline svg a").count() == 5
    assert rows.nth(1).inner_text().split() == ["2021年", "8"]
    page.locator(".jb-timeline svg a").nth(1).click()
    page.wait_for_url("**from=2021-01-01&to=2021-12-31*")
    assert page.inner_text(".jb-total") == "共 8 条结果"
    assert page.locator(".jb-path li").all_inner_texts() == ["全部时间", "2021年"]
    page.click(".jb-path a")
    page.wait_for_url("**/?q=*")
    assert page.inner_text(".jb-total") == "共 40 条结果"


def test_a_reader_walks_every_page_without_a_repeat(page: Page, site: str) -> None:
    page.goto(f"{site}/?q=图书馆&sort=newest")
    page.click(".jb-sizes a:has-text('20')")
    page.wait_for_url("**size=20*")
    page.goto(f"{site}/?q=图书馆&size=7")
    seen: list[str] = []
    while True:
        seen += page.eval_on_selector_all(".jb-hit-title a", "all => all.map(a => a.pathname)")
        onward = page.locator("a[rel=next]")
        if not onward.count():
            break
        number = len(seen) // 7 + 1
        onward.click()
        page.wait_for_url(f"**page={number}*")
    assert len(seen) == len(set(seen)) == 40


def test_a_reader_looks_within_the_results(page: Page, site: str) -> None:
    page.goto(f"{site}/?q=图书馆&source=河港晚报")
    page.fill("input[name=within]", "第12次")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "mode=all" in url and "within" not in url)
    assert page.input_value("input[name=q]") == "图书馆 第12次"
    assert "河港晚报" in page.inner_text(".jb-chips")


def test_the_keyboard_alone_chooses_excludes_and_drills(chromium: Browser, site: str) -> None:
    tab = chromium.new_page()
    tab.goto(f"{site}/?q=图书馆")
    for selector, expected in (
        (".jb-value >> nth=0", "source="),
        (".jb-not >> nth=0", "not_"),
        (".jb-timeline svg a >> nth=0", "from="),
        (".jb-path a >> nth=0", "not_"),
    ):
        link = tab.locator(selector)
        link.focus()
        assert link.evaluate("element => getComputedStyle(element).opacity") == "1"
        # Chromium never closes a page that is about to leave for another.
        with tab.expect_navigation(url=f"**{expected}*"):
            tab.keyboard.press("Enter")
    tab.close()


def test_matches_are_stepped_through_by_button_and_key(chromium: Browser, site: str) -> None:
    tab = chromium.new_page()
    tab.goto(f"{site}/articles/daily/2021.txt%231?q=图书馆")
    count = tab.locator("mark[id]").count()
    hash_ = "location.hash"
    tab.click(".jb-matches button:has-text('下一处')")
    assert tab.evaluate(hash_) == "#m1"
    tab.keyboard.press("n")
    assert tab.evaluate(hash_) == "#m2"
    assert tab.evaluate("document.activeElement.id") == "m2"
    tab.keyboard.press("p")
    tab.keyboard.press("p")
    assert tab.evaluate(hash_) == f"#m{count}"
    tab.fill("input[name=q]", "")
    tab.type("input[name=q]", "npn")
    assert tab.input_value("input[name=q]") == "npn"
    assert tab.evaluate(hash_) == f"#m{count}"
    tab.close()


def test_without_javascript_the_numbers_lead_to_the_matches(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{site}/articles/daily/2021.txt%231?q=图书馆")
    assert not tab.locator(".jb-matches button").first.is_visible()
    tab.click(".jb-matches li:nth-child(2) a")
    tab.wait_for_url("**#m2")
    context.close()


TARGETS = """
() => [...document.querySelectorAll('main a, main button, main summary')]
  .filter(element => element.checkVisibility() && !element.closest('svg, p, dd, h1, h2'))
  .map(element => [element.className + ' ' + element.textContent.trim(),
                   element.getBoundingClientRect().width, element.getBoundingClientRect().height])
  .filter(([, width, height]) => width < 24 || height < 24)
"""


@pytest.mark.parametrize("address", PAGES)
def test_targets_are_large_enough_for_a_finger(chromium: Browser, site: str, address: str) -> None:
    context = chromium.new_context(viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.goto(site + address)
    small = tab.evaluate(TARGETS)
    context.close()
    assert small == []


@pytest.mark.parametrize("address", PAGES)
def test_a_phone_never_scrolls_sideways(chromium: Browser, site: str, address: str) -> None:
    context = chromium.new_context(viewport=PHONE, device_scale_factor=2, has_touch=True)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.goto(site + address)
    wide = tab.evaluate("document.documentElement.scrollWidth")
    reach = tab.evaluate(
        "Math.max(...[...document.querySelectorAll('main *')]"
        ".map(element => element.getBoundingClientRect().right))"
    )
    context.close()
    assert wide == PHONE["width"]
    assert reach <= PHONE["width"]


CONTRASTS = """
() => [...document.querySelectorAll('body *')].flatMap(element => {
  const own = [...element.childNodes].some(
    node => node.nodeType === 3 && node.textContent.trim());
  if (!own || !element.checkVisibility()) return [];
  let behind = element;
  while (behind && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)')
    behind = behind.parentElement;
  if (!behind) return [];
  return [[element.className + ' ' + element.tagName,
           getComputedStyle(element).color, getComputedStyle(behind).backgroundColor]];
})
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_all_text_is_readable_in_both_themes(
    chromium: Browser, site: str, scheme: str, address: str
) -> None:
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.goto(site + address)
    seen: list[tuple[str, str, str]] = tab.evaluate(CONTRASTS)
    paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    context.close()
    assert seen
    weak = [item for item in seen if contrast(item[1], item[2]) < 4.5]
    assert weak == []
    assert (luminance(paper) < 0.2) == (scheme == "dark")


def test_the_keyboard_reaches_the_content_first(chromium: Browser, site: str) -> None:
    tab = chromium.new_page()
    tab.goto(f"{site}/?q=图书馆")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "jb-skip"
    assert tab.locator(".jb-skip").bounding_box()["y"] >= 0  # type: ignore[index]
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "jb-main"
    tab.keyboard.press("Tab")
    outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    tab.close()
    assert outline == "solid"


def test_a_phone_folds_the_options_until_one_is_set(chromium: Browser, site: str) -> None:
    tab = chromium.new_page(viewport=PHONE)  # type: ignore[arg-type]
    tab.goto(f"{site}/?q=图书馆")
    assert not tab.is_visible("select[name=mode]")
    tab.click(".jb-more summary")
    assert tab.is_visible("select[name=mode]")
    tab.goto(f"{site}/?q=图书馆&mode=any")
    assert tab.is_visible("select[name=mode]")
    tab.close()


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2) of `rgb(r, g, b)`."""
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(text: str, ground: str) -> float:
    """WCAG 2 contrast ratio of two colours."""
    low, high = sorted([luminance(text), luminance(ground)])
    return (high + 0.05) / (low + 0.05)
