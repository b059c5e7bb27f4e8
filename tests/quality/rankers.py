"""What is compared: Jianbao through its public door, and bm25s over jieba's words and over pairs of
characters."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import bm25s
import jieba

from jianbao.indexer import SearchRequest, load_settings, open_searcher, reindex
from tests.quality.judged import Judged
from tests.quality.measures import DEPTH

Ranker = Callable[[str], list[str]]

_RUN = re.compile(r"\w+")


def jianbao(judged: Judged, folder: Path) -> Ranker:
    """Index the collection and search it as a reader would, in mode auto."""
    source = folder / f"{judged.corpus}.jsonl"
    with source.open("w", encoding="utf-8") as lines:
        for article in judged.articles:
            lines.write(json.dumps(article, ensure_ascii=False) + "\n")
    settings = load_settings({"index": folder / f"index-{judged.corpus}"}, {}, folder)
    reindex(settings, [source], now=lambda: datetime.now(UTC))
    searcher = open_searcher(settings, time.perf_counter)
    return lambda text: [
        hit.article.id for hit in searcher.search(SearchRequest(text, size=DEPTH)).hits
    ]


def words_baseline(judged: Judged, folder: Path) -> Ranker:
    """bm25s (Lucene's BM25, k1 1.5, b 0.75) over the words of jieba's search mode."""
    return _bm25s(judged, _words)


def pairs_baseline(judged: Judged, folder: Path) -> Ranker:
    """The same over pairs of neighbouring characters."""
    return _bm25s(judged, _pairs)


RANKERS: Mapping[str, Callable[[Judged, Path], Ranker]] = {
    "jianbao": jianbao,
    "words": words_baseline,
    "pairs": pairs_baseline,
}
"""What is compared, by name; the first is ours."""


def _bm25s(judged: Judged, terms: Callable[[str], list[str]]) -> Ranker:
    texts = (f"{each['title']}\n{each['body']}" for each in judged.articles)
    retriever = bm25s.BM25()
    retriever.index([terms(text) for text in texts], show_progress=False)
    ids = [each["id"] for each in judged.articles]

    def rank(text: str) -> list[str]:
        asked = [term for term in terms(text) if term in retriever.vocab_dict]
        if not asked:
            return []
        numbers, scores = retriever.retrieve([asked], k=DEPTH, show_progress=False)
        found = zip(numbers[0], scores[0], strict=True)
        return [ids[number] for number, score in found if score > 0]

    return rank


def _words(text: str) -> list[str]:
    return [word for word in jieba.lcut_for_search(text.lower()) if word.strip()]


def _pairs(text: str) -> list[str]:
    # Interned, since a string of its own for each of 24 million pairs takes gigabytes.
    runs = _RUN.findall(text.lower())
    return [sys.intern(run[at : at + 2]) for run in runs for at in range(max(1, len(run) - 1))]
