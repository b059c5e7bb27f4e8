"""Snippets are verbatim, and their marks cover what matched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.query.parse import parse, parse_literally
from jianbao.indexer.query.tree import Leaf, leaves
from jianbao.indexer.search.snippets import LENGTH, PASSAGES, marked, snippets
from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.segment import open_segmenter

ANALYZER = Analyzer(open_segmenter())
TEXTS = st.lists(
    st.sampled_from(
        ["國務院", "国务院", "５G", "5g", "main", "ai", "产品和服务", "，", "。", "\n", "很"]
    ),
    max_size=120,
).map("".join)
QUERIES = ("国务院", "5G", "ai", "“品和”", "服务 国务院", "m*", "和服 -很")


@settings(deadline=None)
@given(TEXTS, st.sampled_from(QUERIES))
def test_snippets_are_true(text: str, query: str) -> None:
    shown = leaves(parse(query, ANALYZER, "any"))
    found = snippets(text, shown)
    assert len(found) <= PASSAGES
    for snippet in found:
        assert snippet.text in text
        assert len(snippet.text) <= 2 * LENGTH + 40
        for start, end in snippet.marks:
            assert 0 <= start < end <= len(snippet.text)
            piece = fold(snippet.text[start:end])
            assert any(leaf.text in piece or piece in leaf.text for leaf in shown)
    everywhere = marked(text, shown, "body").marks
    assert bool(everywhere) == any(snippet.marks for snippet in found)


def test_the_original_characters_are_marked() -> None:
    text = "日前，國務院發布通知。"
    (snippet,) = snippets(text, leaves(parse("国务院", ANALYZER)))
    assert [snippet.text[a:b] for a, b in snippet.marks] == ["國務院"]


def test_a_word_within_a_longer_run_is_not_marked() -> None:
    assert marked("main AI", leaves(parse("ai", ANALYZER)), "body").marks == ((5, 7),)


def test_a_passage_begins_at_its_sentence() -> None:
    text = "第一句没有什么。" * 20 + "第二句讲长江大桥的建造。" + "第三句也没有什么。" * 20
    (snippet,) = snippets(text, leaves(parse("长江大桥", ANALYZER)))
    assert "长江大桥" in snippet.text
    assert snippet.text.startswith("第") and snippet.text.endswith("。")
    assert len(snippet.text) <= LENGTH


def _leaf(text: str) -> Leaf:
    leaf = parse_literally(text, ANALYZER)
    assert isinstance(leaf, Leaf)
    return leaf


@pytest.mark.parametrize("pad", range(100, 130))
def test_a_match_at_the_edge_of_a_passage_is_whole(pad: int) -> None:
    leaves = [_leaf("长江"), _leaf("南京市长大桥")]
    for snippet in snippets("长江" + "春" * pad + "南京市长大桥" + "落" * 100, leaves):
        for start, end in snippet.marks:
            assert snippet.text[start:end] in ("长江", "南京市长大桥")


def test_a_passage_stays_short_whatever_matches() -> None:
    (first, *_) = snippets("哈" * 100_000, [_leaf("哈")])
    assert len(first.text) <= 3 * LENGTH


@given(st.lists(st.sampled_from(["大桥", "长江", "春眠不觉晓。", "落花，", "\n"]), max_size=150))
def test_each_of_two_words_is_shown_wherever_they_stand(pieces: list[str]) -> None:
    text = "".join(pieces)
    words = [_leaf("大桥"), _leaf("长江")]
    shown = snippets(text, words)
    for leaf in words:
        marked_somewhere = any(
            leaf.text in snippet.text[start:end]
            for snippet in shown
            for start, end in snippet.marks
        )
        assert marked_somewhere == (leaf.text in text)
