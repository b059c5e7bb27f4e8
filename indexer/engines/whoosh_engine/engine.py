"""Answers searches: leaves to arrays of scores, conditions to masks over all articles."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from whoosh import index

from indexer.engines.base import Contribution, Engine, Found, Hit, Search
from indexer.engines.whoosh_engine.columns import Columns, Mask
from indexer.engines.whoosh_engine.postings import Postings
from indexer.engines.whoosh_engine.schema import ARTICLE
from indexer.engines.whoosh_engine.writer import COLUMNS, POSTINGS
from indexer.models import Article
from indexer.query.tree import (
    TEXT_FIELDS,
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
from indexer.ranking import Ranking, field_frequency, idf, near_bonus, saturate, title_bonus

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Matches:
    """A leaf's articles: a mask, its idf, and what each article earns for it."""

    mask: Mask
    idf: float
    scores: Scores


class WhooshEngine(Engine):
    """Reads the folder that `WhooshWriter` filled."""

    def __init__(self, folder: Path, ranking: Ranking | None = None) -> None:
        self._ranking = ranking or Ranking()
        self._columns = Columns.read(folder / COLUMNS)
        self._reader = index.open_dir(folder / POSTINGS, readonly=True).reader()
        self._postings = Postings(self._reader)
        # Whoosh's postings file has one read position for all its readers.
        self._lock = Lock()

    def search(self, search: Search) -> Found:
        with self._lock:
            return self._search(search)

    def explain(self, search: Search, article_id: str) -> tuple[Contribution, ...] | None:
        number = self._columns.number.get(article_id)
        with self._lock:
            found = self._leaves(search.query)
            if number is None or not self._passing(search, found)[number]:
                return None
            earned = (
                Contribution(leaf.text, float(matches.scores[number]))
                for leaf, matches in found.items()
                if matches.scores[number]
            )
            return (*earned, *self._additions(search, found, [number])[0])

    def article(self, article_id: str) -> Article | None:
        number = self._columns.number.get(article_id)
        return None if number is None else self._read(number)

    def on_same_path(self, article: Article) -> tuple[Article, ...]:
        return tuple(self._read(number) for number in self._columns.on_path(article.path))

    def articles(self) -> Iterator[Article]:
        return (self._read(number) for number in range(self._columns.count))

    def count(self) -> int:
        return self._columns.count

    def close(self) -> None:
        self._reader.close()

    def _read(self, number: int) -> Article:
        with self._lock:
            stored = json.loads(self._reader.stored_fields(number)[ARTICLE])
        tuples = {name: tuple(stored[name]) for name in ("author", "tags", "acl")}
        return Article(**{**stored, **tuples})

    def _search(self, search: Search) -> Found:
        found = self._leaves(search.query)
        mask = self._passing(search, found)
        numbers = np.flatnonzero(mask)
        end = search.offset + search.limit
        if search.sort == "relevance":
            ordered, scores = self._best(search, found, numbers, end)
        else:
            columns = self._columns
            place = columns.newest if search.sort == "newest" else columns.oldest
            ordered = numbers[np.argsort(place[numbers])]
            scores = np.zeros(len(ordered))
        shown = zip(ordered[search.offset : end], scores[search.offset : end], strict=True)
        return Found(
            total=len(numbers),
            hits=tuple(Hit(self._columns.ids[number], float(score)) for number, score in shown),
            facets={facet: self._columns.counts(facet, mask) for facet in search.facets},
            dates=self._columns.date_counts(mask),
        )

    def _leaves(self, query: Query) -> dict[Leaf, _Matches]:
        return {leaf: self._evaluate(leaf) for leaf in leaves(query)}

    def _evaluate(self, leaf: Leaf) -> _Matches:
        columns, ranking = self._columns, self._ranking
        frequency = np.zeros(columns.count)
        mask = np.zeros(columns.count, dtype=np.bool_)
        for field in leaf.fields:
            numbers, worth = self._postings.frequencies(leaf, field, ranking.accidental)
            mask[numbers] = True
            frequency[numbers] += field_frequencies(
                worth, columns.lengths[field][numbers], columns.means[field], field, ranking
            )
        weight = idf(columns.count, int(mask.sum()))
        return _Matches(mask, weight, weight * saturate(frequency, ranking))

    def _passing(self, search: Search, found: dict[Leaf, _Matches]) -> Mask:
        mask = self._mask(search.query, found)
        mask = mask & self._columns.between(search.date_from, search.date_to)
        for facet, values in search.filters.items():
            mask = mask & self._columns.having(facet, values)
        return mask
