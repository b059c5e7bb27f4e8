"""A search within results: a second box that only ever takes hits away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from jianbao.indexer import Searcher, SearchRequest
from jianbao.indexer.search.searcher import LARGEST_PAGE
from jianbao.web.pages.search_within import narrowed, outer
from tests.web.indexes import searcher_over

QUERIES = [
    "报纸",
    "检索 报纸",
    "检索 OR 报纸",
    "“报纸”",
    "索引 -报纸",
    "月球车 报纸",
    "标题:报",
    "(报",
    "报（纸）馆",
    "“检索”报纸",
    "404 NOT FOUND 报纸",
    "-报纸",
    "--报纸 -5",
]
ADDED = [
    "图书馆",
    "的 是",
    "读者 AND 图书馆",
    "“图书”馆",
    "404 NOT FOUND",
    "图书馆 OR 读者",
    "“图书”",
    "(",
    "类型:article",
    ")(图书馆",
]


@pytest.fixture(scope="module")
def corpus(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """The demonstration corpus."""
    with searcher_over(tmp_path_factory.mktemp("within"), [root / "corpus"]) as searcher:
        yield searcher


def ids(searcher: Searcher, request: SearchRequest) -> set[str]:
    """Every hit; the corpus fits on a page."""
    whole = SearchRequest(request.query, 1, LARGEST_PAGE, mode=request.mode)
    return {hit.article.id for hit in searcher.search(whole).hits}


@pytest.mark.parametrize("added", ADDED)
@pytest.mark.parametrize("query", QUERIES)
def test_only_hits_remain_that_were_there(corpus: Searcher, query: str, added: str) -> None:
    page = corpus.search(SearchRequest(query))
    before = outer(page)
    assert len(ids(corpus, before)) == page.total
    after = ids(corpus, narrowed(before, added))
    assert after <= ids(corpus, before)
    matching = ids(corpus, SearchRequest(added, mode="all")) if added != "(" else after
    assert after == ids(corpus, before) & matching


@pytest.mark.parametrize(
    ("query", "mode", "added", "joined"),
    [
        ("报纸", "all", "图书馆", "报纸 图书馆"),
        ("报纸", "any", "图书馆", "报纸 AND 图书馆"),
        ("检索 报纸", "any", "图书馆 读者", "(检索 报纸) AND 图书馆 AND 读者"),
        ("检索 OR 报纸", "all", "读者", "(检索 OR 报纸) AND 读者"),
        ("", "all", "读者", "读者"),
    ],
)
def test_the_joined_query_is_one_a_person_would_type(
    query: str, mode: str, added: str, joined: str
) -> None:
    request = SearchRequest(query, mode=mode)  # type: ignore[arg-type]
    assert narrowed(request, added).query == joined


@pytest.mark.parametrize("query", QUERIES)
def test_a_dash_takes_hits_away(corpus: Searcher, query: str) -> None:
    """Alone it would be part of the text; beside hits there is something to take away from."""
    before = outer(corpus.search(SearchRequest(query)))
    kept = ids(corpus, before) - ids(corpus, SearchRequest("“图书馆”"))
    assert ids(corpus, narrowed(before, "-图书馆")) == kept


@pytest.mark.parametrize("added", ["OR 图书馆", "AND", "--", "（", ") OR (图书馆"])
def test_no_mark_of_the_added_words_widens_a_search(corpus: Searcher, added: str) -> None:
    before = outer(corpus.search(SearchRequest("检索")))
    assert ids(corpus, narrowed(before, added)) <= ids(corpus, before)


def test_the_box_leads_to_an_address_without_it(client: FlaskClient) -> None:
    answer = client.get("/?q=图书馆&mode=all&source=城东日报&page=2&within=桥梁")
    assert answer.status_code == 303
    found = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert found == {"q": ["图书馆 桥梁"], "mode": ["all"], "source": ["城东日报"]}


def test_the_box_keeps_the_conditions_in_force(client: FlaskClient) -> None:
    html = client.get("/?q=图书馆&source=城东日报&not_year=2021&from=2020&sort=newest").text
    form = html.partition('class="jb-within"')[2].partition("</form>")[0]
    for name, value in (
        ("q", "图书馆"),
        ("mode", "all"),
        ("source", "城东日报"),
        ("not_year", "2021"),
        ("from", "2020-01-01"),
        ("sort", "newest"),
    ):
        assert f'<input type="hidden" name="{name}" value="{value}">' in form


def test_a_framed_search_stays_in_its_frame(client: FlaskClient) -> None:
    answer = client.get("/embed?q=图书馆&within=桥梁")
    assert urlsplit(answer.headers["Location"]).path == "/embed"
