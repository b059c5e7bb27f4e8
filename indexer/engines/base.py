"""The interface of an engine, with its contract in words.

An engine keeps articles and their tokens, and answers query trees. It never sees query text, never
analyses and never highlights. What it raises of its own is an `EngineError`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.errors import EngineError
from jianbao.indexer.models import Article, Sort
from jianbao.indexer.query.tree import And, Everything, Leaf, Query
from jianbao.indexer.text.bulk import BulkAnalyzer

FACETS = ("source", "year", "page", "column", "author", "kind", "tags")
"""The fields whose values are counted and can be filtered on."""

FILTERS = {**{facet: facet for facet in FACETS}, "paper_page": "page"}
"""Name of a filter -> facet. The URL says `paper_page`, since `page` counts pages of hits."""

_NO_VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Search(NamedTuple):
    """What an engine is asked.

    `phrase` is the whole query as one phrase of the title, which raises the score of titles that
    have it. `filters` maps a facet to the values of which an article must have one, `excluded` to
    those of which it must have none. `date_from` and `date_to` are ISO days, both included, empty
    where open; with either, undated articles do not match. `facets` names the facets to count; with
    `by_date` the dates are counted too.
    """

    query: Query = Everything()
    phrase: Leaf | None = None
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10
    filters: Mapping[str, tuple[str, ...]] = _NO_VALUES
    excluded: Mapping[str, tuple[str, ...]] = _NO_VALUES
    date_from: str = ""
    date_to: str = ""
    facets: tuple[str, ...] = ()
    by_date: bool = False

    @property
    def is_restricted(self) -> bool:
        """Whether it has conditions beside its query."""
        return bool(self.filters or self.excluded or self.date_from or self.date_to)


class Hit(NamedTuple):
    """A matching article and its score, 0 where the order is by date."""

    id: str
    score: float


class Found(NamedTuple):
    """What an engine answers.

    `total` counts all matching articles; `hits` are those from `offset` on, `limit` at most. Equal
    scores are ordered newest first, then by id, so that pages never overlap. `dates` has
    every year, month or day (as `date_length` says) that matching articles have, if asked for, with
    their counts. `facets` has the same for every value of each facet asked for, each facet counted
    as if the search had no `filters` of that facet itself, so that the alternatives to a chosen
    value stay; all other conditions, its own `excluded` among them, apply.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]] = MappingProxyType({})
    dates: Mapping[str, int] = MappingProxyType({})


class PartsLess(NamedTuple):
    """How many articles match all parts of a query, and all but one of them, each in turn."""

    all: int
    without: tuple[int, ...]


class OneLess(NamedTuple):
    """How many articles a search would find with one of its conditions less.

    `dates` without its first and last day; `filters`, by facet, without the values of that facet;
    `excluded` without one excluded value; `parts` with the conditions as they are, but fewer parts
    of the query; `free` without any condition.
    """

    dates: int
    filters: Mapping[str, int]
    excluded: Mapping[tuple[str, str], int]
    parts: PartsLess
    free: PartsLess


@dataclass(frozen=True, slots=True)
class Contribution:
    """One summand of a score: what earned it and the numbers behind it."""

    reason: str
    score: float
    detail: str = ""


class Engine(ABC):
    """A published set of articles, open for reading. Safe to use from several threads."""

    @abstractmethod
    def search(self, search: Search) -> Found:
        """Answer a search."""

    def search_many(self, searches: Sequence[Search]) -> tuple[Found, ...]:
        """Answer several searches, in their order."""
        return tuple(self.search(search) for search in searches)

    def one_less(self, search: Search) -> OneLess:
        """Count what the search would find with one condition less, each in turn.

        The parts of a query are those of an `And`, else the whole query. One pass over what matches
        each part answers all of it, where an engine can do that; this asks a search at a time.
        """
        counted = search._replace(limit=0, facets=(), by_date=False, phrase=None)
        bare = counted._replace(filters={}, excluded={}, date_from="", date_to="")
        return OneLess(
            dates=self.search(counted._replace(date_from="", date_to="")).total,
            filters={
                facet: self.search(counted._replace(filters=_without(search.filters, facet))).total
                for facet in search.filters
            },
            excluded={
                (facet, value): self.search(
                    counted._replace(excluded=_without(search.excluded, facet, value))
                ).total
                for facet, values in search.excluded.items()
                for value in values
            },
            parts=self._parts_less(counted),
            free=self._parts_less(bare),
        )

    def _parts_less(self, search: Search) -> PartsLess:
        parts = parts_of(search.query)
        fewer = [(*parts[:at], *parts[at + 1 :]) for at in range(len(parts))]
        totals = tuple(self.search(search._replace(query=And(kept))).total for kept in fewer)
        return PartsLess(self.search(search).total, totals)

    def get(self, ids: Sequence[str]) -> tuple[Article | None, ...]:
        """The articles with these ids, in their order; None where there is no such article."""
        return tuple(self.article(id_) for id_ in ids)

    def for_request(self) -> Engine:
        """The same engine, to be used by one thread for one request: what its searches have in
        common may then be worked out once. It is let go of with the request."""
        return self

    @abstractmethod
    def explain(self, search: Search, article_id: str) -> tuple[Contribution, ...] | None:
        """The summands of an article's score; None if it does not match."""

    @abstractmethod
    def article(self, article_id: str) -> Article | None:
        """The article with that id."""

    @abstractmethod
    def around(self, article: Article, count: int) -> tuple[Article, ...]:
        """The other articles from the same source file: at most `count` before and `count` after,
        in the order they were added."""

    @abstractmethod
    def articles(self) -> Iterator[Article]:
        """All articles, in the order they were added."""

    @abstractmethod
    def terms(self) -> tuple[str, NDArray[np.int64]]:
        """Every term of two characters or more that an article spells, each once and followed by a
        newline, sorted, and the number of those articles for each. Other terms may stand there
        too."""

    @abstractmethod
    def count(self) -> int:
        """How many articles there are."""

    @abstractmethod
    def close(self) -> None:
        """Let go of files."""


OpenAnalyzer = Callable[[], BulkAnalyzer]
"""Opens the analyzer that tells the tokens of articles. Can be pickled: writers run it in processes
of their own."""


class Base(ABC):
    """A published generation that a new one is made from."""

    @abstractmethod
    def owner(self, id_: str) -> str | None:
        """The source of the article with that id, if there is one."""

    @abstractmethod
    def spelling(self, words: Collection[str]) -> list[str]:
        """The ids of the articles that spell one of the folded words."""


class Writer(ABC):
    """Fills a new generation.

    Leaving the `with` block normally makes it complete; leaving it by an exception leaves nothing
    that could be opened.
    """

    analysed = 0
    """How many articles were given to the analyzer."""

    @abstractmethod
    def add(self, article: Article) -> None:
        """Add an article. Ids must be distinct."""

    def reuse(self, article: Article, base_id: str) -> None:
        """Add an article whose title and body are those of the article `base_id` of the base, which
        `carry_over` has to be given before `commit`: it is not analysed again."""
        raise EngineError(f"{type(self).__name__} carries nothing over")

    def carry_over(
        self, base: Base, without: Collection[str], *, again: Collection[str] | None = None
    ) -> None:
        """Take over the articles of a base, but for those with the ids `without`; and the texts of
        those that were given to `reuse`.

        The tokens of the base must come from the same analyzer; or, where `again` is given, from
        one with another dictionary but for the articles with those ids, which are analysed again.
        Raises IndexDamagedError where the base contradicts itself.
        """
        raise EngineError(f"{type(self).__name__} carries nothing over")

    @abstractmethod
    def commit(self) -> None:
        """Make everything added so far complete and durable. Raises EngineError where an article
        was given to `reuse` and no base that has its text to `carry_over`."""

    @abstractmethod
    def cancel(self) -> None:
        """Throw everything away."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is not None:
            self.cancel()
            return
        try:
            self.commit()
        except BaseException:
            self.cancel()
            raise


class Backend(ABC):
    """Opens and writes the generations of one index, by their names."""

    version: ClassVar[int]
    """Another one when the form changes in which a generation is kept: it is part of the
    fingerprint, so that generations of another form are refused."""

    @abstractmethod
    def open(self, generation: str) -> Engine:
        """A filled generation for reading. Raises IndexDamagedError."""

    @abstractmethod
    def writer(self, generation: str, open_analyzer: OpenAnalyzer, jobs: int) -> Writer:
        """Fills a new generation, with so many processes."""

    @abstractmethod
    def base(self, generation: str) -> Base:
        """A filled generation to make another one from. Raises IndexDamagedError."""


def parts_of(query: Query) -> tuple[Query, ...]:
    """The parts that a query asks for all of: those of an `And`, else the query itself."""
    return query.parts if isinstance(query, And) else (query,)


def _without(
    values: Mapping[str, tuple[str, ...]], facet: str, value: str | None = None
) -> dict[str, tuple[str, ...]]:
    """The values without those of a facet, or without that value of it."""
    kept = tuple(each for each in values[facet] if value is not None and each != value)
    others = {name: each for name, each in values.items() if name != facet}
    return {**others, facet: kept} if kept else others


def date_length(first: str, last: str) -> int:
    """How many characters of a date to count by: 4 for years, or 7 for months or 10 for days
    where the days from `first` to `last` span no more than two of the longer ones."""
    months = _month(last) - _month(first)
    if int(last[:4]) - int(first[:4]) > 1:
        return 4
    return 7 if months > 1 else 10


def _month(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7])


def values_of(article: Article, facet: str) -> tuple[str, ...]:
    """The values that an article has for a facet or value field; never an empty string."""
    if facet == "year":
        return (article.date[:4],) if article.date else ()
    value = getattr(article, facet)
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(each for each in value if each))
    return (value,) if value else ()
