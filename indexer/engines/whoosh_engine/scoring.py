"""BM25F for all the articles of a leaf at once. The numbers are in `ranking`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.cache import ByteCache
from indexer.engines.whoosh_engine.matching import Matcher
from indexer.engines.whoosh_engine.stored_text import StoredText
from indexer.query.tree import TEXT_FIELDS, Leaf
from indexer.ranking import Ranking, field_frequency, idf, saturate

Scores = NDArray[np.float64]

CACHE_BYTES = 64 << 20
"""Leaves kept in memory, ready to be added up: four million postings."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The articles that spell a leaf, what each earns for it, and whether its title has it."""

    numbers: Numbers
    scores: Scores
    titled: NDArray[np.bool_]
    idf: float


class Scorer:
    """Scores the articles of one index."""

    def __init__(self, matcher: Matcher, text: StoredText, ranking: Ranking) -> None:
        self._matcher = matcher
        self._ranking = ranking
        self._articles = text.articles
        self._divisors = {field: _divisors(text, field, ranking) for field in TEXT_FIELDS}
        self._kept: ByteCache[Leaf, Scored] = ByteCache(
            CACHE_BYTES,
            lambda each: each.numbers.nbytes + each.scores.nbytes + each.titled.nbytes + 1000,
        )

    def scored(self, leaf: Leaf) -> Scored:
        """The articles of a leaf; to be read only, since others may be reading it."""
        return self._kept.get(leaf, lambda: self._score(leaf))

    def _score(self, leaf: Leaf) -> Scored:
        found = self._matcher.frequencies(leaf)
        title, body = (self._ranking.of(field).weight for field in TEXT_FIELDS)
        frequency = title * found.title / self._divisors["title"][found.numbers]
        frequency += body * found.body / self._divisors["body"][found.numbers]
        weight = idf(self._articles, len(found.numbers))
        scores: Scores = weight * saturate(frequency, self._ranking)
        return Scored(found.numbers, scores, found.title > 0, weight)


def _divisors(text: StoredText, field: str, ranking: Ranking) -> Scores:
    """What an occurrence's weight is divided by in each article's field, for its length."""
    weights = ranking.of(field)
    lengths = text.lengths(field).astype(np.float64)
    mean = float(lengths.sum()) / max(1, text.articles)
    once = field_frequency(np.ones(text.articles), lengths, mean, weights)
    divisors: Scores = weights.weight / once
    return divisors
