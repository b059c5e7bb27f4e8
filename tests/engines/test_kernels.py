"""Both kernels give the same answers where postings are many, and some of them passed over."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from jianbao.indexer.engines.base import Found, Search
from jianbao.indexer.engines.embedded import WhooshEngine, WhooshWriter
from jianbao.indexer.engines.embedded.native import is_built
from jianbao.indexer.models import Article
from jianbao.indexer.query.parse import parse, parse_literally
from jianbao.indexer.query.tree import Leaf
from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.segment import open_segmenter
from tests.dictionaries import bulk_analyzer
from tests.engines.words import WORDS as COMMON

ANALYZER = Analyzer(open_segmenter())
WORDS = [
    *COMMON,
    *("专利", "企业", "汽车", "出口", "增长", "合作", "创新", "教育", "医院", "𠮷野家", "5G", "AI"),
]
TRADITIONAL = str.maketrans("经发国业专长", "經發國業專長")
"""How some articles are written; both are folded to the same."""

RANGE = 1 << 16
"""Article numbers above this need more than 16 bits."""

pytestmark = pytest.mark.skipif(
    not is_built(), reason="the functions in C were not built, there is one kernel only"
)


def articles(count: int, longest: int, seed: int) -> Iterator[Article]:
    """Word n stands in about one article in 1.3 to the n; some stand only in the last third."""
    chance = random.Random(seed)
    for number in range(count):
        late = WORDS if number > count * 2 // 3 else WORDS[:-2]
        some = [word for place, word in enumerate(late) if chance.random() < 1.3**-place] or ["无"]
        body = chance.choice("，　").join(chance.choices(some, k=chance.randint(1, longest)))
        if number % 3 == 0:
            body = body.translate(TRADITIONAL)
        day = f"20{chance.randint(10, 24)}-0{chance.randint(1, 9)}-01"
        source = chance.choice(["甲报", "乙报", "丙报"])
        yield Article(f"n{number}", chance.choice(WORDS), body, date=day, source=source)


def engines(folder: Path, count: int, longest: int) -> tuple[WhooshEngine, WhooshEngine]:
    bulk = bulk_analyzer()
    with WhooshWriter(folder, lambda: bulk) as writer:
        for article in articles(count, longest, seed=count):
            writer.add(article)
    return WhooshEngine(folder, native=True), WhooshEngine(folder, native=False)


def searches(seed: int, count: int) -> Iterator[Search]:
    chance = random.Random(seed)
    for _ in range(count):
        words = chance.sample(WORDS, chance.choice([1, 2, 2, 3, 4, 6]))
        text = " ".join(words)
        if chance.random() < 0.15:
            text = f'"{words[0]}，{words[-1]}" {text}'
        if chance.random() < 0.15:
            text += f" -{chance.choice(WORDS)}"
        phrase = parse_literally(chance.choice([text, words[0]]), ANALYZER, ("title",))
        yield Search(
            parse(text, ANALYZER, chance.choice(["all", "any", "any"])),
            phrase=phrase if isinstance(phrase, Leaf) and chance.random() < 0.7 else None,
            sort=chance.choice(["relevance", "relevance", "relevance", "newest"]),
            offset=chance.choice([0, 0, 0, 30]),
            limit=chance.choice([0, 1, 10, 10, 100]),
            filters=chance.choice([{}, {}, {"source": ("甲报",)}, {"year": ("2011", "2020")}]),
            excluded=chance.choice([{}, {}, {"source": ("丙报",)}]),
            facets=chance.choice([(), ("source", "year")]),
            by_date=chance.random() < 0.3,
        )


def assert_same(found: Found, expected: Found, search: Search) -> None:
    assert found.total == expected.total, search
    assert found.hits == expected.hits, search
    assert found.facets == expected.facets, search
    assert found.dates == expected.dates, search


def assert_terms_read_together_are_those_read_alone(engine: WhooshEngine) -> None:
    postings = engine._postings
    every = range(len(postings.terms))
    places = np.array([place for place in every if postings.has_positions(place)])
    random.Random(3).shuffle(places)  # type: ignore[arg-type]
    for some in (places, places[:7], places[:1], places[:0]):
        alone = [postings.positions(place) for place in some.tolist()]
        for column, together in enumerate(postings.positions_of(some)):
            parts = [each[column] for each in alone]
            assert np.array_equal(together, np.concatenate([together[:0], *parts]))


def test_both_kernels_agree_to_the_last_bit(tmp_path: Path) -> None:
    native, plain = engines(tmp_path / "engine", 6000, 40)
    for search in searches(seed=1, count=250):
        assert_same(native.search(search), plain.search(search), search)
    assert_terms_read_together_are_those_read_alone(native)


@pytest.mark.slow
def test_both_kernels_agree_beyond_sixteen_bits(tmp_path: Path) -> None:
    native, plain = engines(tmp_path / "engine", 2 * RANGE + 5000, 4)
    for search in searches(seed=2, count=120):
        assert_same(native.search(search), plain.search(search), search)
    assert_terms_read_together_are_those_read_alone(native)


def test_what_common_words_cannot_lift_is_not_scored(tmp_path: Path) -> None:
    native, _ = engines(tmp_path / "engine", 6000, 40)
    plan = native._planner.plan(Search(parse("中国 AI", ANALYZER, "any")))
    ranked = native._kernel.ranked(plan, None, 20, collect=False)
    assert ranked.total > 5000
    assert ranked.scored < ranked.total / 2, "after the first window only articles with the rarer"


def test_texts_that_cannot_be_lifted_among_the_hits_are_left_unread(tmp_path: Path) -> None:
    native, plain = engines(tmp_path / "engine", 6000, 40)
    for engine, most in ((native, 15), (plain, 20)):
        plan = engine._planner.plan(Search(parse("中国 AI", ANALYZER, "any")))
        ranked = engine._kernel.ranked(plan, None, 1, collect=False)
        assert 0 < ranked.looked_into <= most, "of the 20 best, only those that may be the first"
