"""Whoosh's own queries over our postings give what plain Python gives."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from whoosh import query as q

from jianbao.indexer.engines.embedded import WhooshEngine, WhooshWriter
from jianbao.indexer.models import Article
from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.segment import open_segmenter
from tests.dictionaries import bulk_analyzer

ANALYZER = Analyzer(open_segmenter())
TEXTS = [
    ("南京市长江大桥", "大桥通车，colour 与 color 之别。"),
    ("产品和服务", "5G 网络、5GA 与 6G；市长致辞。"),
    ("长江", "colours of 2024，南京。"),
    ("题", ""),
]
ARTICLES = [Article(str(n), title, body) for n, (title, body) in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    folder = tmp_path_factory.mktemp("codec") / "engine"
    bulk = bulk_analyzer()
    with WhooshWriter(folder, lambda: bulk) as writer:
        for article in ARTICLES:
            writer.add(article)
    return WhooshEngine(folder)


def having(field: str, wanted: Callable[[str], bool]) -> set[str]:
    """The articles with such a term in the field, by looking at every token."""
    return {
        each.id
        for each in ARTICLES
        if any(wanted(token.term) for token in ANALYZER.tokens(getattr(each, field)))
    }


def found(engine: WhooshEngine, query: q.Query) -> set[str]:
    results = engine.whoosh().search(query, limit=None)
    return {engine.numbered(hit["number"]).id for hit in results}


def test_terms(engine: WhooshEngine) -> None:
    for term in ("大桥", "长江", "5g", "市长", "没有"):
        expected = having("body", term.__eq__)
        assert found(engine, q.Term("body", term)) == expected


def test_wildcards_and_regular_expressions(engine: WhooshEngine) -> None:
    assert found(engine, q.Wildcard("body", "colo*r?")) == having(
        "body", lambda term: re.fullmatch("colo.*r.", term) is not None
    )
    assert found(engine, q.Regex("body", "[56]g.*")) == {"1"}
    assert found(engine, q.Prefix("title", "长")) == having("title", lambda t: t.startswith("长"))


def test_fuzzy_terms(engine: WhooshEngine) -> None:
    assert found(engine, q.FuzzyTerm("body", "color", maxdist=1)) == {"0"}
    assert found(engine, q.FuzzyTerm("body", "colour", maxdist=1)) == {"0", "2"}


def test_queries_in_queries(engine: WhooshEngine) -> None:
    both = q.And([q.Term("title", "长江"), q.Not(q.Term("body", "大桥"))])
    assert found(engine, both) == {"2"}
    assert found(engine, q.Or([q.Term("title", "产品"), q.Term("body", "大桥")])) == {"0", "1"}
    assert found(engine, q.Every()) == {each.id for each in ARTICLES}


def test_the_best_comes_first_and_has_a_score(engine: WhooshEngine) -> None:
    results = engine.whoosh().search(q.Term("title", "长江"), limit=10)
    assert [engine.numbered(hit["number"]).id for hit in results] == ["2", "0"]
    assert results[0].score > results[1].score > 0
