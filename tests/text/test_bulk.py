"""Batches: the same tokens as one text at a time, however they are put together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.indexer.models import Token
from jianbao.indexer.text.analyzer import Analyzer
from jianbao.indexer.text.bulk import RUN, BulkAnalyzer, Tokens
from jianbao.indexer.text.dictionary import Dictionary
from jianbao.indexer.text.segment import UserWord, dictionary_words, open_segmenter

USER_WORDS = (UserWord("揭榜挂帅"), UserWord("量子云"))
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.text(alphabet="中国人民共和國产品和服务揭榜挂帅量子云ABａ1５ \n，。😀𠀀", max_size=40),
        st.just("发展" * 300),
    ),
    max_size=6,
)


@pytest.fixture(scope="module", params=["jieba", "rjieba"])
def analyzers(request: pytest.FixtureRequest) -> tuple[Analyzer, BulkAnalyzer]:
    segmenter = open_segmenter(USER_WORDS, name=request.param)
    return Analyzer(segmenter), BulkAnalyzer(segmenter, dictionary_words(USER_WORDS))


def tokens_of(found: Tokens, bulk: BulkAnalyzer, number: int) -> list[Token]:
    """The tokens of one text of a batch, in a fixed order."""
    start, end = found.starts[number], found.starts[number + 1]
    tokens = []
    for term, at, aligned in zip(
        found.terms.tolist(), found.positions.tolist(), found.aligned.tolist(), strict=True
    ):
        if start <= at < end:
            name = found.runs[term - RUN] if term >= RUN else bulk.terms([term])[0]
            length = len(name.removeprefix("\x1f"))
            tokens.append(Token(name, at - start, at - start + length, aligned))
    return sorted(tokens)


@given(texts=TEXTS)
def test_a_batch_has_the_tokens_of_each_of_its_texts(
    analyzers: tuple[Analyzer, BulkAnalyzer], texts: list[str]
) -> None:
    one, bulk = analyzers
    found = bulk.tokens(texts)
    for number, text in enumerate(texts):
        assert tokens_of(found, bulk, number) == sorted(one.tokens(text))


def test_the_words_of_a_news_text_are_those_of_the_segmenter(
    analyzers: tuple[Analyzer, BulkAnalyzer],
) -> None:
    one, bulk = analyzers
    text = "国家自主创新示范区政策先行先试“揭榜挂帅”名单公布，中小企业数字化转型加快。" * 3
    assert tokens_of(bulk.tokens([text]), bulk, 0) == sorted(one.tokens(text))


WORDS = st.lists(st.text(alphabet="中国人民𠀀", min_size=2, max_size=5), max_size=20, unique=True)


@given(WORDS.map(sorted), st.text(alphabet="中国人民𠀀 x", max_size=60))
def test_a_dictionary_finds_every_occurrence_of_every_word(words: list[str], text: str) -> None:
    found = Dictionary(words).find(
        # A text as code points, which is what the dictionary reads.
        np.array([ord(char) for char in text], dtype=np.uint32)
    )
    spans = {
        (start, words[word])
        for start, word in zip(found.starts.tolist(), found.words.tolist(), strict=True)
    }
    assert spans == {
        (at, word) for word in words for at in range(len(text)) if text.startswith(word, at)
    }
    assert found.lengths.tolist() == [len(words[word]) for word in found.words.tolist()]
