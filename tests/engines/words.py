"""What the tests of engines share: words to write articles with, and the words of an engine."""

from __future__ import annotations

from jianbao.indexer.engines.base import Engine
from jianbao.indexer.text.analyzer import character_term

WORDS = (
    *("中国", "经济", "发展", "城市", "大桥", "长江"),
    *("南京", "服务", "产品", "技术", "检索", "报纸"),
)
"""Dictionary words."""


def words_of(engine: Engine) -> dict[str, int]:
    """The terms of two characters or more, and how many articles spell each."""
    terms, counts = engine.terms()
    assert terms.split("\n")[:-1] == sorted(terms.split("\n")[:-1])
    spelled = dict(zip(terms.split("\n")[:-1], counts.tolist(), strict=True))
    return {
        term: count
        for term, count in spelled.items()
        if len(term) > 1 and term != character_term(term[-1])
    }
