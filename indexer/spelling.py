"""Which words a reader may have meant: same sound or one character apart, and in the index."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.text.normalize import fold
from indexer.text.pinyin import plain_letters, read_table
from indexer.text.scripts import HAN

LONGEST = 8
"""Han characters of a word; each more is more pieces of a run to look at."""

LEAST_LETTERS = 4
"""Of a word in letters: shorter ones are all one letter apart from each other."""

LOOKED_AT = 12
"""Characters of a run of Han characters that are looked at, so that the work has a bound."""

READINGS = 3
"""Of a character; the dictionary has the usual ones first."""

PER_WINDOW = 3
"""Words of each kind that are offered for one piece of a query."""

_RUN = re.compile(f"[{HAN}]{{2,}}|[a-z]{{{LEAST_LETTERS},}}")
_WORD = re.compile(f"[{HAN}]{{2,{LONGEST}}}|[a-z]{{{LEAST_LETTERS},{LONGEST * 2}}}")

Codes = NDArray[np.uint32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Correction:
    """A query in which one piece of `length` characters is replaced, `changed` of them by others.

    `sounds` tells whether both are read alike; `count` articles spell the replacement.
    """

    text: str
    sounds: bool
    length: int
    changed: int
    count: int

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """Smaller is likelier: same sound, then the longer piece, fewer changes, more articles."""
        return not self.sounds, -self.length, self.changed, -self.count


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one length: for each place its characters, a column of words; and how many
    articles spell each."""

    columns: Codes
    counts: NDArray[np.uint32]

    def text(self, number: int) -> str:
        return "".join(map(chr, self.columns[:, number].tolist()))

    def changed(self, codes: Codes) -> NDArray[np.uint8]:
        """In how many places each word differs."""
        found = np.zeros(len(self.counts), dtype=np.uint8)
        for column, code in zip(self.columns, codes.tolist(), strict=True):
            found += column != code
        return found


class Spelling:
    """Corrects queries by the words of one generation. `words` are terms with their articles."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        # Arrays from the start: as a string, a word of two characters takes 78 bytes.
        codes: dict[int, array[int]] = defaultdict(lambda: array("I"))
        counts: dict[int, array[int]] = defaultdict(lambda: array("I"))
        for word, count in words:
            if _WORD.fullmatch(word):
                codes[len(word)].extend(map(ord, word))
                counts[len(word)].append(count)
        self._words = {length: _table(found, counts[length]) for length, found in codes.items()}
        self._homophones = _Homophones(self._words.values())

    def corrections(self, query: str) -> list[Correction]:
        """Queries that differ from `query` in one word, the likeliest first."""
        found: dict[str, Correction] = {}
        for correction in sorted(self._candidates(query), key=lambda each: each.rank):
            found.setdefault(correction.text, correction)
        return list(found.values())

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
        words = self._words.get(len(piece))
        if words is None:
            return
        codes = np.frombuffer(piece.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        changed = words.changed(codes)
        own = words.counts[changed == 0]
        commoner = words.counts > (int(own[0]) if len(own) else 0)
        sounds = commoner & (changed > 0) & self._homophones.like(words.columns, codes)
        near = commoner & (changed == 1) & ~sounds
        # Any two characters are one apart from a hundred words.
        kinds = ((sounds, True), (near & (alone or len(piece) > 2), False))
        for mask, by_sound in kinds:
            numbers = np.flatnonzero(mask)
            counts = words.counts[numbers].astype(np.int64)
            best = numbers[np.lexsort((-counts, changed[numbers]))[:PER_WINDOW]]
            for number in best.tolist():
                count = int(words.counts[number])
                text = words.text(number)
                yield Correction(text, by_sound, len(piece), int(changed[number]), count)


class _Homophones:
    """Which characters share a reading, of those that the words are made of."""

    def __init__(self, tables: Iterable[_Words]) -> None:
        parts = [np.unique(table.columns) for table in tables]
        used = np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.uint32)
        readings: Mapping[str, str] = read_table("pinyin_dict")
        self._read = {code: _syllables(readings, code) for code in used.tolist()}
        self._table = readings
        self._spelled: dict[str, list[int]] = defaultdict(list)
        for code, syllables in self._read.items():
            for syllable in syllables:
                self._spelled[syllable].append(code)

    def like(self, columns: Codes, codes: Codes) -> Mask:
        """The words of which each character sounds like the one of `codes` in its place."""
        numbers = np.arange(columns.shape[1])
        for column, code in zip(columns, codes.tolist(), strict=True):
            numbers = numbers[np.isin(column[numbers], self._of(code))]
        found: Mask = np.zeros(columns.shape[1], dtype=np.bool_)
        found[numbers] = True
        return found

    def _of(self, code: int) -> list[int]:
        syllables = self._read.get(code) or _syllables(self._table, code)
        return [code, *(each for syllable in syllables for each in self._spelled[syllable])]


def _windows(start: int, end: int, *, is_han: bool) -> Iterator[tuple[int, int]]:
    """The pieces of a run that may be one word: letters are, Han characters are not set apart."""
    if not is_han:
        yield start, end
        return
    end = min(end, start + LOOKED_AT)
    for first in range(start, end - 1):
        for last in range(first + 2, min(first + LONGEST, end) + 1):
            yield first, last


def _table(codes: array[int], counts: array[int]) -> _Words:
    rows = np.frombuffer(codes, dtype=np.uint32).reshape(len(counts), -1)
    return _Words(np.ascontiguousarray(rows.T), np.frombuffer(counts, dtype=np.uint32))


def _syllables(readings: Mapping[str, str], code: int) -> list[str]:
    given = readings.get(str(code), "")
    return list(dict.fromkeys(plain_letters(each) for each in given.split(",")[:READINGS] if each))
