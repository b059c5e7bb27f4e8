"""Browsing without a query: sources, the years of one, its issues, the pages of an issue."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import MultiDict

from jianbao.indexer import Article, Bar, FacetCount, SearchRequest
from jianbao.web.http.answers import page
from jianbao.web.languages.strings import STRINGS
from jianbao.web.pages.dates import day, month_name, whole_period, year_name
from jianbao.web.pages.record import newspaper_page
from jianbao.web.pages.timeline import Step
from jianbao.web.ports import SearchDoor
from jianbao.web.render import sendable
from jianbao.web.state.links import arguments
from jianbao.web.state.params import MAX_SIZE, read_request

MOST: Final = 500
"""Articles of an issue that are listed; a file of a whole archive may carry one date."""

View = Callable[..., Response]
Form = Callable[[SearchRequest], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Counted:
    """A source, a year or a day: its name, where it leads, how many articles it has."""

    label: str
    href: str
    count: int


@dataclass(frozen=True, slots=True)
class Month:
    """The days of a month on which there are articles."""

    label: str
    days: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of an issue and its articles; without a name, those on no page."""

    label: str
    anchor: str
    articles: tuple[Article, ...]


class Browse:
    """The pages under `/browse`. `form` gives what every page needs of a request."""

    def __init__(self, searcher: SearchDoor, page_size: int, form: Form) -> None:
        self._searcher = searcher
        self._size = page_size
        self._form = form

    def mount(self, blueprint: Blueprint, tagged: Callable[[View], View]) -> None:
        """Add the route."""
        blueprint.add_url_rule("/browse", "browse", tagged(self.browse))

    def browse(self) -> Response:
        source = request.args.get("source", "").strip()
        year, date = request.args.get("year", "").strip(), request.args.get("date", "").strip()
        # The checks of a search, and its sentences, hold for what is browsed too.
        given = {"source": source, "year": year, "from": date, "to": date}
        asked = read_request(MultiDict(given), self._size)
        if not source:
            context = self._sources()
        elif date and asked.date_from == asked.date_to:
            context = self._issue(source, asked.date_from)
        elif year or date:
            context = self._year(source, year or asked.date_from[:4])
        else:
            context = self._years(source)
        return page("browse", **context, **self._form(SearchRequest("")))

    def _sources(self) -> dict[str, Any]:
        found = self._searcher.values(SearchRequest(""), "source")
        items = [Counted(each.value, browse_link(each.value), each.count) for each in found]
        return {"heading": STRINGS["browse_sources"], "crumbs": (), "items": items}

    def _years(self, source: str) -> dict[str, Any]:
        asked = SearchRequest("", filters=(("source", source),))
        years = sorted(self._searcher.values(asked, "year"), key=lambda each: each.value)
        items = [
            Counted(
                year_name(each.value),
                browse_link(source, year=each.value),
                each.count,
            )
            for each in reversed(years)
        ]
        return {
            "heading": source,
            "crumbs": crumbs(source),
            "items": items,
            "all_link": url_for(".search", **arguments(asked, self._size)),
        }

    def _year(self, source: str, year: str) -> dict[str, Any]:
        start, end = whole_period(year)
        asked = SearchRequest("", size=1, filters=(("source", source),))
        bars = self._searcher.search(replace(asked, date_from=start, date_to=end)).histogram
        months = []
        for month in sorted({bar.start[:7] for bar in bars}):
            first, last = whole_period(month)
            days = self._searcher.search(replace(asked, date_from=first, date_to=last)).histogram
            label = STRINGS["browse_month"].format(month=month_name(int(month[5:])))
            months.append(Month(label, tuple(_day(source, bar) for bar in days)))
        heading = f"{source} {year_name(year)}"
        return {"heading": heading, "crumbs": crumbs(source, year), "months": months}

    def _issue(self, source: str, date: str) -> dict[str, Any]:
        asked = of_issue(source, date)
        articles, total = self._listed(replace(asked, size=MAX_SIZE))
        whole = replace(asked, size=self._size)
        return {
            "heading": f"{source} {day(date)}",
            "crumbs": crumbs(source, date[:4], date),
            "sheets": tuple(sheets(articles)),
            "more": total - len(articles),
            "all_link": url_for(".search", **arguments(whole, self._size)),
            "around": around(self._searcher, source, date),
            "article_link": _article_link,
        }

    def _listed(self, asked: SearchRequest) -> tuple[list[Article], int]:
        """The first `MOST` articles that a request finds, and how many there are."""
        articles: list[Article] = []
        found = self._searcher.search(asked)
        articles += [hit.article for hit in found.hits]
        while found.next_page and len(articles) < MOST:
            found = self._searcher.search(replace(asked, page=found.next_page))
            articles += [hit.article for hit in found.hits]
        return articles, found.total


def browse_link(source: str = "", *, year: str = "", date: str = "") -> str:
    """The address of a source, of a year or of an issue of it."""
    given: dict[str, Any] = {"source": sendable(source), "year": year, "date": date}
    return url_for(".browse", **{name: value for name, value in given.items() if value})


def crumbs(source: str, year: str = "", date: str = "") -> tuple[Step, ...]:
    """The way from all sources down; the last step is the page itself."""
    steps = [Step(STRINGS["browse_all"], browse_link()), Step(source, browse_link(source))]
    if year:
        steps.append(Step(year_name(year), browse_link(source, year=year)))
    if date:
        steps.append(Step(day(date), browse_link(source, date=date)))
    return tuple(steps)


def of_issue(source: str, date: str) -> SearchRequest:
    """What asks for the articles of an issue."""
    filters = (("source", source),)
    return SearchRequest("", sort="newest", date_from=date, date_to=date, filters=filters)


def around(searcher: SearchDoor, source: str, date: str) -> tuple[Step | None, Step | None]:
    """The issues of a source before and after a date; raises ValueError for what is no date."""
    asked = SearchRequest("", size=1, filters=(("source", source),))
    ordinal = datetime.date.fromisoformat(date).toordinal()
    earlier = later = None
    if ordinal > 1:
        eve = datetime.date.fromordinal(ordinal - 1).isoformat()
        earlier = _first_issue(searcher, source, replace(asked, sort="newest", date_to=eve))
    if ordinal < datetime.date.max.toordinal():
        morrow = datetime.date.fromordinal(ordinal + 1).isoformat()
        later = _first_issue(searcher, source, replace(asked, sort="oldest", date_from=morrow))
    return earlier, later


def sheets(articles: list[Article]) -> Iterator[Sheet]:
    """The articles by the page that they stand on, pages and articles in their order."""
    ordered = sorted(articles, key=lambda each: (natural(each.page), natural(each.id)))
    for name, group in groupby(ordered, key=lambda each: each.page):
        label = newspaper_page(name) if name else ""
        yield Sheet(label, sheet_anchor(name), tuple(group))


def sheet_anchor(name: str) -> str:
    """What the part of a page of an issue is called in its address."""
    return "page-" + re.sub(r"\s", "-", name)


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts by the numbers in a text, as a reader counts: 2 before 10."""
    parts = re.findall("([0-9]{1,18})|([^0-9]+)", text)
    return tuple((int(digits or -1), other) for digits, other in parts)


def in_order(pages: tuple[FacetCount, ...]) -> list[str]:
    """Newspaper pages as they follow each other."""
    return sorted((each.value for each in pages), key=natural)


def _first_issue(searcher: SearchDoor, source: str, asked: SearchRequest) -> Step | None:
    for hit in searcher.search(asked).hits:
        date = hit.article.date
        return Step(day(date), browse_link(source, date=date))
    return None


def _day(source: str, bar: Bar) -> Counted:
    label = STRINGS["browse_day"].format(day=int(bar.start[8:]))
    return Counted(label, browse_link(source, date=bar.start), bar.count)


def _article_link(article: Article) -> str:
    return url_for(".article", article_id=sendable(article.id))
