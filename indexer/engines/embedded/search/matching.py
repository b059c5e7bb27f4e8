"""Leaves to the articles that spell them: by one term, or by positions checked against the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Protocol

import numpy as np

from jianbao.indexer.engines.embedded.format.postings import NONE, Frequencies, Postings
from jianbao.indexer.engines.embedded.format.postings_lists import Numbers
from jianbao.indexer.engines.embedded.format.stored_text import Offsets, StoredText
from jianbao.indexer.query.tree import Leaf
from jianbao.indexer.text.analyzer import Piece

TOGETHER = 4
"""Texts that are looked through for so many leaves are looked through once for all of them: a pass
over all texts takes about as long as to look for three frequent pairs of characters."""


def term_of(leaf: Leaf) -> str | None:
    """The term whose postings are all there is to know of a leaf, if one is."""
    if len(leaf.pieces) > 1 or len(leaf.fields) == 1 or leaf.pieces[0].prefix:
        return None
    return leaf.pieces[0].term


class Lookup(Protocol):
    """What is looked up in a segment many times over."""

    def place(self, term: str) -> int:
        """Where a term stands in the order of the postings, -1 if no article has it."""
        ...

    def spelled(self, at: Offsets, leaf: Leaf) -> Offsets:
        """Those of the sorted offsets where the leaf is spelled."""
        ...

    def scan(self, numbers: Numbers, leaf: Leaf) -> Offsets:
        """Where the leaf is spelled in these articles, in order: no positions are kept of single
        characters."""
        ...

    def scan_together(self, leaves: Sequence[Leaf]) -> Sequence[Frequencies] | None:
        """The articles that spell each of the leaves, found in one pass over all texts; None where
        that takes longer than to scan for one after the other."""
        ...


class Matcher:
    """Finds leaves in one segment."""

    def __init__(self, postings: Postings, text: StoredText, lookup: Lookup) -> None:
        self._postings = postings
        self._text = text
        self._lookup = lookup
        self._longest = int(np.diff(text.starts).max(initial=0))

    def frequencies(self, leaf: Leaf) -> Frequencies:
        """The articles that spell the leaf in its fields, and what its occurrences are worth."""
        found = self._anywhere(leaf)
        return found if len(leaf.fields) > 1 else found.having(leaf.fields[0])

    def numbers(self, leaf: Leaf) -> Numbers | None:
        """The articles that spell the leaf, where one term tells; None where it takes more."""
        term = term_of(leaf)
        if term is None:
            return None
        place = self._lookup.place(term)
        return self._postings.numbers(place) if place >= 0 else NONE.numbers

    def together(self, leaves: Sequence[Leaf]) -> Mapping[Leaf, Frequencies]:
        """What `frequencies` says of those leaves that are found by looking through texts, if they
        are many; none of the others."""
        scanned = [leaf for leaf in leaves if self._is_scanned(leaf)]
        if len(scanned) < TOGETHER:
            return {}
        found = self._lookup.scan_together(scanned)
        if found is None:
            return {}
        return {
            leaf: each if len(leaf.fields) > 1 else each.having(leaf.fields[0])
            for leaf, each in zip(scanned, found, strict=True)
        }

    def _is_scanned(self, leaf: Leaf) -> bool:
        """Whether only the texts tell where it is spelled."""
        if len(leaf.pieces) < 2 or len(leaf.text) < 2 or any(each.prefix for each in leaf.pieces):
            return False
        places = [self._lookup.place(piece.term) for piece in leaf.pieces]
        return min(places) >= 0 and not any(map(self._postings.has_positions, places))

    def _anywhere(self, leaf: Leaf) -> Frequencies:
        if len(leaf.pieces) == 1 and not leaf.pieces[0].prefix:
            place = self._lookup.place(leaf.pieces[0].term)
            return self._postings.frequencies(place) if place >= 0 else NONE
        return self._count(self._starts(leaf))

    def _starts(self, leaf: Leaf) -> Offsets:
        """Where the leaf is spelled, in order."""
        pieces: list[tuple[int, Piece]] = []
        prefixes: list[Piece] = []
        for piece in leaf.pieces:
            if piece.prefix:
                prefixes.append(piece)
                continue
            place = self._lookup.place(piece.term)
            if place < 0:
                return np.empty(0, dtype=np.int64)
            pieces.append((place, piece))
        kept = [each for each in pieces if self._postings.has_positions(each[0])]
        if kept:
            place, piece = min(kept, key=lambda each: self._postings.articles_of(each[0]))
            return self._spelled(self._positions(place), piece, leaf)
        if prefixes:
            places = self._postings.places(prefixes[0].term)
            at = self._offsets(*self._postings.positions_of(places))
            return self._spelled(_distinct(at), prefixes[0], leaf)
        return self._lookup.scan(self._with_all([place for place, _ in pieces]), leaf)

    def _positions(self, place: int) -> Offsets:
        """All offsets where a term may stand."""
        at = self._offsets(*self._postings.positions(place))
        return at if self._longest < 1 << 16 else _distinct(at)

    def _offsets(self, numbers: Numbers, low: Offsets) -> Offsets:
        """All offsets with these lowest 16 bits in the articles with these numbers, in no order;
        in that of the articles where none is longer than 16 bits tell."""
        starts = self._text.starts[numbers]
        at = starts + low
        if self._longest < 1 << 16:
            return at
        ends = self._text.starts[numbers + 1]
        more = [at]
        for lap in range(1, -(-self._longest >> 16)):
            later = at + (lap << 16)
            more.append(later[later < ends])
        return np.concatenate(more)

    def _spelled(self, at: Offsets, piece: Piece, leaf: Leaf) -> Offsets:
        return self._lookup.spelled(at - piece.offset, leaf)

    def _with_all(self, places: list[int]) -> Numbers:
        rarest_first = sorted(set(places), key=self._postings.articles_of)
        lists = (self._postings.numbers(place) for place in rarest_first)
        return reduce(intersect, lists)

    def _count(self, at: Offsets) -> Frequencies:
        """Occurrences to articles; each is worth 1."""
        numbers = np.searchsorted(self._text.starts, at, side="right") - 1
        in_body = at >= self._text.bodies[numbers]
        steps = np.diff(numbers, prepend=-1)
        if steps.min(initial=0) < 0:
            raise self._postings.contradicted("positions that are not in order")
        new = steps > 0
        distinct, place = numbers[new], np.cumsum(new) - 1
        body = np.bincount(place, weights=in_body, minlength=len(distinct))
        title = np.bincount(place, weights=~in_body, minlength=len(distinct))
        return Frequencies(distinct, title.astype(np.float64), body.astype(np.float64))


def _distinct(at: Offsets) -> Offsets:
    """The offsets in order, each once. They are runs in order, which a stable sort joins in a
    fifth of the time that `np.unique` takes for their hashes."""
    ordered = np.sort(at, kind="stable")
    return ordered[np.diff(ordered, prepend=-1) > 0]


def intersect(few: Numbers, many: Numbers) -> Numbers:
    """The articles in both."""
    if not len(many):
        return many
    at = np.searchsorted(many, few)
    at[at == len(many)] = 0
    both: Numbers = few[many[at] == few]
    return both
