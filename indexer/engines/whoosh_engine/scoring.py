"""BM25F for all the articles of a leaf at once. The numbers are in `ranking`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.cache import ByteCache
from indexer.engines.whoosh_engine.matching import Matcher, intersect
from indexer.engines.whoosh_engine.ordering import Places, Scores, best
from indexer.engines.whoosh_engine.stored_text import StoredText
from indexer.query.tree import TEXT_FIELDS, Leaf
from indexer.ranking import Ranking, field_frequency, idf, saturate

CACHE_BYTES = 96 << 20
"""Leaves kept in memory, ready to be added up: six million postings, or as many as are in the 30
most common words of 500,000 articles."""

COMMON = 8
"""A leaf that one article in so many has is kept as a score for every article: adding a whole array
takes less time than adding at so many places."""

_OVERHEAD = 1000
"""Bytes of a kept leaf beside its arrays, about."""

BEST = 100
"""Articles whose order is kept with a leaf: a query of one word then needs no sorting."""

FEW = 20
"""Finding an article by bisection costs about as much as passing over so many in a row."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The articles that spell a leaf, whether their titles do, and the leaf's idf.

    `scores` are what each of `numbers` earns, or, if `common`, each article there is, with 0 for
    those that do not spell it. `best` are those of `numbers` that earn most, in order.
    """

    numbers: Numbers
    titled: NDArray[np.bool_]
    idf: float
    scores: Scores
    common: bool
    best: Numbers

    @property
    def earned(self) -> Scores:
        """What each of `numbers` earns."""
        return self.scores[self.numbers] if self.common else self.scores

    @property
    def nbytes(self) -> int:
        """The memory that it takes."""
        return self.numbers.nbytes + self.titled.nbytes + self.scores.nbytes

    def add_to(self, sums: Scores) -> None:
        """Add to the sums of all articles."""
        if self.common:
            sums += self.scores
        else:
            sums[self.numbers] += self.scores

    def of(self, numbers: Numbers) -> Scores:
        """What each of these articles earns."""
        if self.common:
            return self.scores[numbers]
        if not len(self.numbers):
            return np.zeros(len(numbers))
        at = self._places(numbers)
        return np.where(self.numbers[at] == numbers, self.scores[at], 0.0)

    def in_title(self, numbers: Numbers) -> NDArray[np.bool_]:
        """Which of these articles have it in the title."""
        if not len(self.numbers):
            return np.zeros(len(numbers), dtype=np.bool_)
        at = self._places(numbers)
        found: NDArray[np.bool_] = (self.numbers[at] == numbers) & self.titled[at]
        return found

    def among(self, numbers: Numbers, articles: int) -> Numbers:
        """Those of the sorted `numbers` that spell it; there are `articles` in all."""
        if self.common:
            return numbers[self.scores[numbers] > 0]
        if len(numbers) * FEW < len(self.numbers):
            return intersect(numbers, self.numbers)
        marks = np.zeros(articles, dtype=np.bool_)
        marks[self.numbers] = True
        return numbers[marks[numbers]]

    def _places(self, numbers: Numbers) -> Numbers:
        return np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)


Leaves = Mapping[Leaf, Scored]
"""The leaves of a query, in its order."""


def sums_of_all(leaves: Leaves, articles: int) -> Scores:
    """The score of every article there is, 0 where none of the leaves is spelled."""
    sums = np.zeros(articles)
    for scored in leaves.values():
        scored.add_to(sums)
    return sums


def sums_of(leaves: Leaves, numbers: Numbers, articles: int) -> Scores:
    """The score of each of these articles."""
    if len(leaves) == 1:
        (only,) = leaves.values()
        if numbers is only.numbers:
            return only.earned
    postings = sum(len(scored.numbers) for scored in leaves.values())
    if len(numbers) * FEW > postings:
        return sums_of_all(leaves, articles)[numbers]
    sums = np.zeros(len(numbers))
    for scored in leaves.values():
        sums += scored.of(numbers)
    return sums


class Scorer:
    """Scores the articles of one index."""

    def __init__(
        self, matcher: Matcher, text: StoredText, newest: Places, ranking: Ranking
    ) -> None:
        self._matcher = matcher
        self._ranking = ranking
        self._articles = text.articles
        self._newest = newest
        self._divisors = {field: _divisors(text, field, ranking) for field in TEXT_FIELDS}
        self._kept: ByteCache[Leaf, Scored] = ByteCache(
            CACHE_BYTES, lambda each: each.nbytes + _OVERHEAD
        )

    def scored(self, leaf: Leaf) -> Scored:
        """The articles of a leaf; to be read only, since others may be reading it."""
        return self._kept.get(leaf, lambda: self._score(leaf))

    def _score(self, leaf: Leaf) -> Scored:
        found = self._matcher.frequencies(leaf)
        title, body = (self._ranking.of(field).weight for field in TEXT_FIELDS)
        frequency = body * found.body / self._divisors["body"][found.numbers]
        titled = found.title > 0
        at = np.flatnonzero(titled)  # few have it there
        frequency[at] += title * found.title[at] / self._divisors["title"][found.numbers[at]]
        weight = idf(self._articles, len(found.numbers))
        scores: Scores = weight * saturate(frequency, self._ranking)
        first = found.numbers[best(scores, self._newest, found.numbers, BEST)]
        common = len(found.numbers) * COMMON >= self._articles
        if common:
            everywhere = np.zeros(self._articles)
            everywhere[found.numbers] = scores
            scores = everywhere
        return Scored(found.numbers, titled, weight, scores, common, first)


def _divisors(text: StoredText, field: str, ranking: Ranking) -> Scores:
    """What an occurrence's weight is divided by in each article's field, for its length."""
    weights = ranking.of(field)
    lengths = text.lengths(field).astype(np.float64)
    mean = float(lengths.sum()) / max(1, text.articles)
    once = field_frequency(np.ones(text.articles), lengths, mean, weights)
    divisors: Scores = weights.weight / once
    return divisors
