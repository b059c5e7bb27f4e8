"""The dictionary words and the titles of a whole index, for suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jianbao.indexer.engines.embedded.format.arrays import load
from jianbao.indexer.engines.embedded.format.damage import reads
from jianbao.indexer.engines.embedded.format.layout import verify
from jianbao.indexer.engines.embedded.format.postings_lists import Numbers
from jianbao.indexer.engines.embedded.format.stored_titles import CopiedTitles, StoredTitles
from jianbao.indexer.engines.embedded.format.term_dictionary import Strings, Terms
from jianbao.indexer.text.bulk import RUN, WORD

BATCH = 1 << 14
"""Titles decoded at a time."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`words` are numbers of terms, which are folded, those in most articles first. `titles` are
    numbers of articles, the newest first; of several with one title only the newest."""

    words: Numbers
    titles: Numbers


class Entries:
    """The words and titles of the index in a folder, read by number. Raises IndexDamagedError where
    files contradict what they must be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open()

    @reads
    def _open(self) -> None:
        folder = self.folder
        verify(folder)
        self._terms = Terms(folder, "terms")
        self._titles = StoredTitles(folder)
        self._ids = Strings(folder, "ids")

    @reads
    def word(self, number: int) -> str:
        """The term with that number."""
        return self._terms[number]

    @reads
    def title(self, number: int) -> tuple[str, str]:
        """The id and the title of an article."""
        return self._ids[number], self._titles[number]

    @reads
    def vocabulary(self, words: int) -> Vocabulary:
        """What is to be suggested, with `words` words at most."""
        return Vocabulary(self._frequent(words), self._distinct())

    def texts(self, of: Vocabulary) -> Iterator[list[str]]:
        """All words, then all titles, some at a time."""
        yield [self._terms[number] for number in of.words.tolist()]
        titles = self._titles.copied()
        for start in range(0, len(of.titles), BATCH):
            yield titles.some(of.titles[start : start + BATCH])

    def _frequent(self, count: int) -> Numbers:
        places = load(self.folder / "term_places.npy")
        counts = load(self.folder / "articles_of.npy")[places]
        numbers = load(self.folder / "term_numbers.npy")[places]
        words = np.flatnonzero((numbers >= WORD) & (numbers < RUN))
        # The terms are sorted, so that a stable sort leaves equal counts in their order.
        return words[np.argsort(-counts[words].astype(np.int64), kind="stable")[:count]]

    def _distinct(self) -> Numbers:
        newest = np.empty(len(self._titles), dtype=np.int64)
        newest[load(self.folder / "newest.npy")] = np.arange(len(newest))
        hashes, is_there = _hashes(self._titles.copied(), newest)
        newest = newest[is_there]
        _, first = np.unique(hashes[is_there], return_index=True)
        found: Numbers = newest[np.sort(first)]
        return found


def _hashes(titles: CopiedTitles, numbers: Numbers) -> tuple[Numbers, Numbers]:
    """A hash of each title, and which of them are not blank. The strings would take ten times as
    much memory; with a million titles two hashes are the same once in 40 million runs."""
    hashes: list[Numbers] = [numbers[:0]]
    there: list[Numbers] = [numbers[:0]]
    for start in range(0, len(numbers), BATCH):
        batch = titles.some(numbers[start : start + BATCH])
        hashes.append(np.fromiter(map(hash, batch), dtype=np.int64, count=len(batch)))
        marks = [number for number, title in enumerate(batch, start) if title.strip()]
        there.append(np.array(marks, dtype=np.int64))
    return np.concatenate(hashes), np.concatenate(there)
