"""Figures of one ranked list against its judgements, each from 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """nDCG@10 (Järvelin and Kekäläinen 2002, gain 2^grade - 1), MRR@10, and the share of queries
    with a relevant article first, or among the first ten."""

    ndcg: float
    mrr: float
    first: float
    tenth: float


def figures(ranked: Sequence[str], grades: Mapping[str, int]) -> Figures:
    """The figures of one query: article ids, best first, and the grade of each relevant one."""
    found = [grades.get(id_, 0) for id_ in ranked[:DEPTH]]
    ideal = _dcg(sorted(grades.values(), reverse=True)[:DEPTH])
    rank = next((number for number, grade in enumerate(found, start=1) if grade), 0)
    return Figures(
        ndcg=_dcg(found) / ideal if ideal else 0.0,
        mrr=1 / rank if rank else 0.0,
        first=float(rank == 1),
        tenth=float(rank > 0),
    )


def mean(each: Sequence[Figures]) -> Figures:
    """The mean of every figure over all queries."""
    count = len(each)
    return Figures(
        sum(one.ndcg for one in each) / count,
        sum(one.mrr for one in each) / count,
        sum(one.first for one in each) / count,
        sum(one.tenth for one in each) / count,
    )


def _dcg(grades: Sequence[int]) -> float:
    gains = ((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))
    return sum(gains)
