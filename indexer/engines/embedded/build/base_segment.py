"""An index that a new one is made from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.base import Base
from jianbao.indexer.engines.embedded.format.arrays import load
from jianbao.indexer.engines.embedded.format.damage import reads
from jianbao.indexer.engines.embedded.format.doc_values import Columns
from jianbao.indexer.engines.embedded.format.layout import verify
from jianbao.indexer.engines.embedded.format.postings import Postings
from jianbao.indexer.engines.embedded.format.stored_fields import StoredArticles
from jianbao.indexer.engines.embedded.format.stored_text import StoredText
from jianbao.indexer.models import Article
from jianbao.indexer.text.dictionary import Dictionary

BLOCK = 1 << 21
"""Characters searched at a time."""

Mask = NDArray[np.bool_]


class Earlier(Base):
    """Reads the folder that `WhooshWriter` filled, by article numbers. Opening it, and every
    method, raises IndexDamagedError where files contradict what they must be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open()

    @reads
    def _open(self) -> None:
        folder = self.folder
        verify(folder)
        self.columns = Columns(folder)
        self.text = StoredText(folder)
        self.articles = StoredArticles(folder, self.columns.count)
        self.ordinals = load(folder / "ordinals.npy")
        """Which of two articles of one source comes first in it."""

    @reads
    def postings(self) -> Postings:
        """The postings of all articles."""
        return Postings(self.folder, self.columns.count, accidental=0.0)

    @reads
    def article(self, number: int) -> Article:
        """The article with that number."""
        return self.articles.read(number, *self.text.title_and_body(number))

    @reads
    def owner(self, id_: str) -> str | None:
        """The source of the article with that id, if there is one."""
        number = self.columns.number(id_)
        return None if number is None else self.articles.read(number, "", "").path

    @reads
    def marked(self, ids: Collection[str]) -> Mask:
        """A mark for each article with one of the ids."""
        mask = np.zeros(self.columns.count, dtype=np.bool_)
        for id_ in ids:
            if (number := self.columns.number(id_)) is not None:
                mask[number] = True
        return mask

    @reads
    def spelling(self, words: Collection[str]) -> list[str]:
        """The ids of the articles that spell one of the folded words."""
        single = np.array([ord(word) for word in words if len(word) == 1], dtype=np.uint32)
        dictionary = Dictionary(sorted(word for word in words if len(word) > 1))
        found: list[int] = []
        for numbers in self._parts():
            codes = self.text.fold(self.text.codes(numbers))
            starts = [np.flatnonzero(np.isin(codes, single))] if len(single) else []
            starts += [dictionary.find(codes).starts] if dictionary.words else []
            ends = np.cumsum(np.diff(self.text.starts)[numbers])
            for at in starts:
                places = np.unique(np.searchsorted(ends, at, side="right"))
                found += numbers[places].tolist()
        return [self.columns.ids[number] for number in sorted(set(found))]

    def _parts(self) -> Sequence[NDArray[np.int64]]:
        """All articles in parts of about `BLOCK` characters."""
        numbers = np.arange(self.columns.count)
        laps = self.text.starts[1:] // BLOCK
        return np.split(numbers, np.flatnonzero(np.diff(laps)) + 1)
