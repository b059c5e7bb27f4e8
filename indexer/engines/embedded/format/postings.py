"""Terms to the articles that have them, how often, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format import tf_codes as packing
from jianbao.indexer.engines.embedded.format.arrays import load, offsets
from jianbao.indexer.engines.embedded.format.damage import damaged
from jianbao.indexer.engines.embedded.format.postings_lists import ArticleLists, Numbers, gathered
from jianbao.indexer.engines.embedded.format.term_dictionary import Terms
from jianbao.indexer.errors import IndexDamagedError

Worth = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Articles, and what their occurrences are worth in the title and in the body."""

    numbers: Numbers
    title: Worth
    body: Worth

    def among(self, numbers: Numbers) -> Frequencies:
        """Only those of the given articles, which must all be there."""
        at = np.searchsorted(self.numbers, numbers)
        return Frequencies(numbers, self.title[at], self.body[at])

    def having(self, field: str) -> Frequencies:
        """Only the articles that have it in that field, and nothing of the other."""
        worth = self.title if field == "title" else self.body
        at = np.flatnonzero(worth)
        nothing = np.zeros(len(at))
        title = worth[at] if field == "title" else nothing
        body = worth[at] if field == "body" else nothing
        return Frequencies(self.numbers[at], title, body)


NONE = Frequencies(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
"""No articles at all."""


@dataclass(frozen=True, slots=True)
class Block:
    """The postings of terms next to each other, as they are stored. `articles_of` and
    `has_positions` are by term, `numbers`, `packed` and `totals` (occurrences) by posting;
    `exception_counts` are by those of them that are exceptions."""

    articles_of: Numbers
    has_positions: NDArray[np.bool_]
    numbers: Numbers
    packed: packing.Packed
    totals: NDArray[np.int64]
    positions: NDArray[np.uint16]
    exception_counts: packing.Counts


@dataclass(frozen=True, slots=True)
class Stored:
    """The same as it lies on disk. By term: `counts` of its postings, `rows` the number of its
    bitmap or -1, and `has_high`: see `article_lists`. `totals` are the occurrences that each packed
    byte stands for."""

    counts: Numbers
    rows: Numbers
    has_high: NDArray[np.bool_]
    has_positions: NDArray[np.bool_]
    low: NDArray[np.uint16]
    high: NDArray[np.uint8]
    bitmaps: NDArray[np.uint8]
    packed: packing.Packed
    positions: NDArray[np.uint16]
    totals: NDArray[np.int64]
    exception_counts: packing.Counts


class Postings:
    """Reads what `merging.merge` wrote. `accidental` is what an occurrence across two words is
    worth, against 1 for an aligned one."""

    def __init__(self, folder: Path, articles: int, accidental: float) -> None:
        self._folder = folder
        self.terms = Terms(folder, "terms")
        """All terms, sorted."""
        self._articles = articles
        self.term_places = load(folder / "term_places.npy")
        self.counts: Numbers = load(folder / "articles_of.npy").astype(np.int64)
        """For each place, how many articles have the term."""
        self.starts = offsets(self.counts)
        """Where its postings start."""
        self.lists = ArticleLists(folder, self.counts, articles)
        self._position_start = offsets(load(folder / "occurrences_of.npy").astype(np.int64))
        self.packed = load(folder / "packed.npy")
        self._positions = load(folder / "positions.npy")
        self.exceptions = load(folder / "exceptions.npy")
        self.exception_counts = load(folder / "exception_counts.npy").reshape(-1, 4)
        self._accidental = accidental
        self.is_word = load(folder / "is_word.npy")
        counts = packing.unpacked()
        self.worths = tuple(
            (self._worth(counts, "title", is_word), self._worth(counts, "body", is_word))
            for is_word in (False, True)
        )
        """What each packed byte is worth in title and body: of other terms, of words."""
        self._total = counts.sum(axis=1, dtype=np.int64)

    def names(self) -> list[str]:
        """All terms in the order of the postings."""
        names = [""] * len(self.terms)
        for number, place in enumerate(self.term_places.tolist()):
            names[place] = self.terms[number]
        return names

    def term_numbers(self) -> NDArray[np.uint32]:
        """The number that each term had with the dictionary of its analyzer, by place."""
        numbers: NDArray[np.uint32] = load(self._folder / "term_numbers.npy")
        return numbers

    def blocks(self, postings: int) -> Iterator[tuple[int, int]]:
        """First and last place of slices with about so many postings each."""
        edges = np.arange(postings, int(self.starts[-1]) + postings, postings)
        start = 0
        for edge in np.unique(np.searchsorted(self.starts[1:], edges) + 1).tolist():
            end = min(edge, len(self.counts))
            if start < end:
                yield start, end
            start = end

    def block(self, first: int, last: int) -> Block:
        """All postings of the terms from place `first` to before `last`."""
        span = slice(self.starts[first], self.starts[last])
        packed = np.array(self.packed[span])
        limits = np.array([span.start, span.stop], dtype=self.exceptions.dtype)
        low, high = np.searchsorted(self.exceptions, limits)
        counts = self.exception_counts[low:high]
        totals = self._total[packed]
        totals[self.exceptions[low:high] - span.start] = counts.sum(axis=1, dtype=np.int64)
        at = slice(self._position_start[first], self._position_start[last])
        return Block(
            articles_of=self.counts[first:last],
            has_positions=np.diff(self._position_start[first : last + 1]) > 0,
            numbers=self.lists.of_terms(first, last, self.counts[first:last]),
            packed=packed,
            totals=totals,
            positions=np.array(self._positions[at]),
            exception_counts=np.array(counts),
        )

    def stored(self, first: int, last: int) -> Stored:
        """The same as `block`, nothing unpacked: maps of the files, mostly."""
        span = slice(self.starts[first], self.starts[last])
        limits = np.array([span.start, span.stop], dtype=self.exceptions.dtype)
        low, high = np.searchsorted(self.exceptions, limits)
        at = slice(self._position_start[first], self._position_start[last])
        lists = self.lists
        rows = lists.rows[first:last]
        row = int(lists.rows[:first].max(initial=-1)) + 1
        return Stored(
            counts=self.counts[first:last],
            rows=np.where(rows >= 0, rows - row, -1),
            has_high=np.ascontiguousarray(lists.has_high[first:last]),
            has_positions=np.diff(self._position_start[first : last + 1]) > 0,
            low=lists.low[lists.starts[first] : lists.starts[last]],
            high=lists.high[lists.high_starts[first] : lists.high_starts[last]],
            bitmaps=lists.bitmaps[row : row + int(np.count_nonzero(rows >= 0))],
            packed=self.packed[span],
            positions=self._positions[at],
            totals=self._total,
            exception_counts=self.exception_counts[low:high],
        )

    def place(self, term: str) -> int:
        """Where a term stands in the order of the postings, -1 if no article has it."""
        number = self.terms.find(term)
        return int(self.term_places[number]) if number >= 0 else -1

    def places(self, beginning: str) -> Numbers:
        """The places of all terms with this beginning for which it is kept where they stand."""
        found = self.terms.starting_with(beginning)
        places = self.term_places[found.start : found.stop].astype(np.int64)
        kept: Numbers = places[self._position_start[places + 1] > self._position_start[places]]
        return kept

    def articles_of(self, place: int) -> int:
        """How many articles have the term."""
        return int(self.counts[place])

    def has_positions(self, place: int) -> bool:
        """Whether it is kept where the term stands; for single characters it is not."""
        return bool(self._position_start[place + 1] > self._position_start[place])

    def numbers(self, place: int) -> Numbers:
        """The articles that have the term."""
        return self.lists.numbers(place)

    def frequencies(self, place: int) -> Frequencies:
        """The articles that have the term, and what its occurrences are worth."""
        packed = self.packed[self.starts[place] : self.starts[place + 1]]
        is_word = bool(self.is_word[place])
        title_worths, body_worths = self.worths[is_word]
        title, body = title_worths[packed], body_worths[packed]
        at, counts = self._exceptional(place)
        if len(at):
            title[at] = self._worth(counts, "title", is_word)
            body[at] = self._worth(counts, "body", is_word)
        return Frequencies(self.numbers(place), title, body)

    def positions(self, place: int) -> tuple[Numbers, NDArray[np.int64]]:
        """For each occurrence of the term, its article and the lowest 16 bits of its offset there.

        An article's offsets count from the start of its title; its body follows after one more.
        """
        totals = self._total[self.packed[self.starts[place] : self.starts[place + 1]]]
        at, counts = self._exceptional(place)
        if len(at):
            totals[at] = counts.sum(axis=1, dtype=np.int64)
        span = slice(self._position_start[place], self._position_start[place + 1])
        if totals.sum() != span.stop - span.start:
            raise self.contradicted("counts that are not those of its positions")
        return (
            np.repeat(self.numbers(place), totals),
            self._positions[span].astype(np.int64),
        )

    def positions_of(self, places: Numbers) -> tuple[Numbers, NDArray[np.int64]]:
        """What `positions` says of some terms, one after the other: beginnings have hundreds, and
        a term at a time takes 25 µs."""
        counts = self.counts[places]
        packed = gathered(self.starts[places], counts)
        totals = self._total[self.packed[packed]]
        spans = np.stack([self.starts[places], self.starts[places + 1]])
        first, last = np.searchsorted(self.exceptions, spans.astype(self.exceptions.dtype))
        exceptional = gathered(first, last - first)
        if len(exceptional):
            at = self.exceptions[exceptional] - np.repeat(self.starts[places], last - first)
            at += np.repeat(offsets(counts)[:-1], last - first)
            totals[at] = self.exception_counts[exceptional].sum(axis=1, dtype=np.int64)
        starts = self._position_start[places]
        told = self._position_start[places + 1] - starts
        if (np.diff(offsets(totals)[offsets(counts)]) != told).any():
            raise self.contradicted("counts that are not those of its positions")
        return (
            np.repeat(self.lists.of_places(places, counts), totals),
            self._positions[gathered(starts, told)].astype(np.int64),
        )

    def contradicted(self, by: str) -> IndexDamagedError:
        """What to raise where the postings of a term have what cannot be."""
        return damaged(self._folder, f"has a term with {by}")

    def _exceptional(self, place: int) -> tuple[Numbers, packing.Counts]:
        """Which of a term's postings are exceptions, and their counts."""
        span = self.starts[place : place + 2]
        first, last = np.searchsorted(self.exceptions, span.astype(self.exceptions.dtype))
        return self.exceptions[first:last] - span[0], self.exception_counts[first:last]

    def _worth(self, counts: packing.Counts, field: str, is_word: bool) -> Worth:
        usual, other = (
            (counts[:, 0], counts[:, 1]) if field == "title" else (counts[:, 2], counts[:, 3])
        )
        aligned, accidental = (usual, other) if is_word else (other, usual)
        worth: Worth = aligned + self._accidental * accidental
        return worth
