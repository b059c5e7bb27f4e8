"""BM25F for all the articles of a leaf at once. The numbers are in `ranking`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.postings import Frequencies
from jianbao.indexer.engines.embedded.format.postings_lists import Numbers
from jianbao.indexer.engines.embedded.format.stored_text import StoredText
from jianbao.indexer.engines.embedded.search.cache import ByteCache
from jianbao.indexer.engines.embedded.search.matching import TOGETHER, Matcher
from jianbao.indexer.engines.embedded.search.top_k import Scores
from jianbao.indexer.query.tree import Leaf
from jianbao.indexer.ranking import Ranking, field_frequency, idf, saturate

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

    def numbers(self, leaf: Leaf) -> Numbers:
        """The articles of a leaf alone."""
        found = self._matcher.numbers(leaf)
        return self.scored(leaf).numbers if found is None else found

    def for_request(self) -> RequestScorer:
        """A scorer that keeps all that it was asked for."""
        return RequestScorer(self)

    def prepare(self, leaves: Sequence[Leaf]) -> dict[Leaf, Scored]:
        """Find at once what many of these leaves have to be looked for in texts; these are
        returned, since there may be no room to keep them."""
        if len(leaves) < TOGETHER:
            return {}
        found = self._matcher.together([leaf for leaf in leaves if not self._kept.has(leaf)])
        return {leaf: self._kept.get(leaf, partial(self._of, each)) for leaf, each in found.items()}

    def _score(self, leaf: Leaf) -> Scored:
        return self._of(self._matcher.frequencies(leaf))

    def _of(self, found: Frequencies) -> Scored:
        frequency = found.body * self._shares.body[found.numbers]
        at = np.flatnonzero(found.title)  # few have it there
        frequency[at] += found.title[at] * self._shares.title[found.numbers[at]]
        weight = idf(self._articles, len(found.numbers))
        return Scored(found.numbers, weight * saturate(frequency, self._ranking), weight)


class RequestScorer:
    """A scorer for one request: whatever room there is beside it, nothing is found twice. One
    thread uses it."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._own: dict[Leaf, Scored] = {}

    def prepare(self, leaves: Sequence[Leaf]) -> None:
        """Find at once what many of these leaves have to be looked for in texts."""
        if len(leaves) >= TOGETHER:
            new = [leaf for leaf in leaves if leaf not in self._own]
            self._own.update(self._scorer.prepare(new))

    def scored(self, leaf: Leaf) -> Scored:
        """The articles of a leaf; to be read only."""
        found = self._own.get(leaf)
        if found is None:
            found = self._own[leaf] = self._scorer.scored(leaf)
        return found

    def numbers(self, leaf: Leaf) -> Numbers:
        """The articles of a leaf alone."""
        found = self._own.get(leaf)
        return self._scorer.numbers(leaf) if found is None else found.numbers


def _shares(text: StoredText, field: str, ranking: Ranking) -> NDArray[np.float64]:
    lengths = text.lengths(field).astype(np.float64)
    mean = float(lengths.sum()) / max(1, text.articles)
    return field_frequency(np.ones(text.articles), lengths, mean, ranking.of(field))
