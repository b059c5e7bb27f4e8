"""The dictionary of terms: sorted, so that a term or a beginning is found by bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.arrays import Array, load, save, save_narrow


def write_strings(folder: Path, name: str, strings: Sequence[str]) -> None:
    """Write strings as `NAME_text.npy`, their UTF-8 in a row, and `NAME_ends.npy`."""
    save_narrow(folder / f"{name}_ends.npy", np.cumsum(_write_text(folder, name, strings)))


def write_terms(folder: Path, name: str, terms: Sequence[str]) -> None:
    """Write sorted strings as `NAME_text.npy` and `NAME_lengths.npy`, the bytes of each."""
    save_narrow(folder / f"{name}_lengths.npy", _write_text(folder, name, terms))


def _write_text(folder: Path, name: str, strings: Sequence[str]) -> NDArray[np.int64]:
    encoded = [string.encode("utf-8", "surrogatepass") for string in strings]
    save(folder / f"{name}_text.npy", np.frombuffer(b"".join(encoded), dtype=np.uint8))
    return np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))


class Strings(Sequence[str]):
    """The strings that `write_strings` wrote, read one at a time."""

    def __init__(self, folder: Path, name: str) -> None:
        self.text = load(folder / f"{name}_text.npy")
        self.ends = self._read_ends(folder, name)
        # Items of a memory view are read in a third of the time.
        self._text = self.text.data
        self._ends = self.ends.data

    def _read_ends(self, folder: Path, name: str) -> Array:
        return load(folder / f"{name}_ends.npy")

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

    def joined(self) -> str:
        """All strings, a newline after each; it takes a fifth of the time of `all`."""
        rows = np.insert(self.text, self.ends, ord("\n"))
        return str(rows.data, "utf-8", "surrogatepass")

    def encoded(self, number: int) -> bytes:
        """The string as UTF-8."""
        start = self._ends[number - 1] if number else 0
        return bytes(self._text[start : self._ends[number]])


class Terms(Strings):
    """The distinct strings that `write_terms` wrote, sorted by their UTF-8; `ends` are int64."""

    def _read_ends(self, folder: Path, name: str) -> Array:
        return np.cumsum(load(folder / f"{name}_lengths.npy"), dtype=np.int64)

    def find(self, term: str) -> int:
        """The number of a term, -1 if it is not there."""
        wanted = term.encode("utf-8", "surrogatepass")
        number = self._first(wanted)
        return number if number < len(self) and self.encoded(number) == wanted else -1

    def starting_with(self, beginning: str) -> range:
        """The numbers of the terms with this beginning."""
        wanted = beginning.encode("utf-8", "surrogatepass")
        length = len(wanted)
        numbers = range(len(self))
        first = self._first(wanted)
        end = bisect_right(numbers, wanted, first, key=lambda each: self.encoded(each)[:length])
        return range(first, end)

    def _first(self, wanted: bytes) -> int:
        return bisect_left(range(len(self)), wanted, key=self.encoded)
