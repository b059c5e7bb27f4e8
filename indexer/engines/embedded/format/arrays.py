"""Arrays on disk: one `.npy` file each, written in pieces, read through a memory map."""

from __future__ import annotations

from io import SEEK_END, FileIO
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from jianbao.indexer.engines.embedded.format.damage import damaged

Array = NDArray[Any]

HEADER = 128
"""Bytes of a file before its items, whatever they are."""

_KINDS = {
    np.dtype(name).str: np.dtype(name)
    for name in ("bool", "uint8", "uint16", "uint32", "uint64", "int64")
}
"""The kinds of items there are, by how a header spells them."""

_DESCRIBED = b"{'descr': '"
_KIND_AT = 10 + len(_DESCRIBED)
"""Where a header spells the kind, in three bytes."""


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
        self._file.write(header(self._dtype, self._count))


def header(dtype: np.dtype[Any], count: int) -> bytes:
    """The beginning of the file of an array, as NumPy writes it: version 1.0, one dimension. It has
    the same length for any count."""
    said = f"'{dtype.str}', 'fortran_order': False, 'shape': ({count},), }}".encode()
    said = (_DESCRIBED + said[1:]).ljust(HEADER - 11) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(said).to_bytes(2, "little") + said


def offsets(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of a row of pieces begins, and the end of the last."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)])


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers `start … start + length - 1` of each pair, in a row."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))


def save(path: Path, array: Array) -> None:
    """Write a whole array."""
    with ArrayWriter(path, array.dtype) as file:
        file.append(array)


def smallest(largest: int) -> np.dtype[Any]:
    """The smallest unsigned kind that holds a number."""
    return np.min_scalar_type(int(largest))


def save_narrow(path: Path, numbers: Array) -> None:
    """Write a whole array of numbers, none negative, as the smallest kind that holds them."""
    save(path, numbers.astype(smallest(numbers.max(initial=0))))


def load(path: Path) -> Array:
    """A read-only array over the file; only the pages that are looked at are read. Raises
    IndexDamagedError where the file is not what `ArrayWriter` wrote."""
    with _opened(path) as file:
        dtype, count = _kind(path, file)
        # `np.memmap` takes six times as long.
        mapped = mmap(file.fileno(), HEADER + count * dtype.itemsize, access=ACCESS_READ)
    return np.frombuffer(mapped, dtype, count, HEADER)


class ArrayParts:
    """An array that is read into memory in parts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._dtype, self._count = stored_kind(path)

    def __len__(self) -> int:
        return self._count

    def read(self, start: int, end: int) -> Array:
        """The items from `start` to `end`."""
        offset = HEADER + start * self._dtype.itemsize
        return np.fromfile(self._path, self._dtype, end - start, offset=offset)


def stored_kind(path: Path) -> tuple[np.dtype[Any], int]:
    """The kind of the items in a file, and how many there are.

    The header must be, byte for byte, what is written for so many, and the file must end with the
    last of them: whoever reads a map beyond the end of its file is killed. Raises
    IndexDamagedError.
    """
    with _opened(path) as file:
        return _kind(path, file)


def _opened(path: Path) -> FileIO:
    try:
        return FileIO(path)
    except FileNotFoundError as error:
        raise damaged(path, "is missing") from error


def _kind(path: Path, file: FileIO) -> tuple[np.dtype[Any], int]:
    found, size = file.read(HEADER), file.seek(0, SEEK_END)
    dtype = _KINDS.get(found[_KIND_AT : _KIND_AT + 3].decode("latin-1"))
    count = (size - HEADER) // dtype.itemsize if dtype else -1
    if dtype is None or found != header(dtype, count) or size != HEADER + count * dtype.itemsize:
        raise damaged(path, "is no array of ours, or has another length than it says")
    return dtype, count
