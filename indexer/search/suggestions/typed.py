"""What a typed text may spell: the text itself, or Han characters by their pinyin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from jianbao.indexer.search.suggestions.alphabet import Alphabet, Range
from jianbao.indexer.text.fold import fold
from jianbao.indexer.text.pinyin import plain_letters

READINGS = 6
"""Ways to divide letters into syllables that are tried, those without single initials first."""

LONGEST_SYLLABLE = 6
DOUBLE_INITIALS = ("zh", "ch", "sh")

_PARTS = re.compile(r"[a-z]+|[^\W_]|\S")
_BETWEEN_SYLLABLES = re.compile(r"[\s'’]+")

Ranges = tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """The numbers that each character may have.

    In `places` the last one may be unfinished; `last` are its numbers if it is finished, none if
    it cannot be. `rank` says how it is meant: 0 literally, 1 in syllables, 2 with initials too.
    `tells` is False where texts have it everywhere: one syllable, or initials and nothing else.
    """

    places: tuple[Ranges, ...]
    last: Ranges
    rank: int
    tells: bool


def spellings(text: str, alphabet: Alphabet) -> list[Spelling]:
    """Every way to take a typed text, the likeliest first; none that cannot match."""
    folded = fold(text).strip()
    literal = tuple(alphabet.character(character) for character in folded)
    found = [Spelling(literal, literal[-1], 0, True)] if literal else []
    letters = plain_letters(folded)
    if re.search("[a-z]", letters):
        found += _read(letters, alphabet)
    return [each for each in found if all(each.places)]


class _Unit(NamedTuple):
    """A part of the letters: one place of a spelling."""

    text: str
    initial: bool


class _Way(NamedTuple):
    """A division of letters, compared by how many initials and how many parts it has."""

    initials: int
    length: int
    units: tuple[_Unit, ...]


def _read(letters: str, alphabet: Alphabet) -> Iterator[Spelling]:
    parts = [part for word in _BETWEEN_SYLLABLES.split(letters) for part in _PARTS.findall(word)]
    ways = [_Way(0, 0, ())]
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if _is_pinyin(part):
            own = _divided(part, alphabet, unfinished=last)
        else:
            own = [_Way(0, 1, (_Unit(part, False),))]
        ways = sorted(_joined(way, each) for way in ways for each in own)[:READINGS]
    return (_spelling(way, alphabet) for way in ways)


def _is_pinyin(part: str) -> bool:
    return part.isascii() and part.isalpha()


def _joined(first: _Way, second: _Way) -> _Way:
    return _Way(
        first.initials + second.initials, first.length + second.length, first.units + second.units
    )


def _divided(letters: str, alphabet: Alphabet, *, unfinished: bool) -> list[_Way]:
    """The likeliest divisions into syllables and initials; at the end a syllable may be
    `unfinished`."""

    @cache
    def ways(at: int) -> list[_Way]:
        if at == len(letters):
            return [_Way(0, 0, ())]
        found = [
            _joined(_Way(int(unit.initial), 1, (unit,)), rest)
            for unit in units(at)
            for rest in ways(at + len(unit.text))
        ]
        return sorted(found)[:READINGS]

    def units(at: int) -> Iterator[_Unit]:
        rest = letters[at:]
        ends = unfinished and len(rest) <= LONGEST_SYLLABLE and alphabet.beginning(rest)
        for length in range(1, min(LONGEST_SYLLABLE, len(rest)) + 1):
            part = rest[:length]
            if alphabet.syllable(part) or (ends and length == len(rest)):
                yield _Unit(part, False)
            elif length == 1 or part in DOUBLE_INITIALS:
                yield _Unit(part, True)

    return ways(0)


def _spelling(way: _Way, alphabet: Alphabet) -> Spelling:
    *first, last = way.units
    final = _numbers(last, alphabet)
    beginning = alphabet.beginning(last.text)
    anchored = any(not _is_pinyin(unit.text) for unit in way.units)
    alone = way.initials == len(first) and len(last.text) == 1
    return Spelling(
        places=(*(_numbers(unit, alphabet) for unit in first), _with(beginning, final)),
        last=_with(beginning, final) if way.initials and alone else final,
        rank=2 if way.initials else 1,
        tells=anchored or (bool(first) and not way.initials),
    )


def _numbers(unit: _Unit, alphabet: Alphabet) -> Ranges:
    """A syllable; or an initial, which may also be the letter itself; or any other character."""
    syllable = alphabet.beginning(unit.text) if unit.initial else alphabet.syllable(unit.text)
    literal = alphabet.character(unit.text) if len(unit.text) == 1 else ()
    return _with(syllable, literal)


def _with(more: Range | None, ranges: Ranges) -> Ranges:
    return ranges if more is None else (more, *ranges)
