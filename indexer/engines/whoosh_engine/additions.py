"""What the best articles earn beside BM25F: for words near each other, and for their titles."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.ordering import Scores
from indexer.engines.whoosh_engine.scoring import Leaves
from indexer.engines.whoosh_engine.stored_text import Offsets, StoredText, run_edges
from indexer.query.tree import TEXT_FIELDS, Leaf
from indexer.ranking import Ranking, title_bonus


@dataclass(frozen=True, slots=True)
class _Span:
    """A leaf's occurrences in a view: its idf, its length, where each starts, in which text."""

    idf: float
    length: int
    starts: Offsets
    texts: Numbers


class Additions:
    """Looks into the texts of a few articles."""

    def __init__(self, text: StoredText, ranking: Ranking) -> None:
        self._text = text
        self._ranking = ranking

    def earned(self, leaves: Leaves, phrase: Leaf | None, numbers: Numbers) -> dict[str, Scores]:
        """What each of these articles earns, by reason. `numbers` need not be sorted."""
        earned: dict[str, Scores] = {}
        if not len(numbers) or not leaves:
            return earned
        if len(leaves) > 1:
            near = self._near(leaves, _View(self._text, numbers))
            for place, field in enumerate(TEXT_FIELDS):
                earned[f"near each other in {field}"] = near[place::2]
        if phrase is not None:
            earned["title"] = self._titled(leaves, phrase, numbers)
        return earned

    def _near(self, leaves: Leaves, view: _View) -> Scores:
        """The bonus of each text: of title and body, in turns."""
        bonus = np.zeros(len(view.starts))
        spans = [
            _Span(scored.idf, len(leaf.text), *view.occurrences(leaf))
            for leaf, scored in leaves.items()
        ]
        for a, b in pairwise(spans):
            if len(a.starts) and len(b.starts):
                weight = self._ranking.near * min(a.idf, b.idf)
                bonus += weight * self._closest(a, b, len(bonus))
        return bonus

    def _closest(self, a: _Span, b: _Span, texts: int) -> Scores:
        """In each text, 1 where b stands right after a, less with the distance."""
        best = np.zeros(texts)
        after = np.searchsorted(b.starts, a.starts)
        for places, share in ((after, 1.0), (after - 1, 0.5)):
            pairs = np.flatnonzero((places >= 0) & (places < len(b.starts)))
            pairs = pairs[b.texts[places[pairs]] == a.texts[pairs]]
            start_a, start_b = a.starts[pairs], b.starts[places[pairs]]
            gap = start_b - start_a - a.length if share == 1.0 else start_a - start_b - b.length
            closeness = share * 0.5 ** (np.maximum(gap, 0) / self._ranking.near_half)
            np.maximum.at(best, a.texts[pairs], closeness)
        return best

    def _titled(self, leaves: Leaves, phrase: Leaf, numbers: Numbers) -> Scores:
        bonus = np.zeros(len(numbers))
        places = np.flatnonzero(_may_have(leaves, phrase, numbers))
        if not len(places):
            return bonus
        numbers = numbers[places]
        lengths = self._text.bodies[numbers] - self._text.starts[numbers]
        at = self._text.occurrences(self._text.folded_titles(numbers), phrase)
        having = np.unique(np.searchsorted(np.cumsum(lengths), at, side="right"))
        idfs = [scored.idf for scored in leaves.values()]
        for equals in (False, True):
            alike = having[(lengths[having] - 1 == len(phrase.text)) == equals]
            bonus[places[alike]] = title_bonus(
                idfs, contains=True, equals=equals, ranking=self._ranking
            )
        return bonus


def _may_have(leaves: Leaves, phrase: Leaf, numbers: Numbers) -> NDArray[np.bool_]:
    """Which of the articles may have the phrase in the title: those whose titles have all of the
    leaves that it contains. A leaf that asks for whole runs may be part of the phrase otherwise."""
    may = np.ones(len(numbers), dtype=np.bool_)
    for leaf, scored in leaves.items():
        if leaf.text in phrase.text and "title" in leaf.fields and not run_edges(leaf):
            may &= scored.in_title(numbers)
    return may


class _View:
    """The folded texts of a few articles in a row; text 2n is the title of the nth, 2n + 1 its
    body."""

    def __init__(self, text: StoredText, numbers: Numbers) -> None:
        self._text = text
        self._folded = text.folded(numbers)
        starts, bodies = text.starts[numbers], text.bodies[numbers]
        ends = text.starts[numbers + 1]
        lengths = np.empty(2 * len(numbers), dtype=np.int64)
        lengths[0::2] = bodies - starts
        lengths[1::2] = ends - bodies
        self.starts: Offsets = np.cumsum(lengths) - lengths

    def occurrences(self, leaf: Leaf) -> tuple[Offsets, Numbers]:
        """Where the leaf is spelled in its fields, in order, and in which text."""
        at = self._text.occurrences(self._folded, leaf)
        texts = np.searchsorted(self.starts, at, side="right") - 1
        if len(leaf.fields) == 1:
            kept = texts % 2 == TEXT_FIELDS.index(leaf.fields[0])
            return at[kept], texts[kept]
        return at, texts
