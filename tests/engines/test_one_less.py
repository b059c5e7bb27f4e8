"""What is counted in one pass, and what is looked for together, equals a search for each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.engines.base import FACETS, Engine, Search
from jianbao.indexer.engines.embedded import WhooshEngine
from jianbao.indexer.models import Article
from jianbao.indexer.query.parse import parse, parse_literally
from jianbao.indexer.query.tree import And, Leaf
from tests.engines.test_contract import ANALYZER, ARTICLES, QUERIES, memory, whoosh
from tests.engines.test_work import NATIVE, folder, make_articles

__all__ = ["folder"]

CONDITIONS = st.fixed_dictionaries(
    {
        "filters": st.dictionaries(
            st.sampled_from(["source", "year", "author"]),
            st.lists(
                st.sampled_from(["晚报", "2024", "张伟", "无"]), min_size=1, max_size=2, unique=True
            ).map(tuple),
            max_size=3,
        ),
        "excluded": st.dictionaries(
            st.sampled_from(["source", "author"]),
            st.lists(st.sampled_from(["晚报", "李洋"]), min_size=1, unique=True).map(tuple),
        ),
        "date_from": st.sampled_from(["", "2024-01-01"]),
    }
)


@settings(deadline=None, max_examples=60)
@given(ARTICLES, QUERIES, CONDITIONS)
def test_one_condition_less_is_what_a_search_without_it_finds(
    articles: Sequence[Article], text: str, conditions: dict[str, Any]
) -> None:
    search = Search(parse(text, ANALYZER))._replace(**conditions)
    with TemporaryDirectory() as scratch:
        engine = whoosh(articles, Path(scratch))
        expected = memory(articles, Path(scratch)).one_less(search)
        assert engine.one_less(search) == expected
        assert engine.for_request().one_less(search) == expected
        engine.close()


@settings(deadline=None, max_examples=40)
@given(ARTICLES, QUERIES, CONDITIONS)
def test_a_request_changes_no_answer(
    articles: Sequence[Article], text: str, conditions: dict[str, Any]
) -> None:
    search = Search(parse(text, ANALYZER), facets=FACETS, by_date=True)._replace(**conditions)
    with TemporaryDirectory() as scratch:
        engine = whoosh(articles, Path(scratch))
        request = engine.for_request()
        assert request.search(search) == engine.search(search) == request.search(search)
        assert request.search_many([search, search]) == (engine.search(search),) * 2
        counts = memory(articles, Path(scratch)).search(search)
        assert request.search(search).facets == counts.facets
        engine.close()


@pytest.mark.parametrize("native", NATIVE)
def test_many_phrases_are_found_as_one_by_one(folder: Path, native: bool) -> None:
    text = "".join(article.body + article.title for article in make_articles()[:40])
    chance = random.Random(3)
    starts = [chance.randrange(len(text) - 9) for _ in range(300)]
    pieces = {text[at : at + chance.choice((2, 2, 3, 7))] for at in starts}
    leaves = [parse_literally(each, ANALYZER) for each in sorted(pieces)]
    leaves += [parse_literally(each, ANALYZER, ("title",)) for each in sorted(pieces)[:40]]
    phrases = [leaf for leaf in leaves if isinstance(leaf, Leaf)]
    engine = WhooshEngine(folder, native=native)
    alone = [engine.search(Search(leaf, limit=1000)) for leaf in phrases]
    together = WhooshEngine(folder, native=native).for_request()
    together.search(Search(And(tuple(phrases))))
    assert [together.search(Search(leaf, limit=1000)) for leaf in phrases] == alone
    assert sum(found.total > 0 for found in alone) > 100


def test_articles_are_got_in_the_order_of_their_ids(folder: Path) -> None:
    engine: Engine = WhooshEngine(folder)
    found = engine.get(["a0003", "no", "a0001"])
    assert [each.id if each else None for each in found] == ["a0003", None, "a0001"]
