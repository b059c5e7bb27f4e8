"""The division of long texts in C, where that was built: ten times as fast as the segmenters.

Both segmenters weigh a way to divide a text alike: by the sum of the logarithms of the relative
frequencies of its parts. They differ in which characters they weigh, and in how they count an entry
that their dictionary has twice. What is computed here is what they give, to the last bit of a sum;
another version of theirs may give something else, so it is then left to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.text.code_table import CODE_POINTS
from jianbao.indexer.text.dictionary import Codes
from jianbao.indexer.text.division import Division
from jianbao.indexer.text.lexicon import Lexicon, read_lexicon
from jianbao.indexer.text.native import is_built
from jianbao.indexer.text.segment import LONGEST_RUN

_LETTERS = "+#&._%-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class _Way(NamedTuple):
    """The Han characters that a segmenter weighs, and whether it sums up repeated entries."""

    han: tuple[tuple[int, int], ...]
    repeats: bool


_WAYS = {
    ("jieba", "0.42.1"): _Way(((0x4E00, 0x9FD5),), True),
    ("rjieba", "0.2.2"): _Way(
        (
            (0x3400, 0x4DBF),
            (0x4E00, 0x9FFF),
            (0xF900, 0xFAFF),
            (0x20000, 0x2A6DF),
            (0x2A700, 0x2EBEF),
            (0x2F800, 0x2FA1F),
        ),
        False,
    ),
}


class NativeDivider:
    """Divides as the segmenter with this way does, with jieba's dictionary alone."""

    def __init__(self, lexicon: Lexicon, way: _Way) -> None:
        from jianbao.indexer.text.native._words import Trie

        found = lexicon.words()
        self._words = list(compress(lexicon.entries, found.tolist()))
        log_total = log(lexicon.total if way.repeats else lexicon.total - lexicon.repeated)
        self._unknown = log(1) - log_total
        self._in_block = _marks(way)
        numbers = np.where(found, np.cumsum(found) - 1, -1).astype(np.int32)
        distinct, place = np.unique(lexicon.frequencies, return_inverse=True)
        # math.log, not NumPy's, which may differ in the last bit from what the segmenters call.
        weights = np.array([log(each) - log_total for each in distinct.tolist()])
        self._trie = Trie(lexicon.codes, lexicon.lengths, numbers, weights[place])

    @property
    def words(self) -> Sequence[str]:
        """The words that are found."""
        return self._words

    def divide(self, text: str, codes: Codes) -> Division:
        """The division of a folded text."""
        boundaries = np.empty(len(codes) + 1, dtype=np.bool_)
        breaks = _breaks(codes)
        room = len(codes)
        while True:
            starts, words = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.uint32)
            aligned = np.empty(room, dtype=np.bool_)
            count = self._trie.divide(
                codes, self._in_block, breaks, self._unknown, boundaries, starts, words, aligned
            )
            if count <= room:
                return Division(boundaries, starts[:count], words[:count], aligned[:count])
            room = count


def open_native_divider(name: str, version: str) -> NativeDivider | None:
    """What divides as the segmenter with that name and version does without user words; None where
    that is not known, or not built."""
    if not is_built():
        return None
    way = _WAYS.get((name, version))
    lexicon = read_lexicon() if way else None
    return NativeDivider(lexicon, way) if lexicon and way else None


def _marks(way: _Way) -> NDArray[np.uint8]:
    marks = np.zeros(CODE_POINTS, dtype=np.uint8)
    marks[[ord(char) for char in _LETTERS]] = 1
    for first, last in way.han:
        marks[first : last + 1] = 1
    return marks


def _breaks(codes: Codes) -> NDArray[np.int64]:
    """Where the segmenter is handed another piece: around and within long runs."""
    edges = np.flatnonzero(np.diff(_is_han(codes), prepend=False, append=False))
    starts, ends = edges[0::2], edges[1::2]
    found: list[int] = []
    for each in np.flatnonzero(ends - starts > LONGEST_RUN).tolist():
        found += [*range(starts[each], ends[each], LONGEST_RUN), int(ends[each])]
    return np.array(found, dtype=np.int64)


def _is_han(codes: Codes) -> NDArray[np.bool_]:
    """Which are matched by `scripts.HAN`."""
    marks: NDArray[np.bool_] = (codes >= 0x3400) & (codes <= 0x9FFF)
    if len(codes) and codes.max() >= 0x20000:
        marks |= (codes >= 0x20000) & (codes <= 0x3FFFF)
    return marks
