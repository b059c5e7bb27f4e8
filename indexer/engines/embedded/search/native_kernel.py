"""The kernel in C, where it was built: what `numpy_kernel` answers, many times as fast."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.postings import Frequencies, Postings
from jianbao.indexer.engines.embedded.format.postings_lists import Numbers
from jianbao.indexer.engines.embedded.format.stored_text import Offsets, StoredText, run_edges
from jianbao.indexer.engines.embedded.format.term_dictionary import Strings
from jianbao.indexer.engines.embedded.native._native import Segment, count_codes, strings
from jianbao.indexer.engines.embedded.search.kernel import Kernel, Ranked
from jianbao.indexer.engines.embedded.search.matching import term_of
from jianbao.indexer.engines.embedded.search.plan import Plan
from jianbao.indexer.engines.embedded.search.scoring import RequestScorer, Scorer, Shares
from jianbao.indexer.engines.embedded.search.top_k import Places, Scores
from jianbao.indexer.query.tree import Leaf
from jianbao.indexer.ranking import Ranking, title_bonus
from jianbao.indexer.text.scripts import RUN

Asked = tuple[bool, str | None, bytes, bool, bool, str | None, Numbers | None, Scores | None]
"""Whether a leaf is required; what is looked for in texts, with its edges, and whether in titles,
in bodies; its term, or its articles with their scores."""

_NOTHING = np.empty(0, dtype=np.int64)


def open_segment(
    postings: Postings, text: StoredText, newest: Places, shares: Shares, ranking: Ranking
) -> Segment:
    """The arrays of a segment, as the functions in C take them."""
    lists = postings.lists
    title_worths, body_worths = (
        np.concatenate([worths[field] for worths in postings.worths]) for field in (0, 1)
    )
    arrays = (
        *(postings.terms.text, postings.terms.ends, postings.term_places),
        *(postings.counts, postings.starts, postings.is_word),
        *(lists.rows, lists.bitmaps, lists.starts, lists.low),
        *(lists.has_high, lists.high_starts, lists.high),
        *(postings.packed, postings.exceptions, postings.exception_counts),
        *(title_worths, body_worths, shares.both, newest),
        *(text.text, text.rare, text.folding, text.in_run, text.starts, text.bodies),
    )
    contains, equals = (
        title_bonus((1.0,), contains=True, equals=equals, ranking=ranking)
        for equals in (False, True)
    )
    numbers = (
        *(ranking.saturation, ranking.accidental, ranking.near, ranking.near_half),
        *(contains, equals, ranking.depth),
    )
    return Segment(arrays, numbers)


class NativeKernel(Kernel):
    """Decodes and scores postings in one pass; nothing of it is kept between searches."""

    def __init__(self, segment: Segment, text: StoredText, scorer: Scorer | RequestScorer) -> None:
        self._segment = segment
        self._text = text
        self._scorer = scorer

    def ranked(self, plan: Plan, phrase: Leaf | None, limit: int, *, collect: bool) -> Ranked:
        asked: list[Asked] = [*map(self._asked, plan.leaves, plan.required)]
        most = self._text.articles
        if plan.numbers is not None:
            most = len(plan.numbers)
            asked.append((True, None, b"", False, False, None, plan.numbers, np.zeros(most)))
        limit = min(limit, most)
        best, scores = np.empty(limit, dtype=np.int64), np.empty(limit)
        matching = np.empty(most, dtype=np.int64) if collect else None
        total, count, scored, looked_into = self._segment.search(
            tuple(asked),
            (phrase.text, _edges(phrase)) if phrase and plan.leaves else None,
            tuple([(each.codes, each.wanted) for each in plan.conditions]),
            best,
            scores,
            matching,
        )
        found = _NOTHING if matching is None else matching[:total]
        return Ranked(total, best[:count], scores[:count], found, scored, looked_into)

    def over(self, scorer: RequestScorer) -> NativeKernel:
        return NativeKernel(self._segment, self._text, scorer)

    def _asked(self, leaf: Leaf, required: bool) -> Asked:
        term = term_of(leaf)
        if term is not None:
            return required, leaf.text, _edges(leaf), True, True, term, None, None
        in_title, in_body = "title" in leaf.fields, "body" in leaf.fields
        scored = self._scorer.scored(leaf)
        found = scored.numbers, scored.scores
        return required, leaf.text, _edges(leaf), in_title, in_body, None, *found


def _edges(leaf: Leaf) -> bytes:
    """Where, after its start, runs begin and end, -1 where they need not: 32 bits each."""
    if RUN.search(leaf.text) is None:
        return b""
    edges = (-1 if edge is None else edge for pair in run_edges(leaf) for edge in pair)
    return array("i", edges).tobytes()


class NativeLookup:
    """Compares texts, and finds terms, in C."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def place(self, term: str) -> int:
        """Where a term stands in the order of the postings, -1 if no article has it."""
        return self._segment.place(term)

    def spelled(self, at: Offsets, leaf: Leaf) -> Offsets:
        """Those of the sorted offsets where the leaf is spelled."""
        at = np.array(at)
        return at[: self._segment.standing_at(leaf.text, _edges(leaf), at)]

    def scan(self, numbers: Numbers, leaf: Leaf) -> Offsets:
        """Where the leaf is spelled in these articles, in order."""
        asked = leaf.text, _edges(leaf), numbers
        found = np.empty(len(numbers), dtype=np.int64)
        count = self._segment.scan(*asked, found)
        if count > len(found):
            found = np.empty(count, dtype=np.int64)
            self._segment.scan(*asked, found)
        return found[:count]

    def scan_together(self, leaves: Sequence[Leaf]) -> Sequence[Frequencies]:
        """The articles that spell each of the leaves, found in one pass over all texts."""
        asked = tuple((leaf.text, _edges(leaf)) for leaf in leaves)
        return [
            Frequencies(rows[:, 0].copy(), rows[:, 1].astype(float), rows[:, 2].astype(float))
            for rows in (
                np.frombuffer(each, dtype=np.int64).reshape(-1, 3)
                for each in self._segment.scan_together(asked)
            )
        ]


def count_natively(codes: NDArray[np.unsignedinteger], numbers: Numbers, names: int) -> Numbers:
    """How many of the articles have each of so many codes."""
    totals = np.zeros(names, dtype=np.int64)
    count_codes(codes, numbers, totals)
    return totals


def pick_natively(stored: Strings, numbers: Numbers) -> list[str]:
    """The strings with these numbers."""
    return strings(stored.text, stored.ends, numbers)
