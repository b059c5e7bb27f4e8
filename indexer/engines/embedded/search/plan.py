"""A query tree and its conditions to what a kernel is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from itertools import compress
from typing import NamedTuple

import numpy as np

from jianbao.indexer.engines.base import Search
from jianbao.indexer.engines.embedded.format.conditions import Condition, Mask
from jianbao.indexer.engines.embedded.format.doc_values import Columns
from jianbao.indexer.engines.embedded.format.postings_lists import Numbers
from jianbao.indexer.query.tree import (
    And,
    Dates,
    Everything,
    Leaf,
    Not,
    Or,
    Prefer,
    Query,
    Value,
    are_leaves,
    leaves,
)


class Plan(NamedTuple):
    """The articles that have all leaves that are required, or, where none is, any leaf; with
    `numbers` only these, whatever leaves they have. All conditions must admit them. Every leaf that
    an article has adds to its score. `required` says it of each leaf."""

    leaves: tuple[Leaf, ...]
    required: tuple[bool, ...]
    conditions: tuple[Condition, ...]
    numbers: Numbers | None = None


class Planner:
    """Plans searches of one index; `spelling` gives the articles that spell a leaf. `kept`, for a
    planner that is let go of soon, takes up what queries match."""

    def __init__(
        self,
        columns: Columns,
        spelling: Callable[[Leaf], Numbers],
        kept: dict[Query, Numbers] | None = None,
    ) -> None:
        self._columns = columns
        self._spelling = spelling
        self._kept = kept
        self._values: dict[Value, Condition] = {}

    def plan(self, search: Search) -> Plan:
        """The plan of a search."""
        query = search.query
        conditions = self._conditions(search) if search.is_restricted else ()
        words_alone = _words_alone(query)
        if words_alone is not None:
            return Plan(*words_alone, conditions)
        found = leaves(query)
        if isinstance(query, And):
            words = [part for part in query.parts if isinstance(part, Leaf)]
            others = [self._condition(part) for part in query.parts if not isinstance(part, Leaf)]
            if words:
                return Plan(found, _are_among(found, words), (*conditions, *others))
        return Plan(found, (False,) * len(found), conditions, self._matching(query))

    def filters(self, search: Search) -> dict[str, Condition]:
        """The filters of a search by facet."""
        return {
            facet: self._columns.having(facet, values) for facet, values in search.filters.items()
        }

    def mask(self, query: Query) -> Mask:
        """For each article, whether it matches the query."""
        return self._mask(query)

    def _matching(self, query: Query) -> Numbers:
        if self._kept is None:
            return np.flatnonzero(self._mask(query))
        found = self._kept.get(query)
        if found is None:
            found = self._kept[query] = np.flatnonzero(self._mask(query))
        return found

    def _conditions(self, search: Search) -> tuple[Condition, ...]:
        columns = self._columns
        conditions = [*self.filters(search).values()]
        if search.date_from or search.date_to:
            conditions.append(columns.between(search.date_from, search.date_to))
        conditions += [columns.lacking(facet, values) for facet, values in search.excluded.items()]
        return tuple(conditions)

    def _condition(self, query: Query) -> Condition:
        """The articles that match a query, as a condition."""
        match query:
            case Value():
                return self._containing(query)
            case Dates(start, end) if start or end:
                return self._columns.between(start, end)
            case _:
                return Condition.of(self._mask(query))

    def _containing(self, value: Value) -> Condition:
        if self._kept is None:
            return self._columns.containing(value.field, value.text)
        found = self._values.get(value)
        if found is None:
            found = self._columns.containing(value.field, value.text)
            self._values[value] = found
        return found

    def _mask(self, query: Query) -> Mask:
        count = self._columns.count
        match query:
            case Leaf():
                mask = np.zeros(count, dtype=np.bool_)
                mask[self._spelling(query)] = True
                return mask
            case And(parts):
                every = np.ones(count, dtype=np.bool_)
                return reduce(np.logical_and, [self._mask(part) for part in parts], every)
            case Or(parts):
                none = np.zeros(count, dtype=np.bool_)
                return reduce(np.logical_or, [self._mask(part) for part in parts], none)
            case Not(part):
                return ~self._mask(part)
            case Prefer(required, _):
                return self._mask(required)
            case Everything() | Dates(start="", end=""):
                return np.ones(count, dtype=np.bool_)
            case Value() | Dates():
                return self._condition(query).mask()


def _words_alone(query: Query) -> tuple[tuple[Leaf, ...], tuple[bool, ...]] | None:
    """All leaves, and which must be spelled, where no more is asked than that these or, if there
    are none, any leaf be spelled; None for other queries."""
    match query:
        case Leaf():
            return (query,), (True,)
        case And(parts) | Or(parts) if are_leaves(parts):
            found = tuple(dict.fromkeys(parts))
            return found, (isinstance(query, And),) * len(found)
        case Prefer(required, _):
            inner = _words_alone(required)
            words = list(compress(*inner)) if inner else []
            found = leaves(query)
            return (found, _are_among(found, words)) if words else None
        case _:
            return None


def _are_among(found: Iterable[Leaf], words: Iterable[Leaf]) -> tuple[bool, ...]:
    return tuple(map(frozenset(words).__contains__, found))
