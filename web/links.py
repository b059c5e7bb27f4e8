"""The state of a search as URL arguments, and the neighbouring states that links lead to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote_plus

from indexer import SearchRequest
from web.params import EXCLUSIONS, FILTERS, MODES, SORTS

Pairs = tuple[tuple[str, str], ...]

_quoted = lru_cache(maxsize=1024)(quote_plus)
"""A page has some sixty links, which are alike but for one value."""

_NAME_OF: Final = {field: name for name, field in FILTERS.items()}
_NOT_NAME_OF: Final = {field: name for name, field in EXCLUSIONS.items()}


def arguments(request: SearchRequest, default_size: int) -> dict[str, Any]:
    """The URL arguments (text, or a list of texts) that read back as `request`; no defaults."""
    default = SearchRequest(query="", size=default_size, sort="relevance", mode="auto")
    single = {
        "q": (request.query, default.query),
        "page": (str(request.page), str(default.page)),
        "size": (str(request.size), str(default.size)),
        "sort": (request.sort, SORTS[0]),
        "mode": (request.mode, MODES[0]),
        "from": (request.date_from, default.date_from),
        "to": (request.date_to, default.date_to),
    }
    filters: dict[str, list[str]] = {}
    for field, value in request.filters:
        filters.setdefault(_NAME_OF[field], []).append(value)
    for field, value in request.excluded:
        filters.setdefault(_NOT_NAME_OF[field], []).append(value)
    changed = {name: value for name, (value, usual) in single.items() if value != usual}
    return {**changed, **filters}


def links_from(
    address: str, default_size: int, carried: Mapping[str, str] = MappingProxyType({})
) -> Callable[[SearchRequest], str]:
    """Links to searches at one address, each with the arguments to carry on; building each by its
    route took a fifth of a page."""

    def link(request: SearchRequest) -> str:
        asked = {**arguments(request, default_size), **carried}
        found = "&".join(
            f"{name}={_quoted(text)}"
            for name, given in asked.items()
            for text in ((given,) if isinstance(given, str) else given)
        )
        return f"{address}?{found}" if found else address

    return link


def toggled(request: SearchRequest, field: str, value: str) -> SearchRequest:
    """The same search with one filter value switched, from its first page."""
    pair = (field, value)
    filters, excluded = _switched(request.filters, pair), _without(request.excluded, pair)
    return replace(request, filters=filters, excluded=excluded, page=1)


def excluding(request: SearchRequest, field: str, value: str) -> SearchRequest:
    """The same search with one exclusion switched, from its first page."""
    pair = (field, value)
    filters, excluded = _without(request.filters, pair), _switched(request.excluded, pair)
    return replace(request, filters=filters, excluded=excluded, page=1)


def _switched(pairs: Pairs, pair: tuple[str, str]) -> Pairs:
    return _without(pairs, pair) if pair in pairs else (*pairs, pair)


def _without(pairs: Pairs, pair: tuple[str, str]) -> Pairs:
    return tuple(other for other in pairs if other != pair)


def between(request: SearchRequest, start: str, end: str) -> SearchRequest:
    """The same search within other dates (empty: open), from its first page."""
    return replace(request, date_from=start, date_to=end, page=1)


def unfiltered(request: SearchRequest) -> SearchRequest:
    """The same words without dates and filters, from the first page."""
    return replace(request, filters=(), excluded=(), date_from="", date_to="", page=1)
