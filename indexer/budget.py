"""How much work the answer to one request may take beside the search itself."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Budget:
    """What a request may spend, in counts of work, so that two servers answer alike.

    `searches` are queries that are counted to be offered, `words` their words and phrases in all.
    `characters` are those of texts that are looked through for the words of the query, once for
    each word, and `matches` the places found there. The search itself, its total and its counts are
    no part of it: they are always whole.
    """

    searches: int = 24
    words: int = 400
    characters: int = 200_000_000
    matches: int = 60_000


@dataclass(slots=True)
class Spending:
    """What one request has spent. `is_short` tells that something was left undone for it."""

    budget: Budget
    is_short: bool = field(default=False, init=False)
    _searches: int = field(default=0, init=False)
    _words: int = field(default=0, init=False)

    def may_count(self, words: int) -> bool:
        """Whether one more query of so many words may be counted; if so, it is spent."""
        if self._searches + 1 > self.budget.searches or self._words + words > self.budget.words:
            self.is_short = True
            return False
        self._searches += 1
        self._words += words
        return True
