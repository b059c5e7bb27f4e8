"""What the best articles earn beside BM25F: for words near each other, and for their titles."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.kernel import Kernel
from indexer.engines.whoosh_engine.ordering import Scores
from indexer.query.tree import TEXT_FIELDS, Leaf
from indexer.ranking import Ranking, title_bonus


class Additions:
    """Looks into the texts of a few articles, which need not be sorted. `idfs` are those of the
    query's leaves, `phrase` is the whole query."""

    def __init__(self, kernel: Kernel, ranking: Ranking) -> None:
        self._kernel = kernel
        self._ranking = ranking

    def bonus(
        self, idfs: Mapping[Leaf, float], phrase: Leaf | None, numbers: Numbers
    ) -> Scores | None:
        """What each of these articles earns in all, None for nothing."""
        bonus: Scores | None = None
        if not len(numbers):
            return bonus
        if len(idfs) > 1:
            near = self._near(idfs, numbers)
            bonus = near[0::2] + near[1::2]
        if phrase is not None and idfs:
            titles = self._in_titles(idfs, phrase, numbers)
            if titles is not None:
                bonus = titles if bonus is None else bonus + titles
        return bonus

    def earned(
        self, idfs: Mapping[Leaf, float], phrase: Leaf | None, numbers: Numbers
    ) -> dict[str, Scores]:
        """The same by reason."""
        earned: dict[str, Scores] = {}
        if len(idfs) > 1:
            near = self._near(idfs, numbers)
            for place, field in enumerate(TEXT_FIELDS):
                earned[f"near each other in {field}"] = near[place::2]
        if phrase is not None and idfs:
            titles = self._in_titles(idfs, phrase, numbers)
            if titles is not None:
                earned["title"] = titles
        return earned

    def _near(self, idfs: Mapping[Leaf, float], numbers: Numbers) -> Scores:
        ranking = self._ranking
        return ranking.near * self._kernel.near(idfs, ranking.near_half, numbers)

    def _in_titles(
        self, idfs: Mapping[Leaf, float], phrase: Leaf, numbers: Numbers
    ) -> Scores | None:
        found = self._kernel.in_titles(phrase, numbers)
        if not found.any():
            return None
        weights = tuple(idfs.values())
        by_state = [
            title_bonus(weights, contains=state > 0, equals=state > 1, ranking=self._ranking)
            for state in range(3)
        ]
        return np.array(by_state)[found]
