"""`<jianbao-search>` in a page of another origin, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from jianbao.web.languages.strings import STRINGS
from tests.web.embedding.sites import PAUSE_MS, Sites, Tab


def test_a_page_of_another_origin_searches_under_a_strict_policy(sites: Sites, tab: Tab) -> None:
    sites.show_box(f'base="{sites.search}" size="7"')
    tab.page.goto(sites.friend)
    tab.box.fill("图书馆")
    tab.page.keyboard.press("Enter")
    expect(tab.status).to_have_text("共 40 条结果")
    assert tab.hits.count() == 7
    assert set(tab.page.locator("jianbao-search mark").all_inner_texts()) == {"图书馆"}
    tab.page.get_by_role("button", name="下一页").click()
    expect(tab.page.locator("jianbao-search nav")).to_contain_text("第 2 页，共 6 页")
    assert len(tab.searches) == 2
    link = tab.hits.locator("a").first
    link.click()
    tab.page.wait_for_url(f"{sites.search}articles/**")
    assert tab.page.locator(".jb-clipping mark").count() >= 2
    assert tab.complaints == []


def test_hostile_text_stays_text(sites: Sites, tab: Tab) -> None:
    sites.show_box('q="石桥"')
    tab.page.goto(sites.friend)
    entry = tab.hits.filter(has_text="<script>alert(1)</script>石桥")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text('石桥"><img src=x onerror=alert(1)>&amp;')
    assert tab.page.locator("jianbao-search li img, jianbao-search li script").count() == 0
    assert tab.complaints == []


def test_an_origin_that_is_not_listed_cannot_load_it(sites: Sites, tab: Tab) -> None:
    sites.show_box(f'base="{sites.search}"')
    tab.page.goto(sites.stranger)
    tab.page.wait_for_timeout(PAUSE_MS)
    assert tab.page.evaluate("customElements.get('jianbao-search') === undefined")
    assert any("CORS" in text for text in tab.complaints)
    assert tab.page.is_visible("text=要有 JavaScript 才能检索。")


def test_an_origin_that_is_not_listed_cannot_read_the_api(sites: Sites, tab: Tab) -> None:
    sites.show("<title>x</title>")
    ask = f"fetch('{sites.search}api/v1/search?q=x').then(() => 'read', () => 'refused')"
    tab.page.goto(sites.stranger)
    assert tab.page.evaluate(ask) == "refused"
    tab.page.goto(sites.friend)
    assert tab.page.evaluate(ask) == "read"


def test_fast_typing_searches_once_and_enter_at_once(typing: Tab) -> None:
    typing.page.keyboard.type("abcd", delay=20)
    typing.page.wait_for_timeout(PAUSE_MS)
    assert len(typing.searches) == 1
    typing.page.keyboard.type("e")
    typing.page.keyboard.press("Enter")
    typing.page.wait_for_timeout(PAUSE_MS)
    assert len(typing.searches) == 2 and typing.searches[1].endswith("abcde")


def test_the_keyboard_alone_goes_from_the_box_to_a_hit_and_back(typing: Tab, sites: Sites) -> None:
    typing.page.keyboard.type("图书馆")
    expect(typing.hits).to_have_count(10)
    expect(typing.page.get_by_role("listbox")).to_be_visible()
    typing.page.keyboard.press("Escape")
    focused = "document.querySelector('jianbao-search').shadowRoot.activeElement"
    typing.page.keyboard.press("ArrowDown")
    first = typing.page.evaluate(f"{focused}.textContent")
    typing.page.keyboard.press("ArrowDown")
    assert "读书会开讲" in first and typing.page.evaluate(f"{focused}.textContent") != first
    assert typing.page.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid"
    typing.page.keyboard.press("Escape")
    assert typing.page.evaluate(f"{focused}.name") == "q"
    typing.page.keyboard.press("Tab")
    typing.page.keyboard.press("Tab")
    assert typing.page.evaluate(f"{focused}.textContent") == first
    typing.page.keyboard.press("Enter")
    typing.page.wait_for_url(f"{sites.search}articles/**")


def test_the_host_hears_of_searches_and_may_keep_a_choice(sites: Sites, tab: Tab) -> None:
    sites.show_box(f'base="{sites.search}" filter="source=城东日报&sort=oldest"')
    tab.page.goto(sites.friend)
    tab.page.evaluate("""() => {
        window.heard = [];
        addEventListener("jianbao-search", (event) => heard.push(event.detail));
        addEventListener("jianbao-select", (event) => {
          event.preventDefault();
          heard.push(event.detail);
        });
    }""")
    tab.box.fill("图书馆")
    tab.box.press("Enter")
    tab.hits.locator("a").first.click()
    search, choice = tab.page.evaluate("heard")
    assert (search["query"], search["total"], search["page"]) == ("图书馆", 26, 1)
    assert search["url"].startswith(f"{sites.search}?source=")
    assert choice["id"].startswith("daily/") and choice["url"].startswith(f"{sites.search}articles")
    assert tab.page.url == f"{sites.friend}/"


def test_the_styles_of_the_host_reach_it_by_variables_only(sites: Sites, tab: Tab) -> None:
    sites.show_box('q="图书馆"')
    tab.page.goto(sites.friend)
    expect(tab.hits).to_have_count(10)
    # The policy of the page forbids its own style elements too; the console is not part of it.
    tab.page.evaluate("""() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`li, input { display: none !important }
          jianbao-search { --jb-seal: rgb(1, 2, 3); --jb-ink: rgb(4, 5, 6) }`);
        document.adoptedStyleSheets = [sheet];
    }""")
    assert tab.hits.first.is_visible()
    style = "selector => getComputedStyle(document.querySelector('jianbao-search')"
    style += ".shadowRoot.querySelector(selector))"
    assert tab.page.evaluate(f"({style})('.submit').backgroundColor") == "rgb(1, 2, 3)"
    assert tab.page.evaluate(f"({style})('li').color") == "rgb(4, 5, 6)"


def test_what_fails_is_told_and_can_be_asked_again(
    typing: Tab,
) -> None:
    typing.page.keyboard.type("坏")
    expect(typing.status).to_have_text("检索词「坏」写法有误，请改一改。")
    typing.box.fill("月球")
    expect(typing.status).to_have_text("没有找到与「月球」相符的文章")
    typing.page.route("**/api/v1/search*", lambda route: route.abort())
    typing.box.fill("图书馆")
    expect(typing.status).to_have_text(STRINGS["widget_failed"])
    typing.page.unroute("**/api/v1/search*")
    typing.page.keyboard.press("Enter")
    expect(typing.status).to_have_text("共 40 条结果")


@pytest.mark.parametrize(
    ("attributes", "page", "words"),
    [
        ('lang="en"', "zh", "40 results"),
        ('lang="zh-HK"', "zh", "共 40 筆結果"),
        ("", "en-GB", "40 results"),
        ("", "zh", "共 40 条结果"),
        ("", "fr", "40 results"),
    ],
)
def test_it_speaks_the_language_of_the_page_unless_told_another(
    sites: Sites, tab: Tab, attributes: str, page: str, words: str
) -> None:
    sites.show_box(f'q="图书馆" {attributes}')
    sites.shown.set_data(sites.shown.get_data(as_text=True).replace('lang="zh"', f'lang="{page}"'))
    tab.page.goto(sites.friend)
    expect(tab.status).to_have_text(words)


def test_it_changes_its_language_where_it_stands(sites: Sites, tab: Tab) -> None:
    sites.show_box('q="图书馆"')
    tab.page.goto(sites.friend)
    expect(tab.page.locator("jianbao-search button.submit")).to_have_text("检索")
    tab.page.evaluate("document.querySelector('jianbao-search').lang = 'en'")
    expect(tab.page.locator("jianbao-search button.submit")).to_have_text("Search")
    expect(tab.status).to_have_text("40 results")
    link = tab.hits.locator("a").first.get_attribute("href")
    assert link and "lang=en" in link
    assert tab.complaints == []
