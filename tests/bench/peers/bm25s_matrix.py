"""bm25s (scores computed beforehand, as a sparse matrix) with the words of Jianbao's segmenter."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from tests.bench.peers.base import Answer, Counts, Peer, known
from tests.bench.query import Query
from tests.bench.words import open_words, segmented

_VALUES = "values.json"


class Bm25s(Peer):
    """It knows no AND and no phrases. Conditions and counts are made from its array of scores."""

    name = "bm25s"
    note = "OR only; no positions; stores no texts; the whole matrix in memory while indexing"

    @property
    def version(self) -> str:
        return metadata.version("bm25s")

    def build(self, articles: Path, folder: Path) -> None:
        values: dict[str, list[str]] = {"id": [], "source": [], "year": []}
        texts: list[list[int]] = []
        vocabulary: dict[str, int] = {}
        with segmented(articles) as found:
            for article in found:
                # Numbers in place of words, as the package's own tokenizer does to save memory.
                words = article.text.split()
                texts.append([vocabulary.setdefault(word, len(vocabulary)) for word in words])
                for name, column in values.items():
                    column.append(getattr(article, name))
        retriever = bm25s.BM25()
        retriever.index((texts, vocabulary), show_progress=False)
        retriever.save(folder, show_progress=False)
        (folder / _VALUES).write_text(json.dumps(values), "utf-8")

    def open(self, folder: Path) -> None:
        self._words = open_words()
        self._retriever: Any = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        values = json.loads((folder / _VALUES).read_text("utf-8"))
        self._ids: list[str] = values["id"]
        self._columns = {name: _Column(values[name]) for name in ("source", "year")}

    def answers(self, query: Query) -> bool:
        return query.kind == "any" or (
            query.kind == "all" and len(self._words.asked(query.text)) == 1
        )

    def search(self, query: Query) -> Answer:
        vocabulary = self._retriever.vocab_dict
        words = [word for word in self._words.asked(query.text) if word in vocabulary]
        if not words:
            return Answer([], 0, {}, {})
        scores = self._retriever.get_scores(words)
        if query.where is not None:
            scores = scores * self._columns[query.where[0]].having(query.where[1])
        matching = np.flatnonzero(scores)
        ids = [self._ids[number] for number in _best(scores, matching, query.limit)]
        if not query.counted:
            return Answer(ids)
        counts = {name: column.counts(matching) for name, column in self._columns.items()}
        return Answer(ids, len(matching), known(counts["source"]), known(counts["year"]))

    def close(self) -> None:
        del self._retriever


class _Column:
    """One value an article."""

    def __init__(self, values: list[str]) -> None:
        self._names, self._codes = np.unique(np.array(values), return_inverse=True)

    def having(self, value: str) -> NDArray[np.bool_]:
        mask: NDArray[np.bool_] = (self._names == value)[self._codes]
        return mask

    def counts(self, numbers: NDArray[np.int64]) -> Counts:
        totals = np.bincount(self._codes[numbers], minlength=len(self._names))
        return {str(self._names[code]): int(totals[code]) for code in np.flatnonzero(totals)}


def _best(
    scores: NDArray[np.float32], matching: NDArray[np.int64], limit: int
) -> NDArray[np.int64]:
    """Partitioned among the matching only: `argpartition` takes 8 ms for 51,247 scores that are
    almost all 0, which is what the package's own selection does."""
    if limit < len(matching):
        matching = matching[np.argpartition(scores[matching], -limit)[-limit:]]
    return matching[np.argsort(-scores[matching])]
