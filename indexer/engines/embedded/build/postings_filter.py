"""Those of an earlier segment's postings whose articles stay: with array operations, or in C."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.arrays import offsets, ranges
from jianbao.indexer.engines.embedded.format.postings import Block, Postings, Stored
from jianbao.indexer.engines.embedded.format.postings_lists import Numbers
from jianbao.indexer.engines.embedded.format.tf_codes import EXCEPTION, Counts
from jianbao.indexer.engines.embedded.native import is_built

GONE = np.uint32(0xFFFFFFFF)
"""The new number of an article that does not stay."""

Renumbered = NDArray[np.uint32]
"""The new number of each article."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of a slice of the terms: by term, how many articles and positions; by posting,
    the articles' new numbers and the packed counts; which postings are exceptions, and theirs."""

    articles_of: Numbers
    occurrences_of: Numbers
    articles: NDArray[np.uint32]
    packed: NDArray[np.uint8]
    positions: NDArray[np.uint16]
    exceptions: Numbers
    exception_counts: Counts


Filter = Callable[[int, int], Callable[[Renumbered], Kept]]
"""The places of terms, from the first to before the last: what stays of them."""


def open_filter(postings: Postings, *, native: bool) -> Filter:
    """In C if `native` and that was built, else the other; both give the same, and raise ValueError
    for postings that contradict each other."""
    if native and is_built("_building"):
        return lambda first, last: _Natively(postings.stored(first, last))
    return lambda first, last: _WithArrays(postings.block(first, last))


class _Natively:
    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._exception_totals = stored.exception_counts.sum(axis=1, dtype=np.int64)

    def __call__(self, renumbered: Renumbered) -> Kept:
        from jianbao.indexer.engines.embedded.native._building import carry

        stored = self._stored
        terms, postings = len(stored.counts), len(stored.packed)
        stays = np.empty(len(stored.exception_counts), dtype=np.bool_)
        kept = Kept(
            articles_of=np.empty(terms, dtype=np.int64),
            occurrences_of=np.empty(terms, dtype=np.int64),
            articles=np.empty(postings, dtype=np.uint32),
            packed=np.empty(postings, dtype=np.uint8),
            positions=np.empty(len(stored.positions), dtype=np.uint16),
            exceptions=np.empty(len(stays), dtype=np.int64),
            exception_counts=stored.exception_counts,
        )
        count, positions, exceptions = carry(
            stored.counts,
            stored.rows,
            stored.has_high,
            stored.has_positions,
            stored.low,
            stored.high,
            stored.bitmaps,
            stored.packed,
            stored.positions,
            stored.totals,
            self._exception_totals,
            renumbered,
            kept.articles,
            kept.packed,
            kept.positions,
            kept.articles_of,
            kept.occurrences_of,
            kept.exceptions,
            stays,
        )
        return Kept(
            kept.articles_of,
            kept.occurrences_of,
            kept.articles[:count],
            kept.packed[:count],
            kept.positions[:positions],
            kept.exceptions[:exceptions],
            kept.exception_counts[stays],
        )


class _WithArrays:
    def __init__(self, block: Block) -> None:
        self._block = block

    def __call__(self, renumbered: Renumbered) -> Kept:
        """Mostly nearly all stays, or nearly nothing: time is spent on the lesser part."""
        block = self._block
        _require_rising(block)
        kept = (renumbered != GONE)[block.numbers]
        few = np.flatnonzero(kept)
        few_stay = 2 * len(few) <= len(kept)
        if not few_stay:
            few = np.flatnonzero(~kept)
        terms = offsets(block.articles_of)
        counted = np.where(np.repeat(block.has_positions, block.articles_of), block.totals, 0)
        starts = offsets(counted)
        of_term = np.searchsorted(terms, few, side="right") - 1
        articles_of = np.bincount(of_term, minlength=len(terms) - 1)
        occurrences = np.bincount(of_term, weights=counted[few], minlength=len(terms) - 1)
        occurrences_of = occurrences.astype(np.int64)
        at = ranges(starts[few], counted[few])
        if few_stay:
            numbers, packed, positions = block.numbers[few], block.packed[few], block.positions[at]
        else:
            articles_of = block.articles_of - articles_of
            occurrences_of = np.diff(starts[terms]) - occurrences_of
            numbers, packed = np.delete(block.numbers, few), np.delete(block.packed, few)
            positions = np.delete(block.positions, at)
        return Kept(
            articles_of,
            occurrences_of,
            renumbered[numbers],
            packed,
            positions,
            np.flatnonzero(packed == EXCEPTION),
            block.exception_counts[kept[block.packed == EXCEPTION]],
        )


def _require_rising(block: Block) -> None:
    """Raise ValueError unless the articles of each term rise, and there are as many positions as
    occurrences."""
    rises = np.diff(block.numbers, prepend=-1) > 0
    rises[(np.cumsum(block.articles_of) - block.articles_of)[block.articles_of > 0]] = True
    if not rises.all():
        raise ValueError("the articles of a term are not in order")
    with_positions = np.repeat(block.has_positions, block.articles_of)
    if block.totals[with_positions].sum() != len(block.positions):
        raise ValueError("there are not as many positions as occurrences")
