"""Searchers over indexes that are really built, for what a hand-made searcher cannot show."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from jianbao.indexer import Searcher, load_settings, open_searcher, reindex


@contextmanager
def searcher_over(folder: Path, sources: Sequence[Path]) -> Iterator[Searcher]:
    """A searcher over an index of these sources, kept in `folder`."""
    settings = load_settings({"index": folder / "index"}, {}, folder)
    reindex(settings, list(sources), now=lambda: datetime.now(UTC))
    searcher = open_searcher(settings, perf_counter)
    try:
        yield searcher
    finally:
        searcher.close()


@contextmanager
def searcher_of(folder: Path, articles: Sequence[Mapping[str, object]]) -> Iterator[Searcher]:
    """A searcher over these articles, given as the objects of a JSONL file."""
    source = folder / "articles.jsonl"
    source.write_text("\n".join(json.dumps(each) for each in articles), encoding="utf-8")
    with searcher_over(folder, [source]) as searcher:
        yield searcher
