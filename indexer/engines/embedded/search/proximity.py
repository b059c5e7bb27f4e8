"""Where the words of a query stand in the texts of a few articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.embedded.format.postings_lists import Numbers
from jianbao.indexer.engines.embedded.format.stored_text import Offsets, StoredText
from jianbao.indexer.engines.embedded.search.top_k import Scores
from jianbao.indexer.query.tree import TEXT_FIELDS, Leaf


def near(text: StoredText, idfs: Mapping[Leaf, float], half: float, numbers: Numbers) -> Scores:
    """For title and body of each article in turns: the sum, over neighbouring leaves, of the lower
    idf times 1 where the second stands right after the first, less with the distance (see
    `ranking.near_bonus`)."""
    view = _View(text, numbers)
    sums = np.zeros(len(view.starts))
    spans = [
        _Span(weight, len(leaf.text), *view.occurrences(leaf)) for leaf, weight in idfs.items()
    ]
    for a, b in pairwise(spans):
        if len(a.starts) and len(b.starts):
            sums += min(a.idf, b.idf) * _closest(a, b, half, len(sums))
    return sums


def in_titles(text: StoredText, phrase: Leaf, numbers: Numbers) -> NDArray[np.uint8]:
    """For each article 0, 1 where its title contains the phrase, 2 where it is the phrase."""
    lengths = text.bodies[numbers] - text.starts[numbers]
    at = text.occurrences(text.folded_titles(numbers), phrase)
    having = np.unique(np.searchsorted(np.cumsum(lengths), at, side="right"))
    found = np.zeros(len(numbers), dtype=np.uint8)
    found[having] = 1 + (lengths[having] - 1 == len(phrase.text))
    return found


@dataclass(frozen=True, slots=True)
class _Span:
    """A leaf's occurrences in a view: its idf, its length, where each starts, in which text."""

    idf: float
    length: int
    starts: Offsets
    texts: Numbers


def _closest(a: _Span, b: _Span, half: float, texts: int) -> Scores:
    """In each text, 1 where b stands right after a, less with the distance."""
    closest = np.zeros(texts)
    after = np.searchsorted(b.starts, a.starts)
    for places, share in ((after, 1.0), (after - 1, 0.5)):
        pairs = np.flatnonzero((places >= 0) & (places < len(b.starts)))
        pairs = pairs[b.texts[places[pairs]] == a.texts[pairs]]
        start_a, start_b = a.starts[pairs], b.starts[places[pairs]]
        gap = start_b - start_a - a.length if share == 1.0 else start_a - start_b - b.length
        closeness = share * 0.5 ** (np.maximum(gap, 0) / half)
        np.maximum.at(closest, a.texts[pairs], closeness)
    return closest


class _View:
    """The folded texts of a few articles in a row; text 2n is the title of the nth, 2n + 1 its
    body."""

    def __init__(self, text: StoredText, numbers: Numbers) -> None:
        self._text = text
        self._folded = text.folded(numbers)
        starts, bodies = text.starts[numbers], text.bodies[numbers]
        ends = text.starts[numbers + 1]
        lengths = np.empty(2 * len(numbers), dtype=np.int64)
        lengths[0::2] = bodies - starts
        lengths[1::2] = ends - bodies
        self.starts: Offsets = np.cumsum(lengths) - lengths

    def occurrences(self, leaf: Leaf) -> tuple[Offsets, Numbers]:
        """Where the leaf is spelled in its fields, in order, and in which text."""
        at = self._text.occurrences(self._folded, leaf)
        texts = np.searchsorted(self.starts, at, side="right") - 1
        if len(leaf.fields) == 1:
            kept = texts % 2 == TEXT_FIELDS.index(leaf.fields[0])
            return at[kept], texts[kept]
        return at, texts
