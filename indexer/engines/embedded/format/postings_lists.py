"""Which articles have a term: sorted numbers, as a bitmap where they are many, else 16 bits each.

Numbers above 16 bits go on counting where the next one's lowest 16 bits are no higher. Only a term
that has no article in a whole range of 65,536 needs its upper bits written out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.arrays import ArrayWriter, load, offsets, save

Numbers = NDArray[np.int64]
"""Article numbers, sorted and distinct."""

DENSE = 16
"""A term that at least one article in so many has is kept as a bitmap: a bit for each article is
then no more than the two bytes for each posting."""


def is_dense(lengths: Numbers, articles: int) -> NDArray[np.bool_]:
    """Which lists, of so many articles each, are kept as bitmaps."""
    dense: NDArray[np.bool_] = lengths * DENSE >= articles
    return dense


class ArticleListsWriter:
    """Writes the lists of all terms, in blocks of terms; `lengths` are those of all lists."""

    def __init__(self, folder: Path, lengths: Numbers, articles: int) -> None:
        self._folder = folder
        self._articles = articles
        self._is_dense = is_dense(lengths, articles)
        self._low = ArrayWriter(folder / "articles_low.npy", np.uint16)
        self._high = ArrayWriter(folder / "articles_high.npy", np.uint8)
        self._bitmaps = ArrayWriter(folder / "bitmaps.npy", np.uint8)
        self._has_high: list[NDArray[np.bool_]] = []
        self._done = 0

    def append(self, numbers: NDArray[np.uint32], lengths: Numbers) -> None:
        """Write the next lists, given in a row with the length of each."""
        is_dense = self._is_dense[self._done : self._done + len(lengths)]
        self._done += len(lengths)
        listed = numbers[~np.repeat(is_dense, lengths)]
        self._append_listed(listed, np.where(is_dense, 0, lengths))
        starts = offsets(lengths)
        for term in np.flatnonzero(is_dense).tolist():
            bits = np.zeros(self._articles, dtype=np.bool_)
            bits[numbers[starts[term] : starts[term + 1]]] = True
            self._bitmaps.append(np.packbits(bits, bitorder="little"))

    def _append_listed(self, numbers: NDArray[np.uint32], lengths: Numbers) -> None:
        low, high = numbers.astype(np.uint16), (numbers >> np.uint32(16)).astype(np.uint8)
        self._low.append(low)
        if self._articles <= 1 << 16:
            self._has_high.append(np.zeros(len(lengths), dtype=np.bool_))
            return
        starts = offsets(lengths)
        of_list = np.repeat(np.arange(len(lengths)), lengths)
        laps = np.cumsum(np.diff(low.astype(np.int64), prepend=0) <= 0)
        first = np.minimum(starts[:-1], max(0, len(low) - 1))
        told = laps - np.repeat(laps[first], lengths) if len(low) else laps
        has_high = np.bincount(of_list[told != high], minlength=len(lengths)) > 0
        self._high.append(high[np.repeat(has_high, lengths)])
        self._has_high.append(has_high)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        for writer in (self._low, self._high, self._bitmaps):
            writer.close()
        if error is None:
            save(
                self._folder / "has_high.npy",
                np.concatenate([np.zeros(0, dtype=np.bool_), *self._has_high]),
            )


class ArticleLists:
    """Reads what `ArticleListsWriter` wrote."""

    def __init__(self, folder: Path, lengths: Numbers, articles: int) -> None:
        self._articles = articles
        dense = is_dense(lengths, articles)
        self.rows = np.where(dense, np.cumsum(dense) - 1, -1)
        """Which of the bitmaps each term has, -1 for none."""
        self.starts = offsets(np.where(dense, 0, lengths))
        """Where each term's numbers start among `low`."""
        self.low = load(folder / "articles_low.npy")
        self.has_high = load(folder / "has_high.npy")
        self.high_starts = offsets(np.where(self.has_high, lengths, 0))
        self.high = load(folder / "articles_high.npy")
        self.bitmaps = load(folder / "bitmaps.npy").reshape(-1, -(-articles // 8))

    def numbers(self, place: int) -> Numbers:
        """The list of the term at that place."""
        row = self.rows[place]
        if row >= 0:
            bits = np.unpackbits(self.bitmaps[row], count=self._articles, bitorder="little")
            return np.flatnonzero(bits.view(np.bool_))
        low = self.low[self.starts[place] : self.starts[place + 1]].astype(np.int64)
        if self._articles <= 1 << 16:
            return low
        if self.has_high[place]:
            span = slice(self.high_starts[place], self.high_starts[place + 1])
            high = self.high[span].astype(np.int64)
        else:
            high = np.zeros(len(low), dtype=np.int64)
            np.cumsum(low[1:] <= low[:-1], out=high[1:])
        numbers: Numbers = low | (high << 16)
        return numbers

    def of_terms(self, first: int, last: int, lengths: Numbers) -> Numbers:
        """The lists of the terms from place `first` to before `last`, in a row; `lengths` are
        theirs. A list at a time takes six times as long."""
        low = self.low[self.starts[first] : self.starts[last]]
        high = self.high[self.high_starts[first] : self.high_starts[last]]
        return self._joined(np.arange(first, last), lengths, low, high)

    def of_places(self, places: Numbers, lengths: Numbers) -> Numbers:
        """The lists of the terms at these places, in a row; `lengths` are theirs."""
        listed = np.where(self.rows[places] >= 0, 0, lengths)
        low = self.low[gathered(self.starts[places], listed)]
        told = np.where(self.has_high[places], listed, 0) if self._articles > 1 << 16 else None
        high = (
            self.high[:0] if told is None else self.high[gathered(self.high_starts[places], told)]
        )
        return self._joined(places, lengths, low, high)

    def _joined(
        self,
        places: Numbers,
        lengths: Numbers,
        low: NDArray[np.uint16],
        high: NDArray[np.uint8],
    ) -> Numbers:
        """The lists of terms, given the stored parts of those that are no bitmaps."""
        is_dense = self.rows[places] >= 0
        listed = np.where(is_dense, 0, lengths)
        numbers = low.astype(np.int64)
        if self._articles > 1 << 16 and len(numbers):
            laps = np.cumsum(np.diff(numbers, prepend=0) <= 0)
            starts = np.minimum(offsets(listed)[:-1], len(numbers) - 1)
            above: Numbers = laps - np.repeat(laps[starts], listed)
            above[np.repeat(self.has_high[places], listed)] = high
            numbers |= above << 16
        if not is_dense.any():
            return numbers
        found = np.empty(int(lengths.sum()), dtype=np.int64)
        found[np.repeat(~is_dense, lengths)] = numbers
        ends = np.cumsum(lengths)
        for term in np.flatnonzero(is_dense).tolist():
            found[ends[term] - lengths[term] : ends[term]] = self.numbers(int(places[term]))
        return found


def gathered(starts: Numbers, lengths: Numbers) -> Numbers:
    """The indices of pieces of an array, in a row, given where each starts and its length."""
    before = np.cumsum(lengths) - lengths
    found: Numbers = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
    return found
