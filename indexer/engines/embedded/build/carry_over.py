"""The articles of an earlier segment that stay, as runs: nothing is read or segmented again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.build.postings_filter import GONE, Kept, open_filter
from jianbao.indexer.engines.embedded.format.arrays import ArrayWriter, offsets, save
from jianbao.indexer.engines.embedded.format.code_units import to_codes
from jianbao.indexer.engines.embedded.format.postings import Postings
from jianbao.indexer.engines.embedded.format.postings_lists import Numbers
from jianbao.indexer.engines.embedded.format.stored_text import StoredText
from jianbao.indexer.text.bulk import RUN, WORD, BulkAnalyzer
from jianbao.indexer.text.scripts import RUN as LETTERS

BLOCK = 1 << 21
"""Postings handled at a time."""

Mask = NDArray[np.bool_]

_NOTHING = np.empty(0, dtype=np.int64)


def carry_over(
    postings: Postings,
    text: StoredText,
    groups: Sequence[tuple[Mask, Path]],
    analyzer: BulkAnalyzer | None = None,
    *,
    native: bool = True,
) -> None:
    """Write the postings and texts of the articles that each mask marks as a run into its folder,
    which must not exist. Articles keep their order and are numbered anew.

    Terms have other numbers with another dictionary, whose `analyzer` then tells them. `native`
    False leaves the functions in C alone, where they were built.
    """
    for stays, target in groups:
        target.mkdir(parents=True)
        _write_texts(text, stays, target)
    counts = _write_postings(postings, groups, native=native)
    if analyzer:
        numbers, runs = _term_numbers(postings.names(), _some(counts), analyzer)
    else:
        numbers, runs = postings.term_numbers(), _run_terms(postings)
    for (_, target), (articles_of, occurrences_of) in zip(groups, counts, strict=True):
        there = np.flatnonzero(articles_of)
        terms = numbers[there]
        is_run = terms >= RUN
        own = "\n".join(runs[number - RUN] for number in terms[is_run].tolist())
        terms[is_run] = np.arange(np.count_nonzero(is_run), dtype=np.uint32) + np.uint32(RUN)
        save(target / "terms.npy", terms)
        save(target / "articles_of.npy", articles_of[there])
        save(target / "occurrences_of.npy", occurrences_of[there])
        save(target / "runs.npy", np.frombuffer(own.encode(), dtype=np.uint8))


def _some(counts: Sequence[tuple[Numbers, Numbers]]) -> Mask:
    """Which terms any of the groups has."""
    some: Mask = np.logical_or.reduce([articles_of > 0 for articles_of, _ in counts])
    return some


def _run_terms(postings: Postings) -> list[str]:
    """The runs of letters, in the order of their numbers, which is that of the terms."""
    numbers = postings.term_numbers()[postings.term_places]
    return [postings.terms[place] for place in np.flatnonzero(numbers >= RUN).tolist()]


def _write_texts(text: StoredText, stays: Mask, target: Path) -> None:
    numbers = np.flatnonzero(stays)
    seen = np.zeros(len(text.folding), dtype=np.bool_)
    with ArrayWriter(target / "text.npy", text.text.dtype) as file:
        for piece in text.pieces(numbers):
            seen[piece] = True
            file.append(piece)
    titles = text.bodies[numbers] - text.starts[numbers]
    bodies = text.starts[numbers + 1] - text.bodies[numbers]
    distinct = np.sort(to_codes(np.flatnonzero(seen).astype(text.text.dtype), text.rare))
    save(target / "rare.npy", text.rare)
    save(target / "folding.npy", np.stack([distinct, text.fold(distinct)], axis=1).ravel())
    save(target / "starts.npy", offsets(np.stack([titles, bodies], axis=1).ravel()))


def _write_postings(
    postings: Postings, groups: Sequence[tuple[Mask, Path]], *, native: bool
) -> list[tuple[Numbers, Numbers]]:
    """How many postings and positions each term keeps in each group, by its place."""
    stored = open_filter(postings, native=native)
    with ExitStack() as open_files:
        writers = [
            open_files.enter_context(_PostingsWriter(stays, target)) for stays, target in groups
        ]
        for first, last in postings.blocks(BLOCK):
            filtered = stored(first, last)
            for writer in writers:
                writer.append(filtered(writer.renumbered))
    return [(writer.articles_of(), writer.occurrences_of()) for writer in writers]


class _PostingsWriter:
    """Writes the postings of the articles that `stays` marks."""

    def __init__(self, stays: Mask, target: Path) -> None:
        self.renumbered = np.where(stays, np.cumsum(stays, dtype=np.uint32) - np.uint32(1), GONE)
        self._target = target
        self._articles = ArrayWriter(target / "articles.npy", np.uint32)
        self._packed = ArrayWriter(target / "packed.npy", np.uint8)
        self._positions = ArrayWriter(target / "positions.npy", np.uint16)
        self._articles_of: list[Numbers] = [_NOTHING]
        self._occurrences_of: list[Numbers] = [_NOTHING]
        self._exceptions: list[Numbers] = [_NOTHING]
        self._exception_counts = [np.empty((0, 4), dtype=np.uint32)]
        self._written = 0

    def append(self, kept: Kept) -> None:
        """Write what stays of the next terms."""
        self._articles_of.append(kept.articles_of)
        self._occurrences_of.append(kept.occurrences_of)
        self._articles.append(kept.articles)
        self._packed.append(kept.packed)
        self._positions.append(kept.positions)
        self._exceptions.append(self._written + kept.exceptions)
        self._exception_counts.append(kept.exception_counts)
        self._written += len(kept.packed)

    def articles_of(self) -> Numbers:
        """How many articles each term keeps."""
        return np.concatenate(self._articles_of)

    def occurrences_of(self) -> Numbers:
        """How many positions each term keeps."""
        return np.concatenate(self._occurrences_of)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        for file in (self._articles, self._packed, self._positions):
            file.close()
        if error is None:
            counts = np.concatenate(self._exception_counts).astype(np.uint32)
            save(self._target / "exceptions.npy", np.concatenate(self._exceptions))
            save(self._target / "exception_counts.npy", counts.ravel())


def _term_numbers(
    names: Sequence[str], there: Mask, analyzer: BulkAnalyzer
) -> tuple[NDArray[np.uint32], list[str]]:
    """The numbers of the terms at the places that `there` marks, and the runs of letters among
    them."""
    numbers = np.zeros(len(names), dtype=np.uint32)
    runs: list[str] = []
    for place in np.flatnonzero(there).tolist():
        name = names[place]
        if len(name) == 1 and not LETTERS.match(name):
            numbers[place] = ord(name)
        elif name.startswith("\x1f") and len(name) == 2:
            numbers[place] = ord(name[1])
        elif LETTERS.match(name):
            numbers[place] = RUN + len(runs)
            runs.append(name)
        else:
            numbers[place] = WORD + analyzer.number(name)
    return numbers, runs
