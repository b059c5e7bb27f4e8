"""Request arguments -> SearchRequest; a wrong one raises ArgumentError saying what is allowed."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from typing import Final, cast, get_args

from werkzeug.datastructures import MultiDict

from indexer import Kind, Mode, SearchRequest, Sort
from web.errors import ArgumentError
from web.strings import STRINGS

Arguments = MultiDict[str, str]

SORTS: Final[tuple[str, ...]] = get_args(Sort)
MODES: Final[tuple[str, ...]] = get_args(Mode)
KINDS: Final[tuple[str, ...]] = get_args(Kind)

FILTERS: Final[Mapping[str, str]] = {
    "source": "source",
    "year": "year",
    "paper_page": "page",
    "column": "column",
    "author": "author",
    "kind": "kind",
    "tags": "tags",
}
"""URL name of a filter -> facet. The newspaper page is `paper_page`: `page` counts result pages."""

NAMES: Final[tuple[str, ...]] = ("q", "page", "size", "sort", "mode", "from", "to", *FILTERS)

MAX_QUERY: Final = 2000
MAX_SIZE: Final = 100
MAX_PAGE: Final = 1_000_000
MAX_FILTERS: Final = 50

_SHOWN: Final = 40
_DATE: Final = re.compile(
    r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?|([0-9]{2})([0-9]{2})?)?"
)


def read_request(args: Arguments, default_size: int) -> SearchRequest:
    """The search that the arguments ask for; an empty value counts as absent."""
    start = _date(args, "from", last=False)
    end = _date(args, "to", last=True)
    if start and end and start > end:
        raise ArgumentError(STRINGS["bad_order"].format(start=start, end=end))
    return SearchRequest(
        query=_query(args),
        page=_number(args, "page", 1, MAX_PAGE),
        size=_number(args, "size", default_size, MAX_SIZE),
        sort=cast(Sort, _choice("sort", _value(args, "sort") or SORTS[0], SORTS)),
        mode=cast(Mode, _choice("mode", _value(args, "mode") or MODES[0], MODES)),
        date_from=start,
        date_to=end,
        filters=_filters(args),
    )


def check_names(args: Arguments) -> None:
    """Refuse names that mean nothing here, so that a typing slip is not a silent no-op."""
    for name in args:
        if name not in NAMES:
            allowed = "、".join(NAMES)
            raise ArgumentError(STRINGS["bad_name"].format(name=_short(name), allowed=allowed))


def is_blank(request: SearchRequest) -> bool:
    """Whether nothing at all was asked for."""
    return not (request.query.strip() or request.filters or request.date_from or request.date_to)


def _query(args: Arguments) -> str:
    query = args.get("q", "")
    if len(query) > MAX_QUERY:
        message = STRINGS["bad_length"]
        raise ArgumentError(message.format(high=MAX_QUERY, count=len(query)))
    return query


def _value(args: Arguments, name: str) -> str:
    return args.get(name, "").strip()


def _short(value: str) -> str:
    return value if len(value) <= _SHOWN else value[:_SHOWN] + "…"


def _called(name: str) -> str:
    return STRINGS[f"name_{name}"]


def _number(args: Arguments, name: str, default: int, high: int) -> int:
    value = _value(args, name)
    if not value:
        return default
    if value.isdecimal() and len(value) <= len(str(high)) and 1 <= int(value) <= high:
        return int(value)
    message = STRINGS["bad_number"]
    raise ArgumentError(message.format(name=_called(name), low=1, high=high, value=_short(value)))


def _choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value in allowed:
        return value
    message = STRINGS["bad_choice"]
    choices = "、".join(allowed)
    raise ArgumentError(message.format(name=_called(name), allowed=choices, value=_short(value)))


def _date(args: Arguments, name: str, *, last: bool) -> str:
    value = _value(args, name)
    if not value:
        return ""
    found = _DATE.fullmatch(value)
    widened = _widened(found, last=last) if found else ""
    if not widened:
        raise ArgumentError(STRINGS["bad_date"].format(name=_called(name), value=_short(value)))
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


def _filters(args: Arguments) -> tuple[tuple[str, str], ...]:
    pairs = [
        (field, _checked(field, value))
        for name, field in FILTERS.items()
        for value in args.getlist(name)
        if value.strip()
    ]
    if len(pairs) > MAX_FILTERS:
        raise ArgumentError(STRINGS["bad_filters"].format(high=MAX_FILTERS, count=len(pairs)))
    return tuple(dict.fromkeys(pairs))


def _checked(field: str, value: str) -> str:
    if field == "kind":
        return _choice("kind", value.strip(), KINDS)
    if field == "year" and not re.fullmatch("[0-9]{4}", value.strip()):
        raise ArgumentError(STRINGS["bad_year"].format(value=_short(value)))
    return value.strip()
