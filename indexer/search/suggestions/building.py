"""Writes the suggestions of a generation into its folder: arrays that are mapped, not loaded."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import numpy as np

from jianbao.indexer.engines.embedded.format.arrays import ArrayWriter, save
from jianbao.indexer.engines.embedded.format.vocabulary import Entries
from jianbao.indexer.search.suggestions.alphabet import Numbered, joined, numbered
from jianbao.indexer.search.suggestions.earlier import FOLDER, VERSION, open_earlier, read_again
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.pinyin import Readings, open_readings

APART = "\n"

FREQUENT = 30_000
"""Words at most; the last of so many stands in 20 of 51,247 news articles."""


def write_suggestions(
    generation: Path, readings: Readings | None = None, *, earlier: Path | None = None
) -> None:
    """Write the suggestions of a filled generation beside its index, before it is published.

    What an `earlier` generation suggests is not read aloud again. Without `readings` they are
    opened where they are needed, which takes half a second.
    """
    entries = Entries(generation)
    found = entries.vocabulary(FREQUENT)
    known = open_earlier(earlier) if earlier else None
    opened = readings or _Opened()
    parts = []
    for texts in entries.texts(found):
        lines = [text.replace(APART, " ") for text in texts]
        folded = fold("".join(line + APART for line in lines))
        parts.append(numbered(folded, read_again(known, lines, folded, opened), APART))
    folder = generation / FOLDER
    folder.mkdir()
    save(folder / "words.npy", found.words.astype(np.uint32))
    save(folder / "titles.npy", found.titles.astype(np.uint32))
    _write_units(folder, parts)


def _write_units(folder: Path, parts: list[Numbered]) -> None:
    alphabet = joined([part.alphabet for part in parts])
    with ArrayWriter(folder / "units.npy", alphabet.dtype) as file:
        file.append(np.zeros(1, dtype=alphabet.dtype))
        for part in parts:
            file.append(alphabet.renumbering(part.alphabet)[part.units])
    about = {
        "version": VERSION,
        "characters": alphabet.characters,
        "pinyin": metadata.version("pypinyin"),
    }
    (folder / "about.json").write_text(json.dumps(about), "utf-8")


class _Opened:
    """Readings that are opened when they are first asked for."""

    def __init__(self) -> None:
        self._readings: Readings | None = None

    def __call__(self, text: str) -> list[str]:
        self._readings = self._readings or open_readings()
        return self._readings(text)
