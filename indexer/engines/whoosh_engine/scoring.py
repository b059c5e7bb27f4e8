"""BM25F for all the articles of a leaf at once. The numbers are in `ranking`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.cache import ByteCache
from indexer.engines.whoosh_engine.matching import Matcher
from indexer.engines.whoosh_engine.ordering import Scores
from indexer.engines.whoosh_engine.stored_text import StoredText
from indexer.query.tree import Leaf
from indexer.ranking import Ranking, field_frequency, idf, saturate

CACHE_BYTES = 48 << 20
"""Scored leaves kept in memory: three million postings."""

_OVERHEAD = 1000
"""Bytes of a kept leaf beside its arrays, about."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The articles that spell a leaf, what each of them earns, and the leaf's idf."""

    numbers: Numbers
    scores: Scores
    idf: float

    @property
    def nbytes(self) -> int:
        """The memory that it takes."""
        return self.numbers.nbytes + self.scores.nbytes + _OVERHEAD

    def of(self, numbers: Numbers) -> Scores:
        """What each of these articles earns, 0 where it does not spell the leaf."""
        if not len(self.numbers):
            return np.zeros(len(numbers))
        at = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        return np.where(self.numbers[at] == numbers, self.scores[at], 0.0)


@dataclass(frozen=True, slots=True)
class Shares:
    """For each article, what one occurrence in its title, and in its body, is worth, by the weight
    of the field and its length: seven digits, which take half the memory of sixteen."""

    both: NDArray[np.float32]

    @classmethod
    def of(cls, text: StoredText, ranking: Ranking) -> Shares:
        """Those of all articles of a segment."""
        both = np.empty((text.articles, 2), dtype=np.float32)
        both[:, 0] = _shares(text, "title", ranking)
        both[:, 1] = _shares(text, "body", ranking)
        return cls(both)

    @property
    def title(self) -> NDArray[np.float32]:
        """The first of both."""
        return self.both[:, 0]

    @property
    def body(self) -> NDArray[np.float32]:
        """The second of both."""
        return self.both[:, 1]


class Scorer:
    """Scores the articles of one segment."""

    def __init__(self, matcher: Matcher, shares: Shares, ranking: Ranking) -> None:
        self._matcher = matcher
        self._ranking = ranking
        self._articles = len(shares.body)
        self._shares = shares
        self._kept: ByteCache[Leaf, Scored] = ByteCache(CACHE_BYTES, lambda each: each.nbytes)

    def scored(self, leaf: Leaf) -> Scored:
        """The articles of a leaf; to be read only, since others may be reading it."""
        return self._kept.get(leaf, lambda: self._score(leaf))

    def _score(self, leaf: Leaf) -> Scored:
        found = self._matcher.frequencies(leaf)
        frequency = found.body * self._shares.body[found.numbers]
        at = np.flatnonzero(found.title)  # few have it there
        frequency[at] += found.title[at] * self._shares.title[found.numbers[at]]
        weight = idf(self._articles, len(found.numbers))
        return Scored(found.numbers, weight * saturate(frequency, self._ranking), weight)


def _shares(text: StoredText, field: str, ranking: Ranking) -> NDArray[np.float64]:
    lengths = text.lengths(field).astype(np.float64)
    mean = float(lengths.sum()) / max(1, text.articles)
    return field_frequency(np.ones(text.articles), lengths, mean, ranking.of(field))
