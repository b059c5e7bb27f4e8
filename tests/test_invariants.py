"""The promises to users, on real articles and through the public door."""

from __future__ import annotations

import gzip
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pytest

from jianbao.indexer import Article, Searcher, SearchRequest, load_settings, open_searcher, reindex
from jianbao.indexer.text.fold import fold
from jianbao.web import create_app

SEED = 20241230
QUOTES = ("「」", "“”", "『』", '""')


class Collection(NamedTuple):
    """An open index, and all the articles in it."""

    searcher: Searcher
    articles: Sequence[Article]


@pytest.fixture(scope="module", params=["corpus", "news"])
def collection(
    request: pytest.FixtureRequest, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Collection:
    """The articles that come with the project, and 2,000 of real news where there are any."""
    folder = tmp_path_factory.mktemp(request.param)
    source = root / "corpus"
    if request.param == "news":
        news: Path = request.getfixturevalue("shared_data") / "news.jsonl.gz"
        source = folder / "news.jsonl"
        with gzip.open(news, "rt", encoding="utf-8") as lines:
            source.write_text("".join(islice(lines, 0, 50_000, 25)), "utf-8")
    settings = load_settings({"index": folder / "index"}, {}, folder)
    reindex(settings, [source], now=lambda: datetime.now(UTC))
    searcher = open_searcher(settings, time.perf_counter)
    return Collection(searcher, _all(searcher, ""))


def _all(searcher: Searcher, query: str) -> list[Article]:
    """Every hit, page by page."""
    found: list[Article] = []
    page: int | None = 1
    while page:
        result = searcher.search(SearchRequest(query, page=page, size=100, mode="all"))
        found += [hit.article for hit in result.hits]
        page = result.next_page
    assert len(found) == result.total
    assert len({article.id for article in found}) == len(found)
    return found


def _substring(articles: Sequence[Article], pick: random.Random) -> str:
    """1 to 12 characters of a title or body, within a paragraph and not blank at an end."""
    while True:
        article = pick.choice(articles)
        paragraph = pick.choice([article.title, *article.body.split("\n")])
        start = pick.randrange(max(1, len(paragraph)))
        piece = paragraph[start : start + pick.randint(1, 12)]
        if piece and piece.strip() == piece:
            return piece


def _quoted(text: str, pick: random.Random) -> str:
    usable = [pair for pair in QUOTES if not set(pair) & set(text + "＂")]
    pair = pick.choice(usable or QUOTES[:1])
    return f"{pair[0]}{text}{pair[1]}"


def test_a_quoted_substring_finds_exactly_the_articles_that_contain_it(
    collection: Collection,
) -> None:
    pick = random.Random(SEED)
    folded = [(a.id, fold(a.title), fold(a.body)) for a in collection.articles]
    for _ in range(500):
        text = _substring(collection.articles, pick)
        query = _quoted(text, pick)
        needle = fold(text)
        expected = {id_ for id_, title, body in folded if needle in title or needle in body}
        assert {article.id for article in _all(collection.searcher, query)} == expected, query


def test_snippets_are_verbatim_and_marked_truly(collection: Collection) -> None:
    pick = random.Random(SEED)
    pairs = 0
    while pairs < 1000:
        text = _substring(collection.articles, pick)
        result = collection.searcher.search(SearchRequest(_quoted(text, pick), mode="all"))
        assert result.hits
        for hit in result.hits:
            pairs += 1
            assert hit.title.text == hit.article.title
            marks = [
                fold(part.text[start:end])
                for part in (hit.title, *hit.snippets)
                for start, end in part.marks
            ]
            assert any(fold(text) in mark for mark in marks)
            for snippet in hit.snippets:
                assert snippet.text in hit.article.body


def test_counts_are_exact(collection: Collection) -> None:
    for query in ("", "中国", "经济 OR 文化", "科学"):
        result = collection.searcher.search(SearchRequest(query, mode="all"))
        found = _all(collection.searcher, query)
        assert sum(bar.count for bar in result.histogram) == sum(bool(a.date) for a in found)
        for facet in result.facets["source"]:
            assert facet.count == sum(a.source == facet.value for a in found)
        for facet in result.facets["year"]:
            assert facet.count == sum(a.date[:4] == facet.value for a in found)


def test_no_query_breaks_a_search(collection: Collection) -> None:
    pick = random.Random(SEED)
    parts = [
        *'"“”「」『』()（）-*＊：:+&|!~^?%#',
        " ",
        "\0",
        "😀",
        "𠮷",
        "\ud800",
        "AND",
        "ＯＲ",
        "NOT ",
    ]
    parts += ["标题:", "date:2024..", "日期：9999", "作者：", "经济", "ＡＢ", "5G-A", "\n", "的"]
    client = create_app(collection.searcher).test_client()
    statuses = set()
    for number in range(2000):
        query = "".join(pick.choices(parts, k=pick.randint(1, 14)))
        if number % 100 == 0:
            query = (query * 5000)[:5000]
        text = query.encode("utf-8", "surrogatepass").decode("latin-1")
        answer = client.get("/api/v1/search", query_string={"q": query.encode("utf-8", "replace")})
        assert answer.status_code in (200, 400), repr(text)
        assert answer.get_json()
        statuses.add(answer.status_code)
    assert statuses == {200, 400}
