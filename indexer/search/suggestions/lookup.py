"""Finds the suggestions for a typed text in what `write_suggestions` wrote."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.arrays import load
from jianbao.indexer.engines.embedded.format.damage import damaged, reads
from jianbao.indexer.engines.embedded.format.vocabulary import Entries, Vocabulary
from jianbao.indexer.models import Suggestion
from jianbao.indexer.search.suggestions.alphabet import Alphabet, Units, starts_of
from jianbao.indexer.search.suggestions.earlier import FOLDER, VERSION
from jianbao.indexer.search.suggestions.typed import Ranges, Spelling, spellings
from jianbao.indexer.text.fold import fold

LONGEST = 64
"""Characters; whoever has typed more needs no suggestions, and a title seldom has more."""

FURTHER_IN = 2
"""Ways to read letters that are looked for within titles: each looks through all of them."""

Places = NDArray[np.int64]
Match = tuple[int, int, int]
"""Number of an entry, and the span in it that is spelled."""


class Suggestions:
    """The suggestions of one generation. Nothing changes, so threads and processes share it.
    Opening and asking raise IndexDamagedError where files contradict each other."""

    def __init__(self, generation: Path) -> None:
        self.folder = generation / FOLDER
        self._open(generation)

    @reads
    def _open(self, generation: Path) -> None:
        folder = self.folder
        about = json.loads((folder / "about.json").read_text("utf-8"))
        if about["version"] != VERSION:
            raise ValueError(f"version {about['version']} is not {VERSION}")
        self._alphabet = Alphabet(about["characters"])
        self._units: Units = load(folder / "units.npy")
        self._starts: Places = starts_of(self._units)
        self._vocabulary = Vocabulary(load(folder / "words.npy"), load(folder / "titles.npy"))
        self._words = len(self._vocabulary.words)
        if len(self._starts) != self._words + len(self._vocabulary.titles) + 1:
            raise damaged(folder, "does not have as many texts as words and titles")
        self._entries = Entries(generation)

    @reads
    def find(self, text: str, size: int) -> tuple[Suggestion, ...]:
        """At most `size` suggestions: frequent words that begin with what is typed, then the newest
        titles that begin with it, then those that have it further in. What is typed literally
        comes before what is spelled in pinyin. Words leave half of the room to titles."""
        if len(text) > LONGEST:
            return ()
        spelled = spellings(text, self._alphabet)
        words = [each for each in self._among_words(spelled, size + 1) if not self._is(each, text)]
        titles = self._among_titles(spelled, size)
        room = max(size - len(titles), (size + 1) // 2)
        found = [self._word(match) for match in words[:room]]
        found += [self._title(match) for match in titles[: size - len(found)]]
        return tuple(found)

    def _is(self, match: Match, text: str) -> bool:
        """Whether a word is what stands in the box already."""
        return self._entries.word(int(self._vocabulary.words[match[0]])) == fold(text).strip()

    def _word(self, match: Match) -> Suggestion:
        number, start, end = match
        word = self._entries.word(int(self._vocabulary.words[number]))
        return Suggestion(word, "word", ((start, end),))

    def _title(self, match: Match) -> Suggestion:
        number, start, end = match
        article = int(self._vocabulary.titles[number - self._words])
        id_, title = self._entries.title(article)
        return Suggestion(title, "title", ((start, end),), id_)

    def _among_words(self, spelled: Iterable[Spelling], count: int) -> list[Match]:
        """Of each rank, first the words that are spelled to their end."""
        starts = self._starts[: self._words]
        lengths = np.diff(self._starts[: self._words + 1]) - 1
        found: dict[int, Match] = {}
        for rank in range(3):
            whole: list[tuple[int, int]] = []
            begun: list[tuple[int, int]] = []
            for spelling in (each for each in spelled if each.rank == rank):
                length = len(spelling.places)
                numbers = np.flatnonzero(self._spell(starts, spelling))
                finished = _in(self._units[starts[numbers] + length - 1], spelling.last)
                finished &= lengths[numbers] == length
                whole += ((number, length) for number in numbers[finished][:count].tolist())
                begun += ((number, length) for number in numbers[~finished][:count].tolist())
            for number, length in (*sorted(whole), *sorted(begun)):
                found.setdefault(number, (number, 0, length))
            if len(found) >= count:
                break
        return list(found.values())[:count]

    def _among_titles(self, spelled: list[Spelling], count: int) -> list[Match]:
        """Of each rank, first those at the start, then, if it tells anything, further in."""
        found: dict[int, Match] = {}
        for rank in range(3):
            own = [each for each in spelled if each.rank == rank]
            further_in = [each for each in own if each.tells][:FURTHER_IN]
            for find, them in ((self._at_start, own), (self._inside, further_in)):
                if len(found) < count:
                    for match in sorted(match for each in them for match in find(each, 2 * count)):
                        found.setdefault(match[0], match)
        return list(found.values())[:count]

    def _at_start(self, spelling: Spelling, count: int) -> Iterator[Match]:
        starts = self._starts[self._words : -1]
        numbers = np.flatnonzero(self._spell(starts, spelling))[:count] + self._words
        return ((number, 0, len(spelling.places)) for number in numbers.tolist())

    def _inside(self, spelling: Spelling, count: int) -> Iterator[Match]:
        first, length = int(self._starts[self._words]), len(spelling.places)
        pivot = min(range(length), key=lambda at: _width(spelling.places[at]))
        at = np.flatnonzero(_in(self._units[first:], spelling.places[pivot])) - pivot + first
        at = at[(at >= first) & (at + length < len(self._units))]
        at = at[self._spell(at, spelling)]
        numbers, places = np.unique(
            np.searchsorted(self._starts, at, side="right") - 1, return_index=True
        )
        offsets = (at[places] - self._starts[numbers])[:count].tolist()
        pairs = zip(numbers[:count].tolist(), offsets, strict=True)
        return ((number, offset, offset + length) for number, offset in pairs)

    def _spell(self, at: Places, spelling: Spelling) -> NDArray[np.bool_]:
        """At which of the places the spelling stands."""
        there = np.arange(len(at))
        limit = len(self._units) - 1
        for place, ranges in enumerate(spelling.places):
            units = self._units[np.minimum(at[there] + place, limit)]
            there = there[_in(units, ranges)]
        mask = np.zeros(len(at), dtype=np.bool_)
        mask[there] = True
        return mask


def open_suggestions(generation: Path) -> Suggestions | None:
    """The suggestions of a generation, None if it was written without. Raises OSError or
    ValueError where they cannot be read."""
    return Suggestions(generation) if (generation / FOLDER).is_dir() else None


def _in(units: Units, ranges: Ranges) -> NDArray[np.bool_]:
    # Unsigned: what lies below the first number becomes larger than all that lie above it.
    masks = [
        units == first if last == first + 1 else units - units.dtype.type(first) < last - first
        for first, last in ranges
    ]
    return reduce(np.logical_or, masks) if masks else np.zeros(len(units), dtype=np.bool_)


def _width(ranges: Ranges) -> int:
    return sum(last - first for first, last in ranges)
