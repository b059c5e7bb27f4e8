"""THE READ PATH: a request to a query to hits to snippets to a result page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from pathlib import Path
from threading import Lock
from typing import TypeVar

from indexer.alternatives import Count, meant, read_words, wider
from indexer.config import Settings
from indexer.counts import all_values, facet, histogram
from indexer.engines.base import FACETS, Contribution, Engine, Found, Search
from indexer.engines.whoosh_engine import WhooshEngine
from indexer.errors import ArticleNotFoundError, IndexDamagedError, QueryError
from indexer.fingerprint import require_same
from indexer.generations import Generations, Manifest
from indexer.models import (
    ArticleView,
    FacetCount,
    Mode,
    Notice,
    ResultHit,
    ResultPage,
    SearchRequest,
    Snippet,
    Suggestion,
)
from indexer.opening import Analysis, open_analysis
from indexer.query.parse import parse, parse_literally
from indexer.query.tree import Leaf, Or, Query, leaves
from indexer.related import related
from indexer.snippets import marked, snippets
from indexer.spelling import Spelling
from indexer.suggestions import Suggestions, open_suggestions
from indexer.verbatim import searched_fields, verbatim_first

LONGEST_QUERY = 2000
"""Characters; stock Whoosh answers one of this length in seconds, a longer one too slowly."""

LARGEST_PAGE = 100
NEIGHBOURS = 6
"""On either side; a file may hold one newspaper page or fifty thousand articles."""

FILTERS = {**{facet: facet for facet in FACETS}, "paper_page": "page"}
"""Name of a filter -> facet. The URL says `paper_page`, since `page` counts pages of hits."""

Opened = TypeVar("Opened")

RELAXED = Notice("relaxed", "包含全部词语的文章不足一页，以下文章包含其中部分词语。")
LITERAL = Notice("literal", "没有文章包含这些词语，以下文章原样包含所输入的文字。")
EXACT_FIRST = Notice(
    "exact_first",
    "原样包含所输入文字的文章排在最前，其后是按检索语法找到的文章。"
    "只要前者，请给全文加引号；只要后者，请给排除的词加引号，如 -“词”。",
)


@dataclass(frozen=True, slots=True)
class IndexStats:
    """Figures of the live generation. `built` is ISO 8601."""

    articles: int
    generation: str
    built: str
    fingerprint: Mapping[str, object]


@dataclass(frozen=True)
class _Live:
    engine: Engine
    manifest: Manifest
    folder: Path
    _lock: Lock = field(default_factory=Lock)

    def spelling(self) -> Spelling:
        """The words of this generation, collected when first asked for."""
        with self._lock:
            return self._spelling

    @cached_property
    def suggestions(self) -> Suggestions | None:
        """What is suggested while typing, opened when first asked for."""
        return _opened(open_suggestions, self.folder)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(*self.engine.terms())


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
        query, found, notice, whole = self._find(live.engine, request)
        shown = leaves(query)
        hits = []
        for hit in found.hits:
            article = live.engine.article(hit.id)
            if article is None:
                raise IndexDamagedError(f"article {hit.id} is missing: run `jianbao index --full`")
            title = marked(article.title, shown, "title")
            hits.append(ResultHit(article, hit.score, title, snippets(article.body, shown)))
        more = request.page * request.size < found.total
        count = self._counter(live.engine)
        corrections = cache(lambda text: live.spelling().corrections(text))
        return ResultPage(
            request=request,
            total=found.total,
            took_ms=(self._clock() - started) * 1000,
            generation=live.manifest.generation,
            hits=tuple(hits),
            facets=_facets(found, request),
            histogram=histogram(found.dates),
            suggestions=meant(request, whole, corrections, count),
            notice=notice,
            next_page=request.page + 1 if more else None,
            words=() if found.total else read_words(query, corrections, count),
            wider=() if found.total else wider(request, query, count),
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
            related=related(article, live.engine, self._analysis.analyzer),
        )

    def suggest(self, text: str, size: int = 8) -> tuple[Suggestion, ...]:
        """What a reader who has typed `text` may be about to type: words, then titles, `size` in
        all. None where the generation was built without them."""
        found = self._current().suggestions
        return found.find(text, size) if found else ()

    def values(self, request: SearchRequest, name: str) -> tuple[FacetCount, ...]:
        """Every value of one facet that articles found by the request have, the most frequent
        first."""
        _check(replace(request, filters=(*request.filters, (name, ""))))
        facet_name = FILTERS[name]
        query = parse(request.query, self._analysis.analyzer, _strictest(request.mode))
        search = self._search(request, query)._replace(limit=0, facets=(facet_name,), by_date=False)
        return all_values(self._current().engine.search(search).facets[facet_name])

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
        self._generations.glance(name)
        folder = self._generations.path(name)
        return _Live(_opened(WhooshEngine, folder), manifest, folder)

    def _current(self) -> _Live:
        """The live generation. A replaced one is closed when its last request lets go of it."""
        stamp = self._generations.stamp()
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._live = self._open()
                    self._stamp = stamp
        return self._live

    def _find(
        self, engine: Engine, request: SearchRequest
    ) -> tuple[Query, Found, Notice | None, int]:
        """All words, after articles with the text as it stands that operators would leave out;
        else, in mode auto, some of the words; else the text as it stands. The number is
        that of the articles which the query finds as it was asked."""
        query = parse(request.query, self._analysis.analyzer, _strictest(request.mode))
        asked = self._search(request, query)
        literal = self._verbatim(request.query, query)
        exact = verbatim_first(engine, asked, literal) if literal else None
        if literal and exact:
            return Or((literal, query)), exact, EXACT_FIRST, exact.total
        found = engine.search(asked)
        if request.mode == "auto" and found.total < request.size:
            relaxed = parse(request.query, self._analysis.analyzer, "any")
            more = found if relaxed == query else engine.search(self._search(request, relaxed))
            if more.total > found.total:
                return relaxed, more, RELAXED, found.total
        if found.total == 0:
            as_typed = parse_literally(request.query, self._analysis.analyzer)
            spelled = engine.search(self._search(request, as_typed))
            if spelled.total:
                return as_typed, spelled, LITERAL, 0
        return query, found, None, found.total

    def _verbatim(self, text: str, query: Query) -> Leaf | None:
        """The text as it was typed, where articles that spell it may be left out."""
        fields = searched_fields(query)
        literal = parse_literally(text, self._analysis.analyzer, fields) if fields else None
        return literal if isinstance(literal, Leaf) else None

    def _counter(self, engine: Engine) -> Count:
        """Counts what a request finds, each query once."""
        counted = cache(partial(self._count, engine))
        return lambda asked: counted(replace(asked, mode=_strictest(asked.mode), page=1))

    def _count(self, engine: Engine, request: SearchRequest) -> int:
        """How many articles the query finds as it is asked."""
        query = parse(request.query, self._analysis.analyzer, _strictest(request.mode))
        search = self._search(request, query)
        return engine.search(search._replace(limit=0, facets=(), by_date=False)).total

    def _search(self, request: SearchRequest, query: Query) -> Search:
        blank = not request.query.strip()
        return Search(
            query=query,
            phrase=self._phrase(request.query),
            sort="newest" if blank and request.sort == "relevance" else request.sort,
            offset=(request.page - 1) * request.size,
            limit=request.size,
            filters=_by_facet(request.filters),
            excluded=_by_facet(request.excluded),
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


def _strictest(mode: Mode) -> Mode:
    return "any" if mode == "any" else "all"


def _opened(open_: Callable[[Path], Opened], folder: Path) -> Opened:
    try:
        return open_(folder)
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
    for name, _ in (*request.filters, *request.excluded):
        if name not in FILTERS:
            raise QueryError(f"there is no filter {name!r}: use one of {', '.join(FILTERS)}")


def _by_facet(pairs: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        facet = FILTERS[name]
        values[facet] = (*values.get(facet, ()), value)
    return values


def _facets(found: Found, request: SearchRequest) -> dict[str, tuple[FacetCount, ...]]:
    chosen = _by_facet(request.filters)
    return {name: facet(found.facets[name], chosen.get(name, ())) for name in FACETS}
