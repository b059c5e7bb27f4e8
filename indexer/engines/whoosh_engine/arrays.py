"""Arrays on disk: one `.npy` file each, written in pieces, read through a memory map."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.lib import format as npy
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]


class ArrayWriter:
    """Writes a one-dimensional array of `count` items, piece by piece.

    Leaving the `with` block raises ValueError unless just as many were appended.
    """

    def __init__(self, path: Path, dtype: DTypeLike, count: int) -> None:
        self._dtype = np.dtype(dtype)
        self._left = count
        self._path = path
        self._file = path.open("wb")
        npy.write_array_header_1_0(
            self._file,
            {"descr": npy.dtype_to_descr(self._dtype), "fortran_order": False, "shape": (count,)},
        )

    def append(self, piece: Array) -> None:
        """Write the next items."""
        self._left -= len(piece)
        np.ascontiguousarray(piece, dtype=self._dtype).tofile(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if error is None and self._left:
            raise ValueError(f"{self._path.name}: {self._left} items are missing")


def save(path: Path, array: Array) -> None:
    """Write a whole array."""
    np.save(path, array, allow_pickle=False)


def load(path: Path) -> Array:
    """A read-only array over the file; only the pages that are looked at are read."""
    if path.stat().st_size == npy_header_size(path):
        return np.load(path, allow_pickle=False)  # type: ignore[no-any-return]
    mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    return mapped.view(np.ndarray)  # type: ignore[no-any-return]


def npy_header_size(path: Path) -> int:
    """Where the items begin: an empty array cannot be mapped."""
    with path.open("rb") as file:
        npy.read_magic(file)
        npy.read_array_header_1_0(file)
        return file.tell()
