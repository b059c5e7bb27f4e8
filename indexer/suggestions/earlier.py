"""How the texts of an earlier generation are read aloud, taken from its suggestions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh_engine.arrays import ranges
from indexer.text.pinyin import Readings

VERSION = 1
"""Raise it whenever a file of the suggestions changes its form."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Entry n begins at `starts[n]` of `units`, and unit u is read as `syllables[u]`."""

    entries: dict[str, int]
    starts: NDArray[np.int64]
    units: NDArray[np.unsignedinteger]
    syllables: NDArray[np.object_]


def open_earlier(folder: Path) -> Earlier | None:
    """The suggestions in a folder; None where they are of another form, or were made with another
    dictionary of pinyin."""
    try:
        about = json.loads((folder / "about.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if about.get("version") != VERSION or about.get("pinyin") != metadata.version("pypinyin"):
        return None
    characters: dict[str, str] = about["characters"]
    syllables = [""]
    for syllable, own in characters.items():
        syllables += [syllable] * len(own)
    return Earlier(
        {text: number for number, text in enumerate(_texts(folder))},
        np.load(folder / "starts.npy").astype(np.int64),
        np.load(folder / "units.npy"),
        np.array(syllables, dtype=np.object_),
    )


def read_again(
    earlier: Earlier | None, texts: Sequence[str], folded: str, readings: Readings
) -> list[str]:
    """What `readings` gives for the folded texts, which stand in a row with a character before
    each and after the last; only those that are not among the earlier ones are read."""
    if earlier is None:
        return readings(folded)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    starts = np.cumsum(lengths + 1) - lengths
    before = np.array([earlier.entries.get(text, -1) for text in texts], dtype=np.int64)
    syllables = np.full(len(folded), "", dtype=np.object_)
    kept = np.flatnonzero(before >= 0)
    units = earlier.units[ranges(earlier.starts[before[kept]], lengths[kept])]
    syllables[ranges(starts[kept], lengths[kept])] = earlier.syllables[units]
    for number in np.flatnonzero(before < 0).tolist():
        start, end = int(starts[number]), int(starts[number] + lengths[number])
        syllables[start:end] = readings(folded[start:end])
    found: list[str] = syllables.tolist()
    return found


def _texts(folder: Path) -> list[str]:
    text = (folder / "texts.bin").read_bytes()
    starts = np.load(folder / "texts_starts.npy").tolist()
    return [text[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(starts)]
