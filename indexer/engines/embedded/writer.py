"""Fills a folder with a new index: batches of articles to runs, in workers, then a merge."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.engines.base import Base, OpenAnalyzer, Writer
from jianbao.indexer.engines.embedded.build.base_segment import Earlier
from jianbao.indexer.engines.embedded.build.carry_over import Mask, carry_over
from jianbao.indexer.engines.embedded.build.inversion import StoredRun, invert
from jianbao.indexer.engines.embedded.build.merging import merge
from jianbao.indexer.engines.embedded.build.text_writer import write_text
from jianbao.indexer.engines.embedded.build.workers import Workers
from jianbao.indexer.engines.embedded.format.arrays import save
from jianbao.indexer.engines.embedded.format.damage import reading
from jianbao.indexer.engines.embedded.format.doc_values import ColumnsBuilder
from jianbao.indexer.engines.embedded.format.stored_fields import StoredArticlesWriter
from jianbao.indexer.errors import EngineError
from jianbao.indexer.models import Article
from jianbao.indexer.text.bulk import BulkAnalyzer

BATCH = 1 << 20
"""Characters that are analysed together: about 130 MB of arrays in a worker."""


class WhooshWriter(Writer):
    """Writes to `folder`, which has no files of an index yet, with `jobs` processes; `batch` is in
    characters. `native` False leaves the functions in C alone, where they were built."""

    def __init__(
        self,
        folder: Path,
        open_analyzer: OpenAnalyzer,
        jobs: int = 1,
        batch: int = BATCH,
        *,
        native: bool = True,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._native = native
        self._folder = folder
        self._runs = folder / "runs"
        self._columns = ColumnsBuilder()
        self._articles = StoredArticlesWriter(folder)
        self._workers = Workers(open_analyzer, jobs)
        self._batch_size = batch
        self._batch: list[str] = []
        self._characters = 0
        self._written = 0
        self._given = 0
        self._ordinals: list[int] = []
        self._reused: dict[str, tuple[Article, int]] = {}
        self._taken: set[str] = set()
        """Those of the base whose texts were reused."""
        self._carried: Path | None = None

    def add(self, article: Article) -> None:
        self._add(article, self._next_ordinal())

    def reuse(self, article: Article, base_id: str) -> None:
        light = replace(article, title="", body="")
        self._reused[base_id] = (light, self._next_ordinal())

    def carry_over(
        self, base: Base, without: Collection[str], *, again: Collection[str] | None = None
    ) -> None:
        if not isinstance(base, Earlier):
            raise EngineError("a segment is made from another segment alone")
        self._carried = base.folder
        with reading(base.folder):
            self._carry_over(base, without, again)

    def _carry_over(
        self, found: Earlier, without: Collection[str], again: Collection[str] | None
    ) -> None:
        stays = ~found.marked(without)
        changing = found.marked(again or ()) & stays
        self._analyse_again(found, changing)
        stays &= ~changing
        reused = found.marked(self._reused)
        stays &= ~reused
        groups = [group for group in (stays, reused) if group.any()]
        if not groups:
            return
        self._hand_over(last=not self._written)
        self._take_over(found, stays)
        self._take_over_reused(found, reused)
        targets = [self._target(number) for number in range(len(groups))]
        pairs = list(zip(groups, targets, strict=True))
        renumbering = None if again is None else self._workers.own()
        carry_over(found.postings(), found.text, pairs, renumbering, native=self._native)
        self._written += len(groups)

    def commit(self) -> None:
        lost = self._reused.keys() - self._taken
        if lost:
            raise EngineError(
                f"{len(lost)} articles, such as {min(lost)!r}, were to be reused, and no base that "
                "has them was carried over"
            )
        # What was carried over may name terms that there are not.
        with reading(self._carried) if self._carried else nullcontext():
            self._commit()

    def _commit(self) -> None:
        self._hand_over(last=not self._written)
        analyzer = self._workers.finish()
        articles = len(self._ordinals)
        self._write_values()
        runs = [StoredRun(self._runs / str(number)) for number in range(self._written)]
        write_text(runs, self._folder)
        merge(runs, self._folder, articles, analyzer.terms, native=self._native)
        shutil.rmtree(self._runs)

    def cancel(self) -> None:
        self._workers.stop()
        self._articles.abandon()
        shutil.rmtree(self._folder)

    def _write_values(self) -> None:
        """Write what is kept of each article but its texts, and forget it: it would take room that
        the merge needs."""
        self._articles.close()
        self._columns.write(self._folder)
        self._columns = ColumnsBuilder()
        save(self._folder / "ordinals.npy", _ranks(self._ordinals))
        self._ordinals = []
        self._reused = {}

    def _add(self, article: Article, ordinal: int) -> None:
        self._columns.add(article)
        self._articles.add(article)
        self._ordinals.append(ordinal)
        self._batch += (article.title, article.body)
        self._characters += len(article.title) + len(article.body)
        if self._characters >= self._batch_size:
            self._hand_over(last=False)

    def _analyse_again(self, found: Earlier, changing: Mask) -> None:
        for number in np.flatnonzero(changing).tolist():
            self._add(found.article(number), int(found.ordinals[number]))

    def _take_over(self, found: Earlier, stays: Mask) -> None:
        self._columns.carry_over(found.columns, stays)
        self._articles.carry_over(found.articles, stays)
        ordinals = found.ordinals[stays].tolist()
        self._ordinals += ordinals
        self._given = max(self._given, *ordinals, 0)

    def _take_over_reused(self, found: Earlier, reused: Mask) -> None:
        for number in np.flatnonzero(reused).tolist():
            article, ordinal = self._reused[found.columns.ids[number]]
            self._taken.add(found.columns.ids[number])
            self._columns.add(article)
            self._articles.add(article)
            self._ordinals.append(ordinal)

    def _next_ordinal(self) -> int:
        self._given += 1
        return self._given

    def _target(self, ahead: int) -> Path:
        """The folder of the run that comes `ahead` after those written."""
        return self._runs / str(self._written + ahead)

    def _hand_over(self, *, last: bool) -> None:
        if not self._batch:
            return
        task = _write_run if self._native else _write_run_with_arrays
        self._workers.run(task, self._batch, self._target(0), alone=last)
        self._written += 1
        self.analysed += len(self._batch) // 2
        self._batch = []
        self._characters = 0


def _ranks(ordinals: Sequence[int]) -> NDArray[np.uint32]:
    """Numbers in the same order, from 0 on."""
    order = np.argsort(ordinals, kind="stable")
    ranks = np.empty(len(order), dtype=np.uint32)
    ranks[order] = np.arange(len(order), dtype=np.uint32)
    return ranks


def _write_run(analyzer: BulkAnalyzer, texts: Sequence[str], target: Path) -> None:
    invert(analyzer.tokens(texts)).write(target)


def _write_run_with_arrays(analyzer: BulkAnalyzer, texts: Sequence[str], target: Path) -> None:
    invert(analyzer.tokens(texts), native=False).write(target)
