"""Tokens of a batch of articles to postings sorted by term: a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format import tf_codes as frequencies
from jianbao.indexer.engines.embedded.format.arrays import ArrayParts, save
from jianbao.indexer.engines.embedded.format.code_units import rare_among, to_units
from jianbao.indexer.engines.embedded.native import is_built
from jianbao.indexer.text.bulk import RUN, WORD, Tokens
from jianbao.indexer.text.code_table import CODE_POINTS
from jianbao.indexer.text.fold import fold_codes

POSITION_BITS = 32
"""Bits of a sort key below the term number: the offset in the batch, and one for `aligned`."""


@dataclass(frozen=True, slots=True)
class Run:
    """The postings of a batch of articles, sorted by term number, article, and offset.

    A run has an entry in `terms`, `articles_of` (how many articles have it) and `occurrences_of`
    (how many positions are kept) for each distinct term; `articles` and `packed` an entry for each
    posting; `positions` an entry for each occurrence of a word or a run of letters, the lowest 16
    bits of its offset in the article. `exceptions` are posting numbers, `exception_counts` their
    counts. `text` are the texts, title and body of each article with a newline after each, in units
    (see `units.py`) with the rarer code points `rare`; `starts` is where each of these begins, and
    the end. `folding` are pairs of each distinct code point and its folded form.
    """

    terms: NDArray[np.uint32]
    articles_of: NDArray[np.int64]
    occurrences_of: NDArray[np.int64]
    articles: NDArray[np.uint32]
    packed: NDArray[np.uint8]
    positions: NDArray[np.uint16]
    exceptions: NDArray[np.int64]
    exception_counts: NDArray[np.uint32]
    text: NDArray[np.unsignedinteger]
    rare: NDArray[np.uint32]
    folding: NDArray[np.uint32]
    starts: NDArray[np.int64]
    runs: NDArray[np.uint8]

    def write(self, folder: Path) -> None:
        """Write one file for each array."""
        folder.mkdir(parents=True)
        for field in fields(self):
            save(folder / f"{field.name}.npy", getattr(self, field.name))


class StoredRun:
    """Reads what `Run.write` wrote, an array or a part of one at a time: maps of all runs would
    count as memory in use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: dict[str, ArrayParts] = {}

    def array(self, name: str) -> Any:
        """The array of that name."""
        return np.load(self._folder / f"{name}.npy", allow_pickle=False)

    def part(self, name: str, start: int, end: int) -> Any:
        """The items from `start` to `end` of an array."""
        if name not in self._parts:
            self._parts[name] = ArrayParts(self._folder / f"{name}.npy")
        return self._parts[name].read(start, end)

    def parts(self, name: str, size: int) -> Iterator[Any]:
        """An array, so many items at a time."""
        parts = ArrayParts(self._folder / f"{name}.npy")
        for start in range(0, len(parts), size):
            yield parts.read(start, min(start + size, len(parts)))

    def run_terms(self) -> list[str]:
        """The terms of the numbers from `RUN` on, sorted."""
        text = self.array("runs").tobytes().decode()
        return text.split("\n") if text else []


class Inverted(NamedTuple):
    """The postings of a run: see `Run`."""

    terms: NDArray[np.uint32]
    articles_of: NDArray[np.int64]
    occurrences_of: NDArray[np.int64]
    articles: NDArray[np.uint32]
    packed: NDArray[np.uint8]
    positions: NDArray[np.uint16]
    exceptions: NDArray[np.int64]
    exception_counts: NDArray[np.uint32]


def invert(tokens: Tokens, *, native: bool = True) -> Run:
    """The postings of articles whose titles and bodies, in turns, are the texts of `tokens`; with
    the functions in C if `native` and they were built."""
    terms, runs = _sorted_runs(tokens)
    found = (_inverted_natively if native and is_built("_building") else _inverted)(terms, tokens)
    folding = _folding(tokens)
    rare = rare_among(folding[0::2])
    return Run(
        *found,
        text=to_units(tokens.codes, rare),
        rare=rare,
        folding=folding,
        starts=tokens.starts,
        runs=np.frombuffer("\n".join(runs).encode(), dtype=np.uint8),
    )


def _inverted_natively(terms: NDArray[np.uint32], tokens: Tokens) -> Inverted:
    from jianbao.indexer.engines.embedded.native import _building

    count = len(terms)
    found = Inverted(
        terms=np.empty(count, dtype=np.uint32),
        articles_of=np.empty(count, dtype=np.int64),
        occurrences_of=np.empty(count, dtype=np.int64),
        articles=np.empty(count, dtype=np.uint32),
        packed=np.empty(count, dtype=np.uint8),
        positions=np.empty(count, dtype=np.uint16),
        exceptions=np.empty(count, dtype=np.int64),
        exception_counts=np.empty(4 * count, dtype=np.uint32),
    )
    codes = frequencies.codes()
    own, postings, positions, exceptions = _building.invert(
        WORD, codes, terms, tokens.positions, tokens.aligned, tokens.starts, *found
    )
    return Inverted(
        terms=found.terms[:own],
        articles_of=found.articles_of[:own],
        occurrences_of=found.occurrences_of[:own],
        articles=found.articles[:postings],
        packed=found.packed[:postings],
        positions=found.positions[:positions],
        exceptions=found.exceptions[:exceptions],
        exception_counts=found.exception_counts[: 4 * exceptions],
    )


def _inverted(terms: NDArray[np.uint32], tokens: Tokens) -> Inverted:
    keys = terms.astype(np.uint64) << np.uint64(POSITION_BITS + 1)
    keys |= tokens.positions.astype(np.uint64) << np.uint64(1)
    keys |= tokens.aligned
    keys.sort()
    aligned = (keys & np.uint64(1)).astype(np.bool_)
    at = ((keys >> np.uint64(1)) & np.uint64((1 << POSITION_BITS) - 1)).astype(np.int64)
    terms = (keys >> np.uint64(POSITION_BITS + 1)).astype(np.uint32)
    del keys
    article, in_title = _places(tokens)
    articles = article[at]
    new = np.empty(len(terms), dtype=np.bool_)
    new[:1] = True
    np.not_equal(articles[1:], articles[:-1], out=new[1:])
    new[1:] |= terms[1:] != terms[:-1]
    first = np.flatnonzero(new)
    usual = aligned == (terms >= WORD)
    counts = _counts(first, usual, in_title[at])
    packed = frequencies.pack(counts)
    exceptions = np.flatnonzero(packed == frequencies.EXCEPTION)
    kept = int(np.searchsorted(terms, np.uint32(WORD)))
    distinct = np.flatnonzero(np.diff(terms[first], prepend=np.uint32(0xFFFFFFFF)))
    occurrences = np.add.reduceat(counts.sum(axis=1), distinct) if len(first) else first
    own = terms[first][distinct]
    relative = at[kept:] - tokens.starts[0::2][articles[kept:]]
    return Inverted(
        terms=own,
        articles_of=np.diff(distinct, append=len(first)),
        occurrences_of=np.where(own >= WORD, occurrences, 0).astype(np.int64),
        articles=articles[first],
        packed=packed,
        positions=(relative & 0xFFFF).astype(np.uint16),
        exceptions=exceptions,
        exception_counts=counts[exceptions].ravel(),
    )


def _sorted_runs(tokens: Tokens) -> tuple[NDArray[np.uint32], list[str]]:
    """The term numbers with those of runs of letters in the order of their terms."""
    order = sorted(range(len(tokens.runs)), key=tokens.runs.__getitem__)
    place = np.empty(len(order), dtype=np.uint32)
    place[order] = np.arange(len(order), dtype=np.uint32)
    terms = tokens.terms.copy()
    is_run = terms >= RUN
    terms[is_run] = place[terms[is_run] - RUN] + np.uint32(RUN)
    return terms, [tokens.runs[number] for number in order]


def _places(tokens: Tokens) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """For each offset, the number of its article and whether it is in the title."""
    lengths = np.diff(tokens.starts)
    texts = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
    in_title: NDArray[np.bool_] = (texts & np.uint32(1)) == 0
    return texts >> np.uint32(1), in_title


def _counts(
    first: NDArray[np.int64], usual: NDArray[np.bool_], in_title: NDArray[np.bool_]
) -> frequencies.Counts:
    kinds = (in_title & usual, in_title & ~usual, ~in_title & usual, ~in_title & ~usual)
    ends = np.append(first[1:], len(usual))
    counts = np.empty((len(first), 4), dtype=np.uint32)
    for column, kind in enumerate(kinds):
        until = np.concatenate([np.zeros(1, dtype=np.uint32), np.cumsum(kind, dtype=np.uint32)])
        np.subtract(until[ends], until[first], out=counts[:, column])
    return counts


def _folding(tokens: Tokens) -> NDArray[np.uint32]:
    """Pairs of each distinct character and its folded form, in a row."""
    there = np.zeros(CODE_POINTS, dtype=np.bool_)
    there[tokens.codes] = True
    distinct = np.flatnonzero(there).astype(np.uint32)
    return np.stack([distinct, fold_codes(distinct)], axis=1).ravel()
