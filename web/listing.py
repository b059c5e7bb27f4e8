"""What stands around the hits: pager, chosen conditions, facets and timeline, with their links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from indexer import Bar, ResultPage, SearchRequest
from web.dates import day, period
from web.links import between, toggled, unfiltered
from web.params import FILTERS, MAX_PAGE
from web.strings import STRINGS

SearchLink = Callable[[SearchRequest], str]

FACETS_SHOWN: Final = 8
PAGES_AROUND: Final = 2

BAR_STEP: Final = 10
BAR_WIDTH: Final = 8
TIMELINE_HEIGHT: Final = 60
# A bar of one article among thousands must still be seen and hit with a pointer.
LEAST_HEIGHT: Final = 3


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
    last: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in force, and the link that lifts it."""

    name: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class FacetLink:
    """One value of a facet; the link switches it."""

    label: str
    count: int
    href: str
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """A facet: the values shown at once and the ones behind a fold."""

    name: str
    shown: tuple[FacetLink, ...]
    folded: tuple[FacetLink, ...]


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """One bar: where it stands in the drawing, what it says, where it leads."""

    x: int
    y: int
    height: int
    count: int
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The histogram as a drawing `width` × `height` units, and as a sentence."""

    width: int
    height: int
    bars: tuple[TimelineBar, ...]
    first: str
    last: str
    summary: str


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
    return f"{value}年" if field == "year" and value.isdecimal() else value


def newspaper_page(value: str) -> str:
    """A newspaper page number with its counter; what is not a plain number stays as it is."""
    plain = value.isascii() and value.isalnum()
    return STRINGS["newspaper_page"].format(page=value) if plain else value


def chips(request: SearchRequest, link: SearchLink) -> tuple[Chip, ...]:
    """The conditions in force beside the words."""
    found = [
        Chip(
            STRINGS[f"facet_{field}"],
            value_label(field, value),
            link(toggled(request, field, value)),
        )
        for field, value in request.filters
    ]
    if request.date_from or request.date_to:
        dates = _dates_label(request.date_from, request.date_to)
        found.append(Chip(STRINGS["chip_dates"], dates, link(between(request, "", ""))))
    return tuple(found)


def _dates_label(start: str, end: str) -> str:
    if start and end:
        return period(start, end)
    if start:
        return STRINGS["chip_from"].format(start=day(start))
    return STRINGS["chip_to"].format(end=day(end))


def clear_link(request: SearchRequest, link: SearchLink) -> str:
    """The way to the same words with every condition lifted."""
    return link(unfiltered(request))


def facet_groups(page: ResultPage, link: SearchLink) -> tuple[FacetGroup, ...]:
    """The facets in the order of `FILTERS`, without those that leave nothing to choose."""
    if not page.total:
        return ()
    groups = (_group(page, field, link) for field in FILTERS.values())
    return tuple(group for group in groups if _is_choice(group, page.total))


def _is_choice(group: FacetGroup, total: int) -> bool:
    """Whether some link of the group changes the result."""
    return any(item.selected or item.count < total for item in group.shown)


def _group(page: ResultPage, field: str, link: SearchLink) -> FacetGroup:
    chosen = {value for name, value in page.request.filters if name == field}
    counts = [count for count in page.facets.get(field, ()) if count.value]
    links = [
        FacetLink(
            label=value_label(field, count.value),
            count=count.count,
            href=link(toggled(page.request, field, count.value)),
            selected=count.value in chosen,
        )
        for count in counts
    ]
    ordered = sorted(links, key=lambda item: not item.selected)
    cut = FACETS_SHOWN if len(ordered) > FACETS_SHOWN + 1 else len(ordered)
    return FacetGroup(STRINGS[f"facet_{field}"], tuple(ordered[:cut]), tuple(ordered[cut:]))


def timeline(page: ResultPage, link: SearchLink) -> Timeline | None:
    """The histogram drawn; None where a single bar would say nothing."""
    bars = page.histogram
    if len(bars) < 2:
        return None
    peak = max(bars, key=lambda bar: bar.count)
    first, last = period(bars[0].start, bars[0].end), period(bars[-1].start, bars[-1].end)
    return Timeline(
        width=len(bars) * BAR_STEP,
        height=TIMELINE_HEIGHT,
        bars=tuple(
            _bar(place, bar, peak.count, link(between(page.request, bar.start, bar.end)))
            for place, bar in enumerate(bars)
        ),
        first=first,
        last=last,
        summary=STRINGS["timeline_summary"].format(
            start=first, end=last, peak=period(peak.start, peak.end), count=peak.count
        ),
    )


def _bar(place: int, bar: Bar, peak: int, href: str) -> TimelineBar:
    share = round(TIMELINE_HEIGHT * bar.count / peak) if peak else 0
    height = max(LEAST_HEIGHT, share) if bar.count else 0
    return TimelineBar(
        x=place * BAR_STEP + (BAR_STEP - BAR_WIDTH) // 2,
        y=TIMELINE_HEIGHT - height,
        height=height,
        count=bar.count,
        label=period(bar.start, bar.end),
        href=href,
    )
