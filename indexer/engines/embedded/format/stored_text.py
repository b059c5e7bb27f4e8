"""The texts of all articles as arrays: shown as they are, matched in their folded form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.arrays import Array, load
from jianbao.indexer.engines.embedded.format.code_units import (
    ESCAPED,
    ESCAPES,
    UNITS,
    to_codes,
    to_units,
)
from jianbao.indexer.query.tree import Leaf
from jianbao.indexer.text.scripts import RUN

BLOCK = 1 << 22
"""Units copied at a time."""

_FIRST_ESCAPE = np.uint16(ESCAPES)

Offsets = NDArray[np.int64]
"""Offsets into the texts of all articles in a row."""


class StoredText:
    """Reads what `text_writer.write_text` wrote. Article numbers count from 0."""

    def __init__(self, folder: Path) -> None:
        self.text = load(folder / "text.npy")
        self.rare = load(folder / "rare_characters.npy")
        self.folding = load(folder / "folding.npy")
        self.in_run = load(folder / "in_run.npy")
        starts = load(folder / "text_starts.npy").astype(np.int64)
        self.starts: Offsets = np.append(starts[0:-1:2], starts[-1])
        """Where each article begins, and the end of the last."""
        self.bodies: Offsets = np.array(starts[1:-1:2])
        """Where each article's body begins."""

    @property
    def articles(self) -> int:
        """How many articles there are."""
        return len(self.bodies)

    def lengths(self, field: str) -> NDArray[np.int64]:
        """The characters of each article's title or body."""
        if field == "title":
            return self.bodies - self.starts[:-1] - 1
        return self.starts[1:] - self.bodies - 1

    def title(self, number: int) -> str:
        """The title of an article."""
        return self._string(self.starts[number], self.bodies[number] - 1)

    def title_and_body(self, number: int) -> tuple[str, str]:
        """Both texts of an article."""
        start, body = int(self.starts[number]), int(self.bodies[number])
        text = self._string(start, int(self.starts[number + 1]))
        return text[: body - start - 1], text[body - start : -1]

    def codes(self, numbers: NDArray[np.int64]) -> NDArray[np.uint32]:
        """The texts of some articles in a row, a newline after each, as code points."""
        return self._codes(np.concatenate([self.text[:0], *self.pieces(numbers)]))

    def pieces(self, numbers: NDArray[np.int64]) -> Iterator[Array]:
        """The texts of some articles, a newline after each, as units; the texts of articles that
        follow one another are one piece."""
        starts, ends = self.starts[numbers], self.starts[numbers + 1]
        adjoining = np.flatnonzero(starts[1:] == ends[:-1])
        starts, ends = np.delete(starts, adjoining + 1), np.delete(ends, adjoining)
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            yield self.text[start:end]

    def fold(self, codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The folded forms of characters of the texts."""
        units = to_units(codes, self.rare) if len(self.folding) == UNITS else codes
        return self._codes(self.folding[units])

    def folded(self, numbers: NDArray[np.int64]) -> Array:
        """The folded texts of some articles in a row, as units."""
        return self._folded(self.starts[numbers], self.starts[numbers + 1])

    def folded_titles(self, numbers: NDArray[np.int64]) -> Array:
        """The folded titles of some articles in a row, a newline after each, as units."""
        return self._folded(self.starts[numbers], self.bodies[numbers])

    def units(self, text: str) -> list[int] | None:
        """A folded text as units; None if it has a character that no article has."""
        if max(text) < "\ud800":
            return list(map(ord, text))
        found = []
        for char in text:
            unit = ord(char)
            if len(self.folding) == UNITS and (unit >= UNITS or ESCAPES <= unit < 0xE000):
                place = int(np.searchsorted(self.rare, unit))
                if place == len(self.rare) or self.rare[place] != unit:
                    return None
                unit = place + ESCAPES
            found.append(unit)
        return found

    def spelled(self, at: Offsets, leaf: Leaf) -> Offsets:
        """Those of the sorted offsets `at` where the leaf is spelled."""
        units = self.units(leaf.text)
        if units is None or "\n" in leaf.text:
            return at[:0]
        at = at[(at >= 0) & (at + len(units) < len(self.text))]
        for place, unit in enumerate(units):
            at = at[self.folding[self.text[at + place]] == unit]
        for start, end in run_edges(leaf):
            if start is not None:
                at = at[~self.in_run[self.text[at + start - 1]]]
            if end is not None:
                at = at[~self.in_run[self.text[at + end]]]
        return at

    def occurrences(self, folded: Array, leaf: Leaf) -> Offsets:
        """Where the leaf is spelled in texts that `folded` returned."""
        units = self.units(leaf.text)
        if units is None or "\n" in leaf.text:
            return np.empty(0, dtype=np.int64)
        at = np.flatnonzero(folded[: len(folded) - len(units)] == units[0])
        for place, unit in enumerate(units[1:], start=1):
            at = at[folded[at + place] == unit]
        for start, end in run_edges(leaf):
            if start is not None:
                at = at[~self.in_run[folded[at + start - 1]]]
            if end is not None:
                at = at[~self.in_run[folded[at + end]]]
        return at

    def _folded(self, starts: Offsets, ends: Offsets) -> Array:
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        pieces = [self.text[start:end] for start, end in spans]
        folded: Array = self.folding[np.concatenate(pieces)]
        return folded

    def _string(self, start: int, end: int) -> str:
        units = self.text[start:end]
        if units.dtype == np.uint16 and not (units - _FIRST_ESCAPE < ESCAPED).any():
            return units.tobytes().decode("utf-16-le")
        return self._codes(units).tobytes().decode("utf-32-le", "surrogatepass")

    def _codes(self, units: Array) -> NDArray[np.uint32]:
        return to_codes(units, self.rare)


def run_edges(leaf: Leaf) -> list[tuple[int | None, int | None]]:
    """Where, after its start, a run of letters and digits must begin, and where it must end."""
    edges: list[tuple[int | None, int | None]] = []
    for piece in leaf.pieces:
        if is_run_term(piece.term):
            end = None if piece.prefix else piece.offset + len(piece.term)
            edges.append((piece.offset, end))
    return edges


def is_run_term(term: str) -> bool:
    """Whether this is the term of a whole run, not of one of its characters."""
    return RUN.match(term) is not None
