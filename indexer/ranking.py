"""How results are ordered: named numbers, and pure functions from counts to a score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from operator import add
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", float, NDArray[np.float64])
"""One number, or an array of them."""


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """How a text field counts in BM25F.

    `weight`: what one occurrence there is worth. `length`: how far (0 to 1) a long text is held
    against its occurrences.
    """

    weight: float
    length: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The numbers of the order. Change one, then run `make quality`: they were set together.

    `saturation` is BM25's k1: how soon further occurrences stop adding (0 to 3).
    `accidental` is what an occurrence across two words is worth (above 0, up to 1).
    `near` is what two query words next to each other and in order add, as a share of the rarer
    word's weight; it halves with every `near_half` characters between them, and once more when
    they are in the wrong order.
    `title_phrase` and `title_exact` are added, as shares of all words' weight, when the title
    contains the whole query, or is it. 1.3 lets a title that is the query win against any number of
    occurrences, worth 2.2 at most (once in the title: 1.57), near each other in both fields (0.6).
    `depth` is how many of the best by BM25F are looked at for these additions: from 20 to 200, the
    figures of every judged collection are the same.
    """

    saturation: float = 1.2
    title: FieldWeights = field(default_factory=lambda: FieldWeights(weight=3.0, length=0.3))
    body: FieldWeights = field(default_factory=lambda: FieldWeights(weight=1.0, length=0.75))
    accidental: float = 0.3
    near: float = 0.3
    near_half: float = 4.0
    title_phrase: float = 0.2
    title_exact: float = 1.3
    depth: int = 20

    def __post_init__(self) -> None:
        """What is worth nothing would not be found: a score above 0 tells what matches."""
        if min(self.accidental, self.title.weight, self.body.weight) <= 0:
            raise ValueError("`accidental` and the weights of fields must be above 0")

    def of(self, name: str) -> FieldWeights:
        """The weights of a text field."""
        return self.title if name == "title" else self.body


def idf(articles: int, matching: int) -> float:
    """How much a word tells that `matching` of `articles` have (Robertson and Zaragoza, "The
    Probabilistic Relevance Framework: BM25 and Beyond", 2009; with 1 added, so never negative)."""
    return math.log(1 + (articles - matching + 0.5) / (matching + 0.5))


def field_frequency(
    frequency: Number, length: Number, mean: float, weights: FieldWeights
) -> Number:
    """A field's part of BM25F's pseudo-frequency: occurrences, by weight and field length."""
    relative = length / (mean or 1.0)
    return weights.weight * frequency / (1 - weights.length + weights.length * relative)


def saturate(frequency: Number, ranking: Ranking) -> Number:
    """The share of its idf that a word earns with this pseudo-frequency: 0 to just below
    1 + k1."""
    return frequency * (ranking.saturation + 1) / (frequency + ranking.saturation)


def near_bonus(spans: Sequence[tuple[float, int, Sequence[int]]], ranking: Ranking) -> float:
    """What neighbouring query words earn for standing near each other in one text.

    `spans` has, for each word in the order of the query: its idf, its length in characters, and
    the sorted offsets where it starts.
    """
    bonus = 0.0
    for (idf_a, length_a, starts_a), (idf_b, length_b, starts_b) in pairwise(spans):
        closeness = _closeness(starts_a, length_a, starts_b, length_b, ranking)
        bonus += ranking.near * min(idf_a, idf_b) * closeness
    return bonus


def _closeness(
    starts_a: Sequence[int], length_a: int, starts_b: Sequence[int], length_b: int, ranking: Ranking
) -> float:
    """1 for b right after a, less with the distance; 0 where one of them is absent."""
    best = 0.0
    at = 0
    for start_a in starts_a:
        while at < len(starts_b) and starts_b[at] < start_a:
            at += 1
        if at < len(starts_b):
            gap = max(0, starts_b[at] - start_a - length_a)
            best = max(best, 0.5 ** (gap / ranking.near_half))
        if at > 0:
            gap = max(0, start_a - starts_b[at - 1] - length_b)
            best = max(best, 0.5 * 0.5 ** (gap / ranking.near_half))
    return best


def title_bonus(idfs: Sequence[float], *, contains: bool, equals: bool, ranking: Ranking) -> float:
    """What a title earns that contains the whole query, or is it."""
    share = ranking.title_phrase * contains + ranking.title_exact * equals
    # Added up in order: `sum` compensates since Python 3.12, and the kernel in C does not.
    return share * reduce(add, idfs, 0.0)
