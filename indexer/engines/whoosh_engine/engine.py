"""Answers searches: leaves to arrays of scores, conditions to masks over all articles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from whoosh import index

from indexer.engines.base import Contribution, Engine, Found, Hit, Search
from indexer.engines.whoosh_engine.columns import Columns, Mask
from indexer.engines.whoosh_engine.postings import Numbers, Postings
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
            frequency[numbers] += field_frequency(
                worth, columns.lengths[field][numbers], columns.means[field], ranking.of(field)
            )
        weight = idf(columns.count, int(mask.sum()))
        return _Matches(mask, weight, weight * saturate(frequency, ranking))

    def _passing(self, search: Search, found: dict[Leaf, _Matches]) -> Mask:
        mask = self._mask(search.query, found)
        mask = mask & self._columns.between(search.date_from, search.date_to)
        for facet, values in search.filters.items():
            mask = mask & self._columns.having(facet, values)
        return mask

    def _mask(self, query: Query, found: dict[Leaf, _Matches]) -> Mask:
        columns = self._columns
        mask: Mask
        match query:
            case Leaf():
                return found[query].mask if query in found else self._evaluate(query).mask
            case Value(field, text):
                return columns.containing(field, text)
            case Dates(start, end):
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
            case Everything():
                return np.ones(columns.count, dtype=np.bool_)

    def _best(
        self, search: Search, found: dict[Leaf, _Matches], numbers: Numbers, end: int
    ) -> tuple[Numbers, Scores]:
        """The matching articles by score, in full order at least as far as `end`."""
        scores = np.zeros(self._columns.count)
        for matches in found.values():
            scores += matches.scores
        newest = self._columns.newest
        ordered = numbers[np.lexsort((newest[numbers], -scores[numbers]))]
        best = ordered[: self._ranking.depth]
        for number, earned in zip(best, self._additions(search, found, best), strict=True):
            scores[number] += sum(contribution.score for contribution in earned)
        best = best[np.lexsort((newest[best], -scores[best]))]
        ordered = np.concatenate([best, ordered[self._ranking.depth :]])[:end]
        return ordered, scores[ordered]

    def _additions(
        self, search: Search, found: dict[Leaf, _Matches], numbers: Iterable[int]
    ) -> list[tuple[Contribution, ...]]:
        """What each of these articles earns for words near each other and for its title."""
        among = [int(number) for number in numbers]
        earned: dict[int, list[Contribution]] = {number: [] for number in among}
        if len(found) > 1:
            for field in TEXT_FIELDS:
                for number, bonus in self._near(found, field, among):
                    earned[number].append(Contribution(f"near each other in {field}", bonus))
        for number, bonus in self._titled(search.phrase, found, among):
            earned[number].append(Contribution("title", bonus))
        return [tuple(earned[number]) for number in among]

    def _near(
        self, found: dict[Leaf, _Matches], field: str, among: list[int]
    ) -> Iterator[tuple[int, float]]:
        starts = {
            leaf: self._postings.starts(leaf, field, sorted(among)) if field in leaf.fields else {}
            for leaf in found
        }
        for number in among:
            spans = [
                (
                    matches.idf,
                    len(leaf.text),
                    starts[leaf][number].tolist() if number in starts[leaf] else [],
                )
                for leaf, matches in found.items()
            ]
            if bonus := near_bonus(spans, self._ranking):
                yield number, bonus

    def _titled(
        self, phrase: Leaf | None, found: dict[Leaf, _Matches], among: list[int]
    ) -> Iterator[tuple[int, float]]:
        if phrase is None or not found:
            return
        idfs = [matches.idf for matches in found.values()]
        for number in self._postings.starts(phrase, "title", sorted(among)):
            equals = self._columns.lengths["title"][number] == len(phrase.text)
            yield (
                number,
                title_bonus(idfs, contains=True, equals=bool(equals), ranking=self._ranking),
            )
