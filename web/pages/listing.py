"""What stands around the hits: orders, pager, chosen conditions and facets, with their links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Final, cast

from jianbao.indexer import FacetCount, ResultPage, SearchRequest, Sort
from jianbao.web.languages.strings import STRINGS, Number, sentences
from jianbao.web.pages.dates import day, period, year_name
from jianbao.web.pages.record import newspaper_page
from jianbao.web.state.links import Pairs, SearchLinks, between, excluding, toggled, unfiltered
from jianbao.web.state.params import FILTERS, MAX_PAGE, SORTS

SearchLink = Callable[[SearchRequest], str]

FACETS_SHOWN: Final = 8
PAGES_AROUND: Final = 2
PAGE_SIZES: Final = (10, 20, 50)
LEAST_FOLDED: Final = 5
"""A fold that hides less is more trouble than it saves room."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """One entry of the pager; `number` 0 stands for a gap."""

    number: int
    href: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """The numbered pages and the ways to the one before and the one after (empty: none)."""

    pages: int
    links: tuple[PageLink, ...]
    previous: str
    following: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in force, and the link that lifts it."""

    name: str
    value: str
    href: str
    excludes: bool = False


@dataclass(frozen=True, slots=True)
class FacetLink:
    """One value of a facet; the link switches it, `not_href` excludes it. The count is there as a
    number, as a figure, and with what it counts."""

    label: str
    count: int
    figure: str
    counted: str
    href: str
    not_href: str
    not_label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """A facet: the values shown at once and the ones behind a fold."""

    name: str
    shown: tuple[FacetLink, ...]
    folded: tuple[FacetLink, ...]


@dataclass(frozen=True, slots=True)
class SortLink:
    """One order of the hits; the link changes to it."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class SizeLink:
    """How many hits a page may show; the link changes to it."""

    size: int
    href: str
    current: bool


def page_count(page: ResultPage) -> int:
    """How many result pages there are; at least one."""
    return min(MAX_PAGE, max(1, -(-page.total // page.request.size)))


def pager(page: ResultPage, link: SearchLink) -> Pager:
    """The pager of a result page, also of one past the end."""
    pages, current = page_count(page), page.request.page

    def href(number: int) -> str:
        return link(replace(page.request, page=number)) if 1 <= number <= pages else ""

    return Pager(
        pages=pages,
        links=tuple(
            PageLink(number, href(number), number == current)
            for number in _numbers(min(current, pages), pages)
        ),
        previous=href(current - 1),
        following=href(current + 1),
        first=href(1),
        last=href(pages),
    )


def _numbers(current: int, pages: int) -> Iterator[int]:
    """First, last and the neighbours of the current page, with 0 where some are left out."""
    near = range(current - PAGES_AROUND, current + PAGES_AROUND + 1)
    kept = sorted({1, pages, *(number for number in near if 1 <= number <= pages)})
    before = 0
    for number in kept:
        if number - before == 2:
            yield number - 1
        elif number - before > 2:
            yield 0
        yield number
        before = number


def value_label(field: str, value: str) -> str:
    """A facet value in the words of a reader."""
    if field == "kind":
        return STRINGS.get(f"kind_{value}", value)
    if field == "page":
        return newspaper_page(value)
    return year_name(value) if field == "year" and value.isdecimal() else value


def chips(request: SearchRequest, link: SearchLink) -> tuple[Chip, ...]:
    """The conditions in force beside the words."""
    found = [
        *_value_chips(request.filters, lambda *pair: link(toggled(request, *pair)), excludes=False),
        *_value_chips(
            request.excluded, lambda *pair: link(excluding(request, *pair)), excludes=True
        ),
    ]
    if request.date_from or request.date_to:
        dates = dates_label(request.date_from, request.date_to)
        found.append(Chip(STRINGS["chip_dates"], dates, link(between(request, "", ""))))
    return tuple(found)


def _value_chips(
    pairs: Pairs, href: Callable[[str, str], str], *, excludes: bool
) -> Iterator[Chip]:
    for field, value in pairs:
        name, label = STRINGS[f"facet_{field}"], value_label(field, value)
        yield Chip(name, label, href(field, value), excludes)


def dates_label(start: str, end: str) -> str:
    """A range of dates, open where one is empty, in the words of a reader."""
    if start and end:
        return period(start, end)
    if start:
        return STRINGS["chip_from"].format(start=day(start))
    return STRINGS["chip_to"].format(end=day(end))


def clear_link(request: SearchRequest, link: SearchLink) -> str:
    """The way to the same words with every condition lifted."""
    return link(unfiltered(request))


def facet_groups(page: ResultPage, link: SearchLinks) -> tuple[FacetGroup, ...]:
    """The facets in the order of `FILTERS`, without those that leave nothing to choose."""
    groups = []
    for field in FILTERS.values():
        chosen = {value for name, value in page.request.filters if name == field}
        counts = [count for count in page.facets.get(field, ()) if count.value]
        if _is_choice(counts, chosen, page.total):
            groups.append(_group(page.request, field, counts, chosen, link))
    return tuple(groups)


def _is_choice(counts: list[FacetCount], chosen: set[str], total: int) -> bool:
    """Whether some link of the group changes the result; to lift a condition there are chips."""
    if any(count.value in chosen for count in counts):
        return not all(count.value in chosen for count in counts)
    return any(count.count < total for count in counts)


def _group(
    request: SearchRequest,
    field: str,
    counts: list[FacetCount],
    chosen: set[str],
    link: SearchLinks,
) -> FacetGroup:
    ordered = sorted(_in_order(field, counts), key=lambda count: count.value not in chosen)
    said = sentences()  # once for all of a facet's values
    links = [
        _facet_link(request, field, count, link, said, selected=count.value in chosen)
        for count in ordered
    ]
    cut = FACETS_SHOWN if len(links) >= FACETS_SHOWN + LEAST_FOLDED else len(links)
    return FacetGroup(STRINGS[f"facet_{field}"], tuple(links[:cut]), tuple(links[cut:]))


def _facet_link(
    request: SearchRequest,
    field: str,
    count: FacetCount,
    link: SearchLinks,
    said: SimpleNamespace,
    *,
    selected: bool,
) -> FacetLink:
    value, label = count.value, value_label(field, count.value)
    name = getattr(said, f"facet_{field}")
    return FacetLink(
        label=label,
        count=count.count,
        figure=f"{count.count:,}",
        counted=said.count_items.format(count=Number(count.count)),
        href=link.toggled(request, field, value),
        not_href=link.excluding(request, field, value),
        not_label=said.facet_not_value.format(name=name, value=label),
        selected=selected,
    )


def _in_order(field: str, counts: list[FacetCount]) -> list[FacetCount]:
    """Years from the newest, newspaper pages by number, anything else from the most frequent."""
    if field == "year":
        return sorted(counts, key=lambda count: count.value, reverse=True)
    if field == "page":
        return sorted(counts, key=lambda count: (_leading_number(count.value), count.value))
    return counts


def _leading_number(value: str) -> int:
    found = re.match("[0-9]{1,9}", value)
    return int(found[0]) if found else 10**9


def sizes(request: SearchRequest, default_size: int, link: SearchLink) -> tuple[SizeLink, ...]:
    """The page sizes to choose from, the usual one and the present one among them."""
    offered = sorted({*PAGE_SIZES, default_size, request.size})
    return tuple(
        SizeLink(size, link(replace(request, size=size, page=1)), size == request.size)
        for size in offered
    )


def sorts(request: SearchRequest, link: SearchLink) -> tuple[SortLink, ...]:
    """The orders to choose from; without words there is no relevance, and the newest come first."""
    blank = not request.query.strip()
    chosen = "newest" if blank and request.sort == SORTS[0] else request.sort
    return tuple(
        SortLink(
            STRINGS[f"sort_{name}"],
            link(replace(request, sort=cast(Sort, name), page=1)),
            name == chosen,
        )
        for name in SORTS
        if not (blank and name == SORTS[0])
    )
