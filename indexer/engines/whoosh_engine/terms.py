"""The dictionary of terms: sorted, so that a term or a beginning is found by bisection."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from indexer.engines.whoosh_engine.arrays import load, save


def write_strings(folder: Path, name: str, strings: Sequence[str]) -> None:
    """Write strings as `NAME_text.npy`, their UTF-8 in a row, and `NAME_ends.npy`."""
    encoded = [string.encode("utf-8", "surrogatepass") for string in strings]
    lengths = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
    save(folder / f"{name}_text.npy", np.frombuffer(b"".join(encoded), dtype=np.uint8))
    save(folder / f"{name}_ends.npy", np.cumsum(lengths))


class Strings(Sequence[str]):
    """The strings that `write_strings` wrote, read one at a time."""

    def __init__(self, folder: Path, name: str) -> None:
        self.text = load(folder / f"{name}_text.npy")
        self.ends = load(folder / f"{name}_ends.npy")
        # Items of a memory view are read in a third of the time.
        self._text = self.text.data
        self._ends = self.ends.data

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> str:  # type: ignore[override]
        start = self._ends[number - 1] if number else 0
        return str(self._text[start : self._ends[number]], "utf-8", "surrogatepass")

    def all(self) -> list[str]:
        """All strings; one at a time takes five times as long."""
        text, ends = self.text.tobytes(), self.ends.tolist()
        starts = [0, *ends[:-1]]
        return [
            text[start:end].decode("utf-8", "surrogatepass")
            for start, end in zip(starts, ends, strict=True)
        ]

    def encoded(self, number: int) -> bytes:
        """The string as UTF-8."""
        start = self._ends[number - 1] if number else 0
        return bytes(self._text[start : self._ends[number]])


class Terms(Strings):
    """Distinct strings, sorted by their UTF-8."""

    def find(self, term: str) -> int:
        """The number of a term, -1 if it is not there."""
        wanted = term.encode("utf-8", "surrogatepass")
        number = self._first(wanted)
        return number if number < len(self) and self.encoded(number) == wanted else -1

    def starting_with(self, beginning: str) -> Iterator[int]:
        """The numbers of the terms with this beginning."""
        wanted = beginning.encode("utf-8", "surrogatepass")
        number = self._first(wanted)
        while number < len(self) and self.encoded(number).startswith(wanted):
            yield number
            number += 1

    def _first(self, wanted: bytes) -> int:
        return bisect_left(range(len(self)), wanted, key=self.encoded)
