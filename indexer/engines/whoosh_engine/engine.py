"""Answers searches: a query tree to the articles that match, and the best of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer.engines.base import Contribution, Engine, Found, Hit, Search
from indexer.engines.whoosh_engine.additions import Additions, Leaves
from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.codec import whoosh_searcher
from indexer.engines.whoosh_engine.columns import Columns, Mask
from indexer.engines.whoosh_engine.matching import Matcher, intersect
from indexer.engines.whoosh_engine.postings import Postings
from indexer.engines.whoosh_engine.scoring import Scored, Scorer, Scores
from indexer.engines.whoosh_engine.stored_articles import StoredArticles
from indexer.engines.whoosh_engine.stored_text import StoredText
from indexer.models import Article
from indexer.query.tree import (
    And,
    Dates,
    Everything,
    Leaf,
    Not,
    Or,
    Prefer,
    Query,
    Value,
    leaves,
)
from indexer.ranking import Ranking

BLOCK = 32
"""Scores looked at together when the best are picked out."""

FEW = 20
"""A search by bisection costs about as much as passing over so many articles in a row."""


class WhooshEngine(Engine):
    """Reads the folder that `WhooshWriter` filled. Nothing in it changes, so threads share it."""

    def __init__(self, folder: Path, ranking: Ranking | None = None) -> None:
        self._ranking = ranking or Ranking()
        self._columns = Columns(folder)
        self._text = StoredText(folder)
        self._articles = StoredArticles(folder)
        self._postings = Postings(folder, self._columns.count, self._ranking.accidental)
        self._matcher = Matcher(self._postings, self._text)
        self._scorer = Scorer(self._matcher, self._text, self._ranking)
        self._additions = Additions(self._text, self._ranking)

    def search(self, search: Search) -> Found:
        found = self._leaves(search.query)
        numbers = self._matching(search, found)
        end = search.offset + search.limit
        if search.sort == "relevance":
            ordered, scores = self._best(search, found, numbers, end)
        else:
            columns = self._columns
            place = columns.newest if search.sort == "newest" else columns.oldest
            ordered = _first(numbers, place[numbers], end)
            scores = np.zeros(len(ordered))
        shown = zip(
            ordered[search.offset : end].tolist(), scores[search.offset : end].tolist(), strict=True
        )
        return Found(
            total=len(numbers),
            hits=tuple(Hit(self._columns.ids[number], score) for number, score in shown),
            facets={facet: self._columns.counts(facet, numbers) for facet in search.facets},
            dates=self._columns.date_counts(numbers) if search.facets else {},
        )

    def explain(self, search: Search, article_id: str) -> tuple[Contribution, ...] | None:
        number = self._columns.number(article_id)
        found = self._leaves(search.query)
        if number is None or number not in self._matching(search, found):
            return None
        one = np.array([number])
        words = (
            Contribution(leaf.text, float(_at(scored, one)[0]))
            for leaf, scored in found.items()
            if len(intersect(one, scored.numbers))
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

    def _matching(self, search: Search, found: Leaves) -> Numbers:
        """The articles that the query and all conditions match."""
        numbers = self._numbers(search.query, found)
        if search.date_from or search.date_to:
            numbers = numbers[self._columns.between(search.date_from, search.date_to)[numbers]]
        for facet, values in search.filters.items():
            numbers = numbers[self._columns.having(facet, values)[numbers]]
        return numbers

    def _numbers(self, query: Query, found: Leaves) -> Numbers:
        match query:
            case Leaf():
                return self._spelling(query, found)
            case Prefer(required, _):
                return self._numbers(required, found)
            case And(parts) if all(isinstance(part, Leaf) for part in parts):
                lists = sorted((self._numbers(part, found) for part in parts), key=len)
                numbers = lists[0]
                for each in lists[1:]:
                    numbers = self._both(numbers, each)
                return numbers
            case Or(parts) if all(isinstance(part, Leaf) for part in parts):
                return self._any([self._numbers(part, found) for part in parts])
            case _:
                return np.flatnonzero(self._mask(query, found))

    def _any(self, lists: Sequence[Numbers]) -> Numbers:
        together = np.concatenate(lists)
        if len(together) < self._columns.count // FEW:
            together.sort()
            return together[np.diff(together, prepend=-1) > 0]
        return np.flatnonzero(self._marked(together))

    def _both(self, few: Numbers, many: Numbers) -> Numbers:
        if len(few) < len(many) // FEW:
            return intersect(few, many)
        return few[self._marked(many)[few]]

    def _mask(self, query: Query, found: Leaves) -> Mask:
        columns = self._columns
        mask: Mask
        match query:
            case Leaf():
                return self._marked(self._spelling(query, found))
            case Value(field, text):
                return columns.containing(field, text)
            case Dates(start, end) if start or end:
                return columns.between(start, end)
            case And(parts):
                mask = np.all([self._mask(part, found) for part in parts], axis=0)
                return mask
            case Or(parts):
                mask = np.any([self._mask(part, found) for part in parts], axis=0)
                return mask
            case Not(part):
                return ~self._mask(part, found)
            case Prefer(required, _):
                return self._mask(required, found)
            case Everything() | Dates():
                return np.ones(columns.count, dtype=np.bool_)

    def _marked(self, numbers: Numbers) -> Mask:
        mask = np.zeros(self._columns.count, dtype=np.bool_)
        mask[numbers] = True
        return mask

    def _spelling(self, leaf: Leaf, found: Leaves) -> Numbers:
        return (found.get(leaf) or self._scorer.scored(leaf)).numbers

    def _best(
        self, search: Search, found: Leaves, numbers: Numbers, end: int
    ) -> tuple[Numbers, Scores]:
        """The first `end` of the matching articles by score."""
        scores = self._sums(found, numbers)
        depth = self._ranking.depth
        places = self._best_places(scores, numbers, max(end, depth))
        numbers, scores = numbers[places], scores[places]
        added = self._additions.earned(found, search.phrase, numbers[:depth])
        if added:
            scores[:depth] += sum(added.values())
        order = np.lexsort((self._columns.newest[numbers[:depth]], -scores[:depth]))
        places = np.concatenate([order, np.arange(len(order), len(numbers))])[:end]
        return numbers[places], scores[places]

    def _sums(self, found: Leaves, numbers: Numbers) -> Scores:
        """The score of each of the sorted articles before additions."""
        if len(found) == 1:
            (only,) = found.values()
            if len(only.numbers) == len(numbers):
                return only.scores
        postings = sum(len(scored.numbers) for scored in found.values())
        if len(numbers) < postings // FEW:
            few = np.zeros(len(numbers))
            for scored in found.values():
                few += _at(scored, numbers)
            return few
        sums = np.zeros(self._columns.count)
        for scored in found.values():
            sums[scored.numbers] += scored.scores
        return sums[numbers]

    def _best_places(self, scores: Scores, numbers: Numbers, count: int) -> Numbers:
        """The places of the `count` best scores, best first, the newest first among equals."""
        places = _above(scores, count)
        order = np.lexsort((self._columns.newest[numbers[places]], -scores[places]))
        return places[order[:count]]


def _above(scores: Scores, count: int) -> Numbers:
    """Places that are sure to have the `count` best scores, and all equal to one of them.

    At least `count` scores reach the lowest of the `count` best blocks' best.
    """
    blocks = len(scores) // BLOCK
    if blocks <= count:
        return np.arange(len(scores))
    best = scores[: blocks * BLOCK].reshape(blocks, BLOCK).max(axis=1)
    return np.flatnonzero(scores >= np.partition(best, blocks - count)[blocks - count])


def _at(scored: Scored, numbers: Numbers) -> Scores:
    """What each of the articles earns for a leaf, 0 where it does not spell it."""
    if not len(scored.numbers):
        return np.zeros(len(numbers))
    at = np.searchsorted(scored.numbers, numbers)
    at[at == len(scored.numbers)] = 0
    return np.where(scored.numbers[at] == numbers, scored.scores[at], 0.0)


def _first(numbers: Numbers, place: Numbers, count: int) -> Numbers:
    """The `count` articles with the lowest places, in order."""
    if len(numbers) > 2 * count > 0:
        chosen = np.argpartition(place, count)[:count]
        numbers, place = numbers[chosen], place[chosen]
    return numbers[np.argsort(place)][:count]
