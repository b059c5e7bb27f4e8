"""Writes the suggestions of a generation into its folder: arrays that are mapped, not loaded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import metadata
from itertools import accumulate
from pathlib import Path

import numpy as np

from indexer.engines.whoosh_engine.vocabulary import read_vocabulary
from indexer.suggestions.alphabet import numbered
from indexer.suggestions.earlier import VERSION, open_earlier, read_again
from indexer.text.normalize import fold
from indexer.text.pinyin import Readings, open_readings

FOLDER = "suggestions"
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
    found = read_vocabulary(generation, FREQUENT)
    texts = [*found.words, *(title for _, title in found.titles)]
    # Folding keeps the length, so a newline within a title would only end its match early. The
    # first unit is 0, since a file without any cannot be mapped.
    folded = fold(APART + "".join(text + APART for text in texts))
    known = open_earlier(earlier / FOLDER) if earlier else None
    syllables = read_again(known, texts, folded, readings or _Opened())
    alphabet, units = numbered(folded, syllables, APART)
    folder = generation / FOLDER
    folder.mkdir()
    np.save(folder / "units.npy", units, allow_pickle=False)
    starts = list(accumulate((len(text) + 1 for text in texts), initial=1))
    np.save(folder / "starts.npy", np.array(starts, dtype=np.uint32), allow_pickle=False)
    write_strings(folder, "texts", texts)
    write_strings(folder, "ids", [id_ for id_, _ in found.titles])
    about = {
        "version": VERSION,
        "words": len(found.words),
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


def write_strings(folder: Path, name: str, strings: Sequence[str]) -> None:
    """Write strings as their UTF-8 in a row, and where each begins, ended by the end."""
    encoded = [string.encode("utf-8", "surrogatepass") for string in strings]
    (folder / f"{name}.bin").write_bytes(b"".join(encoded))
    starts = np.array([0, *accumulate(map(len, encoded))], dtype=np.int64)
    np.save(folder / f"{name}_starts.npy", starts, allow_pickle=False)
