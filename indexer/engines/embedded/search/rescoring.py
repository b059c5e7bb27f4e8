"""What the best articles earn beside BM25F: for words near each other, and for their titles."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np

from jianbao.indexer.engines.embedded.format.postings_lists import Numbers
from jianbao.indexer.engines.embedded.format.stored_text import StoredText
from jianbao.indexer.engines.embedded.search.proximity import in_titles, near
from jianbao.indexer.engines.embedded.search.top_k import Scores
from jianbao.indexer.query.tree import TEXT_FIELDS, Leaf
from jianbao.indexer.ranking import Ranking, title_bonus


class Additions:
    """Looks into the texts of a few articles, which need not be sorted. `idfs` are those of the
    query's leaves, `phrase` is the whole query."""

    def __init__(self, text: StoredText, ranking: Ranking) -> None:
        self._text = text
        self._ranking = ranking
        self.depth = ranking.depth
        """How many of the best articles earn any."""

    def bonus(
        self, idfs: Mapping[Leaf, float], phrase: Leaf | None, numbers: Numbers
    ) -> Scores | None:
        """What each of these articles earns in all, None for nothing."""
        earned = self.earned(idfs, phrase, numbers) if len(numbers) else {}
        return reduce(np.add, earned.values()) if earned else None

    def earned(
        self, idfs: Mapping[Leaf, float], phrase: Leaf | None, numbers: Numbers
    ) -> dict[str, Scores]:
        """The same by reason."""
        ranking = self._ranking
        earned: dict[str, Scores] = {}
        if len(idfs) > 1:
            sums = ranking.near * near(self._text, idfs, ranking.near_half, numbers)
            for place, field in enumerate(TEXT_FIELDS):
                earned[f"near each other in {field}"] = sums[place::2]
        if phrase is not None and idfs:
            titles = self._in_titles(idfs, phrase, numbers)
            if titles is not None:
                earned["title"] = titles
        return earned

    def _in_titles(
        self, idfs: Mapping[Leaf, float], phrase: Leaf, numbers: Numbers
    ) -> Scores | None:
        found = in_titles(self._text, phrase, numbers)
        if not found.any():
            return None
        weights = tuple(idfs.values())
        by_state = [
            title_bonus(weights, contains=state > 0, equals=state > 1, ranking=self._ranking)
            for state in range(3)
        ]
        return np.array(by_state)[found]
