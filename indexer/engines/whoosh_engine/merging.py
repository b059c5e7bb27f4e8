"""Runs to the postings of one segment: a merge by term, in blocks that fit in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh_engine.arrays import Array, ArrayWriter, offsets, save
from indexer.engines.whoosh_engine.article_lists import ArticleListsWriter, Numbers
from indexer.engines.whoosh_engine.inversion import StoredRun
from indexer.engines.whoosh_engine.pieces import Scatter, open_scatter
from indexer.engines.whoosh_engine.terms import write_strings
from indexer.text.bulk import RUN, WORD

BLOCK = 1 << 21
"""Postings merged at a time: about 80 MB of arrays."""


@dataclass(frozen=True, slots=True)
class _Input:
    """A run, its terms by their final numbers, and how many articles come before it."""

    run: StoredRun
    terms: NDArray[np.uint32]
    postings: NDArray[np.uint32]
    """For each term, where its postings begin; one more for the end."""
    occurrences: NDArray[np.uint32]
    before: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """All terms of all runs, and how much each will have."""

    terms: NDArray[np.uint32]
    articles_of: Numbers
    occurrences_of: Numbers

    def blocks(self) -> Iterator[slice]:
        """Slices of the terms with about `BLOCK` postings each."""
        edges = np.searchsorted(
            np.cumsum(self.articles_of), np.arange(BLOCK, self.articles_of.sum() + BLOCK, BLOCK)
        )
        start = 0
        for edge in np.unique(np.minimum(edges + 1, len(self.terms))).tolist():
            yield slice(start, edge)
            start = edge


def merge(
    runs: Sequence[StoredRun],
    folder: Path,
    articles: int,
    name_of: Callable[[int], str],
    *,
    native: bool = True,
) -> None:
    """Write the postings of all runs, whose articles follow one another, as one segment.

    `name_of` gives the term of a number below `RUN`. See the folder's README for the files.
    """
    inputs, run_terms = _inputs(runs)
    plan = _plan(inputs)
    _write_terms(folder, plan, run_terms, name_of)
    scatter = open_scatter(native=native)
    with (
        ArticleListsWriter(folder, plan.articles_of, articles) as lists,
        ArrayWriter(folder / "packed.npy", np.uint8) as packed_file,
        ArrayWriter(folder / "positions.npy", np.uint16) as position_file,
    ):
        for block in plan.blocks():
            numbers, packed, positions = _merge_block(inputs, plan, block, scatter)
            lists.append(numbers, plan.articles_of[block])
            packed_file.append(packed)
            position_file.append(positions)
    _write_exceptions(folder, inputs, plan)


def _inputs(runs: Sequence[StoredRun]) -> tuple[list[_Input], list[str]]:
    """The runs with terms numbered alike, and all terms of the numbers from `RUN` on."""
    run_terms = sorted({term for run in runs for term in run.run_terms()})
    number = {term: RUN + place for place, term in enumerate(run_terms)}
    inputs = []
    before = 0
    for run in runs:
        own = np.array([number[term] for term in run.run_terms()], dtype=np.uint32)
        terms = run.array("terms")
        is_run = terms >= RUN
        terms[is_run] = own[terms[is_run] - RUN]
        postings = offsets(run.array("articles_of")).astype(np.uint32)
        occurrences = offsets(run.array("occurrences_of")).astype(np.uint32)
        inputs.append(_Input(run, terms, postings, occurrences, before))
        before += len(run.array("starts")) // 2
    return inputs, run_terms


def _plan(inputs: Sequence[_Input]) -> _Plan:
    terms = np.unique(np.concatenate([each.terms for each in inputs]))
    articles_of = np.zeros(len(terms), dtype=np.int64)
    occurrences_of = np.zeros(len(terms), dtype=np.int64)
    for each in inputs:
        places = np.searchsorted(terms, each.terms)
        articles_of[places] += np.diff(each.postings)
        occurrences_of[places] += np.diff(each.occurrences)
    return _Plan(terms, articles_of, occurrences_of)


def _write_terms(
    folder: Path, plan: _Plan, run_terms: Sequence[str], name_of: Callable[[int], str]
) -> None:
    """The terms in their sorted order, and for each how many articles have it and its place in the
    order of the postings."""
    names = [
        run_terms[number - RUN] if number >= RUN else name_of(number)
        for number in plan.terms.tolist()
    ]
    order = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)
    write_strings(folder, "terms", [names[place] for place in order.tolist()])
    save(folder / "term_places.npy", order.astype(np.uint32))
    save(folder / "term_numbers.npy", plan.terms)
    save(folder / "is_word.npy", plan.terms >= WORD)
    save(folder / "articles_of.npy", plan.articles_of.astype(np.uint32))
    save(folder / "occurrences_of.npy", plan.occurrences_of.astype(np.uint32))


def _merge_block(
    inputs: Sequence[_Input], plan: _Plan, block: slice, scatter: Scatter
) -> tuple[Array, Array, Array]:
    """Article numbers, packed counts and positions of a slice of the terms."""
    terms = plan.terms[block]
    numbers = np.empty(int(plan.articles_of[block].sum()), dtype=np.uint32)
    packed = np.empty(len(numbers), dtype=np.uint8)
    positions = np.empty(int(plan.occurrences_of[block].sum()), dtype=np.uint16)
    next_posting = offsets(plan.articles_of[block])[:-1]
    next_position = offsets(plan.occurrences_of[block])[:-1]
    for each in inputs:
        first, last = np.searchsorted(each.terms, [terms[0], terms[-1] + np.uint32(1)])
        if first == last:
            continue
        places = np.searchsorted(terms, each.terms[first:last])
        start, end = int(each.postings[first]), int(each.postings[last])
        lengths = np.diff(each.postings[first : last + 1]).astype(np.int64)
        targets = next_posting[places]
        own = each.run.part("articles", start, end)
        scatter(own, lengths, targets.copy(), numbers, each.before)
        scatter(each.run.part("packed", start, end), lengths, targets, packed, 0)
        next_posting[places] = targets
        start, end = int(each.occurrences[first]), int(each.occurrences[last])
        lengths = np.diff(each.occurrences[first : last + 1]).astype(np.int64)
        targets = next_position[places]
        scatter(each.run.part("positions", start, end), lengths, targets, positions, 0)
        next_position[places] = targets
    return numbers, packed, positions


def _write_exceptions(folder: Path, inputs: Sequence[_Input], plan: _Plan) -> None:
    """The postings whose counts do not fit in a byte, by their numbers in the merged order."""
    next_posting = offsets(plan.articles_of)[:-1]
    found: list[Numbers] = []
    for each in inputs:
        places = np.searchsorted(plan.terms, each.terms)
        own = each.run.array("exceptions")
        term = np.searchsorted(each.postings, own.astype(np.uint32), side="right") - 1
        found.append(next_posting[places[term]] + own - each.postings[term])
        next_posting[places] += np.diff(each.postings)
    numbers = np.concatenate(found)
    counts = np.concatenate([each.run.array("exception_counts").reshape(-1, 4) for each in inputs])
    order = np.argsort(numbers)
    counts = counts[order].ravel()
    # Posting numbers are compared with it, so it must hold the largest of them all.
    save(folder / "exceptions.npy", numbers[order].astype(_smallest(plan.articles_of.sum())))
    save(folder / "exception_counts.npy", counts.astype(_smallest(counts.max(initial=0))))


def _smallest(largest: int) -> np.dtype[Any]:
    return np.min_scalar_type(int(largest))
