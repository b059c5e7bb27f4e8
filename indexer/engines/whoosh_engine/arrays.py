"""Arrays on disk: one `.npy` file each, written in pieces, read through a memory map."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.lib import format as npy
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]


class ArrayWriter:
    """Writes a one-dimensional array, piece by piece. Until `close` the file is no array."""

    def __init__(self, path: Path, dtype: DTypeLike) -> None:
        self._dtype = np.dtype(dtype)
        self._count = 0
        self._file = path.open("wb")
        self._write_header()

    def append(self, piece: Array) -> None:
        """Write the next items."""
        self._count += len(piece)
        np.ascontiguousarray(piece, dtype=self._dtype).tofile(self._file)

    def close(self) -> None:
        """Complete the file."""
        self._file.seek(0)
        self._write_header()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()

    def _write_header(self) -> None:
        # Its length does not depend on the count: NumPy leaves room for the digits.
        npy.write_array_header_1_0(
            self._file,
            {
                "descr": npy.dtype_to_descr(self._dtype),
                "fortran_order": False,
                "shape": (self._count,),
            },
        )


def offsets(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of a row of pieces begins, and the end of the last."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)])


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers `start … start + length - 1` of each pair, in a row."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))


def save(path: Path, array: Array) -> None:
    """Write a whole array."""
    np.save(path, array, allow_pickle=False)


def smallest(largest: int) -> np.dtype[Any]:
    """The smallest unsigned kind that holds a number."""
    return np.min_scalar_type(int(largest))


def save_narrow(path: Path, numbers: Array) -> None:
    """Write a whole array of numbers, none negative, as the smallest kind that holds them."""
    save(path, numbers.astype(smallest(numbers.max(initial=0))))


def load(path: Path) -> Array:
    """A read-only array over the file; only the pages that are looked at are read."""
    start, count, dtype = _layout(path)
    if not count:  # An empty file part cannot be mapped.
        return np.empty(0, dtype=dtype)
    mapped = np.memmap(path, dtype=dtype, mode="r", offset=start, shape=(count,))
    return mapped.view(np.ndarray)


class ArrayParts:
    """An array that is read into memory in parts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._first, self._count, self._dtype = _layout(path)

    def __len__(self) -> int:
        return self._count

    def read(self, start: int, end: int) -> Array:
        """The items from `start` to `end`."""
        offset = self._first + start * self._dtype.itemsize
        return np.fromfile(self._path, self._dtype, end - start, offset=offset)


def _layout(path: Path) -> tuple[int, int, np.dtype[Any]]:
    """Where the items begin in the file, how many there are, and of what kind."""
    with path.open("rb") as file:
        npy.read_magic(file)
        (count,), _, dtype = npy.read_array_header_1_0(file)
        return file.tell(), count, dtype
