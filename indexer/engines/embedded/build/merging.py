"""Runs to the postings of one segment: a merge by term, in blocks that fit in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.build.inversion import StoredRun
from jianbao.indexer.engines.embedded.build.scatter import Scatter, open_scatter
from jianbao.indexer.engines.embedded.format.arrays import (
    Array,
    ArrayWriter,
    offsets,
    save,
    save_narrow,
    smallest,
)
from jianbao.indexer.engines.embedded.format.postings_lists import ArticleListsWriter, Numbers
from jianbao.indexer.engines.embedded.format.term_dictionary import write_terms
from jianbao.indexer.text.bulk import RUN, WORD

BLOCK = 1 << 21
"""Postings merged at a time: about 80 MB of arrays."""


Terms = NDArray[np.uint32]
"""Numbers of terms, sorted and distinct."""


@dataclass(frozen=True, slots=True)
class _Input:
    """A run, the places of its terms in the plan, and how many articles come before it."""

    run: StoredRun
    places: NDArray[np.uint32]
    postings: NDArray[np.uint32]
    """For each term, where its postings begin; one more for the end."""
    occurrences: NDArray[np.uint32]
    before: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """All terms of all runs, and how much each will have."""

    terms: Terms
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
    names_of: Callable[[list[int]], list[str]],
    *,
    native: bool = True,
) -> None:
    """Write the postings of all runs, whose articles follow one another, as one segment.

    `names_of` gives the terms of numbers below `RUN`. See the folder's README for the files.
    """
    run_terms = sorted({term for run in runs for term in run.run_terms()})
    terms = _numbered_alike(runs, run_terms)
    inputs, plan = _planned(runs, terms)
    first_run = int(np.searchsorted(plan.terms, RUN))
    names = names_of(plan.terms[:first_run].tolist())
    names += (run_terms[number - RUN] for number in plan.terms[first_run:].tolist())
    _write_terms(folder, plan, names)
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


def _numbered_alike(runs: Sequence[StoredRun], run_terms: Sequence[str]) -> list[Terms]:
    """The terms of each run, those from `RUN` on by their place among `run_terms`."""
    number = {term: RUN + place for place, term in enumerate(run_terms)}
    found = []
    for run in runs:
        own = np.array([number[term] for term in run.run_terms()], dtype=np.uint32)
        terms = run.array("terms")
        is_run = terms >= RUN
        terms[is_run] = own[terms[is_run] - RUN]
        found.append(terms)
    return found


def _planned(runs: Sequence[StoredRun], terms: list[Terms]) -> tuple[list[_Input], _Plan]:
    """`terms` is emptied: each run's are replaced by their places."""
    there = np.zeros(max((int(own.max(initial=0)) for own in terms), default=0) + 1, np.bool_)
    for own in terms:
        there[own] = True
    distinct = np.flatnonzero(there).astype(np.uint32)
    place = np.cumsum(there, dtype=np.uint32) - np.uint32(1)
    articles_of = np.zeros(len(distinct), dtype=np.int64)
    occurrences_of = np.zeros(len(distinct), dtype=np.int64)
    inputs = []
    before = 0
    terms.reverse()
    for run in runs:
        places = place[terms.pop()]
        articles, occurrences = run.array("articles_of"), run.array("occurrences_of")
        articles_of[places] += articles
        occurrences_of[places] += occurrences
        postings = offsets(articles).astype(np.uint32)
        inputs.append(_Input(run, places, postings, offsets(occurrences).astype(np.uint32), before))
        before += len(run.array("starts")) // 2
    return inputs, _Plan(distinct, articles_of, occurrences_of)


def _write_terms(folder: Path, plan: _Plan, names: Sequence[str]) -> None:
    """The terms in their sorted order, and for each how many articles have it and its place in the
    order of the postings."""
    order = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)
    write_terms(folder, "terms", [names[place] for place in order.tolist()])
    save(folder / "term_places.npy", order.astype(np.uint32))
    save(folder / "term_numbers.npy", plan.terms)
    save(folder / "is_word.npy", plan.terms >= WORD)
    save(folder / "articles_of.npy", plan.articles_of.astype(np.uint32))
    save(folder / "occurrences_of.npy", plan.occurrences_of.astype(np.uint32))


def _merge_block(
    inputs: Sequence[_Input], plan: _Plan, block: slice, scatter: Scatter
) -> tuple[Array, Array, Array]:
    """Article numbers, packed counts and positions of a slice of the terms."""
    numbers = np.empty(int(plan.articles_of[block].sum()), dtype=np.uint32)
    packed = np.empty(len(numbers), dtype=np.uint8)
    positions = np.empty(int(plan.occurrences_of[block].sum()), dtype=np.uint16)
    next_posting = offsets(plan.articles_of[block])[:-1]
    next_position = offsets(plan.occurrences_of[block])[:-1]
    for each in inputs:
        first, last = np.searchsorted(each.places, np.array([block.start, block.stop], np.uint32))
        if first == last:
            continue
        places = each.places[first:last] - np.uint32(block.start)
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
        own = each.run.array("exceptions")
        term = np.searchsorted(each.postings, own.astype(np.uint32), side="right") - 1
        found.append(next_posting[each.places[term]] + own - each.postings[term])
        next_posting[each.places] += np.diff(each.postings)
    numbers = np.concatenate(found)
    counts = np.concatenate([each.run.array("exception_counts").reshape(-1, 4) for each in inputs])
    order = np.argsort(numbers)
    counts = counts[order].ravel()
    # Posting numbers are compared with it, so it must hold the largest of them all.
    save(folder / "exceptions.npy", numbers[order].astype(smallest(plan.articles_of.sum())))
    save_narrow(folder / "exception_counts.npy", counts)
