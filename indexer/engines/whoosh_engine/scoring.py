"""BM25F and the additions to it, for many articles at once. The numbers are in `ranking`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh_engine.postings import Frequencies, Numbers
from indexer.engines.whoosh_engine.stored_text import Offsets, StoredText
from indexer.query.tree import TEXT_FIELDS, Leaf
from indexer.ranking import Ranking, field_frequency, idf, saturate, title_bonus

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weighted:
    """A leaf's articles and its idf over the whole index."""

    found: Frequencies
    idf: float


class Scorer:
    """Scores the articles of one segment."""

    def __init__(self, text: StoredText, ranking: Ranking) -> None:
        self._text = text
        self._ranking = ranking
        lengths = {field: text.lengths(field).astype(np.float64) for field in TEXT_FIELDS}
        means = {
            field: float(each.sum()) / max(1, text.articles) for field, each in lengths.items()
        }
        self._divisor = {
            # What one occurrence weighs in a field is a weight over this.
            field: ranking.of(field).weight
            / field_frequency(
                np.ones(text.articles), lengths[field], means[field], ranking.of(field)
            )
            for field in TEXT_FIELDS
        }

    def weighted(self, found: Frequencies) -> Weighted:
        """A leaf's articles with its idf."""
        return Weighted(found, idf(self._text.articles, len(found.numbers)))

    def bm25f(self, leaf: Weighted, numbers: Numbers | None = None) -> Scores:
        """What each of the leaf's articles earns for it; only of `numbers`, if given."""
        found = leaf.found if numbers is None else leaf.found.among(numbers)
        ranking = self._ranking
        frequency = ranking.title.weight * found.title / self._divisor["title"][found.numbers]
        frequency += ranking.body.weight * found.body / self._divisor["body"][found.numbers]
        scores: Scores = leaf.idf * saturate(frequency, ranking)
        return scores

    def additions(
        self, leaves: Mapping[Leaf, Weighted], phrase: Leaf | None, numbers: Sequence[int]
    ) -> dict[str, Scores]:
        """What each of these articles earns for words near each other, and for its title."""
        earned: dict[str, Scores] = {}
        if not numbers or not leaves or (len(leaves) == 1 and phrase is None):
            return earned
        view = _View(self._text, numbers)
        if len(leaves) > 1:
            near = self._near(leaves, view)
            for place, field in enumerate(TEXT_FIELDS):
                earned[f"near each other in {field}"] = near[place::2]
        if phrase is not None:
            earned["title"] = self._titled(leaves, phrase, view)
        return earned

    def _near(self, leaves: Mapping[Leaf, Weighted], view: _View) -> Scores:
        """The bonus of each text: of title and body, in turns."""
        bonus = np.zeros(len(view.starts))
        spans = [
            (weighted.idf, len(leaf.text), *view.occurrences(leaf))
            for leaf, weighted in leaves.items()
        ]
        for (idf_a, length_a, at_a, text_a), (idf_b, length_b, at_b, text_b) in pairwise(spans):
            if not len(at_a) or not len(at_b):
                continue
            best = np.zeros(len(bonus))
            after = np.searchsorted(at_b, at_a)
            closeness = self._closeness(at_b, text_b, after, at_a + length_a, text_a)
            np.maximum.at(best, text_a, closeness)
            closeness = self._closeness(at_b + length_b, text_b, after - 1, at_a, text_a, back=True)
            np.maximum.at(best, text_a, 0.5 * closeness)
            bonus += self._ranking.near * min(idf_a, idf_b) * best
        return bonus

    def _closeness(
        self,
        at_b: Offsets,
        text_b: Numbers,
        places: Numbers,
        edges: Offsets,
        text_a: Numbers,
        *,
        back: bool = False,
    ) -> Scores:
        """For each occurrence of a, how near b number `places` is; 0 if that is in another text."""
        there = (places >= 0) & (places < len(at_b))
        places = np.where(there, places, 0)
        gap = edges - at_b[places] if back else at_b[places] - edges
        near = 0.5 ** (np.maximum(gap, 0) / self._ranking.near_half)
        return np.where(there & (text_b[places] == text_a), near, 0.0)

    def _titled(self, leaves: Mapping[Leaf, Weighted], phrase: Leaf, view: _View) -> Scores:
        _, texts = view.occurrences(phrase)
        contains = np.unique(texts[texts % 2 == 0] // 2)
        idfs = [weighted.idf for weighted in leaves.values()]
        bonus = np.zeros(len(view.starts) // 2)
        lengths = view.title_lengths()
        for place in contains.tolist():
            equals = int(lengths[place]) == len(phrase.text)
            bonus[place] = title_bonus(idfs, contains=True, equals=equals, ranking=self._ranking)
        return bonus


class _View:
    """The folded texts of a few articles in a row; text 2n is the title of the nth, 2n + 1 its
    body."""

    def __init__(self, text: StoredText, numbers: Sequence[int]) -> None:
        self._text = text
        self._folded = text.folded(numbers)
        chosen = np.array(numbers, dtype=np.int64)
        titles = text.bodies[chosen] - text.starts[chosen]
        lengths = np.stack([titles, text.starts[chosen + 1] - text.bodies[chosen]], axis=1).ravel()
        self.starts: Offsets = np.cumsum(lengths) - lengths
        self._lengths = lengths

    def title_lengths(self) -> NDArray[np.int64]:
        """The characters of each title."""
        return self._lengths[0::2] - 1

    def occurrences(self, leaf: Leaf) -> tuple[Offsets, Numbers]:
        """Where the leaf is spelled in its fields, in order, and in which text."""
        at = self._text.occurrences(self._folded, leaf)
        texts = np.searchsorted(self.starts, at, side="right") - 1
        if len(leaf.fields) == 1:
            kept = texts % 2 == TEXT_FIELDS.index(leaf.fields[0])
            return at[kept], texts[kept]
        return at, texts
