"""The ways out of a page without hits, in the words of a reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jianbao.indexer import ResultPage, SearchRequest
from jianbao.web.languages.strings import STRINGS
from jianbao.web.pages.listing import SearchLink, dates_label, value_label


@dataclass(frozen=True, slots=True)
class WayOut:
    """A search with a condition less: what it does without, where it is, and what it finds."""

    label: str
    href: str
    total: int


def ways_out(page: ResultPage, link: SearchLink) -> tuple[WayOut, ...]:
    """What a page without hits offers."""
    return tuple(
        WayOut(_label(page.request, each.request), link(each.request), each.total)
        for each in page.wider
    )


def _label(asked: SearchRequest, wider: SearchRequest) -> str:
    lifted = list(_lifted_conditions(asked, wider))
    if len(lifted) > 1:
        lifted = [STRINGS["zero_filters"]]
    return STRINGS["zero_and"].join([*_reworded(asked, wider), *lifted])


def _reworded(asked: SearchRequest, wider: SearchRequest) -> Iterator[str]:
    if asked.query != wider.query:
        yield STRINGS["zero_instead"].format(query=wider.query)
    if asked.mode != wider.mode:
        yield STRINGS["zero_any"]


def _lifted_conditions(asked: SearchRequest, wider: SearchRequest) -> Iterator[str]:
    if (asked.date_from, asked.date_to) != (wider.date_from, wider.date_to):
        dates = dates_label(asked.date_from, asked.date_to)
        yield _lifted(STRINGS["chip_dates"], dates)
    for field in dict.fromkeys(name for name, _ in asked.filters):
        values = [value for pair in asked.filters if (value := pair[1]) and pair[0] == field]
        if not any(name == field for name, _ in wider.filters):
            yield _lifted(STRINGS[f"facet_{field}"], _listed(field, values))
    for field, value in asked.excluded:
        if (field, value) not in wider.excluded:
            name, label = STRINGS[f"facet_{field}"], value_label(field, value)
            yield STRINGS["chip_remove_not"].format(name=name, value=label)


def _listed(field: str, values: list[str]) -> str:
    return STRINGS["list_comma"].join(value_label(field, value) for value in values)


def _lifted(name: str, value: str) -> str:
    return STRINGS["chip_remove"].format(name=name, value=value)
