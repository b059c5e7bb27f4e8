"""Request arguments -> SearchRequest; a wrong one raises ArgumentError saying what is allowed."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, get_args

from msgspec import Meta

from jianbao import indexer
from jianbao.indexer import Kind, Mode, SearchRequest, Sort
from jianbao.web.http.errors import ArgumentError
from jianbao.web.languages.strings import ARGUMENT, STRINGS
from jianbao.web.state.parameter import Arguments, Parameter, shortened

SORTS: Final[tuple[str, ...]] = get_args(Sort)
MODES: Final[tuple[str, ...]] = get_args(Mode)
KINDS: Final[tuple[str, ...]] = get_args(Kind)

# `page` counts result pages, so the newspaper page goes by its longer name, the last one given.
_NAME_OF: Final = {facet: name for name, facet in indexer.FILTERS.items()}
FILTERS: Final[Mapping[str, str]] = {name: facet for facet, name in _NAME_OF.items()}
"""URL name of a filter -> facet. The newspaper page is `paper_page`: `page` counts result pages."""

EXCLUSIONS: Final[Mapping[str, str]] = {f"not_{name}": facet for name, facet in FILTERS.items()}
"""URL name of an exclusion -> facet."""

MAX_QUERY: Final = 2000
MAX_SIZE: Final = 100
MAX_PAGE: Final = 1_000_000
MAX_FILTERS: Final = 50

_DATE: Final = r"^([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?|([0-9]{2})([0-9]{2})?)?$"

Date = Annotated[str, Meta(pattern=_DATE)]
Query = Annotated[str, Meta(max_length=MAX_QUERY)]
_FACETS: Final[Mapping[str, tuple[Any, str]]] = {
    "kind": (Kind, "bad_choice"),
    "year": (Annotated[str, Meta(pattern="^[0-9]{4}$")], "bad_year"),
}
"""Facet -> the type of its values and the refusal; of any other facet every text is a value."""


def _filter(name: str, facet: str, about: str) -> Parameter:
    kind, refusal = _FACETS.get(facet, (str, ""))
    return Parameter(name, kind, about, refusal, many=True)


QUERY: Final = Parameter(
    "q",
    Query,
    "The query; empty means every article.",
    "bad_length",
    default="",
    example="朱砂",
    exact=True,
)
SIZE: Final = Parameter(
    "size", Annotated[int, Meta(ge=1, le=MAX_SIZE)], "Hits on a page.", "bad_number"
)
LANGUAGE: Final = Parameter(
    ARGUMENT,
    str,
    "The language of sentences: `zh-Hans`, `zh-Hant` or `en`, else that of `Accept-Language`.",
    example="en",
)
SEARCH: Final[tuple[Parameter, ...]] = (
    QUERY,
    Parameter(
        "page",
        Annotated[int, Meta(ge=1, le=MAX_PAGE)],
        "Which page of the hits, from 1.",
        "bad_number",
        default=1,
    ),
    SIZE,
    Parameter("sort", Sort, "The order of the hits.", "bad_choice", default=SORTS[0]),
    Parameter(
        "mode",
        Mode,
        "Whether a hit has all words or any; auto relaxes all to any where too few have all.",
        "bad_choice",
        default=MODES[0],
    ),
    Parameter("from", Date, "First day, month or year.", "bad_date", default="", example="2024-02"),
    Parameter("to", Date, "Last day, month or year.", "bad_date", default="", example="2024"),
    *(_filter(name, facet, f"A value of the facet {facet}.") for name, facet in FILTERS.items()),
    *(
        _filter(name, facet, f"A value of the facet {facet} that no hit has.")
        for name, facet in EXCLUSIONS.items()
    ),
    LANGUAGE,
)
"""What a search can be asked with: a line here is read, refused and described."""

NAMES: Final[tuple[str, ...]] = tuple(parameter.name for parameter in SEARCH)
_BY_NAME: Final = {parameter.name: parameter for parameter in SEARCH}


def read_request(args: Arguments, default_size: int) -> SearchRequest:
    """The search that the arguments ask for; an empty value counts as absent."""
    given = {parameter.name: parameter.value(args) for parameter in SEARCH if not parameter.many}
    start = _day(given["from"], "from", last=False)
    end = _day(given["to"], "to", last=True)
    if start and end and start > end:
        raise ArgumentError(STRINGS["bad_order"].format(start=start, end=end))
    return SearchRequest(
        query=given["q"],
        page=given["page"],
        size=given["size"] or default_size,
        sort=given["sort"],
        mode=given["mode"],
        date_from=start,
        date_to=end,
        filters=_filters(args, FILTERS),
        excluded=_filters(args, EXCLUSIONS),
    )


def described(default_size: int) -> tuple[Parameter, ...]:
    """The parameters of a search where a page holds so many hits unless told otherwise."""
    return tuple(
        replace(parameter, default=default_size) if parameter is SIZE else parameter
        for parameter in SEARCH
    )


def check_names(args: Arguments, names: tuple[str, ...] = NAMES) -> None:
    """Refuse names that mean nothing here, so that a typing slip is not a silent no-op."""
    for name in args:
        if name not in names:
            allowed = STRINGS["list_comma"].join(names)
            raise ArgumentError(STRINGS["bad_name"].format(name=shortened(name), allowed=allowed))


def is_blank(request: SearchRequest) -> bool:
    """Whether nothing at all was asked for."""
    conditions = request.filters or request.excluded or request.date_from or request.date_to
    return not (request.query.strip() or conditions)


def _day(value: str, name: str, *, last: bool) -> str:
    """The first or last day of the period written in `value`; empty where none is given."""
    found = re.match(_DATE, value)
    widened = _widened(found, last=last) if found else ""
    if value and not widened:
        raise _BY_NAME[name].refused(value)
    return widened


def _widened(found: re.Match[str], *, last: bool) -> str:
    """The first or last day of the year, month or day found; empty when there is no such day."""
    year = int(found[1])
    month = int(found[2] or found[4] or (12 if last else 1))
    if year < 1 or not 1 <= month <= 12:
        return ""
    days = calendar.monthrange(year, month)[1]
    day = int(found[3] or found[5] or (days if last else 1))
    return f"{year:04}-{month:02}-{day:02}" if 1 <= day <= days else ""


def _filters(args: Arguments, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    pairs = [
        (facet, value)
        for name, facet in names.items()
        if name in args
        for value in _BY_NAME[name].values(args)
    ]
    if len(pairs) > MAX_FILTERS:
        raise ArgumentError(STRINGS["bad_filters"].format(high=MAX_FILTERS, count=len(pairs)))
    return tuple(dict.fromkeys(pairs))
