"""Browsing without a query, over the demonstration corpus: every link leads to what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from jianbao.indexer import Searcher, SearchRequest
from jianbao.web import create_app
from jianbao.web.pages.browse import natural
from tests.web.indexes import searcher_over

PAPER = "剪报晚刊"


@pytest.fixture(scope="module")
def corpus(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """The demonstration corpus."""
    with searcher_over(tmp_path_factory.mktemp("browse"), [root / "corpus"]) as searcher:
        yield searcher


@pytest.fixture
def visitor(corpus: Searcher) -> FlaskClient:
    """Requests to the app over it."""
    return create_app(corpus).test_client()


def shelf(html: str) -> list[tuple[str, str, int]]:
    """Address, name and number of articles of each entry."""
    found = re.findall(
        '<li><a href="([^"]*)">([^<]*)</a> <span class="jb-count">([\\d,]+) 篇', html
    )
    return [
        (unescape(href), unescape(name), int(count.replace(",", ""))) for href, name, count in found
    ]


def articles(html: str) -> list[str]:
    """The ids of the articles that a page lists, in its order."""
    return [unquote(unescape(href)) for href in re.findall('href="/articles/([^"]*)"', html)]


def test_every_dated_article_of_a_source_is_reached(corpus: Searcher, visitor: FlaskClient) -> None:
    for source_link, source, count in shelf(visitor.get("/browse").text):
        request = SearchRequest("", size=100, filters=(("source", source),))
        expected = {hit.article.id for hit in corpus.search(request).hits if hit.article.date}
        assert corpus.search(request).total == count
        reached: list[str] = []
        for year_link, _, in_year in shelf(visitor.get(source_link).text):
            days = re.findall(
                'href="([^"]*date=[^"]*)" title="(\\d+) 篇"', visitor.get(year_link).text
            )
            before = len(reached)
            for href, in_day in days:
                listed = articles(visitor.get(unescape(href)).text)
                assert len(listed) == int(in_day)
                reached += listed
            assert len(reached) - before == in_year
        assert sorted(reached) == sorted(expected)


def test_an_issue_lists_its_pages_in_order(visitor: FlaskClient) -> None:
    html = visitor.get(f"/browse?source={PAPER}&date=2024-12-30").text
    assert re.findall("<h2>(第\\d+版)</h2>", html) == ["第1版", "第2版"]
    listed = articles(html)
    assert listed == sorted(listed, key=natural)
    crumbs = html.partition("jb-crumbs")[2].partition("</nav>")[0]
    assert re.findall("<(?:a|span)[^>]*>([^<]+)", crumbs) == [
        "全部来源",
        PAPER,
        "2024年",
        "2024年12月30日",
    ]


def test_issues_lead_to_the_ones_before_and_after(visitor: FlaskClient) -> None:
    html = visitor.get(f"/browse?source={PAPER}&date=2024-12-30").text
    before = re.search('<a rel="prev" href="([^"]*)"', html)
    assert before
    earlier = visitor.get(unescape(before[1])).text
    onward = re.search('<a rel="next" href="([^"]*)"', earlier)
    assert onward and "date=2024-12-30" in onward[1]


def test_an_article_leads_to_its_issue_and_the_page_beside(visitor: FlaskClient) -> None:
    html = visitor.get("/articles/newspaper/2024-12-30-第01版.md:2").text
    found = re.search('<a href="([^"]*)">下一版</a>', html)
    assert found
    address, _, anchor = unescape(found[1]).partition("#")
    assert f'id="{unquote(anchor)}"' in visitor.get(address).text
    assert "上一版" not in html
    crumb = re.search('<a href="(/browse[^"]*date=2024-12-30)">', html)
    assert crumb and articles(visitor.get(unescape(crumb[1])).text)


def test_an_article_leads_to_related_ones_but_not_to_itself(
    corpus: Searcher, visitor: FlaskClient
) -> None:
    some = [hit.article for hit in corpus.search(SearchRequest("", size=100)).hits]
    related = {article.id: corpus.article(article.id).related for article in some}
    assert sum(map(bool, related.values())) > len(some) // 2
    for id_, found in related.items():
        assert id_ not in {each.id for each in found} and len(found) <= 5
    id_ = next(id_ for id_, found in related.items() if found)
    assert "相关文章" in visitor.get(f"/articles/{id_}").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/browse?source=没有这个来源", 200),
        ("/browse?source=x&year=1999", 200),
        ("/browse?source=x&date=1999-01-01", 200),
        ("/browse?source=x&date=1999", 200),
        ("/browse?source=x&date=0001-01-01", 200),
        ("/browse?source=x&date=9999-12-31", 200),
        ("/browse?source=x&date=昨天", 400),
        ("/browse?source=x&year=去年", 400),
        ("/browse?source=%ED%A0%80%00", 200),
    ],
)
def test_any_address_is_answered(visitor: FlaskClient, address: str, status: int) -> None:
    answer = visitor.get(address)
    assert answer.status_code == status
    assert 'role="search"' in answer.text


def test_the_home_page_shows_the_newest_and_leads_to_the_shelf(
    corpus: Searcher, visitor: FlaskClient
) -> None:
    html = visitor.get("/").text
    newest = corpus.search(SearchRequest("", size=6, sort="newest"))
    listed = articles(html.partition("jb-newest")[2])
    assert listed == [hit.article.id for hit in newest.hits]
    assert 'href="/browse"' in html


@given(st.text(), st.text())
def test_any_two_texts_have_an_order(one: str, other: str) -> None:
    assert natural(one) < natural(other) or natural(one) >= natural(other)


def test_numbers_in_names_are_read_as_numbers() -> None:
    assert sorted(["p10", "p9", "p", "A2"], key=natural) == ["A2", "p", "p9", "p10"]
