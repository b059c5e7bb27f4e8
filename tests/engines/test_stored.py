"""What is stored compactly is read as it was given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.engines.base import Search
from jianbao.indexer.engines.embedded import WhooshEngine, WhooshWriter
from jianbao.indexer.engines.embedded.format import stored_titles
from jianbao.indexer.engines.embedded.format.stored_titles import StoredTitles
from jianbao.indexer.engines.embedded.format.tf_codes import EXCEPTION, pack, unpacked
from jianbao.indexer.models import Article
from tests.dictionaries import bulk_analyzer

BULK = bulk_analyzer()
COUNTS = st.integers(0, 6) | st.integers(0, 1 << 32 - 1)


def write(articles: Sequence[Article], folder: Path) -> Path:
    with WhooshWriter(folder, lambda: BULK) as writer:
        for article in articles:
            writer.add(article)
    return folder


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), min_size=1))
def test_counts_come_back_or_are_exceptions(rows: list[tuple[int, ...]]) -> None:
    counts = np.array(rows, dtype=np.uint32)
    packed = pack(counts)
    told = packed != EXCEPTION
    assert np.array_equal(unpacked()[packed[told]], counts[told])


def test_no_two_bytes_mean_the_same_and_few_occurrences_need_no_exception() -> None:
    assert len({tuple(row) for row in unpacked()[:EXCEPTION].tolist()}) == EXCEPTION
    once = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, 1]])
    body = np.array([[0, 0, count, 0] for count in range(36)])
    assert (pack(np.concatenate([once, body]).astype(np.uint32)) != EXCEPTION).all()


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.text(alphabet="长江大桥😀\ud800 a", max_size=6), min_size=1, max_size=12),
    st.integers(1, 30),
)
def test_titles_are_read_whole_or_one_at_a_time(titles: list[str], block: int) -> None:
    articles = [Article(f"n{n}", title, "正文" * n) for n, title in enumerate(titles)]
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patched:
        patched.setattr(stored_titles, "BLOCK", block)
        found = StoredTitles(write(articles, Path(name) / "index"))
        numbers = np.arange(len(titles))
        assert found.copied().some(numbers) == titles
        assert found.copied().some(numbers[::-1]) == titles[::-1]
        assert [found[number] for number in range(len(found))] == titles


@pytest.mark.parametrize("native", [True, False])
def test_a_value_that_all_have_or_none_is_counted_and_filtered_by(
    native: bool, tmp_path: Path
) -> None:
    articles = [
        Article(f"n{n}", "题", "长江", source="报", tags=("甲", "乙") if n else ("乙",))
        for n in range(3)
    ]
    engine = WhooshEngine(write(articles, tmp_path / "index"), native=native)
    facets = ("source", "author", "tags")
    found = engine.search(Search(facets=facets))
    assert found.facets == {"source": {"报": 3}, "author": {}, "tags": {"甲": 2, "乙": 3}}
    for facet, value, total in (("source", "报", 3), ("author", "某", 0), ("tags", "甲", 2)):
        assert engine.search(Search(filters={facet: (value,)})).total == total
        assert engine.search(Search(excluded={facet: (value,)})).total == 3 - total
