"""The reference engine: one article at a time, in plain Python. For tests and tiny collections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.base import (
    Contribution,
    Engine,
    Found,
    Hit,
    Search,
    Writer,
    date_length,
    values_of,
)
from jianbao.indexer.models import Article, Token
from jianbao.indexer.query.tree import (
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
from jianbao.indexer.ranking import (
    Ranking,
    field_frequency,
    idf,
    near_bonus,
    saturate,
    title_bonus,
)
from jianbao.indexer.text.fold import fold


@dataclass(frozen=True, slots=True)
class _Stored:
    article: Article
    postings: Mapping[str, Mapping[str, Mapping[int, bool]]]
    """For each field and term: where it starts, and whether it is aligned there."""

    def starts(self, leaf: Leaf, field: str) -> dict[int, bool]:
        """Where the field spells the leaf. Only a leaf of one piece can be accidental there."""
        if field not in leaf.fields:
            return {}
        chains = [self._piece(leaf, number, field) for number in range(len(leaf.pieces))]
        common = set(chains[0]).intersection(*chains[1:])
        alone = len(chains) == 1
        return {start: chains[0][start] if alone else True for start in sorted(common)}

    def _piece(self, leaf: Leaf, number: int, field: str) -> dict[int, bool]:
        piece = leaf.pieces[number]
        terms = self.postings[field]
        found = [piece.term]
        if piece.prefix:
            found = [term for term in terms if term.startswith(piece.term)]
        return {
            start - piece.offset: aligned
            for term in found
            for start, aligned in terms.get(term, {}).items()
        }


class MemoryEngine(Engine):
    def __init__(self, stored: Sequence[_Stored], ranking: Ranking) -> None:
        self._stored = {each.article.id: each for each in stored}
        self._ranking = ranking
        self._means = {
            field: sum(len(getattr(each.article, field)) for each in stored) / max(1, len(stored))
            for field in TEXT_FIELDS
        }

    def search(self, search: Search) -> Found:
        matching = [each for each in self._stored.values() if _passes(each, search)]
        return Found(
            total=len(matching),
            hits=tuple(self._ordered(matching, search)[search.offset :][: search.limit]),
            facets={facet: self._counts(search, facet) for facet in search.facets},
            dates=_by_date(matching) if search.by_date else {},
        )

    def explain(self, search: Search, article_id: str) -> tuple[Contribution, ...] | None:
        stored = self._stored.get(article_id)
        if stored is None or not _passes(stored, search):
            return None
        return (*self._bm25f(stored, search), *self._additions(stored, search))

    def article(self, article_id: str) -> Article | None:
        stored = self._stored.get(article_id)
        return stored.article if stored else None

    def around(self, article: Article, count: int) -> tuple[Article, ...]:
        items = [each for each in self.articles() if each.path == article.path]
        place = items.index(article)
        return (*items[max(0, place - count) : place], *items[place + 1 : place + 1 + count])

    def articles(self) -> Iterator[Article]:
        return (each.article for each in self._stored.values())

    def terms(self) -> tuple[str, NDArray[np.int64]]:
        spelled = Counter(
            term
            for each in self._stored.values()
            for term in {term for terms in each.postings.values() for term in terms}
        )
        terms = sorted(spelled)
        counts = np.array([spelled[term] for term in terms], dtype=np.int64)
        return "".join(term + "\n" for term in terms), counts

    def count(self) -> int:
        return len(self._stored)

    def close(self) -> None:
        self._stored = {}

    def _counts(self, search: Search, facet: str) -> Mapping[str, int]:
        others = {name: values for name, values in search.filters.items() if name != facet}
        freed = search._replace(filters=others)
        counted = [each.article for each in self._stored.values() if _passes(each, freed)]
        return Counter(value for article in counted for value in values_of(article, facet))

    def _ordered(self, matching: Sequence[_Stored], search: Search) -> list[Hit]:
        """Ties by date, newest first, then by id: sorts are stable, so the last key goes first."""
        by_id = sorted(matching, key=lambda each: each.article.id)
        if search.sort == "oldest":
            dated = sorted(by_id, key=lambda each: (not each.article.date, each.article.date))
            return [Hit(each.article.id, 0.0) for each in dated]
        newest = sorted(by_id, key=lambda each: each.article.date, reverse=True)
        if search.sort == "newest":
            return [Hit(each.article.id, 0.0) for each in newest]
        scored = [(sum(c.score for c in self._bm25f(each, search)), each) for each in newest]
        scored.sort(key=lambda pair: -pair[0])
        best = [
            (score + sum(c.score for c in self._additions(each, search)), each)
            for score, each in sorted(
                scored[: self._ranking.depth], key=lambda pair: newest.index(pair[1])
            )
        ]
        best.sort(key=lambda pair: -pair[0])
        ordered = best + scored[self._ranking.depth :]
        return [Hit(each.article.id, score) for score, each in ordered]

    def _idf(self, leaf: Leaf) -> float:
        matching = sum(_matches(each, leaf) for each in self._stored.values())
        return idf(len(self._stored), matching)

    def _bm25f(self, stored: _Stored, search: Search) -> Iterator[Contribution]:
        for leaf in leaves(search.query):
            frequency = 0.0
            for field in TEXT_FIELDS:
                starts = stored.starts(leaf, field)
                worth = sum(1.0 if ok else self._ranking.accidental for ok in starts.values())
                frequency += field_frequency(
                    worth,
                    len(getattr(stored.article, field)),
                    self._means[field],
                    self._ranking.of(field),
                )
            if frequency:
                yield Contribution(leaf.text, self._idf(leaf) * saturate(frequency, self._ranking))

    def _additions(self, stored: _Stored, search: Search) -> Iterator[Contribution]:
        weights = [(self._idf(leaf), leaf) for leaf in leaves(search.query)]
        for field in TEXT_FIELDS:
            spans = [
                (weight, len(leaf.text), list(stored.starts(leaf, field)))
                for weight, leaf in weights
            ]
            if bonus := near_bonus(spans, self._ranking):
                yield Contribution(f"near each other in {field}", bonus)
        if search.phrase and stored.starts(search.phrase, "title"):
            equals = len(stored.article.title) == len(search.phrase.text)
            idfs = [weight for weight, _ in weights]
            yield Contribution(
                "title", title_bonus(idfs, contains=True, equals=equals, ranking=self._ranking)
            )


class MemoryWriter(Writer):
    """Keeps articles until `commit`; `engine` then has them."""

    def __init__(
        self, tokens: Callable[[str], Sequence[Token]], ranking: Ranking | None = None
    ) -> None:
        self._tokens = tokens
        self._ranking = ranking or Ranking()
        self._stored: list[_Stored] = []
        self.engine: MemoryEngine | None = None

    def add(self, article: Article) -> None:
        postings: dict[str, dict[str, dict[int, bool]]] = {}
        for field in TEXT_FIELDS:
            terms = postings.setdefault(field, {})
            for token in self._tokens(getattr(article, field)):
                terms.setdefault(token.term, {})[token.start] = token.aligned
        self._stored.append(_Stored(article, postings))

    def commit(self) -> None:
        self.engine = MemoryEngine(self._stored, self._ranking)

    def cancel(self) -> None:
        self._stored = []


def _passes(stored: _Stored, search: Search) -> bool:
    if not _dated(stored.article, search.date_from, search.date_to):
        return False
    for facet, wanted in search.filters.items():
        if not set(wanted) & set(values_of(stored.article, facet)):
            return False
    for facet, unwanted in search.excluded.items():
        if set(unwanted) & set(values_of(stored.article, facet)):
            return False
    return _matches(stored, search.query)


def _by_date(matching: Sequence[_Stored]) -> Mapping[str, int]:
    days = [each.article.date for each in matching if each.article.date]
    length = date_length(min(days), max(days)) if days else 0
    return Counter(day[:length] for day in days)


def _dated(article: Article, start: str, end: str) -> bool:
    if not (start or end):
        return True
    return bool(article.date) and start <= article.date and (not end or article.date <= end)


def _matches(stored: _Stored, query: Query) -> bool:
    match query:
        case Leaf():
            return any(stored.starts(query, field) for field in TEXT_FIELDS)
        case Value(field, text):
            return any(text in fold(value) for value in values_of(stored.article, field))
        case Dates(start, end):
            return _dated(stored.article, start, end)
        case And(parts):
            return all(_matches(stored, part) for part in parts)
        case Or(parts):
            return any(_matches(stored, part) for part in parts)
        case Not(part):
            return not _matches(stored, part)
        case Prefer(required, _):
            return _matches(stored, required)
        case Everything():
            return True
