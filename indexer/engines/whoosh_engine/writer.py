"""Fills a folder with a new index."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from whoosh import index

from indexer.engines.base import Writer
from indexer.engines.whoosh_engine.columns import ColumnsBuilder
from indexer.engines.whoosh_engine.schema import ARTICLE, whoosh_schema
from indexer.models import Article, Token

POSTINGS = "whoosh"
COLUMNS = "columns.json"

MEMORY_MB = 256
"""Postings kept before Whoosh spills a sorted run to disk."""


class WhooshWriter(Writer):
    """Writes to `folder`, which must not exist yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._columns = ColumnsBuilder()
        (folder / POSTINGS).mkdir(parents=True)
        # One process: with several, a worker that fails loses its articles silently.
        self._writer = index.create_in(folder / POSTINGS, whoosh_schema()).writer(
            limitmb=MEMORY_MB, procs=1
        )

    def add(self, article: Article, tokens: Mapping[str, Sequence[Token]]) -> None:
        stored = json.dumps(asdict(article), ensure_ascii=False)
        self._writer.add_document(**tokens, **{ARTICLE: stored})
        self._columns.add(article)

    def commit(self) -> None:
        self._writer.commit()
        self._columns.write(self._folder / COLUMNS)

    def cancel(self) -> None:
        # After an error Whoosh hands a failed article's postings to the next one: never commit.
        self._writer.cancel()
        shutil.rmtree(self._folder)
