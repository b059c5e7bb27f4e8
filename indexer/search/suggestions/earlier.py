"""How the texts of an earlier generation are read aloud, taken from its suggestions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.arrays import load, ranges
from jianbao.indexer.engines.embedded.format.vocabulary import Entries, Vocabulary
from jianbao.indexer.search.suggestions.alphabet import Alphabet, Read, Units, read_as, starts_of
from jianbao.indexer.text.pinyin import Readings

FOLDER = "suggestions"
VERSION = 2
"""Raise it whenever a file of the suggestions changes its form."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Entry `entries[i]` has a text with the hash `hashes[i]`, which are sorted. Entry n begins at
    `starts[n]` of `units`, and `read` tells how each unit is read."""

    hashes: NDArray[np.int64]
    entries: NDArray[np.int64]
    starts: NDArray[np.int64]
    units: Units
    read: Read

    def having(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """The entry with each of the texts, -1 for none."""
        wanted = _hashes(texts)
        at = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        found: NDArray[np.int64] = self.entries[at]
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        same = self.hashes[at] == wanted
        same &= self.starts[found + 1] - self.starts[found] - 1 == lengths
        return np.where(same, found, -1)


def open_earlier(generation: Path) -> Earlier | None:
    """The suggestions of a generation; None where there are none, they are of another form, or
    were made with another dictionary of pinyin."""
    folder = generation / FOLDER
    try:
        about = json.loads((folder / "about.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if about.get("version") != VERSION or about.get("pinyin") != metadata.version("pypinyin"):
        return None
    vocabulary = Vocabulary(load(folder / "words.npy"), load(folder / "titles.npy"))
    if not len(vocabulary.words) + len(vocabulary.titles):
        return None
    units = load(folder / "units.npy")
    texts = Entries(generation).texts(vocabulary)
    hashes = np.concatenate([_hashes(some) for some in texts])
    order = np.argsort(hashes, kind="stable")
    read = Alphabet(about["characters"]).read()
    return Earlier(hashes[order], order, starts_of(units), units, read)


def read_again(
    earlier: Earlier | None, texts: Sequence[str], folded: str, readings: Readings
) -> Read:
    """How `readings` reads the folded texts, which stand in a row with a character after each;
    only those that are not among the earlier ones are read."""
    if earlier is None:
        return read_as(readings(folded))
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    starts = np.cumsum(lengths + 1) - lengths - 1
    before = earlier.having(texts)
    kept, others = np.flatnonzero(before >= 0), np.flatnonzero(before < 0)
    ends = starts + lengths
    pieces = (folded[starts[number] : ends[number]] for number in others.tolist())
    new = read_as(list(chain.from_iterable(map(readings, pieces))))
    names = sorted({*earlier.read.names, *new.names})
    found = np.zeros(len(folded), dtype=np.int64)
    units = earlier.units[ranges(earlier.starts[before[kept]], lengths[kept])]
    found[ranges(starts[kept], lengths[kept])] = earlier.read.among(names)[units]
    found[ranges(starts[others], lengths[others])] = new.among(names)
    return Read(names, found)


def _hashes(texts: Sequence[str]) -> NDArray[np.int64]:
    """With a million entries two have the same once in 40 million runs, and are then seldom of
    one length."""
    return np.fromiter(map(hash, texts), dtype=np.int64, count=len(texts))
