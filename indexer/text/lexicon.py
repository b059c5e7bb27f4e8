"""The dictionary that comes with jieba, read from its file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from indexer.text.normalize import fold

_WORD = re.compile("[\u4e00-\u9fd5]{2,}")
"""What `segment.dictionary_words` takes for a word."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`entries` are sorted and distinct, `frequencies` theirs. `total` is the sum of all
    frequencies in the file, which has `repeated` of it in entries that are there twice."""

    entries: tuple[str, ...]
    frequencies: tuple[int, ...]
    total: int
    repeated: int

    def words(self) -> list[bool]:
        """Which entries are found in folded texts: those that `segment.dictionary_words` gives
        without user words."""
        folded = fold("\n".join(self.entries)).split("\n")
        is_word = _WORD.fullmatch
        return [
            word == same and is_word(word) is not None
            for word, same in zip(self.entries, folded, strict=True)
        ]


def read_lexicon() -> Lexicon | None:
    """The lexicon; None where the file is of another form. jieba is not imported: that takes a
    third of a second."""
    spec = find_spec("jieba")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        return None
    try:
        text = (Path(folders[0]) / "dict.txt").read_text("utf-8")
        fields = text.split()
        names, numbers = fields[0::3], list(map(int, fields[1::3]))
    except (OSError, ValueError):
        return None
    if len(fields) != 3 * text.count("\n") or min(numbers, default=0) < 1:
        return None
    frequencies = dict(zip(names, numbers, strict=True))
    entries = tuple(sorted(frequencies))
    total = sum(numbers)
    return Lexicon(
        entries,
        tuple(map(frequencies.__getitem__, entries)),
        total,
        total - sum(frequencies.values()),
    )
