"""Corrects queries by the words of one generation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from indexer.spelling.homophones import Homophones
from indexer.spelling.words import LEAST_LETTERS, LONGEST, Codes, Numbers, Words, by_length
from indexer.text.normalize import fold
from indexer.text.scripts import HAN

LOOKED_AT = 12
"""Characters of a run of Han characters that are looked at, so that the work has a bound."""

PER_KIND = 3
"""Words of each kind that are offered for one piece of a query."""

_RUN = re.compile(f"[{HAN}]{{2,}}|[a-z]{{{LEAST_LETTERS},}}")


@dataclass(frozen=True, slots=True)
class Correction:
    """A query in which one piece is replaced by a word that `count` articles spell.

    `likely` tells that both are read alike, or are one but for two characters side by side that
    changed places; otherwise they differ by one character. `length` is that of the longer of both,
    `changed` in how many characters they differ.
    """

    text: str
    likely: bool
    length: int
    changed: int
    count: int

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """Smaller is likelier: then the longer piece, fewer changes, more articles."""
        return not self.likely, -self.length, self.changed, -self.count


class Spelling:
    """The words among sorted terms, each of which is followed by a newline, with the number of
    articles that spell each term.

    It takes 30 ms to make for the 134,000 terms of 51,247 news articles, and as much again when
    something is first corrected, since only then is the dictionary of pinyin opened.
    """

    def __init__(self, terms: str, counts: Numbers) -> None:
        self._words = by_length(terms, counts)

    def corrections(self, query: str) -> list[Correction]:
        """Queries that differ from `query` in one word, the likeliest first."""
        found: dict[str, Correction] = {}
        for correction in sorted(self._candidates(query), key=lambda each: each.rank):
            found.setdefault(correction.text, correction)
        return list(found.values())

    @cached_property
    def _homophones(self) -> Homophones:
        return Homophones(self._words.values())

    def _candidates(self, query: str) -> Iterator[Correction]:
        folded = fold(query)
        for run in _RUN.finditer(folded):
            for start, end in _windows(run.start(), run.end(), is_han=folded[run.start()] > "z"):
                # A field is not a word: 标题 in 标题:经济.
                if folded[end : end + 1] != ":":
                    alone = (start, end) == run.span()
                    for word in self._alike(folded[start:end], alone=alone):
                        yield replace(word, text=query[:start] + word.text + query[end:])

    def _alike(self, piece: str, *, alone: bool) -> Iterator[Correction]:
        codes = np.frombuffer(piece.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        words = self._words.get(len(piece))
        own = words.count(codes) if words else 0
        # Any two characters are one slip from a hundred words.
        guessed = alone or len(piece) > 2
        if words:
            yield from _best(words, self._homophones.like(words, codes), codes, own, likely=True)
        if words and guessed:
            yield from _best(words, words.exchanged(codes), codes, own, likely=True)
            near = words.near(codes)
            near = near[words.changed(near, codes) == 1]
            yield from _best(words, near, codes, own, likely=False)
        for length in (len(piece) + 1, len(piece) - 1):
            other = self._words.get(length)
            if other and guessed and (alone or length > 2):
                numbers = other.one_more_or_less(codes)
                for each in _best(other, numbers, codes, own, likely=False):
                    if not _is_found_anyway(each.text, piece):
                        yield each


def _best(
    words: Words, numbers: Numbers, codes: Codes, own: int, *, likely: bool
) -> Iterator[Correction]:
    """Of these words the few that are likeliest meant by a piece that `own` articles spell."""
    numbers = numbers[words.counts[numbers] > own]
    same = len(codes) == len(words.columns)
    changed = words.changed(numbers, codes) if same else np.ones(len(numbers), dtype=np.int64)
    numbers, changed = numbers[changed > 0], changed[changed > 0]
    length = max(len(codes), len(words.columns))
    for place in np.lexsort((-words.counts[numbers], changed))[:PER_KIND].tolist():
        number = int(numbers[place])
        count, differs = int(words.counts[number]), int(changed[place])
        yield Correction(words.text(number), likely, length, differs, count)


def _is_found_anyway(word: str, piece: str) -> bool:
    """Whether a search for the piece finds the word in it: 图书馆 in 图书馆里, but not in the slip
    图书馆馆, nor a word in letters, since these are not divided."""
    if piece[0] <= "z" or word not in piece:
        return False
    return piece[-1] != piece[-2] if piece.startswith(word) else piece[0] != piece[1]


def _windows(start: int, end: int, *, is_han: bool) -> Iterator[tuple[int, int]]:
    """The pieces of a run that may be one word: letters are, Han characters are not set apart."""
    if not is_han:
        yield start, end
        return
    end = min(end, start + LOOKED_AT)
    for first in range(start, end - 1):
        for last in range(first + 2, min(first + LONGEST, end) + 1):
            yield first, last
