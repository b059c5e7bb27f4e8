"""Answers searches: a query tree to the articles that match, and the best of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from indexer.engines.base import Contribution, Engine, Found, Hit, Search, is_word
from indexer.engines.whoosh_engine.additions import Additions
from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.kernel import Ranked
from indexer.engines.whoosh_engine.opening import open_parts
from indexer.engines.whoosh_engine.ordering import Scores, first
from indexer.engines.whoosh_engine.plan import Planner
from indexer.engines.whoosh_engine.stored_articles import StoredArticles
from indexer.models import Article
from indexer.query.tree import Leaf
from indexer.ranking import Ranking


class WhooshEngine(Engine):
    """Reads the folder that `WhooshWriter` filled. Nothing in it changes, so threads share it.

    `native` False leaves the functions in C alone, where they were built.
    """

    def __init__(
        self, folder: Path, ranking: Ranking | None = None, *, native: bool = True
    ) -> None:
        self._ranking = ranking or Ranking()
        parts = open_parts(folder, self._ranking, native=native)
        self._columns, self._text, self._postings = parts.columns, parts.text, parts.postings
        self._scorer = scorer = parts.scorer
        self._kernel = parts.kernel
        self._articles = StoredArticles(folder, self._columns.count)
        # Not through `self`: in a cycle, a replaced generation's files stay open for long.
        self._planner = Planner(self._columns, lambda leaf: scorer.scored(leaf).numbers)
        self._additions = Additions(self._kernel, self._ranking)

    def search(self, search: Search) -> Found:
        plan = self._planner.plan(search)
        end = search.offset + search.limit
        counted = bool(search.facets) or search.by_date
        if search.sort == "relevance":
            depth = max(end, self._ranking.depth)
            ranked = self._kernel.ranked(plan, depth, collect=counted)
            ordered, scores = self._with_additions(search.phrase, ranked, end)
        else:
            ranked = self._kernel.ranked(plan, 0, collect=True)
            places = self._columns.newest if search.sort == "newest" else self._columns.oldest
            ordered = first(ranked.matching, places, end)
            scores = np.zeros(len(ordered))
        facets, dates = self._counts(search, ranked.matching) if counted else ({}, {})
        shown = slice(search.offset, end)
        ids = map(self._columns.ids.__getitem__, ordered[shown].tolist())
        hits = tuple(map(Hit, ids, scores[shown].tolist()))
        return Found(ranked.total, hits, facets, dates)

    def _counts(
        self, search: Search, matching: Numbers
    ) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
        """Facets and dates; a facet that is filtered on is counted as if it were not."""
        freed = {
            facet: self._kernel.ranked(
                self._planner.plan(search, free=facet), 0, collect=True
            ).matching
            for facet in search.filters
            if facet in search.facets
        }
        return self._columns.counts(search.facets, matching, freed, by_date=search.by_date)

    def _with_additions(
        self, phrase: Leaf | None, ranked: Ranked, end: int
    ) -> tuple[Numbers, Scores]:
        """The first `end` of the best articles, the first of them with their additions."""
        looked_at = ranked.best[: self._ranking.depth]
        bonus = self._additions.bonus(ranked.idfs, phrase, looked_at)
        if bonus is None:
            return ranked.best[:end], ranked.scores[:end]
        scores = ranked.scores[: len(looked_at)] + bonus
        order = np.lexsort((self._columns.newest[looked_at], -scores))
        ordered, scores = looked_at[order], scores[order]
        if end > len(looked_at):
            ordered = np.concatenate([ordered, ranked.best[len(looked_at) :]])
            scores = np.concatenate([scores, ranked.scores[len(looked_at) :]])
        return ordered[:end], scores[:end]

    def explain(self, search: Search, article_id: str) -> tuple[Contribution, ...] | None:
        number = self._columns.number(article_id)
        plan = self._planner.plan(search)
        ranked = self._kernel.ranked(plan, 0, collect=True)
        if number is None or number not in ranked.matching:
            return None
        one = np.array([number])
        words = (
            Contribution(leaf.text, float(score))
            for leaf in plan.leaves
            if (score := self._scorer.scored(leaf).of(one)[0])
        )
        earned = self._additions.earned(ranked.idfs, search.phrase, one)
        added = (
            Contribution(reason, float(scores[0])) for reason, scores in earned.items() if scores[0]
        )
        return (*words, *added)

    def article(self, article_id: str) -> Article | None:
        number = self._columns.number(article_id)
        return None if number is None else self._read(number)

    def around(self, article: Article, count: int) -> tuple[Article, ...]:
        number = self._columns.number(article.id)
        if number is None:
            return ()
        numbers = self._columns.on_same_path(number)
        place = int(np.flatnonzero(numbers == number)[0])
        near = np.delete(numbers, place)[max(0, place - count) : place + count]
        return tuple(self._read(each) for each in near.tolist())

    def articles(self) -> Iterator[Article]:
        return (self._read(number) for number in range(self._columns.count))

    def words(self) -> Iterator[tuple[str, int]]:
        for place, term in enumerate(self._postings.names()):
            if is_word(term):
                yield term, self._postings.articles_of(place)

    def count(self) -> int:
        return self._columns.count

    def whoosh(self) -> Any:
        """A Whoosh searcher over the same postings, for queries of Whoosh's own on the terms of
        `title` and `body`; pass a hit's `number` to `numbered`."""
        # Whoosh takes a tenth of a second to import, which every start would pay.
        from indexer.engines.whoosh_engine.codec import whoosh_searcher

        return whoosh_searcher(self._postings, self._text)

    def numbered(self, number: int) -> Article:
        """The article with that number, counted in the order they were added."""
        return self._read(number)

    def close(self) -> None:
        """The memory maps close with the last array over them: a search under way goes on."""

    def _read(self, number: int) -> Article:
        return self._articles.read(number, *self._text.title_and_body(number))
