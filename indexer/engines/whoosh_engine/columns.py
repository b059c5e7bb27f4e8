"""One value (or a few) an article, for every field that is sorted, filtered or counted by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.base import FACETS, values_of
from indexer.models import Article
from indexer.query.tree import TEXT_FIELDS, VALUE_FIELDS
from indexer.text.normalize import fold

Mask = NDArray[np.bool_]

_VALUED = tuple(dict.fromkeys((*FACETS, *VALUE_FIELDS)))


class ColumnsBuilder:
    """Collects what `Columns` holds while articles are added."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Any]] = {
            name: [] for name in ("id", "date", "path", *TEXT_FIELDS, *_VALUED)
        }

    def add(self, article: Article) -> None:
        """Append an article's values."""
        for name in ("id", "date", "path"):
            self._rows[name].append(getattr(article, name))
        for name in TEXT_FIELDS:
            self._rows[name].append(len(getattr(article, name)))
        for name in _VALUED:
            self._rows[name].append(values_of(article, name))

    def write(self, path: Path) -> None:
        """Write them to a file as JSON."""
        path.write_text(json.dumps(self._rows, ensure_ascii=False), "utf-8")


@dataclass(frozen=True, slots=True)
class _Valued:
    """A field's values: article `articles[i]` has value `names[codes[i]]`."""

    names: tuple[str, ...]
    articles: NDArray[np.int64]
    codes: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]]) -> _Valued:
        pairs = [(number, value) for number, values in enumerate(rows) for value in values]
        names = sorted({value for _, value in pairs})
        code = {name: number for number, name in enumerate(names)}
        return cls(
            tuple(names),
            np.array([number for number, _ in pairs], dtype=np.int64),
            np.array([code[value] for _, value in pairs], dtype=np.int64),
        )

    def with_code(self, wanted: Mask, count: int) -> Mask:
        """Articles with at least one of the values that `wanted` marks."""
        mask = np.zeros(count, dtype=np.bool_)
        mask[self.articles[wanted[self.codes]]] = True
        return mask


class Columns:
    """The values of all articles; article numbers are Whoosh's, in the order they were added."""

    def __init__(self, rows: dict[str, list[Any]]) -> None:
        self.ids: list[str] = rows["id"]
        self.number = {id_: number for number, id_ in enumerate(self.ids)}
        self.count = len(self.ids)
        self.lengths = {name: np.array(rows[name], dtype=np.float64) for name in TEXT_FIELDS}
        self.means = {
            name: float(lengths.sum()) / max(1, self.count)
            for name, lengths in self.lengths.items()
        }
        self.dates = np.array(rows["date"], dtype=np.str_)
        self._valued = {name: _Valued.of(rows[name]) for name in _VALUED}
        self._paths: dict[str, list[int]] = {}
        for number, path in enumerate(rows["path"]):
            self._paths.setdefault(path, []).append(number)
        self.newest = self._order(rows["id"], rows["date"], newest=True)
        self.oldest = self._order(rows["id"], rows["date"], newest=False)

    @classmethod
    def read(cls, path: Path) -> Columns:
        """Read what `ColumnsBuilder.write` wrote."""
        return cls(json.loads(path.read_text("utf-8")))

    def on_path(self, path: str) -> list[int]:
        """The articles that came from one source file."""
        return self._paths.get(path, [])

    def between(self, start: str, end: str) -> Mask:
        """Articles dated within a range, both ends included, empty where open; all if both are."""
        if not (start or end):
            return np.ones(self.count, dtype=np.bool_)
        mask: Mask = (self.dates != "") & (self.dates >= start)
        return mask & (self.dates <= end) if end else mask

    def having(self, field: str, values: Sequence[str]) -> Mask:
        """Articles with at least one of these values."""
        valued = self._valued[field]
        wanted = np.array([name in values for name in valued.names], dtype=np.bool_)
        return valued.with_code(wanted, self.count)

    def containing(self, field: str, text: str) -> Mask:
        """Articles with a value whose folded form contains `text`."""
        valued = self._valued[field]
        wanted = np.array([text in fold(name) for name in valued.names], dtype=np.bool_)
        return valued.with_code(wanted, self.count)

    def counts(self, field: str, mask: Mask) -> dict[str, int]:
        """How many of the masked articles have each value."""
        valued = self._valued[field]
        totals = np.bincount(valued.codes[mask[valued.articles]], minlength=len(valued.names))
        return {valued.names[code]: int(totals[code]) for code in np.flatnonzero(totals)}

    def date_counts(self, mask: Mask) -> dict[str, int]:
        """How many of the masked articles are dated on each day."""
        days, totals = np.unique(self.dates[mask], return_counts=True)
        pairs = zip(days.tolist(), totals.tolist(), strict=True)
        return {day: count for day, count in pairs if day}

    def _order(self, ids: list[str], dates: list[str], *, newest: bool) -> NDArray[np.int64]:
        """Each article's place when sorted by date, then id; undated articles come last."""
        numbers = sorted(range(self.count), key=ids.__getitem__)
        if newest:
            numbers.sort(key=dates.__getitem__, reverse=True)
        else:
            numbers.sort(key=lambda number: (not dates[number], dates[number]))
        place = np.empty(self.count, dtype=np.int64)
        place[numbers] = np.arange(self.count)
        return place
