"""A query tree and its conditions to the articles that match."""

from __future__ import annotations

from functools import reduce

import numpy as np

from indexer.engines.base import Search
from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.columns import Columns, Mask
from indexer.engines.whoosh_engine.scoring import FEW, Leaves, Scored, Scorer
from indexer.query.tree import And, Dates, Everything, Leaf, Not, Or, Prefer, Query, Value


class Selection:
    """Selects in one index. `found` has the leaves that can add to a score."""

    def __init__(self, columns: Columns, scorer: Scorer) -> None:
        self._columns = columns
        self._scorer = scorer

    def matching(self, search: Search, found: Leaves) -> Numbers:
        """The articles that the query and all conditions match."""
        numbers = self._numbers(search.query, found)
        if search.date_from or search.date_to:
            numbers = self._columns.dated(numbers, search.date_from, search.date_to)
        for facet, values in search.filters.items():
            numbers = self._columns.keep(numbers, facet, values)
        return numbers

    def _numbers(self, query: Query, found: Leaves) -> Numbers:
        match query:
            case Leaf():
                return self._scored(query, found).numbers
            case Prefer(required, _):
                return self._numbers(required, found)
            case And(parts) if parts:
                words = [self._scored(part, found) for part in parts if isinstance(part, Leaf)]
                if len(words) == len(parts):
                    return self._all(words)
            case Or(parts) if parts:
                words = [self._scored(part, found) for part in parts if isinstance(part, Leaf)]
                if len(words) == len(parts):
                    return self._any(words)
        return np.flatnonzero(self._mask(query, found))

    def _all(self, words: list[Scored]) -> Numbers:
        rarest, *others = sorted(words, key=lambda scored: len(scored.numbers))
        if rarest.common:
            return np.flatnonzero(reduce(np.logical_and, [scored.scores > 0 for scored in words]))
        numbers = rarest.numbers
        for scored in others:
            numbers = scored.among(numbers, self._columns.count)
        return numbers

    def _any(self, words: list[Scored]) -> Numbers:
        together = np.concatenate([scored.numbers for scored in words])
        if len(together) < self._columns.count // FEW:
            together.sort()
            return together[np.diff(together, prepend=-1) > 0]
        return np.flatnonzero(self._marked(together))

    def _mask(self, query: Query, found: Leaves) -> Mask:
        match query:
            case Leaf():
                return self._marked(self._scored(query, found).numbers)
            case And(parts):
                every = np.ones(self._columns.count, dtype=np.bool_)
                return reduce(np.logical_and, [self._mask(part, found) for part in parts], every)
            case Or(parts):
                none = np.zeros(self._columns.count, dtype=np.bool_)
                return reduce(np.logical_or, [self._mask(part, found) for part in parts], none)
            case Not(part):
                return ~self._mask(part, found)
            case Prefer(required, _):
                return self._mask(required, found)
            case Value() | Dates() | Everything():
                return self._condition(query)

    def _condition(self, query: Value | Dates | Everything) -> Mask:
        match query:
            case Value(field, text):
                return self._columns.containing(field, text)
            case Dates(start, end) if start or end:
                return self._columns.between(start, end)
            case _:
                return np.ones(self._columns.count, dtype=np.bool_)

    def _marked(self, numbers: Numbers) -> Mask:
        mask = np.zeros(self._columns.count, dtype=np.bool_)
        mask[numbers] = True
        return mask

    def _scored(self, leaf: Leaf, found: Leaves) -> Scored:
        return found.get(leaf) or self._scorer.scored(leaf)
