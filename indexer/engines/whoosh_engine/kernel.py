"""The interface of a kernel: what a search computes for each posting and each character."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.ordering import Scores
from indexer.engines.whoosh_engine.plan import Plan
from indexer.query.tree import Leaf


@dataclass(frozen=True, slots=True)
class Ranked:
    """How many articles match, the `best` of them in order with their `scores`, and, where they
    were asked for, all that match, sorted."""

    total: int
    best: Numbers
    scores: Scores
    matching: Numbers
    idfs: Mapping[Leaf, float]
    scored: int


class Kernel(ABC):
    """Both kernels give the same answers; what they read never changes, so threads share them."""

    @abstractmethod
    def ranked(self, plan: Plan, limit: int, *, collect: bool) -> Ranked:
        """The `limit` best by BM25F, the newest first among equals; all that match, if `collect`
        asks for them."""

    @abstractmethod
    def near(self, idfs: Mapping[Leaf, float], half: float, numbers: Numbers) -> Scores:
        """For title and body of each article in turns: the sum, over neighbouring leaves, of the
        lower idf times 1 where the second stands right after the first, less with the distance (see
        `ranking.near_bonus`)."""

    @abstractmethod
    def in_titles(self, phrase: Leaf, numbers: Numbers) -> NDArray[np.uint8]:
        """For each article 0, 1 where its title contains the phrase, 2 where it is the phrase."""
