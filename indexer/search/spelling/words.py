"""The words of one length as columns of characters, and which of them are one slip from another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.text.scripts import HAN_RUN

LONGEST = 8
"""Han characters of a word; each more is more pieces of a run to look at."""

LEAST_LETTERS = 4
"""Of a word in letters: shorter ones are all one letter apart from each other."""

Codes = NDArray[np.uint32]
Numbers = NDArray[np.int64]

_END = ord("\n")


@dataclass(frozen=True, slots=True)
class Words:
    """Column n of `columns` is word n, its first character on top; the words are sorted by that
    character. `counts` tells how many articles spell each, `by_last` sorts them by their last,
    and `lasts` are those in that order."""

    columns: Codes
    counts: Numbers
    by_last: Numbers
    lasts: Codes

    def text(self, number: int) -> str:
        return "".join(map(chr, self.columns[:, number].tolist()))

    def count(self, codes: Codes) -> int:
        """How many articles spell this word; 0 if none does."""
        numbers = self.beginning(codes[:1])
        return int(self.counts[numbers[self.changed(numbers, codes) == 0]].sum())

    def beginning(self, codes: Codes) -> Numbers:
        """The words of which the first character is one of these."""
        first, last = _bounds(self.columns[0], codes)
        parts = [np.arange(*each) for each in zip(first, last, strict=True)]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def ending(self, codes: Codes) -> Numbers:
        """The words of which the last character is one of these."""
        return _picked(self.by_last, self.lasts, codes)

    def near(self, codes: Codes) -> Numbers:
        """The words that begin as a piece does, or end so: among them are all that are one slip
        from it, but for two characters that are exchanged."""
        ending = self.ending(codes[-1:])
        ending = ending[self.columns[0, ending] != codes[0]]
        return np.concatenate((self.beginning(codes[:1]), ending))

    def changed(self, numbers: Numbers, codes: Codes) -> NDArray[np.int64]:
        """In how many places each of these words differs from a piece of the same length."""
        changed: Numbers = (self.columns[:, numbers] != codes[:, None]).sum(axis=0)
        return changed

    def one_more_or_less(self, codes: Codes) -> Numbers:
        """The words that become a piece by one character more, or by one less."""
        numbers = self.near(codes)
        columns = self.columns[:, numbers]
        length = min(len(codes), len(columns))
        begins = columns[:length] == codes[:length, None]
        ends = columns[::-1][:length] == codes[::-1][:length, None]
        found: Numbers = numbers[_leading(begins) + _leading(ends) >= length]
        return found

    def exchanged(self, codes: Codes) -> Numbers:
        """The words that a piece becomes when two characters side by side change places."""
        turned = (
            np.concatenate((codes[:n], codes[n : n + 2][::-1], codes[n + 2 :]))
            for n in range(len(codes) - 1)
            if codes[n] != codes[n + 1]
        )
        found = [self._same(each) for each in turned]
        return np.concatenate(found) if found else np.empty(0, dtype=np.int64)

    def _same(self, codes: Codes) -> Numbers:
        numbers = self.beginning(codes[:1])
        same: Numbers = numbers[self.changed(numbers, codes) == 0]
        return same


def by_length(terms: str, counts: Numbers) -> dict[int, Words]:
    """The words among `terms`, each of which is followed by a newline, by their lengths."""
    codes = np.frombuffer(terms.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    ends = np.flatnonzero(codes == _END)
    starts = np.concatenate(([0], ends[:-1] + 1))[: len(ends)]
    lengths = ends - starts
    is_word = _all(_han(codes), starts, lengths) & (lengths >= 2) & (lengths <= LONGEST)
    is_letter = (codes >= ord("a")) & (codes <= ord("z"))
    within = (lengths >= LEAST_LETTERS) & (lengths <= 2 * LONGEST)
    is_word |= _all(is_letter, starts, lengths) & within
    found = {}
    for length in np.unique(lengths[is_word]).tolist():
        numbers = np.flatnonzero(is_word & (lengths == length))
        numbers = numbers[np.argsort(codes[starts[numbers]], kind="stable")]
        columns = codes[starts[numbers] + np.arange(length)[:, None]]
        by_last = np.argsort(columns[-1], kind="stable")
        found[length] = Words(columns, counts[numbers], by_last, columns[-1, by_last])
    return found


def _han(codes: Codes) -> NDArray[np.bool_]:
    """Which code points are Han; each that occurs is looked at once."""
    is_there = np.bincount(codes)
    distinct = np.flatnonzero(is_there)
    is_han = np.zeros(len(is_there), dtype=np.bool_)
    is_han[distinct] = [HAN_RUN.match(chr(code)) is not None for code in distinct.tolist()]
    found: NDArray[np.bool_] = is_han[codes]
    return found


def _all(mask: NDArray[np.bool_], starts: Numbers, lengths: Numbers) -> NDArray[np.bool_]:
    """Of which of the terms every character is in the mask."""
    before = np.concatenate(([0], np.cumsum(mask)))
    whole: NDArray[np.bool_] = before[starts + lengths] - before[starts] == lengths
    return whole


def _picked(order: Numbers, sorted_codes: Codes, codes: Codes) -> Numbers:
    first, last = _bounds(sorted_codes, codes)
    parts = [order[start:end] for start, end in zip(first, last, strict=True)]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _bounds(sorted_codes: Codes, codes: Codes) -> tuple[list[int], list[int]]:
    """Where each of these codes, once, begins and ends among sorted ones."""
    distinct = np.unique(codes)
    first: list[int] = np.searchsorted(sorted_codes, distinct, side="left").tolist()
    last: list[int] = np.searchsorted(sorted_codes, distinct, side="right").tolist()
    return first, last


def _leading(same: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many rows from the top are true, for each column."""
    leading: Numbers = np.logical_and.accumulate(same, axis=0).sum(axis=0)
    return leading
