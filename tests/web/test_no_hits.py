"""A page without hits says how the query was read and leads on to searches that find something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from jianbao.indexer import Searcher, SearchRequest
from jianbao.web import create_app
from tests.web.indexes import searcher_of


@pytest.fixture(scope="module")
def bridges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Twelve articles about bridges in two newspapers."""
    articles = [
        {
            "id": f"n{n}",
            "title": f"石桥第{n}次修缮",
            "body": "工人们量了桥拱，也查了桥墩。" if n % 2 else "木料从上游运来。",
            "date": f"{2020 + n % 3}-05-01",
            "source": "城东日报" if n % 2 else "河港晚报",
        }
        for n in range(12)
    ]
    with searcher_of(tmp_path_factory.mktemp("bridges"), articles) as searcher:
        yield searcher


@pytest.fixture
def visitor(bridges: Searcher) -> FlaskClient:
    """Requests to the app over it."""
    return create_app(bridges).test_client()


REQUESTS = [
    SearchRequest("石桥 月球车", mode="all"),
    SearchRequest("“桥拱 石桥” 修缮"),
    SearchRequest("桥墩", filters=(("source", "河港晚报"),)),
    SearchRequest("桥墩", excluded=(("source", "城东日报"),), date_from="2020-01-01"),
    SearchRequest("桥墩", date_from="2030-01-01", date_to="2030-12-31"),
    SearchRequest("", filters=(("source", "无此报"),)),
    SearchRequest("桥墩 月球车", mode="all", filters=(("year", "1999"), ("source", "河港晚报"))),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request.query)
def test_every_way_out_finds_as_many_as_it_says(bridges: Searcher, request_: SearchRequest) -> None:
    page = bridges.search(request_)
    assert page.total == 0 and page.wider
    for way in page.wider:
        strict = way.request.mode if way.request.mode == "any" else "all"
        taken = SearchRequest(
            way.request.query,
            mode=strict,
            filters=way.request.filters,
            excluded=way.request.excluded,
            date_from=way.request.date_from,
            date_to=way.request.date_to,
        )
        assert bridges.search(taken).total == way.total > 0


def test_the_words_are_told_with_what_they_find_alone(bridges: Searcher) -> None:
    page = bridges.search(SearchRequest("“桥墩” 月球车", mode="all"))
    assert [(word.text, word.phrase, word.count) for word in page.words] == [
        ("桥墩", True, 6),
        ("月球车", False, 0),
    ]


def test_a_word_no_article_has_leads_to_the_nearest(bridges: Searcher) -> None:
    page = bridges.search(SearchRequest("十桥 月球车", mode="all"))
    assert page.words[0].near == ("石桥",)
    assert page.words[1].near == ()


def test_the_page_shows_all_of_it_and_its_links_work(visitor: FlaskClient) -> None:
    html = visitor.get("/?q=石桥 月球车&mode=all&source=河港晚报").text
    assert "没有找到与「石桥 月球车」相符的文章" in html
    assert re.search('石桥</span> <span class="jb-count">12 篇', html)
    assert re.search('月球车</span> <span class="jb-count">没有', html)
    ways = re.findall('<li><a href="([^"]*)">([^<]*)</a> <span class="jb-count">(\\d+) 条', html)
    assert {"只要含任一词", "改为检索 石桥"} <= {label for _, label, _ in ways}
    for address, label, count in ways:
        assert f"共 {count} 条结果" in visitor.get(unescape(address)).text, label


def test_what_finds_something_has_no_ways_out(bridges: Searcher) -> None:
    page = bridges.search(SearchRequest("石桥"))
    assert page.total and page.wider == () and page.words == ()
