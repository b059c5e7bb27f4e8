"""The files of a segment: the items of each, how many there are, and what their values must be.

Whoever opens a segment compares it with this table first. Offsets, places and codes are then known
to lie within the arrays that they point into; what is too long to be read at each opening (texts,
postings, positions) is compared where it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from jianbao.indexer.engines.base import FACETS
from jianbao.indexer.engines.embedded.format.arrays import Array, load, stored_kind
from jianbao.indexer.engines.embedded.format.code_units import ESCAPED, UNITS
from jianbao.indexer.engines.embedded.format.damage import damaged
from jianbao.indexer.engines.embedded.format.postings_lists import is_dense
from jianbao.indexer.query.tree import VALUE_FIELDS
from jianbao.indexer.text.code_table import CODE_POINTS

VALUED = tuple(
    name for name in dict.fromkeys((*FACETS, *VALUE_FIELDS, "date", "path")) if name != "year"
)
"""The fields that have values. Years are counted and filtered through the dates."""

UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
UNIT = ("uint16", "uint32")


class Stored(NamedTuple):
    """The kinds of items that a file may have, and the name of its length in `_lengths`."""

    kinds: tuple[str, ...]
    length: str


FILES: Mapping[str, Stored] = {
    "terms_text": Stored(("uint8",), "bytes of terms"),
    "terms_lengths": Stored(UNSIGNED, "terms"),
    "term_places": Stored(("uint32",), "terms"),
    "articles_of": Stored(("uint32",), "terms"),
    "occurrences_of": Stored(("uint32",), "terms"),
    "term_numbers": Stored(("uint32",), "terms"),
    "is_word": Stored(("bool",), "terms"),
    "packed": Stored(("uint8",), "postings"),
    "exceptions": Stored(UNSIGNED, "exceptions"),
    "exception_counts": Stored(UNSIGNED, "4 × exceptions"),
    "bitmaps": Stored(("uint8",), "bytes of bitmaps"),
    "articles_low": Stored(("uint16",), "listed postings"),
    "has_high": Stored(("bool",), "terms"),
    "articles_high": Stored(("uint8",), "postings with high bits"),
    "positions": Stored(("uint16",), "positions"),
    "text": Stored(UNIT, "units"),
    "text_starts": Stored(UNSIGNED, "2 × articles + 1"),
    "folding": Stored(UNIT, "kinds of units"),
    "in_run": Stored(("bool",), "kinds of units"),
    "rare_characters": Stored(("uint32",), "rare characters"),
    "ids_text": Stored(("uint8",), "bytes of ids"),
    "ids_ends": Stored(UNSIGNED, "articles"),
    "id_hashes": Stored(("uint32",), "articles"),
    "id_numbers": Stored(("uint32",), "articles"),
    **{f"{field}_codes": Stored(UNSIGNED, "articles, or 0") for field in VALUED},
    **{f"{field}_more_articles": Stored(("int64",), f"{field} values") for field in VALUED},
    **{f"{field}_more_codes": Stored(("int64",), f"{field} values") for field in VALUED},
    "ordinals": Stored(("uint32",), "articles"),
    "newest": Stored(("uint32",), "articles"),
    "oldest": Stored(("uint32",), "articles"),
    "article_block_firsts": Stored(UNSIGNED, "blocks"),
    "article_block_ends": Stored(UNSIGNED, "blocks"),
}
"""All `.npy` files of a segment, by name."""

PERMUTATIONS = ("term_places", "newest", "oldest", "ordinals", "id_numbers")
"""What has each number once, from 0 to one less than its length."""

MARKS = ("is_word", "has_high", "in_run")
"""NumPy takes each byte of these for 0 or 1."""

RISING = (
    *("term_numbers", "exceptions", "rare_characters", "text_starts"),
    *("article_block_firsts", "article_block_ends"),
)
NOT_FALLING = ("ids_ends", "id_hashes")
FROM_0 = ("text_starts", "article_block_firsts")

ARTICLES_FILE = "articles.bin"


def verify(folder: Path) -> None:
    """Raise IndexDamagedError unless every array of the segment has the items that it must have, as
    many as there must be, and offsets, places and numbers that lie within what they point into.

    Everything with an item for each article or each term is read: 5 ms with 51,247 articles.
    """
    arrays = _Arrays(folder)
    lengths = _lengths(arrays)
    for name, (_, length) in FILES.items():
        wanted = lengths[length]
        if length == "articles, or 0" and not arrays.count(name):
            continue
        if arrays.count(name) != wanted:
            raise damaged(
                folder / f"{name}.npy", f"has {arrays.count(name)} items, not {wanted} ({length})"
            )
    for name, fault in _faults(arrays, lengths):
        raise damaged(folder / f"{name}.npy", fault)
    path = folder / ARTICLES_FILE
    if not path.is_file() or path.stat().st_size != _last(arrays["article_block_ends"]):
        raise damaged(path, "is missing, or is not as long as its blocks are together")


class _Arrays:
    """The arrays of a folder, each of a kind that it may have; none is read before it is asked
    for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, Array] = {}
        self._counts: dict[str, int] = {}
        self.narrow = False
        """Whether texts are in units of 16 bits."""
        for name, (kinds, _) in FILES.items():
            path = folder / f"{name}.npy"
            kind, self._counts[name] = stored_kind(path)
            if name == "text":
                self.narrow = kind.name == "uint16"
            wanted = (UNIT[not self.narrow],) if name == "folding" else kinds
            if kind.name not in wanted:
                raise damaged(path, f"has items of {kind.name}, not {' or '.join(wanted)}")

    def count(self, name: str) -> int:
        """How many items an array has."""
        return self._counts[name]

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = load(self._folder / f"{name}.npy")
        return self._loaded[name]


def _lengths(arrays: _Arrays) -> dict[str, int]:
    """How many items there must be, by what the table says. Most follow from three counts: of
    articles, of terms, and of the exceptions."""
    articles, terms = arrays.count("newest"), arrays.count("term_places")
    counts = arrays["articles_of"].astype(np.int64)
    dense = is_dense(counts, articles)
    # Where lengths differ, the comparison with the table says so.
    has_high = arrays["has_high"].view(np.uint8) != 0
    with_high = counts[: len(has_high)][has_high[: len(counts)] & ~dense[: len(has_high)]]
    return {
        "articles": articles,
        "articles, or 0": articles,
        "2 × articles + 1": 2 * articles + 1,
        "terms": terms,
        "bytes of terms": int(arrays["terms_lengths"].sum(dtype=np.int64)),
        "postings": int(counts.sum()),
        "listed postings": int(counts[~dense].sum()),
        "postings with high bits": int(with_high.sum()),
        "bytes of bitmaps": int(np.count_nonzero(dense)) * -(-articles // 8),
        "positions": int(arrays["occurrences_of"].sum(dtype=np.int64)),
        "exceptions": arrays.count("exceptions"),
        "4 × exceptions": 4 * arrays.count("exceptions"),
        "units": _last(arrays["text_starts"]),
        "kinds of units": UNITS if arrays.narrow else CODE_POINTS,
        "rare characters": min(arrays.count("rare_characters"), ESCAPED if arrays.narrow else 0),
        "bytes of ids": _last(arrays["ids_ends"]),
        "blocks": arrays.count("article_block_ends"),
        **{f"{field} values": arrays.count(f"{field}_more_codes") for field in VALUED},
    }


def _faults(arrays: _Arrays, lengths: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """The arrays whose values are wrong, and what is wrong with them; lengths are right."""
    checks = (
        (PERMUTATIONS, _is_permutation, "does not have each number once"),
        (MARKS, _are_marks, "has bytes that are neither true nor false"),
        (RISING, partial(_rises, np.greater), "does not rise"),
        (NOT_FALLING, partial(_rises, np.greater_equal), "falls"),
        (FROM_0, _begins_with_0, "does not begin with 0"),
    )
    for names, is_right, fault in checks:
        yield from ((name, fault) for name in names if not is_right(arrays[name]))
    for name, (low, high) in _bounds(arrays, lengths).items():
        numbers = arrays[name]
        if len(numbers) and not low <= int(numbers.min()) <= int(numbers.max()) <= high:
            yield name, f"has numbers that are not from {low} to {high}"
    if np.iinfo(arrays["exceptions"].dtype).max < lengths["postings"]:
        yield "exceptions", "has items that are too narrow for the number of a posting"


def _bounds(arrays: _Arrays, lengths: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The lowest and the highest that numbers may be."""
    return {
        "terms_lengths": (1, lengths["bytes of terms"]),
        "articles_of": (1, lengths["articles"]),
        "exceptions": (0, lengths["postings"] - 1),
        "rare_characters": (0, CODE_POINTS - 1),
        "article_block_firsts": (0, lengths["articles"] - 1),
        "folding": (0, lengths["kinds of units"] - 1),
    }


def _is_permutation(numbers: Array) -> bool:
    if not len(numbers):
        return True
    if numbers.max() >= len(numbers):
        return False
    marks = np.zeros(len(numbers), dtype=np.bool_)
    marks[numbers] = True
    return bool(marks.all())


def _are_marks(marks: Array) -> bool:
    return bool(marks.view(np.uint8).max(initial=0) <= 1)


def _rises(compared: np.ufunc, numbers: Array) -> bool:
    return bool(compared(numbers[1:], numbers[:-1]).all())


def _begins_with_0(numbers: Array) -> bool:
    return not len(numbers) or bool(numbers[0] == 0)


def _last(numbers: Array) -> int:
    return int(numbers[-1]) if len(numbers) else 0
