"""A request, as a person makes it, to what an engine is asked."""

from __future__ import annotations

from collections.abc import Sequence

from jianbao.indexer.engines.base import FACETS, FILTERS, Search
from jianbao.indexer.models import SearchRequest
from jianbao.indexer.query.tree import Leaf, Query


def to_search(request: SearchRequest, query: Query, phrase: Leaf | None = None) -> Search:
    """The search for a page of hits with all that stands beside them; `query` is the request's, as
    it was read, `phrase` its text as a phrase of a title."""
    blank = not request.query.strip()
    return Search(
        query=query,
        phrase=phrase,
        sort="newest" if blank and request.sort == "relevance" else request.sort,
        offset=(request.page - 1) * request.size,
        limit=request.size,
        filters=by_facet(request.filters),
        excluded=by_facet(request.excluded),
        date_from=request.date_from,
        date_to=request.date_to,
        facets=FACETS,
        by_date=True,
    )


def to_count(request: SearchRequest, query: Query) -> Search:
    """The search that tells how many articles there are, and no more."""
    return to_search(request, query)._replace(offset=0, limit=0, facets=(), by_date=False)


def by_facet(pairs: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Names of filters with a value each, to facets with all their values."""
    values: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        facet = FILTERS[name]
        values[facet] = (*values.get(facet, ()), value)
    return values
