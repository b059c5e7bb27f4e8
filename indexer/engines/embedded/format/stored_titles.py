"""The titles of all articles, without the texts around them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.arrays import Array, ArrayParts, load, offsets, ranges
from jianbao.indexer.engines.embedded.format.code_units import to_codes
from jianbao.indexer.engines.embedded.format.postings_lists import Numbers

BLOCK = 1 << 22
"""Units read at a time."""


class StoredTitles:
    """Reads what `text_writer.write_text` wrote, and no more of it than is asked for. Article
    numbers count from 0."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "text.npy"
        self._text = load(self._path)
        self._rare = load(folder / "rare_characters.npy")
        self._starts = load(folder / "text_starts.npy")

    def __len__(self) -> int:
        return len(self._starts) // 2

    def __getitem__(self, number: int) -> str:
        start, body = self._starts[2 * number : 2 * number + 2].tolist()
        return _string(to_codes(self._text[start : body - 1], self._rare))

    def copied(self) -> CopiedTitles:
        """All of them, in memory."""
        starts = self._starts[0::2].astype(np.int64)
        lengths = self._starts[1::2].astype(np.int64) - starts[:-1] - 1
        pieces, parts = [self._text[:0]], ArrayParts(self._path)
        for first, last in _blocks(starts):
            # Of a map every page would count as memory in use: titles lie in all of them.
            block = parts.read(int(starts[first]), int(starts[last]))
            pieces.append(block[ranges(starts[first:last] - starts[first], lengths[first:last])])
        return CopiedTitles(np.concatenate(pieces), offsets(lengths), self._rare)


class CopiedTitles:
    """The units of all titles in a row, and where each starts."""

    def __init__(self, units: Array, starts: Numbers, rare: NDArray[np.uint32]) -> None:
        self._units = units
        self._starts = starts
        self._rare = rare

    def some(self, numbers: Numbers) -> list[str]:
        """The titles of these articles; one at a time takes ten times as long."""
        starts = self._starts[numbers]
        lengths = self._starts[numbers + 1] - starts
        joined = _string(to_codes(self._units[ranges(starts, lengths)], self._rare))
        ends = np.cumsum(lengths).tolist()
        return [
            joined[end - length : end] for end, length in zip(ends, lengths.tolist(), strict=True)
        ]


def _blocks(starts: Numbers) -> Iterator[tuple[int, int]]:
    """First and last number of articles whose texts have about `BLOCK` units together."""
    edges = np.searchsorted(starts, np.arange(BLOCK, starts[-1] + BLOCK, BLOCK))
    first = 0
    for last in np.unique(np.minimum(edges, len(starts) - 1)).tolist():
        if first < last:
            yield first, last
            first = last


def _string(codes: NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
