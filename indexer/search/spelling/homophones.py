"""Which characters are read alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from jianbao.indexer.search.spelling.words import Codes, Numbers, Words
from jianbao.indexer.text.pinyin import plain_letters, read_table

READINGS = 3
"""Of a character; the dictionary has the usual ones first."""


class Homophones:
    """The characters of the words of one generation, by their readings without tones."""

    def __init__(self, words: Iterable[Words]) -> None:
        self._table: Mapping[str, str] = read_table("pinyin_dict")
        self._plain = _Plain()
        self._spelled: dict[str, list[int]] = defaultdict(list)
        parts = [np.unique(each.columns) for each in words]
        used = np.unique(np.concatenate(parts)).tolist() if parts else []
        for code in used:
            for syllable in self._syllables(code):
                self._spelled[syllable].append(code)

    def of(self, code: int) -> Codes:
        """The characters that sound like this one, itself among them."""
        own = (
            each for syllable in self._syllables(code) for each in self._spelled.get(syllable, ())
        )
        return np.array([code, *own], dtype=np.uint32)

    def _syllables(self, code: int) -> set[str]:
        given = self._table.get(str(code), "").split(",")[:READINGS]
        return {each.translate(self._plain) for each in given if each}


class _Plain(dict[int, str]):
    """Letters of pinyin as they are typed, filled as they are met: a syllable at a time would be
    normalized a thousand times."""

    def __missing__(self, code: int) -> str:
        self[code] = plain_letters(chr(code))
        return self[code]


def sounding(words: Words, alike: Sequence[Codes]) -> Numbers:
    """The words of which each character is one of those in its place."""
    numbers = words.beginning(alike[0])
    for column, wanted in zip(words.columns[1:], alike[1:], strict=True):
        numbers = numbers[np.isin(column[numbers], wanted)]
    return numbers
