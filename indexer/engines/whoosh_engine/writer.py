"""Fills a folder with a new index: batches of articles to runs, in workers, then a merge."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np

from indexer.engines.base import Writer
from indexer.engines.whoosh_engine.carrying import carry_over
from indexer.engines.whoosh_engine.columns import Columns, ColumnsBuilder
from indexer.engines.whoosh_engine.inversion import StoredRun, invert
from indexer.engines.whoosh_engine.merging import merge
from indexer.engines.whoosh_engine.postings import Postings
from indexer.engines.whoosh_engine.stored_articles import StoredArticles, StoredArticlesWriter
from indexer.engines.whoosh_engine.stored_text import StoredText, write_text
from indexer.models import Article
from indexer.text.bulk import BulkAnalyzer
from indexer.workers import Workers

BATCH = 1 << 20
"""Characters that are analysed together: about 130 MB of arrays in a worker."""

OpenAnalyzer = Callable[[], BulkAnalyzer]


class WhooshWriter(Writer):
    """Writes to `folder`, which must not exist yet, with `jobs` processes; `batch` is in
    characters."""

    def __init__(
        self, folder: Path, open_analyzer: OpenAnalyzer, jobs: int = 1, batch: int = BATCH
    ) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._runs = folder / "runs"
        self._columns = ColumnsBuilder()
        self._articles = StoredArticlesWriter(folder)
        self._workers = Workers(open_analyzer, jobs)
        self._batch_size = batch
        self._batch: list[str] = []
        self._characters = 0
        self._written = 0
        self._count = 0

    def carry_over(self, earlier: Path, without: Collection[str]) -> None:
        """Take over the articles of an earlier index, but for those with the ids `without`, ahead
        of all that are added. Its tokens must come from the same analyzer."""
        columns, text = Columns(earlier), StoredText(earlier)
        stays = np.ones(columns.count, dtype=np.bool_)
        for id_ in without:
            if (number := columns.number(id_)) is not None:
                stays[number] = False
        if not stays.any():
            return
        self._columns.carry_over(columns, stays)
        self._articles.carry_over(StoredArticles(earlier, columns.count), stays)
        postings = Postings(earlier, columns.count, accidental=0.0)
        carry_over(postings, text, stays, self._workers.own(), self._runs / str(self._written))
        self._written += 1
        self._count += int(stays.sum())

    def add(self, article: Article) -> None:
        self._columns.add(article)
        self._articles.add(article)
        self._batch += (article.title, article.body)
        self._characters += len(article.title) + len(article.body)
        self._count += 1
        if self._characters >= self._batch_size:
            self._hand_over(last=False)

    def commit(self) -> None:
        self._hand_over(last=True)
        analyzer = self._workers.finish()
        self._articles.close()
        self._columns.write(self._folder)
        runs = [StoredRun(self._runs / str(number)) for number in range(self._written)]
        write_text(runs, self._folder)
        merge(runs, self._folder, self._count, analyzer.term)
        shutil.rmtree(self._runs)

    def cancel(self) -> None:
        self._workers.stop()
        self._articles.abandon()
        shutil.rmtree(self._folder)

    def _hand_over(self, *, last: bool) -> None:
        if not self._batch:
            return
        target = self._runs / str(self._written)
        self._workers.run(_write_run, self._batch, target, alone=last and not self._written)
        self._written += 1
        self._batch = []
        self._characters = 0


def _write_run(analyzer: BulkAnalyzer, texts: Sequence[str], target: Path) -> None:
    invert(analyzer.tokens(texts)).write(target)
