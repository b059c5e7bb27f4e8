"""Every piece of the interface in every state, from the templates that readers get: for work on
the pages, in debug mode alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, Response, render_template, url_for
from flask.sansio.blueprints import BlueprintSetupState

from jianbao.indexer import (
    ArticleNotFoundError,
    ArticleView,
    Bar,
    IndexMissingError,
    Notice,
    ResultHit,
    ResultPage,
    SearchRequest,
)
from jianbao.web.catalogue import samples
from jianbao.web.catalogue.pattern import Pattern
from jianbao.web.http.answers import page
from jianbao.web.http.errors import ArgumentError, Failure, failure
from jianbao.web.languages.strings import STRINGS
from jianbao.web.pages.browse import Counted, Month, browse_link, crumbs, sheets
from jianbao.web.pages.dates import day, month_name
from jianbao.web.pages.hits import shown_hits
from jianbao.web.pages.issue import Issue
from jianbao.web.pages.language_links import carried
from jianbao.web.pages.listing import pager
from jianbao.web.pages.record import newspaper_page
from jianbao.web.pages.results import surroundings
from jianbao.web.pages.timeline import Step
from jianbao.web.state.links import SearchLinks

TITLE: Final = "Patterns"

Form = Callable[[SearchRequest], dict[str, Any]]
Reading = Callable[[ArticleView, SearchRequest], dict[str, Any]]


class Patterns:
    """The page at `/patterns`; `form` and `reading` give what pages need of a request and of an
    article."""

    def __init__(self, page_size: int, form: Form, reading: Reading) -> None:
        self._size = page_size
        self._form = form
        self._reading = reading

    def mount(self, blueprint: Blueprint) -> None:
        """Add the route, in apps that are in debug mode when the blueprint is registered."""

        def add(state: BlueprintSetupState) -> None:
            if state.app.debug:
                state.add_url_rule("/patterns", "patterns", self.patterns)

        blueprint.record(add)

    def patterns(self) -> Response:
        groups = {
            "Form and suggestions": self._forms(),
            "Summary of a result": self._summaries(),
            "Hits": self._hits(),
            "Pager, sizes and outlets": self._pagers(),
            "Facets and search within": self._facets(),
            "Timeline": self._timelines(),
            "No hits": self._nothing(),
            "Parts of an article": self._article_parts(),
            "Browsing": self._browsing(),
            "Errors": self._errors(),
            "Whole pages": self._pages(),
            "In other pages": self._embedded(),
        }
        shown = {
            title: [(each, self._document(each)) for each in patterns]
            for title, patterns in groups.items()
        }
        return page("patterns", title_of_all=TITLE, groups=shown, **self._form(SearchRequest("")))

    def _document(self, pattern: Pattern) -> str:
        """The piece as a document of its own, so that ids and styles are those of a page."""
        context = {"place": pattern.place, **self._form(SearchRequest("")), **pattern.context}
        html = render_template(f"jianbao/{pattern.template}.html", **context)
        if pattern.whole:
            return html
        return render_template("jianbao/patterns_piece.html", pattern=pattern, html=html)

    def _link(self) -> SearchLinks:
        return SearchLinks(url_for(".search", lang=None), self._size, carried())

    def _around(self, found: ResultPage) -> dict[str, Any]:
        around = surroundings(found, self._link(), _article_link, self._size)
        return {**around, "asked": found.request}

    def _forms(self) -> Iterator[Pattern]:
        typed = {"q": samples.QUERY, "mode": "all", "from": "2024-03", "to": ""}
        yield Pattern("empty", "_form")
        yield Pattern("typed, options closed", "_form", {"typed": typed})
        yield Pattern("typed, options open", "_form", {"typed": typed, "refined": True})
        yield Pattern("a long query", "_form", {"typed": {"q": samples.SENTENCE * 4}})
        yield Pattern("of an article", "_form", {"typed": typed, "place": "article"})
        listed = tuple(
            {"text": each.text, "kind": each.kind, "url": "", "marks": each.marks}
            for each in samples.SUGGESTIONS
        )
        yield Pattern("suggestions", "_form", {"typed": typed}, suggestions=listed)
        yield Pattern("languages", "_languages")

    def _summaries(self) -> Iterator[Pattern]:
        many, refined = samples.found(), samples.found(31, request=samples.REFINED)
        for name, found in (
            ("many results", replace(many, hits=(samples.hit(samples.PLAIN),))),
            ("one result", samples.found(1)),
            ("relaxed", replace(many, notice=Notice("relaxed", ""))),
            ("read as it stands", replace(many, notice=Notice("literal", ""))),
            ("as it stands first", replace(many, notice=Notice("exact_first", ""))),
            ("did you mean", replace(samples.found(3), suggestions=samples.MEANT)),
            ("conditions in force", refined),
        ):
            yield Pattern(name, "_summary", self._around(found))

    def _hits(self) -> Iterator[Pattern]:
        for name, hit in (
            ("an article", samples.hit(samples.PLAIN)),
            ("a picture", samples.hit(samples.PICTURE)),
            ("a guide", samples.hit(samples.GUIDE)),
            ("without title and facts", samples.hit(samples.UNTITLED)),
            ("without snippets", samples.hit(samples.PLAIN, ())),
            ("a title of 200 characters, long marks", samples.LONG_MARKS),
            ("long words, many authors", samples.hit(samples.UNBROKEN)),
        ):
            yield Pattern(name, "_hits", {"hits": shown_hits([hit], _article_link)})

    def _pagers(self) -> Iterator[Pattern]:
        for number, total in ((1, 15), (1, 123), (2, 123), (6, 123), (13, 123), (4321, 98765)):
            found = samples.found(total, request=SearchRequest(samples.QUERY, page=number))
            context = {"pager": pager(found, self._link())}
            yield Pattern(f"page {number} of {-(-total // 10)}", "_pager", context)
        around = self._around(samples.found())
        yield Pattern("sizes", "_sizes", around)
        yield Pattern("outlets", "_outlets")

    def _facets(self) -> Iterator[Pattern]:
        free = self._around(samples.found())
        chosen = SearchRequest(samples.QUERY, filters=samples.CHOSEN)
        yield Pattern("folded", "_facets", free)
        yield Pattern("opened", "_facets", free, opened=True)
        yield Pattern("chosen", "_facets", self._around(samples.found(31, request=chosen)))
        yield Pattern("search within", "_within", free)

    def _timelines(self) -> Iterator[Pattern]:
        year = SearchRequest(samples.QUERY, date_from="2024-01-01", date_to="2024-12-31")
        month = replace(year, date_from="2024-03-01", date_to="2024-03-31")
        date = replace(year, date_from="2024-03-12", date_to="2024-03-12")
        for name, request, bars in (
            ("years", samples.ASKED, samples.YEARS),
            ("years with a gap", samples.ASKED, samples.GAP),
            ("months", year, samples.MONTHS),
            ("days", month, samples.DAYS),
            ("a single day", date, samples.DAYS[2:3]),
        ):
            yield Pattern(name, "_timeline", self._timeline(request, bars))
        undated = self._timeline(samples.ASKED, samples.YEARS, undated=7)
        yield Pattern("opened, some without a date", "_timeline", undated, opened=True)

    def _timeline(
        self, request: SearchRequest, bars: tuple[Bar, ...], undated: int = 0
    ) -> dict[str, Any]:
        total = sum(bar.count for bar in bars) + undated
        return self._around(samples.found(total, request=request, histogram=bars))

    def _nothing(self) -> Iterator[Pattern]:
        yield Pattern("words, likenesses, ways out", "_zero", self._around(samples.NOTHING))
        yield Pattern("conditions alone", "_zero", self._around(samples.NOTHING_CHOSEN))
        bare = samples.found(0, request=SearchRequest(samples.SENTENCE * 3))
        yield Pattern("a long query, nothing to offer", "_zero", self._around(bare))
        beyond = samples.found(31, request=SearchRequest(samples.QUERY, page=9))
        yield Pattern("beyond the last page", "results", self._around(beyond))

    def _article_parts(self) -> Iterator[Pattern]:
        reading = self._read(samples.READING)
        for name, template in (
            ("matches", "_matches"),
            ("facts", "_facts"),
            ("citation", "_citation"),
            ("neighbours, issues, related", "_neighbours"),
        ):
            yield Pattern(name, template, reading)
        yield Pattern(
            "path", "_crumbs", {"crumbs": crumbs(samples.PLAIN.source, "2024", "2024-03-12")}
        )
        yield Pattern("many matches", "_matches", {"matches": 1234})

    def _read(self, view: ArticleView) -> dict[str, Any]:
        source, date = samples.PLAIN.source, samples.PLAIN.date
        beside = Issue(
            crumbs=crumbs(source, date[:4], date),
            page_before=Step(newspaper_page("2"), browse_link(source, date=date)),
            page_after=Step(newspaper_page("4"), browse_link(source, date=date)),
            before=Step(day("2024-03-11"), browse_link(source, date="2024-03-11")),
            after=None,
        )
        asked = samples.ASKED
        back = self._link()(asked)
        return {**self._reading(view, asked), "issue": beside, "back": back}

    def _browsing(self) -> Iterator[Pattern]:
        source, link = samples.PLAIN.source, browse_link(samples.PLAIN.source)
        items = [Counted(each.value, link, each.count) for each in samples.FACETS["source"]]
        days = tuple(Counted(str(at), link, at) for at in (1, 2, 12, 30))
        title = STRINGS["browse_sources"]
        yield Pattern("sources", "browse", {"heading": title, "crumbs": (), "items": items})
        whole = {"items": items[:5], "crumbs": crumbs(source), "all_link": link}
        yield Pattern("a source", "browse", {"heading": source, **whole})
        months = tuple(
            Month(STRINGS["browse_month"].format(month=month_name(at)), days * at) for at in (3, 12)
        )
        year = {"heading": source, "crumbs": crumbs(source, "2024"), "months": months}
        yield Pattern("a year", "browse", year)
        issue = {
            "heading": source,
            "crumbs": crumbs(source, "2024", "2024-03-12"),
            "sheets": tuple(sheets(list(samples.ARTICLES))),
            "around": (Step(day("2024-03-11"), link), Step(day("2024-03-13"), link)),
            "more": 700,
            "all_link": link,
            "article_link": _article_link,
        }
        yield Pattern("an issue", "browse", issue)
        yield Pattern("nothing", "browse", {"heading": source, "crumbs": crumbs(source)})

    def _errors(self) -> Iterator[Pattern]:
        refused = STRINGS["bad_order"].format(start="2024-03-12", end="2024-03-01")
        for name, told in (
            ("a refusal", failure(ArgumentError(refused))),
            ("no such article", failure(ArticleNotFoundError("x"))),
            ("no index", failure(IndexMissingError("there is no index: run `jianbao index PATH`"))),
            ("a fault", Failure(500, "internal", *(STRINGS["message_500"],) * 2)),
        ):
            heading = STRINGS[f"error_{told.status}"]
            yield Pattern(name, "error", {"heading": heading, "told": told})

    def _pages(self) -> Iterator[Pattern]:
        for name, articles in (("home, empty index", ()), ("home", samples.ARTICLES)):
            yield Pattern(name, "home", _home(articles))
        yield Pattern("results", "results", self._around(_result_page(samples.found())))
        refined = _result_page(samples.found(31, request=samples.REFINED, histogram=samples.DAYS))
        yield Pattern("results, refined", "results", self._around(refined))
        yield Pattern("no hits", "results", self._around(samples.NOTHING))
        yield Pattern("article", "article", self._read(samples.READING))
        yield Pattern(
            "article with a title of 200 characters", "article", self._read(samples.READING_LONG)
        )

    def _embedded(self) -> Iterator[Pattern]:
        framed = {"framed": True, "home_link": url_for(".embed")}
        yield Pattern("frame", "home", {**_home(()), **framed})
        results = self._around(_result_page(samples.found(3)))
        yield Pattern("frame with results", "results", {**results, **framed})
        yield Pattern("box in another page", "patterns_box", {"q": samples.QUERY})


@dataclass(frozen=True, slots=True)
class _Stats:
    articles: int
    built: str = "2024-03-14T05:06:07+08:00"


def _home(articles: tuple[Any, ...]) -> dict[str, Any]:
    return {"stats": _Stats(len(articles)), "newest": articles, "article_link": _article_link}


def _result_page(found: ResultPage) -> ResultPage:
    hits: tuple[ResultHit, ...] = (*map(samples.hit, samples.ARTICLES[:4]), samples.LONG_MARKS)
    return replace(found, hits=hits[: found.total])


def _article_link(_: object) -> str:
    """No sample has a page of its own."""
    return url_for(".patterns")
