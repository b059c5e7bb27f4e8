"""Builds one generation of what is kept and what is read, and makes it live."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from jianbao.indexer.analysis import Analysis
from jianbao.indexer.engines.base import Backend, Engine, Search, Writer
from jianbao.indexer.errors import IndexDamagedError, NothingToPublishError
from jianbao.indexer.ingest.base_generation import Standing
from jianbao.indexer.ingest.changes import Changes
from jianbao.indexer.ingest.read_changed import IdTakenError, Intake, OnProgress
from jianbao.indexer.ingest.report import Report, Stages, gathered
from jianbao.indexer.models import Problem, Source
from jianbao.indexer.search.suggestions import write_suggestions
from jianbao.indexer.settings import Settings
from jianbao.indexer.store.generations import Generations, Manifest
from jianbao.indexer.store.ledger import Entry, Ledger, carry_ledger, write_ledger
from jianbao.indexer.store.user_words import write_words
from jianbao.indexer.text.pinyin import Readings


def told(entries: Iterable[Entry]) -> Iterable[Problem]:
    """The problems of all entries."""
    return chain.from_iterable(entry.problems for entry in entries if entry.problems_json)


def duplicates(entries: Iterable[Entry]) -> int:
    """How many articles have the title and body of another one that is counted already."""
    texts = list(chain.from_iterable(entry.digests for entry in entries))
    return len(texts) - len(set(texts))


@dataclass(frozen=True, slots=True)
class Built:
    """A generation that is live now, and what the run tells of it."""

    report: Report
    manifest: Manifest
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class Building:
    """What generations of an index are built with."""

    settings: Settings
    generations: Generations
    analysis: Analysis
    readings: Readings
    roots: Sequence[Path]
    now: Callable[[], datetime]
    roles: Mapping[str, str]

    def build(
        self,
        sources: tuple[Source, ...],
        problems: Sequence[Problem],
        changes: Changes,
        base: Standing | None,
        stages: Stages,
        on_progress: OnProgress,
    ) -> Built:
        """Publish what is kept of `base` and what is read. Raises NothingToPublishError."""
        earlier = _Earlier(base, self.generations.backend)
        try:
            with self.generations.begun() as name:
                return self._build(name, sources, problems, changes, earlier, stages, on_progress)
        except IdTakenError:
            names = {source.name for source in sources}
            gone = tuple(name for name in (base.ledger if base else ()) if name not in names)
            all_read = replace(changes, read=sources, kept=(), removed=gone)
            with self.generations.begun() as name:
                return self._build(name, sources, problems, all_read, earlier, stages, on_progress)

    def _build(
        self,
        name: str,
        sources: tuple[Source, ...],
        problems: Sequence[Problem],
        changes: Changes,
        earlier: _Earlier,
        stages: Stages,
        on_progress: OnProgress,
    ) -> Built:
        folder = self.generations.path(name)
        jobs = self.settings.jobs or os.cpu_count() or 1
        kept = sum(entry.articles for entry in changes.kept)
        backend = self.generations.backend
        with backend.writer(name, self.analysis.open_bulk_analyzer, jobs) as writer:
            stages.begin("reading")
            reusable = earlier.reusable(changes)
            intake = Intake(sources, changes, earlier.owner, reusable, on_progress, self.roles)
            intake.into(writer)
            articles = kept + intake.articles
            if not articles:
                raise NothingToPublishError(
                    "no article was found, so the index stays as it was: check the paths given"
                )
            stages.begin("carrying over")
            earlier.carry_over(writer, changes)
            stages.begin("writing")
        stages.begin("publishing")
        kinds = _verified(backend.open(name), articles)
        entries = intake.entries()
        earlier.write_ledger(folder, changes, entries)
        write_words(folder, self.analysis.words)
        write_suggestions(folder, self.readings, earlier=earlier.folder)
        manifest = self._publish(name, articles)
        report = Report(
            generation=name,
            published=True,
            read=len(changes.read),
            kept=len(changes.kept),
            removed=len(changes.removed) - len(changes.renamed),
            articles=articles,
            kinds=kinds,
            problems=gathered((*problems, *told(changes.kept), *intake.problems)),
            renamed=len(changes.renamed),
            analysed=writer.analysed,
            characters=intake.characters,
            duplicates=duplicates((*changes.kept, *entries)),
            seconds=stages.seconds(),
        )
        return Built(report, manifest, {each.name: each for each in (*changes.kept, *entries)})

    def _publish(self, name: str, articles: int) -> Manifest:
        return self.generations.publish(
            Manifest(
                generation=name,
                built=self.now().isoformat(timespec="seconds"),
                articles=articles,
                fingerprint=dict(self.analysis.fingerprint),
                roots=[str(root) for root in self.roots],
                fields=dict(self.roles),
            )
        )


class _Earlier:
    """The articles of the live generation, where it can be built on."""

    def __init__(self, base: Standing | None, backend: Backend) -> None:
        self._base = base
        self._index = backend.base(base.manifest.generation) if base else None
        self._again: set[str] = set()
        if self._index and base and base.again:
            self._again = set(self._index.spelling(base.again))

    @property
    def folder(self) -> Path | None:
        """The folder of the generation, if there is one."""
        return self._base.folder if self._base else None

    def owner(self, article_id: str) -> str | None:
        """The source that had the article with that id."""
        return self._index.owner(article_id) if self._index else None

    def reusable(self, changes: Changes) -> dict[str, list[str]]:
        """The ids of the articles that do not stay as they are but need not be segmented again,
        by the digest of their text."""
        found: dict[str, list[str]] = defaultdict(list)
        for entry in self._gone(changes):
            for text, id_ in zip(entry.texts, entry.ids, strict=True):
                if id_ not in self._again:
                    found[text].append(id_)
        return found

    def carry_over(self, writer: Writer, changes: Changes) -> None:
        """Let the writer take over what stays and what is used again."""
        if self._base and self._index:
            gone = set(chain.from_iterable(entry.ids for entry in self._gone(changes)))
            again = None if self._base.is_current else self._again
            writer.carry_over(self._index, gone, again=again)

    def write_ledger(self, folder: Path, changes: Changes, entries: Sequence[Entry]) -> None:
        """Write the ledger of the new generation."""
        if self._base:
            carry_ledger(self._base.folder, folder, changes.gone, entries)
        else:
            write_ledger(folder, entries)

    def _gone(self, changes: Changes) -> list[Entry]:
        """The entries that are no longer true."""
        ledger = self._base.ledger if self._base else {}
        return [ledger[name] for name in changes.gone if name in ledger]


def _verified(engine: Engine, articles: int) -> Mapping[str, int]:
    """Count what was written before it goes live; its articles by kind. Raises
    IndexDamagedError."""
    try:
        found = engine.search(Search(limit=0, sort="newest", facets=("kind",)))
        if found.total != articles:
            raise IndexDamagedError(
                f"{articles} articles were written but {found.total} can be read: "
                "nothing was published; run `jianbao index --full` again"
            )
        return found.facets["kind"]
    finally:
        engine.close()
