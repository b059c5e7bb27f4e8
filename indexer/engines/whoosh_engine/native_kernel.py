"""The kernel in C, where it was built: what `numpy_kernel` answers, many times as fast."""

from __future__ import annotations

from array import array
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh_engine._native import Segment, count_codes
from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.kernel import Kernel, Ranked
from indexer.engines.whoosh_engine.matching import Matcher
from indexer.engines.whoosh_engine.ordering import Places, Scores
from indexer.engines.whoosh_engine.plan import Plan
from indexer.engines.whoosh_engine.postings import Postings
from indexer.engines.whoosh_engine.scoring import Scorer, Shares
from indexer.engines.whoosh_engine.stored_text import Offsets, StoredText, run_edges
from indexer.query.tree import Leaf
from indexer.ranking import Ranking

Pattern = tuple[bytes, bytes, bool, bool, float]
"""Units and edges, 32 bits each; whether it is looked for in titles, in bodies; idf."""

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
        *(title_worths, body_worths, shares.title, shares.body, newest),
        *(text.text, text.folding, text.in_run, text.starts, text.bodies),
    )
    return Segment(arrays, ranking.saturation, ranking.accidental)


class NativeKernel(Kernel):
    """Decodes and scores postings in one pass; nothing of it is kept between searches."""

    def __init__(self, segment: Segment, text: StoredText, matcher: Matcher, scorer: Scorer):
        self._segment = segment
        self._text = text
        self._matcher = matcher
        self._scorer = scorer

    def ranked(self, plan: Plan, limit: int, *, collect: bool) -> Ranked:
        asked = [self._asked(leaf, leaf in plan.required) for leaf in plan.leaves]
        idfs = {leaf: each[1] for leaf, each in zip(plan.leaves, asked, strict=True)}
        most = self._text.articles
        if plan.numbers is not None:
            asked.append((True, 0.0, plan.numbers, np.zeros(len(plan.numbers))))
            most = len(plan.numbers)
        limit = min(limit, most)
        best, scores = np.empty(limit, dtype=np.int64), np.empty(limit)
        matching = np.empty(most, dtype=np.int64) if collect else None
        conditions = tuple((each.codes, each.wanted) for each in plan.conditions)
        total, count, scored = self._segment.search(
            tuple(asked), conditions, best, scores, matching
        )
        found = _NOTHING if matching is None else matching[:total]
        return Ranked(total, best[:count], scores[:count], found, idfs, scored)

    def near(self, idfs: Mapping[Leaf, float], half: float, numbers: Numbers) -> Scores:
        sums = np.zeros(2 * len(numbers))
        patterns = [pattern_of(self._text, leaf, weight) for leaf, weight in idfs.items()]
        self._segment.near(tuple(patterns), half, numbers, sums)
        return sums

    def in_titles(self, phrase: Leaf, numbers: Numbers) -> NDArray[np.uint8]:
        found = np.empty(len(numbers), dtype=np.uint8)
        self._segment.in_titles(pattern_of(self._text, phrase), numbers, found)
        return found

    def _asked(
        self, leaf: Leaf, required: bool
    ) -> tuple[bool, float, int] | tuple[bool, float, Numbers, Scores]:
        place = self._matcher.term(leaf)
        if place is not None:
            return required, self._scorer.idf(self._matcher.articles_of(place)), place
        scored = self._scorer.scored(leaf)
        return required, scored.idf, scored.numbers, scored.scores


def pattern_of(text: StoredText, leaf: Leaf, idf: float = 0.0) -> Pattern:
    """A leaf to look for in texts; one that no text can spell is looked for nowhere."""
    units = text.units(leaf.text)
    if units is None or "\n" in leaf.text:
        return b"\0\0\0\0", b"", False, False, idf
    edges = [-1 if edge is None else edge for pair in run_edges(leaf) for edge in pair]
    return (
        array("I", units).tobytes(),
        array("i", edges).tobytes(),
        "title" in leaf.fields,
        "body" in leaf.fields,
        idf,
    )


class NativeLookup:
    """Compares texts, and finds terms, in C."""

    def __init__(self, segment: Segment, text: StoredText) -> None:
        self._segment = segment
        self._text = text

    def place(self, term: str) -> int:
        """Where a term stands in the order of the postings, -1 if no article has it."""
        return self._segment.place(term.encode("utf-8", "surrogatepass"))

    def spelled(self, at: Offsets, leaf: Leaf) -> Offsets:
        """Those of the sorted offsets where the leaf is spelled."""
        pattern = pattern_of(self._text, leaf)
        if not (pattern[2] or pattern[3]):
            return at[:0]
        at = np.array(at)
        return at[: self._segment.standing_at(pattern, at)]


def count_natively(codes: NDArray[np.unsignedinteger], numbers: Numbers, names: int) -> Numbers:
    """How many of the articles have each of so many codes."""
    totals = np.zeros(names, dtype=np.int64)
    count_codes(codes, numbers, totals)
    return totals
