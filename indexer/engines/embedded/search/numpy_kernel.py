"""The kernel in NumPy: what the one in C must equal, and what runs where that was not built."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.conditions import admitted
from jianbao.indexer.engines.embedded.format.postings import Postings
from jianbao.indexer.engines.embedded.format.postings_lists import Numbers
from jianbao.indexer.engines.embedded.format.stored_text import Offsets, StoredText
from jianbao.indexer.engines.embedded.search.kernel import Kernel, Ranked
from jianbao.indexer.engines.embedded.search.matching import intersect
from jianbao.indexer.engines.embedded.search.plan import Plan
from jianbao.indexer.engines.embedded.search.rescoring import Additions
from jianbao.indexer.engines.embedded.search.scoring import RequestScorer, Scored, Scorer
from jianbao.indexer.engines.embedded.search.top_k import Places, Scores, best
from jianbao.indexer.query.tree import Leaf

_SCANNED = 1 << 22
"""Characters looked through at a time where no positions are kept."""

FEW = 20
"""Finding an article by bisection costs about as much as passing over so many in a row."""


class NumpyKernel(Kernel):
    """Scores every article of every leaf."""

    def __init__(
        self,
        scorer: Scorer | RequestScorer,
        text: StoredText,
        newest: Places,
        additions: Additions,
    ) -> None:
        self._scorer = scorer
        self._text = text
        self._newest = newest
        self._additions = additions

    def over(self, scorer: RequestScorer) -> NumpyKernel:
        return NumpyKernel(scorer, self._text, self._newest, self._additions)

    def ranked(self, plan: Plan, phrase: Leaf | None, limit: int, *, collect: bool) -> Ranked:
        found = {leaf: self._scorer.scored(leaf) for leaf in plan.leaves}
        numbers = admitted(self._matching(plan, found), plan.conditions)
        sums = self._sums(_heaviest_first(found.values()), numbers)
        depth = self._additions.depth if limit else 0
        places = best(sums, self._newest, numbers, max(limit, depth))
        idfs = {leaf: scored.idf for leaf, scored in found.items()}
        first = numbers[places[:depth]]
        bonus = self._additions.bonus(idfs, phrase, first)
        ordered = _Ordered(numbers[places], sums[places]).raised(bonus, self._newest)
        return Ranked(
            total=len(numbers),
            best=ordered.numbers[:limit],
            scores=ordered.scores[:limit],
            matching=numbers,
            scored=sum(len(each.numbers) for each in found.values()),
            looked_into=len(first) if len(idfs) > 1 else 0,
        )

    def _matching(self, plan: Plan, found: Mapping[Leaf, Scored]) -> Numbers:
        if plan.numbers is not None:
            return plan.numbers
        words = [*compress(plan.leaves, plan.required)]
        if words:
            required = [found[leaf].numbers for leaf in words]
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


def _heaviest_first(leaves: Iterable[Scored]) -> list[Scored]:
    """As the kernel in C adds them up, and in the order of the query where that is equal."""
    return sorted(leaves, key=lambda each: -each.idf)


@dataclass(frozen=True, slots=True)
class _Ordered:
    """Articles, best first."""

    numbers: Numbers
    scores: Scores

    def raised(self, bonus: Scores | None, newest: Places) -> _Ordered:
        """The first of them in the order that they have with their bonus, then the others."""
        if bonus is None:
            return self
        first, rest = slice(len(bonus)), slice(len(bonus), None)
        scores = self.scores[first] + bonus
        order = np.lexsort((newest[self.numbers[first]], -scores))
        return _Ordered(
            np.concatenate([self.numbers[first][order], self.numbers[rest]]),
            np.concatenate([scores[order], self.scores[rest]]),
        )


class NumpyLookup:
    """Compares texts, and finds terms, in Python."""

    def __init__(self, postings: Postings, text: StoredText) -> None:
        self.place = postings.place
        self.spelled = text.spelled
        self._text = text

    def scan(self, numbers: Numbers, leaf: Leaf) -> Offsets:
        """Where the leaf is spelled in these articles, in order."""
        lengths = np.diff(self._text.starts)[numbers]
        found: list[Offsets] = [np.empty(0, dtype=np.int64)]
        for part in np.split(numbers, _cuts(lengths)):
            if len(part):
                found.append(self._scan_part(part, leaf))
        return np.concatenate(found)

    def scan_together(self, leaves: Sequence[Leaf]) -> None:
        """Nothing: array operations look for one leaf at a time."""
        return

    def _scan_part(self, numbers: Numbers, leaf: Leaf) -> Offsets:
        at = self._text.occurrences(self._text.folded(numbers), leaf)
        lengths = self._text.starts[numbers + 1] - self._text.starts[numbers]
        ends = np.cumsum(lengths)
        article = np.searchsorted(ends, at, side="right")
        shift = self._text.starts[numbers] - (ends - lengths)
        there: Offsets = at + shift[article]
        return there


def _cuts(lengths: NDArray[np.int64]) -> Numbers:
    """Where to split so that each part has about `_SCANNED` characters."""
    laps = np.cumsum(lengths) // _SCANNED
    return np.flatnonzero(np.diff(laps)) + 1
