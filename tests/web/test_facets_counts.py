"""Totals, facets and bars against counting by hand, with every kind of condition."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest

from jianbao.indexer import Article, Searcher, SearchRequest
from jianbao.indexer.engines.base import FACETS, values_of
from jianbao.indexer.search.facets import FACET_VALUES
from jianbao.indexer.search.searcher import LARGEST_PAGE
from jianbao.indexer.text.fold import fold
from tests.web.indexes import searcher_over

QUERIES = 50
NEWS = 2000


@pytest.fixture(scope="module")
def corpus(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """The demonstration corpus."""
    with searcher_over(tmp_path_factory.mktemp("corpus"), [root / "corpus"]) as searcher:
        yield searcher


@pytest.fixture(scope="module")
def news(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Every twenty-fifth of the real articles."""
    folder = tmp_path_factory.mktemp("news")
    with gzip.open(shared_data / "news.jsonl.gz", "rt", encoding="utf-8") as file:
        lines = [line for number, line in enumerate(file) if number % 25 == 0]
    (folder / "news.jsonl").write_text("".join(lines[:NEWS]), encoding="utf-8")
    with searcher_over(folder, [folder / "news.jsonl"]) as searcher:
        yield searcher


def test_counts_of_the_corpus_are_those_of_a_count_by_hand(corpus: Searcher) -> None:
    _check_all(corpus, Random(1))


def test_counts_of_real_news_are_those_of_a_count_by_hand(news: Searcher) -> None:
    _check_all(news, Random(2))


def _check_all(searcher: Searcher, random: Random) -> None:
    articles = list(_articles(searcher))
    assert len(articles) == searcher.stats().articles
    folded = [fold(f"{each.title}\n{each.body}") for each in articles]
    found_any = 0
    for _ in range(QUERIES):
        request = _request(articles, random)
        # No piece of a query has a newline, so none can be found across one.
        needle = fold(request.query.strip("「」")).strip()
        spelled = [each for each, text in zip(articles, folded, strict=True) if needle in text]
        found_any += _check(searcher, spelled, request)
    assert found_any > QUERIES // 3


def _articles(searcher: Searcher) -> Iterator[Article]:
    """All articles, walked through page by page."""
    page: int | None = 1
    while page:
        found = searcher.search(SearchRequest("", page=page, size=LARGEST_PAGE))
        yield from (hit.article for hit in found.hits)
        page = found.next_page


def _request(articles: Sequence[Article], random: Random) -> SearchRequest:
    """A phrase from an article, with conditions that some articles meet."""
    some = random.choices(articles, k=4)
    paragraph = random.choice([*some[0].body.split("\n"), some[0].title])
    start = random.randrange(max(1, len(paragraph) - 3))
    phrase = paragraph[start : start + random.randint(1, 3)].strip().strip('"“”「」『』')
    dates = sorted(article.date for article in some[2:])
    return SearchRequest(
        f"「{phrase}」" if phrase and random.random() < 0.8 else "",
        filters=_pairs(some[:3], random, 3),
        excluded=_pairs(some[3:], random, 2),
        date_from=dates[0] if random.random() < 0.3 else "",
        date_to=dates[1] if random.random() < 0.3 else "",
    )


def _pairs(articles: Sequence[Article], random: Random, most: int) -> tuple[tuple[str, str], ...]:
    known = [
        (facet, value)
        for article in articles
        for facet in FACETS
        for value in values_of(article, facet)
    ]
    return tuple(dict.fromkeys(random.sample(known, min(len(known), random.randrange(most + 1)))))


def _check(searcher: Searcher, articles: Sequence[Article], request: SearchRequest) -> bool:
    """Compare with what is counted among the `articles` that spell the query."""
    found = searcher.search(request)
    matching = [each for each in articles if _passes(each, request)]
    assert found.total == len(matching), request
    dated = [each.date for each in matching if each.date]
    assert sum(bar.count for bar in found.histogram) == len(dated), request
    for bar in found.histogram:
        assert bar.count == sum(bar.start <= day <= bar.end for day in dated), request
    for facet in FACETS:
        counts = Counter(
            value
            for each in articles
            if _passes(each, request, free=facet)
            for value in values_of(each, facet)
        )
        listed = {each.value: each.count for each in found.facets[facet]}
        assert listed.items() <= counts.items(), (request, facet)
        assert len(listed) >= min(len(counts), FACET_VALUES)
        assert {value for name, value in request.filters if name == facet} & set(counts) <= set(
            listed
        )
    return bool(matching)


def _passes(article: Article, request: SearchRequest, free: str = "") -> bool:
    """Whether an article meets every condition but the filters of one facet."""
    if request.date_from and article.date < request.date_from:
        return False
    if request.date_to and not "" < article.date <= request.date_to:
        return False
    for facet in {name for name, _ in request.filters} - {free}:
        wanted = {value for name, value in request.filters if name == facet}
        if not wanted & set(values_of(article, facet)):
            return False
    return not any(value in values_of(article, name) for name, value in request.excluded)
