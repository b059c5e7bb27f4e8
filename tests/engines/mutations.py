"""Ways to damage the files of a segment, each told by a number, so that it can be done again."""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Items = NDArray[Any]

HEADER = 128
"""Bytes of a `.npy` file before its items."""


def files_of(folder: Path) -> list[Path]:
    """Every file that a segment has."""
    return sorted(path for path in folder.iterdir() if path.is_file())


def mutate(path: Path, chance: random.Random) -> str:
    """Damage a file in one of the ways there are; the name of the way."""
    ways = _ARRAY_WAYS if path.suffix == ".npy" else _ANY_WAYS
    way = chance.choice(ways)
    way(path, chance)
    return way.__name__.strip("_")


def renew(source: Path, target: Path) -> None:
    """Make a file what it is in another folder; it must not be changed in place, being mapped."""
    target.unlink(missing_ok=True)
    shutil.copyfile(source, target)


def _bytes_altered(path: Path, chance: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    start = min(HEADER, len(raw) - 1) if path.suffix == ".npy" else 0
    for _ in range(chance.choice([1, 1, 3, 30]) if raw else 0):
        raw[chance.randrange(start, len(raw))] = chance.randrange(256)
    _write(path, bytes(raw))


def _truncated(path: Path, chance: random.Random) -> None:
    raw = path.read_bytes()
    _write(path, raw[: chance.choice([0, 1, len(raw) // 2, chance.randint(0, len(raw))])])


def _continued(path: Path, chance: random.Random) -> None:
    _write(path, path.read_bytes() + chance.randbytes(chance.choice([1, 4, 4096])))


def _missing(path: Path, chance: random.Random) -> None:
    path.unlink()


def _replaced(path: Path, chance: random.Random) -> None:
    others = (b"", b"[]", b"{}", b"null", b'["a", 1]', b'["b", "a"]', b"[" * 5000, b'[["a"]]')
    _write(path, chance.choice(others))


def _header_altered(path: Path, chance: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    at = chance.randrange(min(HEADER, len(raw)))
    raw[at] ^= chance.randrange(1, 256)
    _write(path, bytes(raw))


def _kind_altered(path: Path, chance: random.Random) -> None:
    """The same bytes as items of another kind, the header telling it."""
    raw = path.read_bytes()[HEADER:]
    dtype = np.dtype(chance.choice(["bool", "uint8", "uint16", "uint32", "uint64", "int64"]))
    count = len(raw) // dtype.itemsize
    _save(path, np.frombuffer(raw, dtype, count))


def _converted(path: Path, chance: random.Random) -> None:
    """The same numbers as items of another kind."""
    _save(
        path, np.load(path).astype(chance.choice(["uint8", "uint16", "uint32", "uint64", "int64"]))
    )


def _longer(path: Path, chance: random.Random) -> None:
    items = np.load(path)
    more = np.resize(items if len(items) else np.ones(1, items.dtype), chance.choice([1, 4, 3000]))
    _save(path, np.concatenate([items, more]))


def _shorter(path: Path, chance: random.Random) -> None:
    items = np.load(path)
    _save(path, items[: len(items) - chance.choice([1, 4, len(items) // 2])])


def _values_altered(path: Path, chance: random.Random) -> None:
    """Some items get the numbers that are most likely to be taken for offsets."""

    def change(items: Items) -> None:
        last = (1 << 63) - 1 if items.dtype == np.int64 else (1 << 8 * items.itemsize) - 1
        for _ in range(chance.choice([1, 1, 5, len(items) // 4])):
            value = chance.choice([0, 1, 255, 2199, 2200, 2201, 65535, last, last - 1, last // 2])
            items[chance.randrange(len(items))] = min(value, last)

    _changed(path, change)


def _exchanged(path: Path, chance: random.Random) -> None:
    """Two items change places, near each other or anywhere."""

    def change(items: Items) -> None:
        for _ in range(chance.choice([1, 1, 10])):
            first = chance.choice([2047, 4095, chance.randrange(len(items))]) % len(items)
            second = (first + chance.choice([1, 1, 2, chance.randrange(len(items))])) % len(items)
            items[[first, second]] = items[[second, first]]

    _changed(path, change)


def _reversed(path: Path, chance: random.Random) -> None:
    def change(items: Items) -> None:
        start = chance.randrange(len(items))
        end = min(len(items), start + chance.choice([2, 30, len(items)]))
        items[start:end] = items[start:end][::-1].copy()

    _changed(path, change)


def _repeated(path: Path, chance: random.Random) -> None:
    """A piece is copied over another."""

    def change(items: Items) -> None:
        length = chance.choice([1, 8, 200, len(items) // 2])
        start, target = (chance.randrange(max(1, len(items) - length)) for _ in range(2))
        piece = items[start : start + length].copy()
        items[target : target + len(piece)] = piece[: len(items) - target]

    _changed(path, change)


def _the_same(path: Path, chance: random.Random) -> None:
    """All items are one."""

    def change(items: Items) -> None:
        items[:] = chance.choice(items.tolist())

    _changed(path, change)


def _changed(path: Path, change: Callable[[Items], None]) -> None:
    items = np.array(np.load(path))
    if len(items):
        if items.dtype == np.bool_:
            items = items.view(np.uint8)
            change(items)
            raw = items.tobytes()
            _write(path, path.read_bytes()[:HEADER] + raw)
            return
        change(items)
    _save(path, items)


def _save(path: Path, items: Items) -> None:
    file = io.BytesIO()
    np.save(file, items, allow_pickle=False)
    _write(path, file.getvalue())


def _write(path: Path, raw: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(raw)


_Way = Callable[[Path, random.Random], None]
_ANY_WAYS: Sequence[_Way] = (_bytes_altered, _bytes_altered, _truncated, _missing, _replaced)
_ARRAY_WAYS: Sequence[_Way] = (
    *(_bytes_altered, _truncated, _continued, _missing, _header_altered, _kind_altered),
    *(_converted, _longer, _shorter, _values_altered, _values_altered, _exchanged, _exchanged),
    *(_reversed, _repeated, _the_same),
)
