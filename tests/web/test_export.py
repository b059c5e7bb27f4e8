"""A result list taken away as CSV or JSONL: whole, once each, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from jianbao.indexer import Article, Notice, ResultHit, ResultPage, SearchRequest
from jianbao.web import create_app
from jianbao.web.formats.export import MOST_HITS, whole_list
from tests.web.conftest import HandSearcher


def many(count: int) -> tuple[Article, ...]:
    """So many short articles."""
    return tuple(Article(id=f"n{n}", title=f"第{n}篇", body="桥") for n in range(count))


def rows(client: FlaskClient, address: str) -> list[list[str]]:
    """The table as a spreadsheet reads it."""
    answer = client.get(address)
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert 'filename="jianbao.csv"' in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_a_table_holds_every_hit_with_its_facts(client: FlaskClient) -> None:
    header, *hits = rows(client, "/api/v1/export.csv?q=图书馆&size=3&page=2")
    assert header == [
        "标题", "日期", "来源", "版次", "栏目", "作者", "类型", "摘录", "原文", "编号",
    ]  # fmt: skip
    assert len(hits) == 40 and len({hit[-1] for hit in hits}) == 40
    second = dict(zip(header, hits[1], strict=True))
    assert second["作者"] == "陆明远、沈一帆" and second["类型"] == "文章"
    assert second["原文"] == "http://localhost/articles/daily/2021.txt%231"


def test_lines_of_json_are_the_hits_of_the_api(client: FlaskClient) -> None:
    answer = client.get("/api/v1/export.jsonl?q=图书馆&source=城东日报")
    assert answer.mimetype == "application/x-ndjson"
    hits = [json.loads(line) for line in answer.text.splitlines()]
    shown = client.get("/api/v1/search?q=图书馆&source=城东日报&size=100").get_json()["hits"]
    for hit in shown:
        hit["url"] = "http://localhost" + hit["url"]
    assert hits == shown and len(hits) == 26


def test_a_cell_never_runs_as_a_formula() -> None:
    odd = Article(id="x", title='=HYPERLINK("http://x")', body="-1\n正文", author=("@a",))
    _, cells = rows(create_app(HandSearcher((odd,))).test_client(), "/api/v1/export.csv")
    assert cells[0] == '\'=HYPERLINK("http://x")'
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


@pytest.mark.parametrize(("count", "given"), [(0, 0), (100, 100), (101, 101), (1234, MOST_HITS)])
def test_it_holds_a_thousand_at_most(count: int, given: int) -> None:
    client = create_app(HandSearcher(many(count))).test_client()
    assert len(client.get("/api/v1/export.jsonl").text.splitlines()) == given


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_refusal_comes_as_a_status(client: FlaskClient, kind: str) -> None:
    for arguments in ("q=坏", "sise=3", "page=0"):
        answer = client.get(f"/api/v1/export.{kind}?{arguments}")
        assert answer.status_code == 400
        assert answer.get_json()["error"]["code"] == "bad_query"


def test_lines_are_sent_as_they_are_found() -> None:
    searches: list[int] = []

    class Counting(HandSearcher):
        def search(self, request: SearchRequest, /) -> ResultPage:
            searches.append(request.page)
            return super().search(request)

    answer = create_app(Counting(many(500))).test_client().get("/api/v1/export.jsonl")
    next(iter(answer.response))
    assert len(searches) <= 2
    assert len(answer.text.splitlines()) == 499 and max(searches) == 5


class Listing(HandSearcher):
    """A searcher that has whole lists, the second hit of which is short of marks."""

    def listed(self, request: SearchRequest, most: int, /) -> Iterator[ResultHit]:
        found = self.search(replace(request, size=most)).hits
        return (replace(hit, limited=number == 1) for number, hit in enumerate(found))

    def search(self, request: SearchRequest, /) -> ResultPage:
        assert request.page == 1, "a list begins with the first hit, and is one search"
        return super().search(request)


def test_a_searcher_with_whole_lists_is_asked_once_and_a_line_tells_what_is_missing() -> None:
    client = create_app(Listing(many(1234))).test_client()
    hits = [
        json.loads(line) for line in client.get("/api/v1/export.jsonl?page=3").text.splitlines()
    ]
    assert len(hits) == MOST_HITS and len({hit["id"] for hit in hits}) == MOST_HITS
    assert [number for number, hit in enumerate(hits) if hit.get("limited")] == [1]
    assert len(rows(client, "/api/v1/export.csv?page=3")) == MOST_HITS + 1
    assert client.get("/api/v1/export.csv?q=坏").status_code == 400


def test_it_relaxes_where_the_page_of_the_reader_did_and_only_there() -> None:
    def search(request: SearchRequest) -> ResultPage:
        """Two articles have all words, three have some."""
        relaxed = request.mode == "any" or (request.mode == "auto" and request.size > 2)
        found = HandSearcher(many(3 if relaxed else 2)).search(request)
        notice = Notice("relaxed", "x") if relaxed and request.mode == "auto" else None
        return replace(found, notice=notice)

    assert len(list(whole_list(search, SearchRequest("桥", size=2)))) == 2
    assert len(list(whole_list(search, SearchRequest("桥", size=10)))) == 3


def publishing(
    before: tuple[Article, ...], after: tuple[Article, ...], at: int
) -> Callable[[SearchRequest], ResultPage]:
    """A search whose index is replaced at the given call."""
    calls: list[SearchRequest] = []

    def search(request: SearchRequest) -> ResultPage:
        calls.append(request)
        new = len(calls) >= at
        found = HandSearcher(after if new else before).search(request)
        return replace(found, generation="g2" if new else "g1")

    return search


@pytest.mark.parametrize("at", [2, 3, 4])
def test_a_reindex_meanwhile_loses_and_repeats_nothing(at: int) -> None:
    before = many(300)
    # Articles put in front move every other to a later place; some before go, and come last.
    after = (*(replace(article, id=f"new-{article.id}") for article in many(150)), *before[50:])
    ids = [hit.article.id for hit in whole_list(publishing(before, after, at), SearchRequest(""))]
    assert len(ids) == len(set(ids))
    assert {article.id for article in after} <= set(ids)
