"""Answers searches: a query tree to the articles that match, and the best of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from jianbao.indexer.engines.base import Contribution, Engine, Found, Hit, OneLess, Search
from jianbao.indexer.engines.embedded.format.conditions import admitted
from jianbao.indexer.engines.embedded.format.damage import reads, reads_each
from jianbao.indexer.engines.embedded.format.postings_lists import Numbers
from jianbao.indexer.engines.embedded.format.stored_fields import StoredArticles
from jianbao.indexer.engines.embedded.open_segment import open_parts
from jianbao.indexer.engines.embedded.search.one_less import one_less
from jianbao.indexer.engines.embedded.search.plan import Planner
from jianbao.indexer.engines.embedded.search.scoring import RequestScorer, Scorer
from jianbao.indexer.engines.embedded.search.top_k import first
from jianbao.indexer.models import Article
from jianbao.indexer.query.tree import all_leaves
from jianbao.indexer.ranking import Ranking

# Asked for by the hundred: takes 0.6 of the time of `Hit(id, score)`.
_new_hit: Callable[[tuple[str, float]], Hit] = partial(tuple.__new__, Hit)


class WhooshEngine(Engine):
    """Reads the folder that `WhooshWriter` filled. Nothing in it changes, so threads share it.

    `native` False leaves the functions in C alone, where they were built. Opening it, and every
    method, raises IndexDamagedError where files contradict what they must be.
    """

    def __init__(
        self, folder: Path, ranking: Ranking | None = None, *, native: bool = True
    ) -> None:
        self.folder = folder
        self._open(ranking, native=native)

    @reads
    def _open(self, ranking: Ranking | None, *, native: bool) -> None:
        folder = self.folder
        parts = open_parts(folder, ranking or Ranking(), native=native)
        self._columns, self._text, self._postings = parts.columns, parts.text, parts.postings
        self._own_scorer = scorer = parts.scorer
        self._scorer: Scorer | RequestScorer = scorer
        self._kernel = parts.kernel
        self._articles = StoredArticles(folder, self._columns.count)
        # Not through `self`: in a cycle, a replaced generation's files stay open for long.
        self._planner = Planner(self._columns, scorer.numbers)
        self._additions = parts.additions

    def for_request(self) -> WhooshEngine:
        scorer = self._own_scorer.for_request()
        mine = copy(self)
        mine._scorer = scorer
        mine._planner = Planner(self._columns, scorer.numbers, {})
        mine._kernel = self._kernel.over(scorer)
        return mine

    @reads
    def search(self, search: Search) -> Found:
        self._scorer.prepare(all_leaves(search.query))
        plan = self._planner.plan(search)
        end = search.offset + search.limit
        counted = bool(search.facets) or search.by_date
        if search.sort == "relevance":
            ranked = self._kernel.ranked(plan, search.phrase, end, collect=counted)
            ordered, scores = ranked.best, ranked.scores
        else:
            ranked = self._kernel.ranked(plan, None, 0, collect=True)
            places = self._columns.newest if search.sort == "newest" else self._columns.oldest
            ordered = first(ranked.matching, places, end)
            scores = np.zeros(len(ordered))
        facets, dates = self._counts(search, ranked.matching) if counted else ({}, {})
        shown = slice(search.offset, end)
        ids = self._columns.ids_of(ordered[shown])
        hits = tuple(map(_new_hit, zip(ids, scores[shown].tolist(), strict=True)))
        return Found(ranked.total, hits, facets, dates)

    def _counts(
        self, search: Search, matching: Numbers
    ) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
        """Facets and dates; a facet that is filtered on is counted as if it were not."""
        filters = self._planner.filters(search)
        counted = [facet for facet in filters if facet in search.facets]
        freed = {}
        if counted:
            plan = self._planner.plan(search._replace(filters={}))
            unfiltered = self._kernel.ranked(plan, None, 0, collect=True).matching
            for facet in counted:
                others = tuple(each for name, each in filters.items() if name != facet)
                freed[facet] = admitted(unfiltered, others)
        return self._columns.counts(search.facets, matching, freed, by_date=search.by_date)

    @reads
    def one_less(self, search: Search) -> OneLess:
        self._scorer.prepare(all_leaves(search.query))
        return one_less(search, self._columns, self._planner.mask)

    @reads
    def explain(self, search: Search, article_id: str) -> tuple[Contribution, ...] | None:
        number = self._columns.number(article_id)
        self._scorer.prepare(all_leaves(search.query))
        plan = self._planner.plan(search)
        ranked = self._kernel.ranked(plan, None, 0, collect=True)
        if number is None or number not in ranked.matching:
            return None
        one = np.array([number])
        scored = {leaf: self._scorer.scored(leaf) for leaf in plan.leaves}
        words = (
            Contribution(leaf.text, float(score))
            for leaf, each in scored.items()
            if (score := each.of(one)[0])
        )
        idfs = {leaf: each.idf for leaf, each in scored.items()}
        earned = self._additions.earned(idfs, search.phrase, one)
        added = (
            Contribution(reason, float(scores[0])) for reason, scores in earned.items() if scores[0]
        )
        return (*words, *added)

    @reads
    def article(self, article_id: str) -> Article | None:
        number = self._columns.number(article_id)
        return None if number is None else self._read(number)

    @reads
    def around(self, article: Article, count: int) -> tuple[Article, ...]:
        number = self._columns.number(article.id)
        if number is None:
            return ()
        numbers = self._columns.on_same_path(number)
        place = int(np.flatnonzero(numbers == number)[0])
        near = np.delete(numbers, place)[max(0, place - count) : place + count]
        return tuple(self._read(each) for each in near.tolist())

    @reads_each
    def articles(self) -> Iterator[Article]:
        return (self._read(number) for number in range(self._columns.count))

    @reads
    def terms(self) -> tuple[str, Numbers]:
        return self._postings.terms.joined(), self._postings.counts[self._postings.term_places]

    def count(self) -> int:
        return self._columns.count

    def whoosh(self) -> Any:
        """A Whoosh searcher over the same postings, for queries of Whoosh's own on the terms of
        `title` and `body`; pass a hit's `number` to `numbered`."""
        # Whoosh takes a tenth of a second to import, which every start would pay.
        from jianbao.indexer.engines.embedded.whoosh_codec import whoosh_searcher

        return whoosh_searcher(self._postings, self._text)

    @reads
    def numbered(self, number: int) -> Article:
        """The article with that number, counted in the order they were added."""
        return self._read(number)

    def close(self) -> None:
        """The memory maps close with the last array over them: a search under way goes on."""

    def _read(self, number: int) -> Article:
        return self._articles.read(number, *self._text.title_and_body(number))
