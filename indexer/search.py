"""THE READ PATH: a request to a query to hits to snippets to a result page."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from indexer.config import Settings
from indexer.engines.base import FACETS, Contribution, Engine, Found, Search
from indexer.engines.whoosh_engine import WhooshEngine
from indexer.errors import ArticleNotFoundError, IndexDamagedError, QueryError
from indexer.fingerprint import require_same
from indexer.generations import Generations, Manifest
from indexer.models import (
    ArticleView,
    Bar,
    FacetCount,
    Mode,
    Notice,
    ResultHit,
    ResultPage,
    SearchRequest,
    Snippet,
)
from indexer.opening import Analysis, open_analysis
from indexer.query.parse import parse, parse_literally
from indexer.query.tree import Leaf, Query, leaves
from indexer.snippets import marked, snippets

LONGEST_QUERY = 2000
"""Characters; stock Whoosh answers one of this length in seconds, a longer one too slowly."""

LARGEST_PAGE = 100
FACET_VALUES = 20
NEIGHBOURS = 6
"""On either side; a file may hold one newspaper page or fifty thousand articles."""

FILTERS = {**{facet: facet for facet in FACETS}, "paper_page": "page"}
"""Name of a filter -> facet. The URL says `paper_page`, since `page` counts pages of hits."""

RELAXED = Notice("relaxed", "包含全部词语的文章不足一页，以下文章包含其中部分词语。")
LITERAL = Notice("literal", "没有文章包含这些词语，以下文章原样包含所输入的文字。")


@dataclass(frozen=True, slots=True)
class IndexStats:
    """Figures of the live generation. `built` is ISO 8601."""

    articles: int
    generation: str
    built: str
    fingerprint: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Live:
    engine: Engine
    manifest: Manifest


class Searcher:
    """Answers requests from the live generation; a newly published one is noticed by itself.

    Safe to use from several threads; each request is answered by one whole generation.
    """

    def __init__(
        self, generations: Generations, analysis: Analysis, clock: Callable[[], float]
    ) -> None:
        self._generations = generations
        self._analysis = analysis
        self._clock = clock
        self._lock = Lock()
        self._stamp = generations.stamp()
        self._live = self._open()

    def search(self, request: SearchRequest) -> ResultPage:
        """Answer a request. Raises QueryError for one that cannot be carried out."""
        started = self._clock()
        _check(request)
        live = self._current()
        query, found, notice = self._find(live.engine, request)
        shown = leaves(query)
        hits = []
        for hit in found.hits:
            article = live.engine.article(hit.id)
            if article is None:
                raise IndexDamagedError(f"article {hit.id} is missing: run `jianbao index --full`")
            title = marked(article.title, shown, "title")
            hits.append(ResultHit(article, hit.score, title, snippets(article.body, shown)))
        more = request.page * request.size < found.total
        return ResultPage(
            request=request,
            total=found.total,
            took_ms=(self._clock() - started) * 1000,
            generation=live.manifest.generation,
            hits=tuple(hits),
            facets={name: _facet(found.facets[name]) for name in FACETS},
            histogram=_histogram(found.dates),
            notice=notice,
            next_page=request.page + 1 if more else None,
        )

    def article(self, article_id: str, query: str = "") -> ArticleView:
        """One article with the matches of `query` marked. Raises ArticleNotFoundError."""
        live = self._current()
        article = live.engine.article(article_id)
        if article is None:
            raise ArticleNotFoundError(f"no article has the id {article_id!r}: search for it")
        shown = leaves(parse(query[:LONGEST_QUERY], self._analysis.analyzer))
        paragraphs = tuple(
            marked(text, shown, "body") for text in article.body.split("\n") if text.strip()
        )
        return ArticleView(
            article=article,
            title=marked(article.title, shown, "title"),
            paragraphs=paragraphs or (Snippet(""),),
            neighbours=live.engine.around(article, NEIGHBOURS),
            generation=live.manifest.generation,
        )

    def explain(self, article_id: str, query: str) -> tuple[Contribution, ...] | None:
        """The summands of an article's score for `query`; None if it does not match."""
        _check(SearchRequest(query))
        parsed = parse(query, self._analysis.analyzer)
        search = Search(parsed, phrase=self._phrase(query))
        return self._current().engine.explain(search, article_id)

    def stats(self) -> IndexStats:
        """Figures of the live generation."""
        manifest = self._current().manifest
        return IndexStats(
            manifest.articles, manifest.generation, manifest.built, manifest.fingerprint
        )

    @property
    def generation(self) -> str:
        """The name of the live generation."""
        return self._current().manifest.generation

    def close(self) -> None:
        """Let go of files."""
        self._live.engine.close()

    def _open(self) -> _Live:
        name = self._generations.pointer().current
        manifest = self._generations.manifest(name)
        require_same(manifest.fingerprint, self._analysis.fingerprint)
        return _Live(_open_engine(self._generations.path(name)), manifest)

    def _current(self) -> _Live:
        """The live generation. A replaced one is closed when its last request lets go of it."""
        stamp = self._generations.stamp()
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._live = self._open()
                    self._stamp = stamp
        return self._live

    def _find(self, engine: Engine, request: SearchRequest) -> tuple[Query, Found, Notice | None]:
        """All words; else, in mode auto, some of them; else the text as it stands."""
        first: Mode = "any" if request.mode == "any" else "all"
        query = parse(request.query, self._analysis.analyzer, first)
        found = engine.search(self._search(request, query))
        if request.mode == "auto" and found.total < request.size:
            relaxed = parse(request.query, self._analysis.analyzer, "any")
            more = found if relaxed == query else engine.search(self._search(request, relaxed))
            if more.total > found.total:
                return relaxed, more, RELAXED
        if found.total == 0:
            literal = parse_literally(request.query, self._analysis.analyzer)
            exact = engine.search(self._search(request, literal))
            if exact.total:
                return literal, exact, LITERAL
        return query, found, None

    def _search(self, request: SearchRequest, query: Query) -> Search:
        filters: dict[str, tuple[str, ...]] = {}
        for name, value in request.filters:
            facet = FILTERS[name]
            filters[facet] = (*filters.get(facet, ()), value)
        blank = not request.query.strip()
        return Search(
            query=query,
            phrase=self._phrase(request.query),
            sort="newest" if blank and request.sort == "relevance" else request.sort,
            offset=(request.page - 1) * request.size,
            limit=request.size,
            filters=filters,
            date_from=request.date_from,
            date_to=request.date_to,
            facets=FACETS,
            by_date=True,
        )

    def _phrase(self, text: str) -> Leaf | None:
        phrase = parse_literally(text, self._analysis.analyzer, ("title",))
        return phrase if isinstance(phrase, Leaf) else None


def open_searcher(settings: Settings, clock: Callable[[], float]) -> Searcher:
    """Open the index; `clock` gives seconds, for the time a search took.

    Raises IndexMissingError, IndexOutdatedError or IndexDamagedError.
    """
    return Searcher(Generations(settings.index), open_analysis(settings), clock)


def _open_engine(folder: Path) -> Engine:
    try:
        return WhooshEngine(folder)
    except Exception as error:
        raise IndexDamagedError(
            f"the generation at {folder} cannot be opened ({type(error).__name__}: {error}): "
            "run `jianbao rollback`, or `jianbao index --full`"
        ) from error


def _check(request: SearchRequest) -> None:
    if len(request.query) > LONGEST_QUERY:
        raise QueryError(
            f"the query has {len(request.query)} characters: shorten it to {LONGEST_QUERY}"
        )
    if request.page < 1 or not 1 <= request.size <= LARGEST_PAGE:
        raise QueryError(f"page counts from 1, and size goes from 1 to {LARGEST_PAGE}")
    for name, _ in request.filters:
        if name not in FILTERS:
            raise QueryError(f"there is no filter {name!r}: use one of {', '.join(FILTERS)}")


def _facet(counts: Mapping[str, int]) -> tuple[FacetCount, ...]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetCount(value, count) for value, count in ordered[:FACET_VALUES])


def _histogram(dates: Mapping[str, int]) -> tuple[Bar, ...]:
    """A bar for each year, month or day."""
    return tuple(Bar(*_ends(date), dates[date]) for date in sorted(dates))


def _ends(key: str) -> tuple[str, str]:
    """First and last day of `2024`, `2024-12` or `2024-12-30`."""
    if len(key) == 4:
        return f"{key}-01-01", f"{key}-12-31"
    if len(key) == 7:
        last = calendar.monthrange(int(key[:4]), int(key[5:]))[1]
        return f"{key}-01", f"{key}-{last:02}"
    return key, key
