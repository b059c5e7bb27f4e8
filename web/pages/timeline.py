"""The histogram of a result as a drawing of bars, each a link to the hits of its period, and the
way up again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from jianbao.indexer import Bar, ResultPage, SearchRequest
from jianbao.web.languages.strings import STRINGS, Number
from jianbao.web.pages.dates import period, whole_period
from jianbao.web.pages.listing import dates_label
from jianbao.web.state.links import SearchLinks

STEP: Final = 40
BAR_WIDTH: Final = 32
# Bars do not grow with the room that few of them would have.
USUAL_PLACES: Final = 10
HEIGHT: Final = 60
# A bar of one article among thousands must still be seen and hit with a pointer.
LEAST_HEIGHT: Final = 3
# More would be thinner than two pixels in the column beside the hits.
MOST_PLACES: Final = 120


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """One bar: its place in the drawing, of which `room` is the left edge, where it stands there,
    what it says, where it leads."""

    room: int
    x: int
    y: int
    width: int
    height: int
    count: int
    figure: str
    label: str
    said: str
    href: str


@dataclass(frozen=True, slots=True)
class Step:
    """A period and the way to it; without a link it is the one shown."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The histogram as a drawing `width` × `height` units, and as a sentence.

    Each bar stands in the middle of a place `step` units wide. `path` leads from all time down to
    the dates in force, which have no link; it is empty where none are. `undated` counts the hits
    that no bar can show.
    """

    width: int
    height: int
    step: int
    bars: tuple[TimelineBar, ...]
    first: str
    last: str
    summary: str
    path: tuple[Step, ...]
    undated: int


def timeline(page: ResultPage, link: SearchLinks) -> Timeline | None:
    """The histogram drawn; None where a single bar would say nothing and lead nowhere."""
    bars, path = page.histogram, tuple(_path(page.request, link))
    if len(bars) < (1 if path else 2):
        return None
    peak = max(bars, key=lambda bar: bar.count)
    first, last = period(bars[0].start, bars[0].end), period(bars[-1].start, bars[-1].end)
    places = _places(bars)
    count = places[-1] + 1
    width = BAR_WIDTH * min(count, USUAL_PLACES) // USUAL_PLACES
    return Timeline(
        width=count * STEP,
        height=HEIGHT,
        step=STEP,
        bars=tuple(
            _bar(place, width, bar, peak, link.between(page.request, bar.start, bar.end))
            for place, bar in zip(places, bars, strict=True)
        ),
        first=first,
        last=last,
        summary=STRINGS["timeline_summary" if len(bars) > 1 else "timeline_single"].format(
            start=first, end=last, peak=period(peak.start, peak.end), count=Number(peak.count)
        ),
        path=path,
        undated=page.total - sum(bar.count for bar in bars),
    )


def _path(request: SearchRequest, link: SearchLinks) -> Iterator[Step]:
    start, end = request.date_from, request.date_to
    if not (start or end):
        return
    yield Step(STRINGS["timeline_all"], link.between(request, "", ""))
    for length in (4, 7):
        if start[:length] == end[:length]:
            outer = whole_period(start[:length])
            if outer != (start, end):
                yield Step(period(*outer), link.between(request, *outer))
    yield Step(dates_label(start, end))


def _places(bars: Sequence[Bar]) -> list[int]:
    """The place of each bar in time, so that an empty year leaves a gap; side by side where that
    would be too wide."""
    numbers = [_number(bar) for bar in bars]
    if numbers[-1] - numbers[0] >= MOST_PLACES:
        return list(range(len(bars)))
    return [number - numbers[0] for number in numbers]


def _number(bar: Bar) -> int:
    """The year, month or day of a bar, counted from a fixed one."""
    if bar.start == bar.end:
        return date.fromisoformat(bar.start).toordinal()
    year, month = int(bar.start[:4]), int(bar.start[5:7])
    return year if month != int(bar.end[5:7]) else year * 12 + month


def _bar(place: int, width: int, bar: Bar, peak: Bar, href: str) -> TimelineBar:
    label = period(bar.start, bar.end)
    counted = STRINGS["count_items"].format(count=Number(bar.count))
    share = round(HEIGHT * bar.count / peak.count) if peak.count else 0
    height = max(LEAST_HEIGHT, share) if bar.count else 0
    return TimelineBar(
        room=place * STEP,
        x=place * STEP + (STEP - width) // 2,
        y=HEIGHT - height,
        width=width,
        height=height,
        count=bar.count,
        figure=f"{bar.count:,}",
        label=label,
        said=f"{label} {counted}",
        href=href,
    )
