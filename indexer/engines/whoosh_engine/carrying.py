"""The articles of an earlier segment that stay, as a run: nothing is read or segmented again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh_engine.arrays import ArrayWriter, offsets, save
from indexer.engines.whoosh_engine.article_lists import Numbers
from indexer.engines.whoosh_engine.frequencies import EXCEPTION
from indexer.engines.whoosh_engine.postings import Postings
from indexer.engines.whoosh_engine.stored_text import StoredText
from indexer.text.bulk import RUN, WORD, BulkAnalyzer
from indexer.text.scripts import RUN as LETTERS

BLOCK = 1 << 21
"""Postings, and characters, handled at a time."""

Mask = NDArray[np.bool_]


def carry_over(
    postings: Postings, text: StoredText, stays: Mask, analyzer: BulkAnalyzer, target: Path
) -> None:
    """Write the postings and texts of the articles that `stays` marks as a run into the folder
    `target`, which must not exist. Articles keep their order and are numbered anew."""
    target.mkdir(parents=True)
    _write_texts(text, stays, target)
    numbers = np.cumsum(stays) - 1
    articles_of, occurrences_of = _write_postings(postings, stays, numbers, target)
    there = np.flatnonzero(articles_of)
    names = postings.names()
    terms, runs = _term_numbers([names[place] for place in there.tolist()], analyzer)
    save(target / "terms.npy", terms)
    save(target / "articles_of.npy", articles_of[there])
    save(target / "occurrences_of.npy", occurrences_of[there])
    save(target / "runs.npy", np.frombuffer("\n".join(runs).encode(), dtype=np.uint8))


def _write_texts(text: StoredText, stays: Mask, target: Path) -> None:
    seen = np.zeros(0x110000, dtype=np.bool_)
    lengths = []
    with ArrayWriter(target / "codes.npy", np.uint32) as file:
        for numbers in _parts(np.flatnonzero(stays), np.diff(text.starts)):
            codes = text.codes(numbers)
            seen[codes] = True
            file.append(codes)
            titles = text.bodies[numbers] - text.starts[numbers]
            bodies = text.starts[numbers + 1] - text.bodies[numbers]
            lengths.append(np.stack([titles, bodies], axis=1).ravel())
    distinct = np.flatnonzero(seen).astype(np.uint32)
    save(target / "folding.npy", np.stack([distinct, text.fold(distinct)], axis=1).ravel())
    save(target / "starts.npy", offsets(np.concatenate([np.empty(0, dtype=np.int64), *lengths])))


def _write_postings(
    postings: Postings, stays: Mask, renumbered: Numbers, target: Path
) -> tuple[Numbers, Numbers]:
    """How many postings and positions each term keeps, by its place."""
    articles_of, occurrences_of = [], []
    exceptions, exception_counts = [], []
    written = 0
    with (
        ArrayWriter(target / "articles.npy", np.uint32) as article_file,
        ArrayWriter(target / "packed.npy", np.uint8) as packed_file,
        ArrayWriter(target / "positions.npy", np.uint16) as position_file,
    ):
        for first, last in postings.blocks(BLOCK):
            block = postings.block(first, last)
            kept = stays[block.numbers]
            term = np.repeat(np.arange(last - first), block.articles_of)
            articles_of.append(np.bincount(term[kept], minlength=last - first))
            counted = np.where(np.repeat(block.has_positions, block.articles_of), block.totals, 0)
            occurrences_of.append(
                np.bincount(term[kept], weights=counted[kept], minlength=last - first)
            )
            article_file.append(renumbered[block.numbers[kept]])
            packed = block.packed[kept]
            packed_file.append(packed)
            position_file.append(block.positions[np.repeat(kept, counted)])
            exceptions.append(written + np.flatnonzero(packed == EXCEPTION))
            exception_counts.append(block.exception_counts[kept[block.packed == EXCEPTION]])
            written += len(packed)
    nothing = np.empty(0, dtype=np.int64)
    save(target / "exceptions.npy", np.concatenate([nothing, *exceptions]))
    counts = np.concatenate([np.empty((0, 4), dtype=np.uint32), *exception_counts])
    save(target / "exception_counts.npy", counts.astype(np.uint32).ravel())
    return (
        np.concatenate([nothing, *articles_of]),
        np.concatenate([nothing, *occurrences_of]).astype(np.int64),
    )


def _term_numbers(names: list[str], analyzer: BulkAnalyzer) -> tuple[NDArray[np.uint32], list[str]]:
    """The numbers of terms given in the order of their places, and the runs of letters among
    them."""
    numbers: list[int] = []
    runs: list[str] = []
    for name in names:
        if len(name) == 1 and not LETTERS.match(name):
            numbers.append(ord(name))
        elif name.startswith("\x1f") and len(name) == 2:
            numbers.append(ord(name[1]))
        elif LETTERS.match(name):
            numbers.append(RUN + len(runs))
            runs.append(name)
        else:
            numbers.append(WORD + analyzer.number(name))
    return np.array(numbers, dtype=np.uint32), runs


def _parts(numbers: Numbers, lengths: Numbers) -> list[Numbers]:
    """The articles in parts of about `BLOCK` characters."""
    laps = np.cumsum(lengths[numbers]) // BLOCK
    return np.split(numbers, np.flatnonzero(np.diff(laps)) + 1)
