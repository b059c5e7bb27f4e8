"""The kernel in NumPy: what the one in C must equal, and what runs where that was not built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.conditions import admitted
from indexer.engines.whoosh_engine.kernel import Kernel, Ranked
from indexer.engines.whoosh_engine.matching import intersect
from indexer.engines.whoosh_engine.ordering import Places, Scores, best
from indexer.engines.whoosh_engine.plan import Plan
from indexer.engines.whoosh_engine.postings import Postings
from indexer.engines.whoosh_engine.scoring import Scored, Scorer
from indexer.engines.whoosh_engine.stored_text import Offsets, StoredText
from indexer.query.tree import TEXT_FIELDS, Leaf

FEW = 20
"""Finding an article by bisection costs about as much as passing over so many in a row."""


class NumpyKernel(Kernel):
    """Scores every article of every leaf."""

    def __init__(self, scorer: Scorer, text: StoredText, newest: Places) -> None:
        self._scorer = scorer
        self._text = text
        self._newest = newest

    def ranked(self, plan: Plan, limit: int, *, collect: bool) -> Ranked:
        found = {leaf: self._scorer.scored(leaf) for leaf in plan.leaves}
        numbers = admitted(self._matching(plan, found), plan.conditions)
        sums = self._sums(list(found.values()), numbers)
        places = best(sums, self._newest, numbers, limit)
        idfs = {leaf: scored.idf for leaf, scored in found.items()}
        scored = sum(len(each.numbers) for each in found.values())
        return Ranked(len(numbers), numbers[places], sums[places], numbers, idfs, scored)

    def _matching(self, plan: Plan, found: Mapping[Leaf, Scored]) -> Numbers:
        if plan.numbers is not None:
            return plan.numbers
        if plan.required:
            required = [found[leaf].numbers for leaf in plan.required]
            return reduce(self._both, sorted(required, key=len))
        together = np.concatenate([scored.numbers for scored in found.values()])
        if len(together) < self._text.articles // FEW:
            return np.unique(together)
        return np.flatnonzero(self._marked(together))

    def _both(self, few: Numbers, many: Numbers) -> Numbers:
        if len(few) * FEW < len(many):
            return intersect(few, many)
        return few[self._marked(many)[few]]

    def _marked(self, numbers: Numbers) -> NDArray[np.bool_]:
        marks = np.zeros(self._text.articles, dtype=np.bool_)
        marks[numbers] = True
        return marks

    def _sums(self, leaves: Sequence[Scored], numbers: Numbers) -> Scores:
        """The score of each of the articles."""
        if len(leaves) == 1 and numbers is leaves[0].numbers:
            return leaves[0].scores
        if len(numbers) * FEW > sum(len(scored.numbers) for scored in leaves):
            everywhere = np.zeros(self._text.articles)
            for scored in leaves:
                everywhere[scored.numbers] += scored.scores
            return everywhere[numbers]
        sums = np.zeros(len(numbers))
        for scored in leaves:
            sums += scored.of(numbers)
        return sums

    def near(self, idfs: Mapping[Leaf, float], half: float, numbers: Numbers) -> Scores:
        view = _View(self._text, numbers)
        sums = np.zeros(len(view.starts))
        spans = [
            _Span(weight, len(leaf.text), *view.occurrences(leaf)) for leaf, weight in idfs.items()
        ]
        for a, b in pairwise(spans):
            if len(a.starts) and len(b.starts):
                sums += min(a.idf, b.idf) * _closest(a, b, half, len(sums))
        return sums

    def in_titles(self, phrase: Leaf, numbers: Numbers) -> NDArray[np.uint8]:
        lengths = self._text.bodies[numbers] - self._text.starts[numbers]
        at = self._text.occurrences(self._text.folded_titles(numbers), phrase)
        having = np.unique(np.searchsorted(np.cumsum(lengths), at, side="right"))
        found = np.zeros(len(numbers), dtype=np.uint8)
        found[having] = 1 + (lengths[having] - 1 == len(phrase.text))
        return found


@dataclass(frozen=True, slots=True)
class _Span:
    """A leaf's occurrences in a view: its idf, its length, where each starts, in which text."""

    idf: float
    length: int
    starts: Offsets
    texts: Numbers


def _closest(a: _Span, b: _Span, half: float, texts: int) -> Scores:
    """In each text, 1 where b stands right after a, less with the distance."""
    closest = np.zeros(texts)
    after = np.searchsorted(b.starts, a.starts)
    for places, share in ((after, 1.0), (after - 1, 0.5)):
        pairs = np.flatnonzero((places >= 0) & (places < len(b.starts)))
        pairs = pairs[b.texts[places[pairs]] == a.texts[pairs]]
        start_a, start_b = a.starts[pairs], b.starts[places[pairs]]
        gap = start_b - start_a - a.length if share == 1.0 else start_a - start_b - b.length
        closeness = share * 0.5 ** (np.maximum(gap, 0) / half)
        np.maximum.at(closest, a.texts[pairs], closeness)
    return closest


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


class NumpyLookup:
    """Compares texts, and finds terms, in Python."""

    def __init__(self, postings: Postings, text: StoredText) -> None:
        self.place = postings.place
        self.spelled = text.spelled
