"""How much work the answer to one request may take beside the search itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from sys import maxsize

Place = tuple[int, int]
"""Where something stands in a text: `[start, end)`."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a request may spend, in counts of work, so that two servers answer alike.

    `searches` are queries that are read and counted only to be offered, `typed` the characters of
    all of them. `characters` are those of texts that are looked through for the words of the query,
    once for each word, and `matches` the places found there, which texts share, but each may have
    `LEAST`; `all_matches` are those of all texts together, whatever their number. The search
    itself, its total and its counts are no part of it: they are always whole.
    """

    searches: int = 24
    typed: int = 4_000
    characters: int = 200_000_000
    matches: int = 60_000
    all_matches: int = maxsize


LISTING = Budget(all_matches=60_000)
"""For a whole list of hits: a thousand texts have no more than one page."""

MANY = 20
"""Words of a query for which a match is counted once more."""

LEAST = 100
"""Matches that any text may have: more than a passage shows."""

UNLIMITED = Budget(maxsize, maxsize, maxsize, maxsize, maxsize)


@dataclass(slots=True)
class Spending:
    """What one request has spent."""

    budget: Budget
    shortages: int = field(default=0, init=False)
    """How often something was left undone for it."""
    _searches: int = field(default=0, init=False)
    _typed: int = field(default=0, init=False)
    _characters: int = field(default=0, init=False)
    _matches: int = field(default=0, init=False)
    _all_matches: int = field(default=0, init=False)
    _texts: int = field(default=1, init=False)
    _words: int = field(default=1, init=False)

    @property
    def is_short(self) -> bool:
        """Whether something was left undone for it."""
        return self.shortages > 0

    def divide(self, texts: int, words: int) -> None:
        """Let each of so many texts have the same part of the matches; a match of hundreds of words
        takes more work than one of a few."""
        self._texts, self._words = max(1, texts), words

    @property
    def may_match(self) -> bool:
        """Whether there is room for another match in this text; if not, some may be left out."""
        weight = 1 + self._words // MANY
        most = self.budget.matches // self._texts // weight
        has_room = (
            self._matches < max(most, min(LEAST, self.budget.matches))
            and self._all_matches < self.budget.all_matches
        )
        self.shortages += not has_room
        return has_room

    def may_count(self, text: str) -> bool:
        """Whether one more query may be read and counted; if so, it is spent."""
        typed = self._typed + len(text)
        if self._searches == self.budget.searches or typed > self.budget.typed:
            self.shortages += 1
            return False
        self._searches += 1
        self._typed = typed
        return True

    def reach(self, length: int, words: int) -> int:
        """How many characters of a text of that length may be looked through for so many words;
        they are spent."""
        left = (self.budget.characters - self._characters) // max(1, words)
        reach = max(0, min(length, left))
        self._characters += reach * words
        if self._texts > 1:
            self._matches = 0
        self.shortages += reach < length
        return reach

    def matches(self, places: Iterator[Place]) -> Iterator[Place]:
        """The first of the places, as many as may still be told; they are spent."""
        for place in places:
            if not self.may_match:
                return
            self._matches += 1
            self._all_matches += 1
            yield place
