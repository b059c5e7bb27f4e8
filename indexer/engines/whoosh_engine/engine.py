"""Answers searches: a query tree to the articles that match, and the best of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from indexer.engines.base import Contribution, Engine, Found, Hit, Search
from indexer.engines.whoosh_engine.columns import Columns, Mask
from indexer.engines.whoosh_engine.matching import Matcher, intersect
from indexer.engines.whoosh_engine.postings import Numbers, Postings
from indexer.engines.whoosh_engine.scoring import Scorer, Scores, Weighted
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

Leaves = Mapping[Leaf, Weighted]


class WhooshEngine(Engine):
    """Reads the folder that `WhooshWriter` filled. Nothing in it changes, so threads share it."""

    def __init__(self, folder: Path, ranking: Ranking | None = None) -> None:
        self._ranking = ranking or Ranking()
        self._columns = Columns(folder)
        self._text = StoredText(folder)
        self._articles = StoredArticles(folder)
        postings = Postings(folder, self._columns.count, self._ranking.accidental)
        self._matcher = Matcher(postings, self._text)
        self._scorer = Scorer(self._text, self._ranking)

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
            Contribution(leaf.text, float(self._scorer.bm25f(weighted, one)[0]))
            for leaf, weighted in found.items()
            if len(intersect(one, weighted.found.numbers))
        )
        added = (
            Contribution(reason, float(scores[0]))
            for reason, scores in self._scorer.additions(found, search.phrase, [number]).items()
            if scores[0]
        )
        return (*words, *added)

    def article(self, article_id: str) -> Article | None:
        number = self._columns.number(article_id)
        return None if number is None else self._read(number)

    def on_same_path(self, article: Article) -> tuple[Article, ...]:
        number = self._columns.number(article.id)
        numbers = [] if number is None else self._columns.on_same_path(number)
        return tuple(self._read(each) for each in numbers)

    def articles(self) -> Iterator[Article]:
        return (self._read(number) for number in range(self._columns.count))

    def count(self) -> int:
        return self._columns.count

    def close(self) -> None:
        """The memory maps close with the last array over them: a search under way goes on."""

    def _read(self, number: int) -> Article:
        return self._articles.read(number, self._text.title(number), self._text.body(number))

    def _leaves(self, query: Query) -> Leaves:
        return {
            leaf: self._scorer.weighted(self._matcher.frequencies(leaf)) for leaf in leaves(query)
        }

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
                lists = [self._numbers(part, found) for part in parts]
                lists.sort(key=len)
                numbers = lists[0]
                for each in lists[1:]:
                    numbers = intersect(numbers, each)
                return numbers
            case _:
                return np.flatnonzero(self._mask(query, found))

    def _mask(self, query: Query, found: Leaves) -> Mask:
        columns = self._columns
        mask: Mask
        match query:
            case Leaf():
                mask = np.zeros(columns.count, dtype=np.bool_)
                mask[self._spelling(query, found)] = True
                return mask
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

    def _spelling(self, leaf: Leaf, found: Leaves) -> Numbers:
        if leaf in found:
            return found[leaf].found.numbers
        return self._matcher.frequencies(leaf).numbers

    def _best(
        self, search: Search, found: Leaves, numbers: Numbers, end: int
    ) -> tuple[Numbers, Scores]:
        """The first `end` of the matching articles by score."""
        scores = self._bm25f(found, numbers)
        depth = self._ranking.depth
        places = _best_places(scores, self._columns.newest[numbers], max(end, depth))
        numbers, scores = numbers[places], scores[places]
        added = self._scorer.additions(found, search.phrase, numbers[:depth].tolist())
        if added:
            scores[:depth] += sum(added.values())
        order = np.lexsort((self._columns.newest[numbers[:depth]], -scores[:depth]))
        places = np.concatenate([order, np.arange(len(order), len(numbers))])[:end]
        return numbers[places], scores[places]

    def _bm25f(self, found: Leaves, numbers: Numbers) -> Scores:
        """The score of each of the sorted articles before additions."""
        if len(found) == 1:
            (only,) = found.values()
            if len(only.found.numbers) == len(numbers):
                return self._scorer.bm25f(only)
        sums = np.zeros(self._columns.count)
        for each in found.values():
            sums[each.found.numbers] += self._scorer.bm25f(each)
        return sums[numbers]


def _best_places(scores: Scores, newest: Numbers, count: int) -> Numbers:
    """The places of the `count` best scores, best first, the newest first among equals."""
    places = np.arange(len(scores))
    if len(scores) > 2 * count:
        lowest = np.partition(scores, len(scores) - count)[len(scores) - count]
        places = np.flatnonzero(scores >= lowest)
    order = np.lexsort((newest[places], -scores[places]))
    return places[order[:count]]


def _first(numbers: Numbers, place: Numbers, count: int) -> Numbers:
    """The `count` articles with the lowest places, in order."""
    if len(numbers) > 2 * count > 0:
        chosen = np.argpartition(place, count)[:count]
        numbers, place = numbers[chosen], place[chosen]
    return numbers[np.argsort(place)][:count]
