"""The interface of a kernel: what a search computes for each posting and each character."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

from jianbao.indexer.engines.embedded.format.postings_lists import Numbers
from jianbao.indexer.engines.embedded.search.plan import Plan
from jianbao.indexer.engines.embedded.search.scoring import RequestScorer
from jianbao.indexer.engines.embedded.search.top_k import Scores
from jianbao.indexer.query.tree import Leaf


class Ranked(NamedTuple):
    """How many articles match, the `best` of them in order with their `scores`, and, where they
    were asked for, all that match, sorted. `scored` counts postings, `looked_into` texts."""

    total: int
    best: Numbers
    scores: Scores
    matching: Numbers
    scored: int
    looked_into: int


class Kernel(ABC):
    """Both kernels give the same answers; what they read never changes, so threads share them."""

    @abstractmethod
    def over(self, scorer: RequestScorer) -> Kernel:
        """The same kernel, which asks this scorer."""

    @abstractmethod
    def ranked(self, plan: Plan, phrase: Leaf | None, limit: int, *, collect: bool) -> Ranked:
        """The `limit` best, the newest first among equals: by BM25F, to which the first
        `Ranking.depth` add what `additions` has for them, `phrase` being the whole query. All that
        match, if `collect` asks for them."""
