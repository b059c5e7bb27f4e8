"""Characters with their readings as numbers, so that a range of numbers is a reading.

Every distinct pair of a folded character and its syllable has a number from 1, in the order of the
syllables: all that are read `xin`, and all whose reading begins with `x`, are next to each other.
0 stands between entries.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.text.codetable import CODE_POINTS

Units = NDArray[np.unsignedinteger]
Range = tuple[int, int]
"""First number and the first after the last."""


class Alphabet:
    """`characters` maps each syllable, sorted, the empty one first, to its characters, sorted."""

    def __init__(self, characters: Mapping[str, str]) -> None:
        self.characters = characters
        self._syllables = list(characters)
        lengths = [len(each) for each in characters.values()]
        self._starts: list[int] = [1, *(np.cumsum(lengths, dtype=np.int64) + 1).tolist()]
        self._numbers: dict[str, list[Range]] = {}
        for number, character in enumerate("".join(characters.values()), start=1):
            self._numbers.setdefault(character, []).append((number, number + 1))

    def character(self, character: str) -> tuple[Range, ...]:
        """The numbers of a folded character, one for each of its readings."""
        return tuple(self._numbers.get(character, ()))

    def syllable(self, syllable: str) -> Range | None:
        """The numbers of what is read so."""
        place = bisect_left(self._syllables, syllable)
        if not syllable or self._syllables[place : place + 1] != [syllable]:
            return None
        return self._starts[place], self._starts[place + 1]

    def beginning(self, letters: str) -> Range | None:
        """The numbers of all whose reading begins with these letters."""
        first = bisect_left(self._syllables, letters)
        last = bisect_left(self._syllables, letters + "\uffff")
        return (self._starts[first], self._starts[last]) if letters and first < last else None


def numbered(text: str, syllables: Sequence[str], apart: str) -> tuple[Alphabet, Units]:
    """The alphabet of a folded text, given the syllable of each character, and the text in its
    numbers, with 0 for every character `apart`."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    names = sorted({"", *syllables})
    place = {name: number for number, name in enumerate(names)}
    read = np.fromiter(map(place.__getitem__, syllables), dtype=np.int64, count=len(syllables))
    is_there = np.zeros(CODE_POINTS, dtype=np.bool_)
    is_there[codes] = True
    distinct = np.flatnonzero(is_there)
    pairs = read * len(distinct) + (np.cumsum(is_there) - 1)[codes]
    is_pair = np.zeros(len(names) * len(distinct), dtype=np.bool_)
    is_pair[pairs] = True
    between = codes == ord(apart)
    is_pair[pairs[between]] = False
    units = np.cumsum(is_pair)[pairs]
    units[between] = 0
    rows = is_pair.reshape(len(names), len(distinct))
    own = (distinct[row].astype(np.uint32).tobytes() for row in rows)
    characters = (each.decode("utf-32-le", "surrogatepass") for each in own)
    small = np.uint16 if units.max(initial=0) < 1 << 16 else np.uint32
    return Alphabet(dict(zip(names, characters, strict=True))), units.astype(small)
