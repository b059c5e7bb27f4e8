"""The dictionary that comes with jieba, read from its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.text.fold import fold_codes

_FIRST, _LAST = 0x4E00, 0x9FD5
"""What `segment.dictionary_words` takes for a word has two or more of these characters, and no
others."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`entries` are sorted and distinct, `frequencies` theirs; `codes` are their characters in a
    row, `lengths` how many each has. `total` is the sum of all frequencies in the file, which has
    `repeated` of it in entries that are there twice."""

    entries: Sequence[str]
    frequencies: NDArray[np.int64]
    codes: NDArray[np.uint32]
    lengths: NDArray[np.uint32]
    total: int
    repeated: int

    def words(self) -> NDArray[np.bool_]:
        """Which entries are found in folded texts: those that `segment.dictionary_words` gives
        without user words."""
        codes = self.codes
        may_be = (codes >= _FIRST) & (codes <= _LAST) & (fold_codes(codes) == codes)
        starts = np.cumsum(self.lengths, dtype=np.int64) - self.lengths
        found: NDArray[np.bool_] = np.logical_and.reduceat(may_be, starts) & (self.lengths > 1)
        return found


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
        names = fields[0::3]
        numbers = np.fromiter(map(int, fields[1::3]), np.int64)
    except (OSError, ValueError, OverflowError):
        return None
    if not names or len(fields) != 3 * text.count("\n") or numbers.min() < 1:
        return None
    return _lexicon(names, numbers)


def _lexicon(names: Sequence[str], numbers: NDArray[np.int64]) -> Lexicon:
    """Of an entry that is there twice the later number holds."""
    order = sorted(range(len(names)), key=names.__getitem__)
    entries = [names[place] for place in order]
    is_last = np.fromiter(map(str.__ne__, entries, [*entries[1:], ""]), np.bool_, len(entries))
    for place in reversed(np.flatnonzero(~is_last).tolist()):
        del entries[place]
    frequencies = numbers[np.array(order)[is_last]]
    total = int(numbers.sum())
    return Lexicon(
        entries,
        frequencies,
        np.frombuffer("".join(entries).encode("utf-32-le"), dtype=np.uint32),
        np.fromiter(map(len, entries), np.uint32, len(entries)),
        total,
        total - int(frequencies.sum()),
    )
