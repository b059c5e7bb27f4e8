"""THE READ PATH: a request to a query to hits to snippets to a result page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import TypeVar

from jianbao.indexer.analysis import Analysis, open_analysis
from jianbao.indexer.engines.base import FACETS, FILTERS, Contribution, Engine, Found, Hit, Search
from jianbao.indexer.errors import (
    ArticleNotFoundError,
    IndexDamagedError,
    IndexUnavailableError,
    QueryError,
)
from jianbao.indexer.models import (
    ArticleView,
    FacetCount,
    Notice,
    ResultHit,
    ResultPage,
    SearchRequest,
    Snippet,
    Suggestion,
)
from jianbao.indexer.query.parsed_query import ParsedQuery
from jianbao.indexer.query.tree import Leaf, Or, Query, leaves
from jianbao.indexer.search.budget import LISTING, Budget, Spending
from jianbao.indexer.search.facets import all_values, facet, histogram
from jianbao.indexer.search.offers import Offers
from jianbao.indexer.search.related import related
from jianbao.indexer.search.requests import by_facet, to_count, to_search
from jianbao.indexer.search.snippets import marked, snippets
from jianbao.indexer.search.spelling import Spelling
from jianbao.indexer.search.suggestions import Suggestions, open_suggestions
from jianbao.indexer.search.verbatim import searched_fields, verbatim_first
from jianbao.indexer.settings import Settings
from jianbao.indexer.store.generations import Generations, Manifest, Seen, are_as_seen
from jianbao.indexer.store.user_words import generation_words
from jianbao.indexer.text.analyzer import Analyzer

LONGEST_QUERY = 2000
"""Characters; stock Whoosh answers one of this length in seconds, a longer one too slowly."""

LOOK_S = 0.002
"""A page asks for the live generation five times; one look at its files takes 0.1 ms."""

PART = 50
"""Articles of a list that are read at a time."""

LARGEST_PAGE = 100
NEIGHBOURS = 6
"""On either side; a file may hold one newspaper page or fifty thousand articles."""

Opened = TypeVar("Opened")

_USUAL = Budget()

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
    """One generation, and what is asked of it: its engine with the analyzer of its own words."""

    engine: Engine
    analysis: Analysis
    manifest: Manifest
    folder: Path
    seen: Seen
    """Its files when they were opened."""
    _lock: Lock = field(default_factory=Lock)

    @property
    def analyzer(self) -> Analyzer:
        """What turns a query into the terms of this generation."""
        return self.analysis.analyzer

    def parsed(self, request: SearchRequest) -> ParsedQuery:
        """The query of a request, as this generation reads it."""
        return ParsedQuery(request.query, self.analyzer, request.mode)

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

    Safe to use from several threads; each request is answered by one whole generation, with the
    user words that it was built with.
    """

    def __init__(
        self,
        generations: Generations,
        clock: Callable[[], float],
        budget: Budget = _USUAL,
        listing: Budget = LISTING,
    ) -> None:
        self._generations = generations
        self._clock = clock
        self._budget = budget
        self._listing = listing
        self._lock = Lock()
        self._stamp = generations.stamp()
        self._live = self._open()
        self._looked = clock()

    def search(self, request: SearchRequest) -> ResultPage:
        """Answer a request. Raises QueryError for one that cannot be carried out."""
        started = self._clock()
        _check(request)
        live = self._current()
        engine = live.engine.for_request()
        asked = live.parsed(request)
        query, found, notice, whole = self._find(engine, request, asked)
        more = request.page * request.size < found.total
        spending = Spending(self._budget)
        hits = self._dressed(engine, found, leaves(query), spending)
        offers = Offers(
            engine,
            request,
            live.parsed,
            lambda text: live.spelling().corrections(text),
            spending,
        )
        # The surest first: what is left of the budget goes to guesses.
        ways = () if found.total else offers.wider(asked)
        told = () if found.total else offers.read(query)
        suggestions = offers.meant(whole)
        return ResultPage(
            request=request,
            total=found.total,
            took_ms=(self._clock() - started) * 1000,
            generation=live.manifest.generation,
            hits=hits,
            facets=_facets(found, request),
            histogram=histogram(found.dates),
            suggestions=suggestions,
            notice=notice,
            next_page=request.page + 1 if more else None,
            words=told,
            wider=ways,
            limited=spending.is_short,
        )

    def listed(self, request: SearchRequest, most: int) -> Iterator[ResultHit]:
        """The hits of a request from the first on, `most` at most, all of one generation.

        Its page and size matter only in mode `auto`, which asks for all words or for some of them
        as it does for that page. The search is done at once, and raises as `search`; articles are
        read and marked as they are taken, within one budget for all of them.
        """
        _check(request)
        live = self._current()
        engine = live.engine.for_request()
        asked = live.parsed(request)
        query, found, _, _ = self._find(engine, request, asked, most)
        return self._dressed_in_parts(engine, found.hits, leaves(query))

    def article(self, article_id: str, query: str = "") -> ArticleView:
        """One article with the matches of `query` marked. Raises ArticleNotFoundError."""
        live = self._current()
        engine = live.engine.for_request()
        article = engine.article(article_id)
        if article is None:
            raise ArticleNotFoundError(f"no article has the id {article_id!r}: search for it")
        shown = leaves(ParsedQuery(query[:LONGEST_QUERY], live.analyzer).strict)
        spending = Spending(self._budget)
        spending.divide(1, len(shown))
        title = marked(article.title, shown, "title", spending)
        paragraphs = tuple(
            marked(text, shown, "body", spending)
            for text in article.body.split("\n")
            if text.strip()
        )
        return ArticleView(
            article=article,
            title=title,
            paragraphs=paragraphs or (Snippet(""),),
            neighbours=engine.around(article, NEIGHBOURS),
            generation=live.manifest.generation,
            related=related(article, engine, live.analyzer),
            limited=spending.is_short,
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
        live = self._current()
        search = to_count(request, live.parsed(request).strict)._replace(facets=(facet_name,))
        return all_values(live.engine.for_request().search(search).facets[facet_name])

    def explain(self, article_id: str, query: str) -> tuple[Contribution, ...] | None:
        """The summands of an article's score for `query`; None if it does not match."""
        _check(SearchRequest(query))
        live = self._current()
        asked = ParsedQuery(query, live.analyzer)
        engine = live.engine.for_request()
        return engine.explain(Search(asked.strict, phrase=asked.phrase), article_id)

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

    def _open(self, known: Analysis | None = None) -> _Live:
        """The live generation; its analyzer is `known` where that has the same words."""
        while True:
            name = self._generations.pointer().current
            try:
                return self._opened(name, known)
            except IndexUnavailableError:
                # Opening takes a moment, in which two runs may have published and removed it.
                if self._generations.pointer().current == name:
                    raise

    def _opened(self, name: str, known: Analysis | None) -> _Live:
        manifest = self._generations.manifest(name)
        folder = self._generations.path(name)
        words = generation_words(folder, manifest)
        # Seen before they are opened: a change in between is found with the next request.
        seen = self._generations.glance(name)
        analysis = open_analysis(words, known)
        engine = _opened(lambda _: self._generations.backend.open(name), folder)
        return _Live(engine, analysis, manifest, folder, seen)

    def _current(self) -> _Live:
        """The live generation. A replaced one is closed when its last request lets go of it.

        Its files are mapped, and a read behind the end of one that was cut ends the process
        (SIGBUS). So they are looked at before each request, and opened again where one was changed
        or replaced: a file that was cut and restored as a new one stays cut in the old map. What
        remains is a file that is cut while a request reads it, or `LOOK_S` before: that ends one
        worker, and the next one looks before it reads.
        """
        stamp, live = self._generations.stamp(), self._live
        if stamp != self._stamp or not self._are_files_as_seen(live):
            with self._lock:
                if live is self._live:
                    self._live = self._open(live.analysis)
                    self._stamp = stamp
        return self._live

    def _are_files_as_seen(self, live: _Live) -> bool:
        now = self._clock()
        if 0 <= now - self._looked < LOOK_S:
            return True
        if not are_as_seen(live.seen):
            return False
        self._looked = now
        return True

    def _find(
        self, engine: Engine, request: SearchRequest, asked: ParsedQuery, most: int = 0
    ) -> tuple[Query, Found, Notice | None, int]:
        """All words, after articles with the text as it stands that operators would leave out;
        else, in mode auto, some of the words; else the text as it stands. The number is
        that of the articles which the query finds as it was asked. With `most` it is a list
        of so many hits from the first on, and nothing is counted beside it."""

        def searching(query: Query) -> Search:
            search = to_search(request, query, asked.phrase)
            whole = search._replace(offset=0, limit=most, facets=(), by_date=False)
            return whole if most else search

        query = asked.strict
        search = searching(query)
        fields = searched_fields(query)
        verbatim = asked.literally(fields) if fields else None
        exact = verbatim_first(engine, search, verbatim) if verbatim else None
        if verbatim and exact:
            return Or((verbatim, query)), exact, EXACT_FIRST, exact.total
        found = engine.search(search)
        if request.mode == "auto" and found.total < request.size:
            relaxed = asked.relaxed
            more = found if relaxed == query else engine.search(searching(relaxed))
            if more.total > found.total:
                return relaxed, more, RELAXED, found.total
        if found.total == 0:
            literal = asked.literal
            spelled = engine.search(searching(literal))
            if spelled.total:
                return literal, spelled, LITERAL, 0
        return query, found, None, found.total

    def _dressed(
        self, engine: Engine, found: Found, shown: tuple[Leaf, ...], spending: Spending
    ) -> tuple[ResultHit, ...]:
        """The hits with their marks."""
        spending.divide(len(found.hits), len(shown))
        return tuple(_marked(engine, found.hits, shown, spending))

    def _dressed_in_parts(
        self, engine: Engine, hits: Sequence[Hit], shown: tuple[Leaf, ...]
    ) -> Iterator[ResultHit]:
        spending = Spending(self._listing)
        spending.divide(min(len(hits), LARGEST_PAGE), len(shown))
        for part in range(0, len(hits), PART):
            yield from _marked(engine, hits[part : part + PART], shown, spending)


def _marked(
    engine: Engine, hits: Sequence[Hit], shown: tuple[Leaf, ...], spending: Spending
) -> Iterator[ResultHit]:
    articles = engine.get([hit.id for hit in hits])
    for hit, article in zip(hits, articles, strict=True):
        if article is None:
            raise IndexDamagedError(f"article {hit.id} is missing: run `jianbao index --full`")
        before = spending.shortages
        title = marked(article.title, shown, "title", spending)
        passages = snippets(article.body, shown, spending)
        yield ResultHit(article, hit.score, title, passages, spending.shortages > before)


def open_searcher(settings: Settings, clock: Callable[[], float] = perf_counter) -> Searcher:
    """Open the index; `clock` gives seconds, for the time a search took.

    Raises IndexMissingError, IndexOutdatedError or IndexDamagedError.
    """
    return Searcher(Generations(settings.index), clock)


def _opened(open_: Callable[[Path], Opened], folder: Path) -> Opened:
    try:
        return open_(folder)
    except IndexDamagedError:
        raise
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


def _facets(found: Found, request: SearchRequest) -> dict[str, tuple[FacetCount, ...]]:
    chosen = by_facet(request.filters)
    return {name: facet(found.facets[name], chosen.get(name, ())) for name in FACETS}
