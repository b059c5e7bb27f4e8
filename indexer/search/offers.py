"""What a page offers beside its hits, counted within the budget of the request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from jianbao.indexer.engines.base import Engine, PartsLess, Search
from jianbao.indexer.models import SearchRequest, Wider, WordCount
from jianbao.indexer.query.parsed_query import ParsedQuery
from jianbao.indexer.query.tree import Leaf, Query
from jianbao.indexer.search.broader_queries import (
    WORDS_TOLD,
    Corrections,
    Rewordings,
    loose,
    meant,
    read_words,
    wider,
    words,
)
from jianbao.indexer.search.budget import Spending
from jianbao.indexer.search.requests import to_count

Parse = Callable[[SearchRequest], ParsedQuery]
"""The query of a request."""


class Offers:
    """The offers of one request; `corrections` are those that the index has words for."""

    def __init__(
        self,
        engine: Engine,
        request: SearchRequest,
        parse: Parse,
        corrections: Corrections,
        spending: Spending,
    ) -> None:
        self._engine = engine
        self._request = request
        self._parse = parse
        self._corrections = cache(corrections)
        self._spending = spending
        self._counted: dict[SearchRequest, int] = {}

    def meant(self, total: int) -> tuple[str, ...]:
        """Queries that the reader, who found `total` articles, may have meant."""
        return meant(self._request, total, self._corrections, self._count)

    def read(self, query: Query) -> tuple[WordCount, ...]:
        """How the query was read, with what its first words find alone."""
        leaves = words(query)[:WORDS_TOLD]
        found = self._engine.search_many([Search(leaf, limit=0) for leaf in leaves])
        counts = [each.total for each in found]
        return read_words(leaves, counts, self._corrections, self._count)

    def wider(self, asked: ParsedQuery) -> tuple[Wider, ...]:
        """Searches with one condition less than the request, which found nothing."""
        leaves = words(asked.strict)
        less = self._engine.one_less(to_count(self._request, asked.strict))
        bare = replace(self._request, filters=(), excluded=(), date_from="", date_to="")
        wordings = self._wordings(leaves, asked)
        found = self._engine.search_many(
            [to_count(each, query) for each in (self._request, bare) for query in wordings.values()]
        )
        totals = iter([each.total for each in found])
        given = _reworded(less.parts, {name: next(totals) for name in wordings})
        free = _reworded(less.free, {name: next(totals) for name in wordings})
        return wider(self._request, leaves, less, given, free)

    def _wordings(self, leaves: tuple[Leaf, ...], asked: ParsedQuery) -> dict[str, Query]:
        """The query as it may be worded otherwise, by the names of `Rewordings`."""
        found: dict[str, Query] = {}
        may_count = self._spending.may_count
        if self._request.mode == "all" and len(leaves) > 1 and may_count(asked.text):
            found["any_word"] = asked.relaxed
        if (text := loose(leaves)) and may_count(text):
            found["loose"] = self._parse(replace(self._request, query=text)).strict
        return found

    def _count(self, request: SearchRequest) -> int | None:
        """How many articles a query that nobody typed finds as it is asked, each counted once."""
        if request.mode != "any":
            request = replace(request, mode="all")
        if request not in self._counted:
            if not self._spending.may_count(request.query):
                return None
            query = self._parse(request).strict
            self._counted[request] = self._engine.search(to_count(request, query)).total
        return self._counted[request]


def _reworded(parts: PartsLess, totals: dict[str, int]) -> Rewordings:
    return Rewordings(parts, totals.get("loose"), totals.get("any_word"))
