"""The division in C is the segmenter's own, to the last boundary."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.text.division import Divider, SegmenterDivider
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.native_division import open_native_divider
from jianbao.indexer.text.segment import LONGEST_RUN, dictionary_words, open_segmenter

Pair = tuple[Divider, Divider]

LETTERS = "中国人民共和國产品和服务发展大学生活动中心ABａ1５+-.%#&_T恤㐀豈𠀀 \n，。“”😀"
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=LETTERS, max_size=120),
    st.integers(LONGEST_RUN - 2, 3 * LONGEST_RUN).map(lambda n: f"1中国，{'发展大学生活' * n}"[:n]),
)


@pytest.fixture(scope="module", params=["jieba", "rjieba"])
def pair(request: pytest.FixtureRequest) -> Pair:
    segmenter = open_segmenter(name=request.param)
    native = open_native_divider(segmenter.name, segmenter.version)
    if native is None:
        pytest.skip("not built, or another version of the segmenter")
    return SegmenterDivider(segmenter, dictionary_words()), native


def assert_same(pair: Pair, text: str) -> None:
    folded = fold(text)
    codes = np.frombuffer(folded.encode("utf-32-le"), dtype=np.uint32)
    expected, found = (divider.divide(folded, codes) for divider in pair)
    assert found.boundaries.tolist() == expected.boundaries.tolist()
    rows = (zip(each.starts, each.words, each.aligned, strict=True) for each in (found, expected))
    assert sorted(next(rows)) == sorted(next(rows))


@settings(deadline=None)
@given(text=TEXTS)
def test_any_text_is_divided_as_the_segmenter_divides_it(pair: Pair, text: str) -> None:
    assert_same(pair, text)


def test_every_character_is_weighed_or_not_as_the_segmenter_does(pair: Pair) -> None:
    characters = (chr(code) for code in (*range(0xD800), *range(0xE000, 0x30000)))
    assert_same(pair, "".join(f"中国a{char}b中{char}文" for char in characters))


def test_both_have_the_same_words(pair: Pair) -> None:
    assert list(pair[0].words) == list(pair[1].words)


def test_an_unknown_version_is_left_to_the_segmenter() -> None:
    assert open_native_divider("rjieba", "0.0.1") is None
