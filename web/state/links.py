"""The state of a search as URL arguments, and the neighbouring states that links lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, quote_plus

from jianbao.indexer import Article, SearchRequest
from jianbao.web.render import sendable
from jianbao.web.state.params import EXCLUSIONS, FILTERS, MODES, SORTS

Pairs = tuple[tuple[str, str], ...]

_quoted = lru_cache(maxsize=1024)(quote_plus)
"""A page has some sixty links, which are alike but for one value."""

_NAME_OF: Final = {field: name for name, field in FILTERS.items()}
_NOT_NAME_OF: Final = {field: name for name, field in EXCLUSIONS.items()}
_SINGLE: Final = attrgetter("query", "page", "size", "sort", "mode", "date_from", "date_to")
_SINGLE_NAMES: Final = ("q", "page", "size", "sort", "mode", "from", "to")

_ANY: Final = "~any-article~"
_PATH_SAFE: Final = "!$&'()*+,/:;=@"
"""What the path of an address has as it is: the same that Werkzeug leaves alone."""


def arguments(request: SearchRequest, default_size: int) -> dict[str, Any]:
    """The URL arguments (text, or a list of texts) that read back as `request`; no defaults."""
    filters: dict[str, list[str]] = {}
    for name, value in _filters(request.filters, request.excluded):
        filters.setdefault(name, []).append(value)
    return {**_singles(_SINGLE(request), default_size), **filters}


def _singles(single: tuple[object, ...], default_size: int) -> dict[str, str]:
    usual = ("", 1, default_size, SORTS[0], MODES[0], "", "")
    given = zip(_SINGLE_NAMES, single, usual, strict=True)
    return {name: str(value) for name, value, default in given if value != default}


def _filters(filters: Pairs, excluded: Pairs) -> list[tuple[str, str]]:
    """Names and values, those of one name next to each other."""
    pairs = [(_NAME_OF[field], value) for field, value in filters]
    pairs += [(_NOT_NAME_OF[field], value) for field, value in excluded]
    if len(pairs) > 2:
        first = {name: place for place, (name, _) in reversed([*enumerate(pairs)])}
        pairs.sort(key=lambda pair: first[pair[0]])
    return pairs


class SearchLinks:
    """Links to searches at one address, each with the arguments to carry on; building each by its
    route took a fifth of a page."""

    def __init__(
        self, address: str, default_size: int, carried: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._address = address
        self._size = default_size
        self._carried = [*carried.items()]
        # Most links of a page differ in nothing but their filters.
        self._heads: dict[tuple[object, ...], list[str]] = {}

    def __call__(self, request: SearchRequest) -> str:
        return self._link(_SINGLE(request), request.filters, request.excluded)

    def toggled(self, request: SearchRequest, field: str, value: str) -> str:
        """The way to what `toggled` gives, without making it."""
        return self._switched(request, *_toggled(request, (field, value)))

    def excluding(self, request: SearchRequest, field: str, value: str) -> str:
        """The way to what `excluding` gives, without making it."""
        return self._switched(request, *_excluding(request, (field, value)))

    def between(self, request: SearchRequest, start: str, end: str) -> str:
        """The way to what `between` gives, without making it."""
        single = (request.query, 1, *_SINGLE(request)[2:5], start, end)
        return self._link(single, request.filters, request.excluded)

    def _switched(self, request: SearchRequest, filters: Pairs, excluded: Pairs) -> str:
        return self._link((request.query, 1, *_SINGLE(request)[2:]), filters, excluded)

    def _link(self, single: tuple[object, ...], filters: Pairs, excluded: Pairs) -> str:
        head = self._heads.get(single)
        if head is None:
            head = self._heads[single] = _written(_singles(single, self._size).items())
        found = "&".join(head + _written(_filters(filters, excluded) + self._carried))
        return f"{self._address}?{found}" if found else self._address


def _written(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{name}={_quoted(text)}" for name, text in pairs]


def article_links(
    build: Callable[..., str], found_by: Mapping[str, Any] = MappingProxyType({})
) -> Callable[[Article], str]:
    """Links to the pages of articles, each with the arguments of the search that found it.

    `build` is asked once, as `url_for` would be for each of them: that takes 18 microseconds, and
    to put an id into what it gave takes 3.
    """
    before, _, after = build(".article", article_id=_ANY, **found_by).partition(_ANY)
    return lambda article: f"{before}{quote(sendable(article.id), safe=_PATH_SAFE)}{after}"


def toggled(request: SearchRequest, field: str, value: str) -> SearchRequest:
    """The same search with one filter value switched, from its first page."""
    filters, excluded = _toggled(request, (field, value))
    return replace(request, filters=filters, excluded=excluded, page=1)


def excluding(request: SearchRequest, field: str, value: str) -> SearchRequest:
    """The same search with one exclusion switched, from its first page."""
    filters, excluded = _excluding(request, (field, value))
    return replace(request, filters=filters, excluded=excluded, page=1)


def _toggled(request: SearchRequest, pair: tuple[str, str]) -> tuple[Pairs, Pairs]:
    return _switched(request.filters, pair), _without(request.excluded, pair)


def _excluding(request: SearchRequest, pair: tuple[str, str]) -> tuple[Pairs, Pairs]:
    return _without(request.filters, pair), _switched(request.excluded, pair)


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
