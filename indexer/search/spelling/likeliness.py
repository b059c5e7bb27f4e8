"""How unlikely a text is, in bits: words that many articles spell are likely, slips are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from jianbao.indexer.search.spelling.words import LONGEST

ANOTHER = 10.0
"""Bits of each character after the first that only sounds like the one that was meant: with two
of two, 石乔 would be 实招, which many more articles have than 石桥."""


class Slip(Enum):
    """What happened to the word that was meant; the value is how unlikely that is, in bits.

    Only the order and rough distances matter: to hit another character at all means to hit one of
    some thousands, one that sounds alike is one of twenty.
    """

    SOUND = 4.0
    EXCHANGED = 6.0
    MISSING = 8.0
    ADDED = 10.0
    OTHER = 18.0


Span = tuple[int, int]


class Reading:
    """The likeliest division into words of a text of `length` characters, of which the pieces in
    `known` are words of so many bits, and any character has `unknown` bits."""

    def __init__(self, length: int, known: Mapping[Span, float], unknown: float) -> None:
        self._forward = [n * unknown for n in range(length + 1)]
        self._backward = self._forward[::-1]
        for end in range(1, length + 1):
            ways = [self._forward[a] + bits for (a, b), bits in known.items() if b == end]
            self._forward[end] = min([self._forward[end - 1] + unknown, *ways])
        for start in range(length - 1, -1, -1):
            ways = [self._backward[b] + bits for (a, b), bits in known.items() if a == start]
            self._backward[start] = min([self._backward[start + 1] + unknown, *ways])

    def gain(self, start: int, end: int) -> float:
        """The bits that the rest of the text leaves to a word for the piece from `start` to `end`:
        with more than these, the text is less likely than it was."""
        return self._forward[-1] - self._forward[start] - self._backward[end]


def windows(length: int) -> Iterator[Span]:
    """The pieces of a run of Han characters that may be one word: words are not set apart."""
    for start in range(length - 1):
        for end in range(start + 2, min(start + LONGEST, length) + 1):
            yield start, end
