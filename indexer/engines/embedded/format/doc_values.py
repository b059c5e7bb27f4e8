"""The values of all articles that are sorted, filtered and counted by, as arrays of codes."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.base import date_length, values_of
from jianbao.indexer.engines.embedded.format.arrays import load, save, smallest
from jianbao.indexer.engines.embedded.format.conditions import Condition, Mask
from jianbao.indexer.engines.embedded.format.damage import damaged
from jianbao.indexer.engines.embedded.format.layout import VALUED
from jianbao.indexer.engines.embedded.format.term_dictionary import Strings, write_strings
from jianbao.indexer.models import Article
from jianbao.indexer.text.fold import fold

Numbers = NDArray[np.int64]

_NO_DAYS = np.empty(0, dtype=np.int64)
_NOWHERE = slice(0, 0)


class ColumnsBuilder:
    """Collects what `Columns` holds while articles are added."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._hashes = array("I")
        self._names: dict[str, dict[str, int]] = {name: {} for name in VALUED}
        # A list of as many numbers would take twice the memory.
        self._rows = {name: array("I") for name in VALUED}
        self._more: dict[str, list[tuple[int, int]]] = {name: [] for name in VALUED}

    def add(self, article: Article) -> None:
        """Append an article's values."""
        number = len(self._ids)
        self._ids.append(article.id)
        self._hashes.append(_hash(article.id))
        for field, names in self._names.items():
            # Most fields of most articles are empty.
            values = values_of(article, field) if getattr(article, field) else ()
            code = 0
            if values:
                code = names.setdefault(values[0], len(names) + 1)
                for value in values[1:]:
                    self._more[field].append((number, names.setdefault(value, len(names) + 1)))
            self._rows[field].append(code)

    def carry_over(self, columns: Columns, stays: Mask) -> None:
        """Append the values of those of earlier articles that `stays` marks."""
        before = len(self._ids)
        numbers = np.flatnonzero(stays)
        renumbered = np.cumsum(stays) - 1 + before
        ids = columns.ids.all()
        self._ids += [ids[number] for number in numbers.tolist()]
        self._hashes.extend(columns.id_hashes()[numbers].tolist())
        for field, names in self._names.items():
            valued = columns.valued(field)
            kept = stays[valued.more_articles]
            more_codes = valued.more_codes[kept]
            codes = valued.codes[numbers]
            own = np.zeros(len(valued.names) + 1, dtype=np.int64)
            for code in np.unique(np.concatenate([codes, more_codes])).tolist():
                if code:
                    own[code] = names.setdefault(valued.names[code - 1], len(names) + 1)
            self._rows[field].extend(own[codes].tolist())
            more_articles = renumbered[valued.more_articles[kept]].tolist()
            self._more[field] += zip(more_articles, own[more_codes].tolist(), strict=True)

    def write(self, folder: Path) -> None:
        """Write the arrays into a folder that is there."""
        codes = {field: self._write_field(folder, field) for field in VALUED}
        write_strings(folder, "ids", self._ids)
        hashes = np.frombuffer(self._hashes, dtype=np.uint32)
        order = np.argsort(hashes, kind="stable")
        save(folder / "id_hashes.npy", hashes[order])
        save(folder / "id_numbers.npy", order.astype(np.uint32))
        for name, numbers in self._orders(codes["date"]).items():
            save(folder / f"{name}.npy", numbers)

    def _write_field(self, folder: Path, field: str) -> NDArray[np.uint32]:
        """Codes in the order of the values, 0 for none; none at all where all have the last."""
        names = sorted(self._names[field])
        place = np.zeros(len(names) + 1, dtype=np.uint32)
        for number, name in enumerate(names, start=1):
            place[self._names[field][name]] = number
        more = np.array(self._more[field], dtype=np.int64).reshape(-1, 2)
        (folder / f"{field}_names.json").write_text(json.dumps(names), "utf-8")
        codes = place[np.frombuffer(self._rows[field], dtype=np.uint32)]
        told = codes[:0] if (codes == len(names)).all() else codes
        save(folder / f"{field}_codes.npy", told.astype(smallest(len(names))))
        save(folder / f"{field}_more_articles.npy", more[:, 0])
        save(folder / f"{field}_more_codes.npy", place[more[:, 1]].astype(np.int64))
        return codes

    def _orders(self, dates: NDArray[np.uint32]) -> dict[str, NDArray[np.uint32]]:
        """Each article's place when sorted by the codes of its date, then by id; undated articles,
        whose code is 0, come last."""
        by_id = np.array(sorted(range(len(self._ids)), key=self._ids.__getitem__), dtype=np.int64)
        # Numbers without a sign: 0 - 1 is the largest.
        newest = by_id[np.argsort(~dates[by_id], kind="stable")]
        oldest = by_id[np.argsort(dates[by_id] - np.uint32(1), kind="stable")]
        return {"newest": _places(newest), "oldest": _places(oldest)}


@dataclass(frozen=True, slots=True)
class _Valued:
    """A field: article n has value `names[codes[n] - 1]`, none if 0; `more` are further values."""

    names: Sequence[str]
    codes: NDArray[np.unsignedinteger]
    more_articles: Numbers
    more_codes: Numbers
    everywhere: bool
    """Whether every article has the only value there is."""

    def having(self, wanted: Mask) -> Condition:
        """Articles with at least one value whose code `wanted` marks."""
        if not len(self.more_articles):
            return Condition(self.codes, wanted)
        mask: Mask = wanted[self.codes]
        mask[self.more_articles[wanted[self.more_codes]]] = True
        return Condition.of(mask)

    def lacking(self, unwanted: Mask) -> Condition:
        """Articles with no value whose code `unwanted` marks."""
        if not len(self.more_articles):
            return Condition(self.codes, ~unwanted)
        return Condition.of(~self.having(unwanted).mask())

    def totals(self, numbers: Numbers, count: CountCodes) -> NDArray[np.int64]:
        """How many of these articles have each code."""
        if not self.names:
            return np.array([len(numbers)], dtype=np.int64)
        if self.everywhere:
            return np.array([0, len(numbers)], dtype=np.int64)
        totals = count(self.codes, numbers, len(self.names) + 1)
        if len(self.more_articles):
            mask = np.zeros(len(self.codes), dtype=np.bool_)
            mask[numbers] = True
            more = self.more_codes[mask[self.more_articles]]
            totals += np.bincount(more, minlength=len(totals))
        return totals


@dataclass(frozen=True, slots=True)
class FoldedNames:
    """The folded values of a field in a row, a newline after each: a query may look for hundreds of
    texts among a hundred thousand of them."""

    joined: str
    ends: Numbers
    """Where the newline after each stands."""

    @classmethod
    def of(cls, names: Sequence[str]) -> FoldedNames:
        # Folding keeps the length of a text.
        lengths = np.fromiter(map(len, names), dtype=np.int64, count=len(names))
        joined = "".join([f"{name}\n" for name in names])
        return cls(fold(joined), np.cumsum(lengths + 1) - 1)

    def containing(self, text: str) -> Mask:
        """For each value, whether it contains `text`, which is folded."""
        found = np.zeros(len(self.ends), dtype=np.bool_)
        places = []
        at = self.joined.find(text)
        while 0 <= at < len(self.joined):
            places.append(at)
            at = self.joined.find(text, at + 1)
        starts = np.array(places, dtype=np.int64)
        numbers = np.searchsorted(self.ends, starts)
        # A text with a newline in it may begin in one value and end in the next.
        found[numbers[starts + len(text) <= self.ends[numbers]]] = True
        return found


@dataclass(frozen=True, slots=True)
class _Periods:
    """The years, months or days of a list of days, and which of them each day is in."""

    names: Sequence[str]
    of_day: Numbers
    codes: Mapping[str, slice]
    """The codes of the days of each; the days are sorted, and code 0 is no day."""

    @classmethod
    def of(cls, days: Sequence[str], length: int) -> _Periods:
        names = sorted({day[:length] for day in days})
        place = {name: number for number, name in enumerate(names)}
        of_day = np.array([place[day[:length]] for day in days], dtype=np.int64)
        edges = (1 + np.searchsorted(of_day, np.arange(len(names) + 1))).tolist()
        codes = {name: slice(*span) for name, span in zip(names, pairwise(edges), strict=True)}
        return cls(names, of_day, codes)

    def counts(self, days: NDArray[np.int64]) -> dict[str, int]:
        """The sums of each period, given those of each day."""
        sums = np.bincount(self.of_day, weights=days, minlength=len(self.names))
        return _named(self.names, sums)


Pick = Callable[[Strings, Numbers], list[str]]
"""The strings with some numbers."""

CountCodes = Callable[[NDArray[np.unsignedinteger], Numbers, int], NDArray[np.int64]]
"""Codes of all articles, some articles, how many codes there are: how many have each code."""


def pick_strings(stored: Strings, numbers: Numbers) -> list[str]:
    """The strings with these numbers."""
    return [stored[number] for number in numbers.tolist()]


def count_codes(
    codes: NDArray[np.unsignedinteger], numbers: Numbers, names: int
) -> NDArray[np.int64]:
    """How many of the articles have each of so many codes."""
    return np.bincount(codes[numbers], minlength=names)


class Columns:
    """The values of all articles; article numbers count from 0, in the order they were added."""

    def __init__(
        self, folder: Path, count: CountCodes = count_codes, pick: Pick = pick_strings
    ) -> None:
        self._count = count
        self._pick = pick
        self.ids = Strings(folder, "ids")
        self.count = len(self.ids)
        self._hashes = load(folder / "id_hashes.npy")
        self._hashed = load(folder / "id_numbers.npy")
        self.newest = load(folder / "newest.npy")
        self.oldest = load(folder / "oldest.npy")
        self._ordinals = load(folder / "ordinals.npy")
        self._valued = {name: _read(folder, name, self.count) for name in VALUED}
        days = self._valued["date"].names
        self._folded: dict[str, FoldedNames] = {}
        self._periods = {length: _Periods.of(days, length) for length in (4, 7, 10)}

    def ids_of(self, numbers: Numbers) -> list[str]:
        """The ids of some articles."""
        return self._pick(self.ids, numbers)

    def id_hashes(self) -> NDArray[np.uint32]:
        """The hash of each article's id."""
        found = np.empty(self.count, dtype=np.uint32)
        found[self._hashed] = self._hashes
        return found

    def number(self, id_: str) -> int | None:
        """The number of the article with that id."""
        wanted = np.uint32(_hash(id_))
        at = int(np.searchsorted(self._hashes, wanted))
        while at < self.count and self._hashes[at] == wanted:
            if self.ids[int(self._hashed[at])] == id_:
                return int(self._hashed[at])
            at += 1
        return None

    def valued(self, field: str) -> _Valued:
        """A field's values."""
        return self._valued[field]

    def on_same_path(self, number: int) -> Numbers:
        """The articles that came from the same source file, this one among them, in the order
        they have there."""
        codes = self._valued["path"].codes
        numbers = np.flatnonzero(codes == codes[number])
        same: Numbers = numbers[np.argsort(self._ordinals[numbers], kind="stable")]
        return same

    def between(self, start: str, end: str) -> Condition:
        """Articles dated within a range, both ends included, empty where open."""
        return self._valued["date"].having(self._days_between(start, end))

    def having(self, facet: str, values: Iterable[str]) -> Condition:
        """Articles that have at least one of these values."""
        valued = self._valued["date" if facet == "year" else facet]
        return valued.having(self._codes_of(facet, values))

    def lacking(self, facet: str, values: Iterable[str]) -> Condition:
        """Articles that have none of these values."""
        valued = self._valued["date" if facet == "year" else facet]
        return valued.lacking(self._codes_of(facet, values))

    def _codes_of(self, facet: str, values: Iterable[str]) -> Mask:
        """Which codes stand for one of the values."""
        names = self._valued["date" if facet == "year" else facet].names
        wanted = np.zeros(len(names) + 1, dtype=np.bool_)
        for value in values:
            if facet == "year":
                wanted[self._periods[4].codes.get(value, _NOWHERE)] = True
            elif (place := bisect_left(names, value)) < len(names) and names[place] == value:
                wanted[place + 1] = True
        return wanted

    def _days_between(self, start: str, end: str) -> Mask:
        """Which codes of dates are within a range; the days are sorted."""
        days = self._valued["date"].names
        wanted = np.zeros(len(days) + 1, dtype=np.bool_)
        first, last = bisect_left(days, start), bisect_right(days, end) if end else len(days)
        wanted[first + 1 : last + 1] = True
        return wanted

    def containing(self, field: str, text: str) -> Condition:
        """Articles with a value whose folded form contains `text`."""
        valued = self._valued[field]
        folded = self._folded.get(field)
        if folded is None:
            folded = self._folded[field] = FoldedNames.of(valued.names)
        return valued.having(np.append(False, folded.containing(text)))

    def counts(
        self,
        fields: Sequence[str],
        numbers: Numbers,
        freed: Mapping[str, Numbers],
        *,
        by_date: bool,
    ) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
        """How many of these articles, or of those that are `freed` for a field, have each value of
        the fields, and, `by_date`, how many are dated in each year, month, or on each day."""
        needs_days = by_date or "year" in fields
        days = self._days(numbers) if needs_days else _NO_DAYS
        counts = {}
        for field in fields:
            counted = freed.get(field, numbers)
            if field == "year":
                of_days = days if counted is numbers else self._days(counted)
                counts[field] = self._periods[4].counts(of_days)
            else:
                valued = self._valued[field]
                counts[field] = _named(valued.names, valued.totals(counted, self._count)[1:])
        return counts, self._by_date(days) if by_date else {}

    def _days(self, numbers: Numbers) -> NDArray[np.int64]:
        """How many of the articles are dated on each of the days there are."""
        return self._valued["date"].totals(numbers, self._count)[1:]

    def _by_date(self, days: NDArray[np.int64]) -> dict[str, int]:
        there = np.flatnonzero(days)
        if not len(there):
            return {}
        names = self._valued["date"].names
        return self._periods[date_length(names[there[0]], names[there[-1]])].counts(days)


def _read(folder: Path, field: str, articles: int) -> _Valued:
    names = _read_names(folder / f"{field}_names.json")
    codes = load(folder / f"{field}_codes.npy")
    further = load(folder / f"{field}_more_articles.npy"), load(folder / f"{field}_more_codes.npy")
    for name, numbers, end in (
        ("codes", codes, len(names) + 1),
        ("more_articles", further[0], articles),
        ("more_codes", further[1], len(names) + 1),
    ):
        if len(numbers) and not (numbers.min() >= 0 and numbers.max() < end):
            raise damaged(folder / f"{field}_{name}.npy", f"has numbers that are not below {end}")
    if not len(codes):
        # Zeros take no memory until they are written to.
        one = codes.dtype.type(len(names))
        codes = np.full(articles, one) if names else np.zeros(articles, dtype=codes.dtype)
    return _Valued(
        names,
        codes,
        *further,
        everywhere=len(names) == 1 and bool(codes.all()),
    )


def _read_names(path: Path) -> list[str]:
    """The values of a field, sorted and distinct. Raises IndexDamagedError."""
    try:
        names = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(path, "is missing, or is no JSON") from error
    if not (
        isinstance(names, list)
        and all(isinstance(name, str) for name in names)
        and all(first < second for first, second in pairwise(names))
    ):
        raise damaged(path, "is no sorted list of texts")
    return names


def _named(names: Sequence[str], totals: NDArray[np.generic]) -> dict[str, int]:
    there = np.flatnonzero(totals)
    counts = totals[there].astype(np.int64).tolist()
    return {names[code]: count for code, count in zip(there.tolist(), counts, strict=True)}


def _places(numbers: Numbers) -> NDArray[np.uint32]:
    place = np.empty(len(numbers), dtype=np.uint32)
    place[numbers] = np.arange(len(numbers), dtype=np.uint32)
    return place


def _hash(id_: str) -> int:
    encoded = id_.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(encoded, digest_size=4).digest(), "little")
