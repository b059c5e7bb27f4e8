"""Long texts to the dictionary words in them, and to the parts that a segmenter makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.text.dictionary import Codes, Dictionary
from jianbao.indexer.text.segment import Segmenter


class Division(NamedTuple):
    """`boundaries[i]` tells whether a part begins at offset i, or the text ends there. Word number
    `words[i]` stands at `starts[i]`, and is made of whole parts or lies in one where `aligned[i]`.
    The occurrences of one word are in the order of their starts."""

    boundaries: NDArray[np.bool_]
    starts: NDArray[np.int64]
    words: NDArray[np.uint32]
    aligned: NDArray[np.bool_]


class Divider(Protocol):
    """Divides folded texts. All dividers of one segmenter and dictionary give the same."""

    @property
    def words(self) -> Sequence[str]:
        """The words that are found, sorted: a word's number is its place."""
        ...

    def divide(self, text: str, codes: Codes) -> Division:
        """The division of a folded text, given as a string and as code points."""
        ...


class SegmenterDivider:
    """Asks the segmenter, and finds the words with array operations."""

    def __init__(self, segmenter: Segmenter, words: Sequence[str]) -> None:
        self._segmenter = segmenter
        self._dictionary = Dictionary(words)

    @property
    def words(self) -> Sequence[str]:
        """The words that are found."""
        return self._dictionary.words

    def divide(self, text: str, codes: Codes) -> Division:
        """The division of a folded text."""
        boundaries = np.zeros(len(codes) + 1, dtype=np.bool_)
        boundaries[self._segmenter.ends(text)] = True
        boundaries[0] = True
        found = self._dictionary.find(codes)
        aligned = _aligned(boundaries, found.starts, found.starts + found.lengths)
        return Division(boundaries, found.starts, found.words.astype(np.uint32), aligned)


def _aligned(
    boundaries: NDArray[np.bool_], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """A word is aligned when it is made of whole words, or lies within one."""
    before = np.cumsum(boundaries)
    within = before[ends - 1] == before[starts]
    aligned: NDArray[np.bool_] = (boundaries[starts] & boundaries[ends]) | within
    return aligned
