"""Corrects queries by the words of one generation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from math import inf, log2

import numpy as np

from jianbao.indexer.search.spelling.homophones import Homophones, sounding
from jianbao.indexer.search.spelling.likeliness import ANOTHER, Reading, Slip, windows
from jianbao.indexer.search.spelling.words import LEAST_LETTERS, Codes, Numbers, Words, by_length
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.scripts import HAN

LOOKED_AT = 12
"""Characters of a run of Han characters that are looked at, so that the work has a bound."""

RUNS = 6
"""Runs of Han characters or letters that are looked at in a query."""

PER_KIND = 3
"""Words that are considered for one piece of a query and one kind of slip."""

_RUN = re.compile(f"[{HAN}]{{2,}}|[a-z]{{{LEAST_LETTERS},}}")


@dataclass(frozen=True, slots=True)
class Correction:
    """A query in which one piece is replaced by a word that `count` articles spell.

    `bits` is how much less likely the text is to be meant than what was typed, the slip counted;
    so the smallest is the likeliest, and most are below zero.
    """

    text: str
    slip: Slip
    bits: float
    count: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """Part of a run that may be one word, from character `start`. `alone` tells that it is a whole
    run, `own` how many articles spell it, `before` the bits it has as it was typed, `alike` what
    sounds like each of its characters."""

    text: str
    start: int
    codes: Codes
    alone: bool
    own: int
    before: float
    alike: list[Codes]

    @property
    def most(self) -> float:
        """The bits that a word in its place may have, slip and all. A run that is no word cannot
        be read well, however likely its parts are."""
        return inf if self.alone and not self.own else self.before


class Spelling:
    """The words among sorted terms, each of which is followed by a newline, with the number of
    articles that spell each term.

    It takes 30 ms to make for the 134,000 terms of 51,247 news articles, and as much again when
    something is first corrected, since only then is the dictionary of pinyin opened.
    """

    def __init__(self, terms: str, counts: Numbers) -> None:
        self._words = by_length(terms, counts)
        self._total = sum(int(each.counts.sum()) for each in self._words.values())
        # Two characters that are no word are as unlikely as the rarest word.
        self._unknown = log2(max(2, self._total)) / 2
        self._most = max([1, *(int(each.counts.max()) for each in self._words.values())])

    def corrections(self, query: str) -> list[Correction]:
        """Queries that differ from `query` in one word, the likeliest first."""
        found: dict[str, Correction] = {}
        for correction in sorted(self._candidates(query), key=lambda each: each.bits):
            found.setdefault(correction.text, correction)
        return list(found.values())

    @cached_property
    def _homophones(self) -> Homophones:
        return Homophones(self._words.values())

    def _candidates(self, query: str) -> Iterator[Correction]:
        folded = fold(query)
        for run in islice(_RUN.finditer(folded), RUNS):
            text = run.group()
            for piece in self._letters(text) if text[0] <= "z" else self._han(text):
                start = run.start() + piece.start
                end = start + len(piece.text)
                # A field is not a word: 标题 in 标题:经济.
                if folded[end : end + 1] != ":":
                    for word in self._alike(piece):
                        yield replace(word, text=query[:start] + word.text + query[end:])

    def _letters(self, text: str) -> Iterator[_Piece]:
        """A run of letters as a word, which it is."""
        codes, own = _codes(text), self._count(text)
        before = self._bits(own) if own else self._unknown * len(text)
        yield _Piece(text, 0, codes, True, own, before, np.split(codes, len(codes)))

    def _han(self, text: str) -> Iterator[_Piece]:
        """The pieces of a run of Han characters."""
        length = min(len(text), LOOKED_AT)
        codes = _codes(text[:length])
        alike = [self._homophones.of(code) for code in codes.tolist()]
        counts = {span: self._count(text[slice(*span)]) for span in windows(length)}
        known = {span: self._bits(own) for span, own in counts.items() if own}
        reading = Reading(length, known, self._unknown)
        for (start, end), own in counts.items():
            piece, alone = slice(start, end), end - start == len(text)
            before = reading.gain(start, end)
            yield _Piece(text[piece], start, codes[piece], alone, own, before, alike[piece])

    def _count(self, text: str) -> int:
        words = self._words.get(len(text))
        return words.count(_codes(text)) if words else 0

    def _bits(self, count: int) -> float:
        return log2(self._total / count)

    def _alike(self, piece: _Piece) -> Iterator[Correction]:
        for slip, words, numbers in self._found(piece):
            yield from self._best(piece, slip, words, numbers)

    def _found(self, piece: _Piece) -> Iterator[tuple[Slip, Words, Numbers]]:
        """Words that a slip makes the piece. Any two characters are one slip from a hundred words:
        inside a run they are only taken for what sounds alike."""
        length = len(piece.text)
        guessed = piece.alone or length > 2
        if words := self._words.get(length):
            if self._pays(piece, Slip.SOUND):
                yield Slip.SOUND, words, sounding(words, piece.alike)
            if guessed and self._pays(piece, Slip.EXCHANGED):
                yield Slip.EXCHANGED, words, words.exchanged(piece.codes)
            if guessed and self._pays(piece, Slip.OTHER):
                near = words.near(piece.codes)
                yield Slip.OTHER, words, near[words.changed(near, piece.codes) == 1]
        for slip, other in ((Slip.MISSING, length + 1), (Slip.ADDED, length - 1)):
            words = self._words.get(other)
            if words and guessed and (piece.alone or other > 2) and self._pays(piece, slip):
                yield slip, words, words.one_more_or_less(piece.codes)

    def _pays(self, piece: _Piece, slip: Slip) -> bool:
        """Whether any word with such a slip may be likelier than the piece."""
        return self._bits(self._most) + slip.value < piece.most

    def _best(
        self, piece: _Piece, slip: Slip, words: Words, numbers: Numbers
    ) -> Iterator[Correction]:
        """The few likeliest of the words that a slip makes the piece."""
        numbers = numbers[words.counts[numbers] > piece.own]
        bits = slip.value + np.log2(self._total / words.counts[numbers])
        if slip is Slip.SOUND:
            changed = words.changed(numbers, piece.codes)
            numbers, bits = numbers[changed > 0], (bits + ANOTHER * (changed - 1))[changed > 0]
        for place in np.argsort(bits, kind="stable")[:PER_KIND].tolist():
            word, cost = words.text(int(numbers[place])), float(bits[place])
            if cost < piece.most and not _is_found_anyway(word, piece.text):
                count = int(words.counts[numbers[place]])
                yield Correction(word, slip, cost - piece.before, count)


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _is_found_anyway(word: str, piece: str) -> bool:
    """Whether a search for the piece finds the word in it: 图书馆 in 图书馆里, but not in the slip
    图书馆馆, nor a word in letters, since these are not divided."""
    if piece[0] <= "z" or word not in piece:
        return False
    return piece[-1] != piece[-2] if piece.startswith(word) else piece[0] != piece[1]
