"""Leaves to postings: which articles spell a leaf in a field, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh_engine.schema import unpack
from indexer.query.tree import Leaf
from indexer.text.analyzer import Piece

Numbers = NDArray[np.int64]
Starts = dict[int, NDArray[np.int64]]
"""Article number to the sorted offsets where something starts."""


class Postings:
    """Reads one Whoosh index. Article numbers are sorted throughout."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def frequencies(
        self, leaf: Leaf, field: str, accidental: float
    ) -> tuple[Numbers, NDArray[np.float64]]:
        """The articles that spell the leaf in the field, and how much its occurrences are worth:
        1 each, or `accidental` across two words."""
        if len(leaf.pieces) == 1 and not leaf.pieces[0].prefix:
            numbers, packed = self._packed(field, leaf.pieces[0].term)
            aligned, across = unpack(packed)
            return numbers, aligned + accidental * across
        starts = self.starts(leaf, field)
        numbers = np.fromiter(starts, dtype=np.int64, count=len(starts))
        counts = np.array([len(each) for each in starts.values()], dtype=np.float64)
        return numbers, counts

    def starts(self, leaf: Leaf, field: str, among: Iterable[int] | None = None) -> Starts:
        """Where the field of each article spells the leaf; of the sorted articles `among` only,
        if given. An article that does not spell it is left out."""
        pieces = sorted(leaf.pieces, key=lambda piece: self._rarity(field, piece))
        found: Starts | None = None if among is None else dict.fromkeys(among, _ANYWHERE)
        for piece in pieces:
            found = self._narrow(field, piece, found)
            if not found:
                return {}
        return found or {}

    def _narrow(self, field: str, piece: Piece, found: Starts | None) -> Starts:
        among = None if found is None else list(found)
        narrowed: Starts = {}
        for number, starts in self._piece(field, piece, among):
            starts = starts - piece.offset
            before = _ANYWHERE if found is None else found[number]
            if before is not _ANYWHERE:
                starts = np.intersect1d(before, starts, assume_unique=True)
            else:
                starts = starts[starts >= 0]
            if len(starts):
                narrowed[number] = starts
        return narrowed

    def _piece(
        self, field: str, piece: Piece, among: list[int] | None
    ) -> Iterator[tuple[int, Numbers]]:
        if not piece.prefix:
            yield from self._positions(field, piece.term, among)
            return
        merged: dict[int, list[Numbers]] = {}
        for term in self._reader.expand_prefix(field, piece.term):
            for number, starts in self._positions(field, term.decode(), among):
                merged.setdefault(number, []).append(starts)
        for number in sorted(merged):
            yield number, np.sort(np.concatenate(merged[number]))

    def _rarity(self, field: str, piece: Piece) -> tuple[bool, int]:
        """Sorts the rarest term first, and a prefix, which may be many terms, last."""
        return piece.prefix, self._reader.doc_frequency(field, piece.term)

    def _matcher(self, field: str, term: str) -> Any | None:
        if (field, term.encode()) not in self._reader:
            return None
        return self._reader.postings(field, term.encode())

    def _packed(self, field: str, term: str) -> tuple[Numbers, NDArray[np.float64]]:
        matcher = self._matcher(field, term)
        numbers: list[int] = []
        packed: list[float] = []
        while matcher is not None and matcher.is_active():
            numbers.append(matcher.id())
            packed.append(matcher.weight())
            matcher.next()
        return np.array(numbers, dtype=np.int64), np.array(packed, dtype=np.float64)

    def _positions(
        self, field: str, term: str, among: list[int] | None
    ) -> Iterator[tuple[int, Numbers]]:
        matcher = self._matcher(field, term)
        if matcher is None:
            return
        if among is None:
            while matcher.is_active():
                yield matcher.id(), _offsets(matcher.value())
                matcher.next()
            return
        for number in among:
            if matcher.is_active() and matcher.id() < number:
                matcher.skip_to(number)
            if not matcher.is_active():
                return
            if matcher.id() == number:
                yield number, _offsets(matcher.value())


_ANYWHERE: Numbers = np.empty(0, dtype=np.int64)


def _offsets(value: bytes) -> Numbers:
    return np.frombuffer(value, dtype=np.uint32).astype(np.int64)
