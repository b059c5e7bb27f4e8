"""What is shown of an article beside its title and body, compressed in blocks."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.arrays import load, save_narrow
from jianbao.indexer.engines.embedded.format.damage import damaged
from jianbao.indexer.models import Article
from jianbao.indexer.query.tree import TEXT_FIELDS

_SHOWN = tuple(field.name for field in fields(Article) if field.name not in TEXT_FIELDS)
_values = attrgetter(*_SHOWN)

_LISTS = ("author", "tags", "acl")

LARGEST = 1 << 28
"""Bytes that a block may have once it is unpacked: some bytes of a damaged one stand for a
thousand times as many."""

BLOCK = 8
"""Articles compressed together: reading one takes about 20 microseconds, and 60 with 32."""


class StoredArticlesWriter:
    """Appends articles to a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = (folder / "articles.bin").open("wb")
        self._block: list[dict[str, Any]] = []
        self._count = 0
        self._firsts: list[int] = []
        self._ends: list[int] = []

    def add(self, article: Article) -> None:
        """Append an article, without its title and body."""
        # `asdict` copies every value and takes ten times as long.
        values = zip(_SHOWN, _values(article), strict=True)
        self._append({name: value for name, value in values if value or name == "id"})

    def carry_over(self, articles: StoredArticles, stays: NDArray[np.bool_]) -> None:
        """Append those of earlier articles that `stays` marks; whole blocks as they are."""
        for number, (first, last) in enumerate(articles.blocks()):
            if stays[first:last].all():
                self._flush()
                self._write(articles.raw(number), last - first)
                continue
            for place, values in enumerate(articles.decoded(number)):
                if stays[first + place]:
                    self._append(articles.shown(values))

    def close(self) -> None:
        """Write what is left."""
        self._flush()
        self._file.close()
        for name, numbers in (("firsts", self._firsts), ("ends", self._ends)):
            save_narrow(self._folder / f"article_block_{name}.npy", np.array(numbers, np.int64))

    def abandon(self) -> None:
        """Close the file as it is."""
        self._file.close()

    def _append(self, values: dict[str, Any]) -> None:
        self._block.append(values)
        if len(self._block) == BLOCK:
            self._flush()

    def _flush(self) -> None:
        if self._block:
            raw = zlib.compress(json.dumps(self._block, default=dict).encode())
            self._write(raw, len(self._block))
            self._block = []

    def _write(self, raw: bytes, articles: int) -> None:
        self._file.write(raw)
        self._firsts.append(self._count)
        self._ends.append(self._file.tell())
        self._count += articles


class StoredArticles:
    """Reads what `StoredArticlesWriter` wrote; `count` articles in all."""

    def __init__(self, folder: Path, count: int) -> None:
        self._count = count
        self._path = folder / "articles.bin"
        self._firsts = load(folder / "article_block_firsts.npy")
        self._ends = load(folder / "article_block_ends.npy")
        self._file = np.memmap(self._path, dtype=np.uint8, mode="r")

    def read(self, number: int, title: str, body: str) -> Article:
        """The article with that number, given its title and body."""
        block = int(np.searchsorted(self._firsts, number, side="right")) - 1
        stored = self.shown(self.decoded(block)[number - int(self._firsts[block])])
        for name in _LISTS:
            stored[name] = tuple(stored.get(name, ()))
        return Article(title=title, body=body, **stored)

    def shown(self, stored: dict[str, Any]) -> dict[str, Any]:
        """What was stored of an article, as it is. Raises IndexDamagedError where it is none."""
        if not _is_shown(stored):
            raise damaged(self._path, "has an article that is none")
        return stored

    def blocks(self) -> Iterator[tuple[int, int]]:
        """The first article of each block, and the first after it."""
        return pairwise([*self._firsts.tolist(), self._count])

    def raw(self, block: int) -> bytes:
        """A block as it is stored."""
        start = self._ends[block - 1] if block else 0
        return self._file[start : self._ends[block]].tobytes()

    def decoded(self, block: int) -> list[dict[str, Any]]:
        """What is stored of each article of a block."""
        unpacked = zlib.decompressobj()
        text = unpacked.decompress(self.raw(block), LARGEST)
        if not unpacked.eof:
            raise damaged(self._path, "has a block that is cut off, or longer than any")
        found: list[dict[str, Any]] = json.loads(text)
        end = self._firsts[block + 1] if block + 1 < len(self._firsts) else self._count
        if len(found) != end - self._firsts[block]:
            raise damaged(self._path, "has a block of another number of articles")
        return found


def _is_shown(stored: object) -> bool:
    """Whether this is what is stored of an article."""
    return (
        isinstance(stored, dict)
        and "id" in stored
        and all(_is_value(name, value) for name, value in stored.items())
    )


def _is_value(name: str, value: object) -> bool:
    if name in _LISTS:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if name == "meta":
        return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    return name in _SHOWN and isinstance(value, str)
