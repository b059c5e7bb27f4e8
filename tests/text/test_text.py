"""Folding, segmenting and analysing are total, and keep offsets."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.segment import LONGEST_RUN, Segmenter, UserWord, open_segmenter

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("中国人民银行的市长江大桥南京工业和信息化部國務院裏后後 \n。，“”５Ｇ-aA1%"),
        st.characters(),
    ),
    max_size=80,
)


@pytest.fixture(scope="module", params=["jieba", "rjieba"])
def segmenter(request: pytest.FixtureRequest) -> Segmenter:
    if request.param == "rjieba":
        pytest.importorskip("rjieba", reason="rjieba has no wheel here")
    return open_segmenter(name=request.param)


@given(TEXTS)
def test_folding_keeps_length_and_is_idempotent(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


def test_every_character_folds_even_variants_that_lead_to_each_other() -> None:
    """Unicode's Han blocks hold pairs that are each the other's variant (榅 and 榲)."""
    characters = "".join(map(chr, [*range(0x3000, 0xFFFF), *range(0x20000, 0x32000)]))
    folded = fold(characters)
    assert len(folded) == len(characters)
    assert fold(folded) == folded
    assert fold("榅") == fold("榲")


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("國務院", "国务院"),
        ("２０２４年ＡＢ", "2024年ab"),
        ("裏裡", "里里"),
        ("衞", "卫"),
        ("İ", "İ"),
    ],
)
def test_what_is_folded_together(typed: str, same: str) -> None:
    assert fold(typed) == fold(same)


@pytest.mark.parametrize("char", list("么著台"))
def test_standard_characters_are_not_taken_for_variants(char: str) -> None:
    assert fold(char) == char


@settings(deadline=None)
@given(text=TEXTS)
def test_the_cut_covers_the_text(segmenter: Segmenter, text: str) -> None:
    text = fold(text)
    spans = segmenter.cut(text)
    assert "".join(text[start:end] for start, end in spans) == text


@settings(deadline=None)
@given(before=TEXTS, text=TEXTS, after=TEXTS)
def test_a_word_is_listed_wherever_it_stands(
    segmenter: Segmenter, before: str, text: str, after: str
) -> None:
    before, text, after = fold(before), fold(text), fold(after)
    shift = len(before)
    around = set(segmenter.words(before + text + after))
    assert {(start + shift, end + shift) for start, end in segmenter.words(text)} <= around


def test_a_long_unpunctuated_run_is_cut_first(segmenter: Segmenter) -> None:
    words = ["工业", "信息化", "中国", "人民银行", "南京市", "长江大桥"]
    pick = random.Random(7)
    run = "".join(pick.choice(words) for _ in range(LONGEST_RUN))
    assert segmenter.cut(run)[-1][1] == len(run)
    found = set(segmenter.words(run))
    at = run.find("人民银行")
    while at >= 0:
        assert (at, at + 4) in found
        at = run.find("人民银行", at + 1)


def test_a_user_word_is_a_word() -> None:
    analyzer = Analyzer(open_segmenter([UserWord("工信部", 100)]))
    assert "工信部" in {token.term for token in analyzer.tokens("工信部部署任务")}


@settings(deadline=None)
@given(text=TEXTS)
def test_tokens_are_verbatim_pieces_of_the_folded_text(segmenter: Segmenter, text: str) -> None:
    folded = fold(text)
    for token in Analyzer(segmenter).tokens(text):
        assert token.term.removeprefix("\x1f") in (folded[token.start : token.end], "")
        assert "\n" not in folded[token.start : token.end]


@settings(deadline=None)
@given(text=TEXTS, data=st.data())
def test_the_pieces_of_any_substring_are_tokens_of_the_text(
    segmenter: Segmenter, text: str, data: st.DataObject
) -> None:
    analyzer = Analyzer(segmenter)
    paragraph = data.draw(st.sampled_from(text.split("\n")))
    start = data.draw(st.integers(0, len(paragraph)))
    end = data.draw(st.integers(start, len(paragraph)))
    tokens = {(token.term, token.start) for token in analyzer.tokens(paragraph)}
    for piece in analyzer.pieces(fold(paragraph[start:end])):
        assert (piece.term, start + piece.offset) in tokens
