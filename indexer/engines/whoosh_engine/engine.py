"""Answers searches: a query tree to the articles that match, and the best of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from indexer.engines.base import Contribution, Engine, Found, Hit, Search
from indexer.engines.whoosh_engine.additions import Additions
from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.columns import Columns
from indexer.engines.whoosh_engine.matching import Matcher
from indexer.engines.whoosh_engine.ordering import Scores, best, first
from indexer.engines.whoosh_engine.postings import Postings
from indexer.engines.whoosh_engine.scoring import COMMON, Leaves, Scorer, sums_of, sums_of_all
from indexer.engines.whoosh_engine.selection import Selection
from indexer.engines.whoosh_engine.stored_articles import StoredArticles
from indexer.engines.whoosh_engine.stored_text import StoredText
from indexer.models import Article
from indexer.query.tree import Leaf, Or, Query, leaves
from indexer.ranking import Ranking

_NOTHING = np.empty(0, dtype=np.int64)


class WhooshEngine(Engine):
    """Reads the folder that `WhooshWriter` filled. Nothing in it changes, so threads share it."""

    def __init__(self, folder: Path, ranking: Ranking | None = None) -> None:
        self._ranking = ranking or Ranking()
        self._columns = Columns(folder)
        self._text = StoredText(folder)
        self._articles = StoredArticles(folder, self._columns.count)
        self._postings = Postings(folder, self._columns.count, self._ranking.accidental)
        self._matcher = Matcher(self._postings, self._text)
        self._scorer = Scorer(self._matcher, self._text, self._columns.newest, self._ranking)
        self._additions = Additions(self._text, self._ranking)
        self._selection = Selection(self._columns, self._scorer)

    def search(self, search: Search) -> Found:
        found = self._leaves(search.query)
        end = search.offset + search.limit
        if search.sort == "relevance" and self._is_union_of_many(search, found):
            sums = sums_of_all(found, self._columns.count)
            numbers = np.flatnonzero(sums > 0) if search.facets or search.by_date else _NOTHING
            total = len(numbers) or int(np.count_nonzero(sums > 0))
            ordered = best(sums, self._columns.newest, None, self._depth(end))
            shown = self._with_additions(search, found, ordered, sums[ordered], end)
            return self._found(search, numbers, total, *shown)
        numbers = self._selection.matching(search, found)
        if search.sort == "relevance":
            ordered, scores = self._best(found, numbers, self._depth(end))
            shown = self._with_additions(search, found, ordered, scores, end)
            return self._found(search, numbers, len(numbers), *shown)
        columns = self._columns
        places = columns.newest if search.sort == "newest" else columns.oldest
        ordered = first(numbers, places, end)
        return self._found(search, numbers, len(numbers), ordered, np.zeros(len(ordered)))

    def _depth(self, end: int) -> int:
        """How many of the best are needed to show those before `end`."""
        return max(end, self._ranking.depth)

    def _is_union_of_many(self, search: Search, found: Leaves) -> bool:
        """Whether all that spell a leaf match, so that the sums alone tell which do."""
        if search.date_from or search.date_to or search.filters:
            return False
        query = search.query
        if not isinstance(query, Or) or not all(isinstance(part, Leaf) for part in query.parts):
            return False
        postings = sum(len(scored.numbers) for scored in found.values())
        return postings * COMMON >= self._columns.count

    def _found(
        self, search: Search, numbers: Numbers, total: int, ordered: Numbers, scores: Scores
    ) -> Found:
        """The answer; `numbers` are counted, `ordered` shown."""
        shown = slice(search.offset, search.offset + search.limit)
        hits = zip(ordered[shown].tolist(), scores[shown].tolist(), strict=True)
        facets, dates = self._columns.counts(search.facets, numbers, by_date=search.by_date)
        return Found(
            total=int(total),
            hits=tuple(Hit(self._columns.ids[number], score) for number, score in hits),
            facets=facets,
            dates=dates,
        )

    def explain(self, search: Search, article_id: str) -> tuple[Contribution, ...] | None:
        number = self._columns.number(article_id)
        found = self._leaves(search.query)
        if number is None or number not in self._selection.matching(search, found):
            return None
        one = np.array([number])
        words = (
            Contribution(leaf.text, float(scored.of(one)[0]))
            for leaf, scored in found.items()
            if scored.of(one)[0]
        )
        added = (
            Contribution(reason, float(scores[0]))
            for reason, scores in self._additions.earned(found, search.phrase, one).items()
            if scores[0]
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
        place = int(np.searchsorted(numbers, number))
        near = np.delete(numbers, place)[max(0, place - count) : place + count]
        return tuple(self._read(each) for each in near.tolist())

    def articles(self) -> Iterator[Article]:
        return (self._read(number) for number in range(self._columns.count))

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
        return self._articles.read(number, self._text.title(number), self._text.body(number))

    def _leaves(self, query: Query) -> Leaves:
        return {leaf: self._scorer.scored(leaf) for leaf in leaves(query)}

    def _best(self, found: Leaves, numbers: Numbers, count: int) -> tuple[Numbers, Scores]:
        """The `count` best of the matching articles by BM25F, and their scores."""
        if len(found) == 1:
            (only,) = found.values()
            if numbers is only.numbers and min(count, len(numbers)) <= len(only.best):
                ordered = only.best[:count]
                return ordered, only.of(ordered)
        sums = sums_of(found, numbers, self._columns.count)
        places = best(sums, self._columns.newest, numbers, count)
        return numbers[places], sums[places]

    def _with_additions(
        self, search: Search, found: Leaves, ordered: Numbers, scores: Scores, end: int
    ) -> tuple[Numbers, Scores]:
        """The first `end` of the ordered articles, the best of them with their additions."""
        depth, newest = self._ranking.depth, self._columns.newest
        added = self._additions.earned(found, search.phrase, ordered[:depth])
        if added:
            scores[:depth] += sum(added.values())
        order = np.lexsort((newest[ordered[:depth]], -scores[:depth]))
        order = np.concatenate([order, np.arange(len(order), len(ordered))])[:end]
        return ordered[order], scores[order]
