"""Which language a reader gets, how he changes it, and that the choice goes with him."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from jianbao.web import create_app, create_blueprint
from jianbao.web.languages import ENGLISH, LANGUAGES, SIMPLIFIED, TRADITIONAL, Language
from tests.web.conftest import HandSearcher, make_articles

PAGES = ("/", "/?q=图书馆", "/?q=没有", "/browse", "/articles/p1?q=积雪", "/?from=abc", "/nowhere")


def spoken(html: str) -> str:
    found = re.search('<html lang="([^"]*)">', html)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", SIMPLIFIED),
        ("*", SIMPLIFIED),
        ("zh-CN,zh;q=0.9,en;q=0.8", SIMPLIFIED),
        ("zh-TW,zh;q=0.9,en;q=0.8", TRADITIONAL),
        ("zh-HK", TRADITIONAL),
        ("en-US,en;q=0.9", ENGLISH),
        ("en;q=0.3, zh-Hant;q=0.9", TRADITIONAL),
        ("de, zh;q=0.5", SIMPLIFIED),
        ("zh;q=0, en", ENGLISH),
        ("fr-FR,fr;q=0.9", ENGLISH),
        (";;q=,,x=1,\u00e9", ENGLISH),
    ],
)
def test_the_browser_chooses(client: FlaskClient, header: str, wanted: Language) -> None:
    headers = {"Accept-Language": header} if header else {}
    for address in PAGES:
        answer = client.get(address, headers=headers)
        assert spoken(answer.text) == wanted.tag
        assert "Accept-Language" in answer.vary


@pytest.mark.parametrize("wanted", LANGUAGES, ids=lambda each: each.tag)
@pytest.mark.parametrize("address", PAGES)
def test_the_address_overrides_it(client: FlaskClient, address: str, wanted: Language) -> None:
    address += ("&" if "?" in address else "?") + f"lang={wanted.tag}"
    html = client.get(address, headers={"Accept-Language": "fr"}).text
    assert spoken(html) == wanted.tag
    assert f">{wanted.strings['submit']}</button>" in html


def test_an_address_that_names_no_language_of_ours_leaves_it_to_the_browser(
    client: FlaskClient,
) -> None:
    answer = client.get("/?lang=tlh", headers={"Accept-Language": "zh-TW"})
    assert (answer.status_code, spoken(answer.text)) == (200, "zh-Hant")


def test_the_switch_keeps_the_search(client: FlaskClient) -> None:
    address = "/?q=图书馆&source=城东日报&source=河港晚报&page=2&lang=en"
    html = client.get(address).text
    links = re.findall(r'<a href="(\?[^"]*)" rel="nofollow" lang="([^"]*)"', html)
    assert [tag for _, tag in links] == [each.tag for each in LANGUAGES]
    for link, tag in links:
        state = parse_qs(urlsplit(unescape(link)).query)
        assert state["source"] == ["城东日报", "河港晚报"] and state["page"] == ["2"]
        assert state["lang"] == [tag] and state["q"] == ["图书馆"]
        assert spoken(client.get(urljoin("/", unescape(link))).text) == tag


LOCAL = re.compile('<a [^>]*href="(/[^"]*)"|action="(/[^"]*)"')
WITHOUT = re.compile("/static/|[.]xml$|/citations/|[.]jsonl")


@pytest.mark.parametrize(
    "address", ["/", "/?q=图书馆&page=2", "/browse?source=城东日报", "/embed?q=图书馆"]
)
def test_every_link_of_a_page_carries_the_choice(client: FlaskClient, address: str) -> None:
    html = client.get(address + ("&" if "?" in address else "?") + "lang=en").text
    links = [unescape(found[1] or found[2]) for found in LOCAL.finditer(html)]
    assert len(links) > 1
    for link in links:
        assert WITHOUT.search(link.partition("?")[0]) or "lang=en" in link, link
    forms = html.count("<form ")
    assert forms and html.count('<input type="hidden" name="lang" value="en">') == forms


@pytest.mark.parametrize("address", ["/", "/?q=图书馆&page=2", "/articles/p1?q=积雪"])
def test_without_a_choice_no_link_has_one(client: FlaskClient, address: str) -> None:
    html = client.get(address, headers={"Accept-Language": "en"}).text
    links = [found[1] or found[2] for found in LOCAL.finditer(html)]
    assert links and not any("lang=" in link for link in links)


def test_a_permalink_has_no_language(client: FlaskClient) -> None:
    html = client.get("/articles/p1?q=积雪&lang=en").text
    assert '<link rel="canonical" href="/articles/p1">' in html
    body = client.get("/citations/p1.bib?lang=en").text
    assert "articles/p1}" in body
    feed = client.get("/search.atom?q=图书馆&lang=en").text
    assert not re.search('articles/[^"]*lang=', feed)
    assert "q={searchTerms}&amp;page" in client.get("/opensearch.xml?lang=en").text


def test_a_search_within_results_keeps_the_language(client: FlaskClient) -> None:
    answer = client.get("/?q=图书馆&within=河流&lang=en")
    assert answer.status_code == 303 and "lang=en" in answer.headers["Location"]


def test_a_tag_is_of_its_language(client: FlaskClient) -> None:
    tags = {}
    for header in ("zh-CN", "zh-TW", "en", "en-GB"):
        tags[header] = client.get("/?q=图书馆", headers={"Accept-Language": header}).headers["ETag"]
    assert len(set(tags.values())) == 3 and tags["en"] == tags["en-GB"]
    asked = {"Accept-Language": "zh-TW", "If-None-Match": tags["zh-TW"]}
    again = client.get("/?q=图书馆", headers=asked)
    assert again.status_code == 304 and "Accept-Language" in again.vary
    other = client.get(
        "/?q=图书馆", headers={"Accept-Language": "en", "If-None-Match": tags["zh-TW"]}
    )
    assert other.status_code == 200


def test_dates_and_numbers_are_those_of_the_language(searcher: HandSearcher) -> None:
    client = create_app(HandSearcher(make_articles() * 30)).test_client()
    html = client.get("/?q=图书馆&from=2021-02&to=2021-03&lang=en").text
    assert "11 Feb 2021" in html and "1 Feb 2021 – 31 Mar 2021" in html and "年" not in html
    assert "1,200 results" in client.get("/?q=图书馆&lang=en").text
    assert "1 result<" in create_app(searcher).test_client().get("/?kind=picture&lang=en").text


def test_an_english_page_has_no_chinese_of_ours(client: FlaskClient) -> None:
    for address in ("/?q=图书馆&from=2021&not_kind=picture", "/articles/p1", "/?q=没有&from=2021"):
        html = client.get(address + "&lang=en" if "?" in address else address + "?lang=en").text
        ours = re.sub(r'<(\w+)[^>]* lang="zh"[^>]*>.*?</\1>', "", html, flags=re.DOTALL)
        words = set(re.findall("(?<![\u4e00-\u9fff])(?:筛选|检索|来源|栏目|作者|共|页|条)", ours))
        assert words == set()


def test_the_api_speaks_it_too(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=宽&lang=en").get_json()
    assert (body["notice"], body["notice_code"]) == (ENGLISH.strings["notice_relaxed"], "relaxed")
    told = client.get("/api/v1/search?size=0", headers={"Accept-Language": "zh-TW"}).get_json()
    assert told["error"]["code"] == "bad_query" and "每頁筆數（size）" in told["error"]["message"]
    more = client.get("/api/v1/search?q=图书馆&lang=en").get_json()
    assert "lang=en" in more["next"] and "lang=en" in more["hits"][0]["url"]
    assert client.get("/api/v1/suggest?q=图书&lang=en").get_json()["suggestions"][0]["url"] == (
        "/?q=%E5%9B%BE%E4%B9%A6%E9%A6%86&lang=en"
    )


def test_a_feed_and_a_table_are_in_it(client: FlaskClient) -> None:
    root = ElementTree.fromstring(client.get("/search.atom?q=图书馆&lang=en").data)
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    atom = "{http://www.w3.org/2005/Atom}"
    assert root.get(lang) == "en" and root.findtext(f"{atom}title") == "图书馆 – Jianbao"
    entry = root.find(f"{atom}entry")
    assert entry is not None and entry.get(lang) == "zh"
    table = client.get("/api/v1/export.csv?q=积雪", headers={"Accept-Language": "en"})
    assert table.text.lstrip("\ufeff").startswith("Title,Date,Source")
    about = client.get("/opensearch.xml", headers={"Accept-Language": "zh-TW"}).text
    assert "<ShortName>剪報</ShortName>" in about


def test_two_languages_of_one_host(searcher: HandSearcher) -> None:
    host = Flask("host")
    host.register_blueprint(create_blueprint(searcher), url_prefix="/find")
    visitor = host.test_client()
    html = visitor.get("/find/?q=图书馆&lang=en").text
    links = [unescape(found[1] or found[2]) for found in LOCAL.finditer(html)]
    assert all(link.startswith("/find/") for link in links)


@pytest.mark.parametrize(
    ("locale", "words"),
    [("zh-TW", "共 40 筆結果"), ("en-GB", "40 results"), ("zh-CN", "共 40 条结果")],
)
def test_a_real_browser_is_understood(
    chromium: Browser, site: str, locale: str, words: str
) -> None:
    context = chromium.new_context(locale=locale)
    tab = context.new_page()
    tab.goto(f"{site}/?q=图书馆")
    expect(tab.get_by_role("heading", level=1)).to_have_text(words)
    context.close()


def test_a_reader_changes_the_language_and_keeps_it(chromium: Browser, site: str) -> None:
    tab = chromium.new_page()
    tab.goto(f"{site}/?q=图书馆")
    tab.get_by_role("link", name="English").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("40 results")
    tab.locator(".jb-hit-title a").first.click()
    expect(tab.get_by_role("link", name="Back to the results")).to_be_visible()
    tab.get_by_role("searchbox").or_(tab.get_by_role("combobox")).fill("石桥")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**lang=en**")
    expect(tab.get_by_role("heading", level=1)).to_have_text("3 results")
    tab.close()
