"""What is compared: Jianbao through its public door, and bm25s over jieba's words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import bm25s
import jieba

from indexer import SearchRequest, load_settings, open_searcher, reindex
from tests.quality.judged import Judged
from tests.quality.measures import DEPTH

Ranker = Callable[[str], list[str]]


def jianbao(judged: Judged, folder: Path) -> Ranker:
    """Index the collection and search it as a reader would, in mode auto."""
    source = folder / f"{judged.name}.jsonl"
    with source.open("w", encoding="utf-8") as lines:
        for article in judged.articles:
            lines.write(json.dumps(article, ensure_ascii=False) + "\n")
    settings = load_settings({"index": folder / f"index-{judged.name}"}, {}, folder)
    reindex(settings, [source], now=lambda: datetime.now(UTC))
    searcher = open_searcher(settings, time.perf_counter)
    return lambda text: [
        hit.article.id for hit in searcher.search(SearchRequest(text, size=DEPTH)).hits
    ]


def baseline(judged: Judged, folder: Path) -> Ranker:
    """bm25s (Lucene's BM25, k1 1.5, b 0.75) over the words of jieba's search mode."""
    texts = [f"{each['title']}\n{each['body']}" for each in judged.articles]
    retriever = bm25s.BM25()
    retriever.index([_words(text) for text in texts], show_progress=False)

    def rank(text: str) -> list[str]:
        words = [word for word in _words(text) if word in retriever.vocab_dict]
        if not words:
            return []
        numbers, scores = retriever.retrieve([words], k=DEPTH, show_progress=False)
        pairs = zip(numbers[0], scores[0], strict=True)
        return [judged.articles[number]["id"] for number, score in pairs if score > 0]

    return rank


def _words(text: str) -> list[str]:
    return [word for word in jieba.lcut_for_search(text.lower()) if word.strip()]
