"""Characters with their readings as numbers, so that a range of numbers is a reading.

Every distinct pair of a folded character and its syllable has a number from 1, in the order of the
syllables: all that are read `xin`, and all whose reading begins with `x`, are next to each other.
0 stands between entries.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.text.code_table import CODE_POINTS

Units = NDArray[np.unsignedinteger]
Range = tuple[int, int]
"""First number and the first after the last."""


class Read(NamedTuple):
    """How the characters of a text are read: `names[numbers[i]]`, and `names` are sorted, the empty
    one first. Not every name must occur."""

    names: Sequence[str]
    numbers: NDArray[np.int64]

    def among(self, names: Sequence[str]) -> NDArray[np.int64]:
        """The numbers, where the names are these, which have all of them."""
        place = {name: number for number, name in enumerate(names)}
        own = np.array([place[name] for name in self.names], dtype=np.int64)
        return own[self.numbers]


class Numbered(NamedTuple):
    """A text in the numbers of an alphabet of its own."""

    alphabet: Alphabet
    units: Units


class Alphabet:
    """`characters` maps each syllable, sorted, the empty one first, to its characters, sorted."""

    def __init__(self, characters: Mapping[str, str]) -> None:
        self.characters = characters
        """As given."""
        self._syllables = list(characters)
        lengths = [len(each) for each in characters.values()]
        self._starts: list[int] = [1, *(np.cumsum(lengths, dtype=np.int64) + 1).tolist()]
        self._numbers: dict[str, list[Range]] = {}
        for number, character in enumerate("".join(characters.values()), start=1):
            self._numbers.setdefault(character, []).append((number, number + 1))

    @property
    def dtype(self) -> np.dtype[np.unsignedinteger]:
        """The smallest kind of array that holds all numbers."""
        return np.dtype(np.uint16 if self._starts[-1] <= 1 << 16 else np.uint32)

    def read(self) -> Read:
        """How each number is read, from 0 on."""
        ends = self._starts[1:]
        return Read(self._syllables, np.searchsorted(ends, np.arange(ends[-1]), side="right"))

    def renumbering(self, other: Alphabet) -> Units:
        """The number here of each number of another alphabet, which has no pair but of these."""
        found = [0]
        for syllable, own in other.characters.items():
            first = self._starts[bisect_left(self._syllables, syllable)]
            place = {char: first + at for at, char in enumerate(self.characters[syllable])}
            found += map(place.__getitem__, own)
        return np.array(found, dtype=self.dtype)

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


def starts_of(units: Units) -> NDArray[np.int64]:
    """Where entries begin in numbers with a 0 before each and after the last, and the end."""
    return np.flatnonzero(units == 0) + 1


def joined(alphabets: Iterable[Alphabet]) -> Alphabet:
    """The alphabet of all pairs of several."""
    characters: dict[str, set[str]] = {"": set()}
    for alphabet in alphabets:
        for syllable, own in alphabet.characters.items():
            characters.setdefault(syllable, set()).update(own)
    return Alphabet({name: "".join(sorted(characters[name])) for name in sorted(characters)})


def read_as(syllables: Sequence[str]) -> Read:
    """What is read as these syllables, one for each character."""
    names = sorted({"", *syllables})
    place = {name: number for number, name in enumerate(names)}
    numbers = map(place.__getitem__, syllables)
    return Read(names, np.fromiter(numbers, dtype=np.int64, count=len(syllables)))


def numbered(text: str, read: Read, apart: str) -> Numbered:
    """A folded text that is read so, with 0 for every character `apart`."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_there = np.zeros(CODE_POINTS, dtype=np.bool_)
    is_there[codes] = True
    distinct = np.flatnonzero(is_there)
    pairs = read.numbers * len(distinct) + (np.cumsum(is_there) - 1)[codes]
    is_pair = np.zeros(len(read.names) * len(distinct), dtype=np.bool_)
    is_pair[pairs] = True
    between = codes == ord(apart)
    is_pair[pairs[between]] = False
    units = np.cumsum(is_pair)[pairs]
    units[between] = 0
    rows = is_pair.reshape(len(read.names), len(distinct))
    own = (distinct[row].astype(np.uint32).tobytes() for row in rows)
    characters = (each.decode("utf-32-le", "surrogatepass") for each in own)
    pairs_of = zip(read.names, characters, strict=True)
    alphabet = Alphabet({name: each for name, each in pairs_of if each or not name})
    return Numbered(alphabet, units.astype(alphabet.dtype))
