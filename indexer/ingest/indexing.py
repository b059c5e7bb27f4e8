"""THE WRITE PATH: sources to articles to a new generation, which then goes live."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from jianbao.indexer.analysis import Analysis, open_analysis
from jianbao.indexer.failures import explained
from jianbao.indexer.ingest.base_generation import (
    Standing,
    guard,
    live_manifest,
    lost_words,
    open_standing,
    roots_of,
)
from jianbao.indexer.ingest.build import Building, duplicates, told
from jianbao.indexer.ingest.changes import Changes, changes_since
from jianbao.indexer.ingest.read_changed import OnProgress
from jianbao.indexer.ingest.report import Report, Stages, gathered
from jianbao.indexer.models import Problem, Source
from jianbao.indexer.settings import Settings
from jianbao.indexer.sources import Look, Tree, find_listed, parsed_roles
from jianbao.indexer.store.generations import THREADS, Generations, Manifest
from jianbao.indexer.store.ledger import Ledger
from jianbao.indexer.text.pinyin import readings_when_needed
from jianbao.indexer.text.segment import UserWord
from jianbao.indexer.text.user_dictionary import UserDictionary, read_user_dictionary

__all__ = ["Indexing", "OnProgress", "Report", "Wanted", "reindex"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is asked for.

    `roots` are files or folders, those of the live generation where empty; `listed` names the
    files to index instead of all below the root. With `full` all is read and segmented; with
    `verify` the contents of unchanged files are compared too; with `retry_failed` sources of
    which something was skipped are read again; with `dry_run` it is only said what would be done.
    Files in `leave` are being written: what is known of them stays. Where `changed` is given, no
    other path has changed since the last run of the same `Indexing`.
    """

    roots: Sequence[Path] = ()
    listed: Sequence[Path] | None = None
    full: bool = False
    verify: bool = False
    retry_failed: bool = False
    dry_run: bool = False
    leave: frozenset[Path] = frozenset()
    changed: frozenset[Path] | None = None


def reindex(
    settings: Settings,
    roots: Sequence[Path],
    *,
    now: Callable[[], datetime],
    full: bool = False,
    dry_run: bool = False,
    on_progress: OnProgress = lambda done, total: None,
) -> Report:
    """Bring the index up to date with its sources: those that changed are read, the articles of
    the others are carried over. See `Indexing.run`."""
    wanted = Wanted(roots, full=full, dry_run=dry_run)
    return Indexing(settings, now=now).run(wanted, on_progress)


class Indexing:
    """Runs over one index. What takes long to open stays open from one run to the next."""

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._settings = settings
        self._now = now
        self._clock = clock
        self._generations = Generations(settings.index)
        self._analysis: Analysis | None = None
        self._readings = readings_when_needed()
        self._tree = Tree(())
        self._known: tuple[Manifest, Ledger] | None = None
        """The ledger of the generation with that manifest."""

    def run(self, wanted: Wanted, on_progress: OnProgress = lambda done, total: None) -> Report:
        """Bring the index up to date with its sources.

        The new generation is built beside the live one, which serves until the swap and stays if
        anything fails. Raises IndexLockedError, SourceError for a missing root,
        NothingToPublishError if no article was found or too many would be gone, IndexDamagedError
        where articles of a damaged generation would be carried over, RunFailedError for
        want of room, memory or permission.
        """
        with explained(self._settings.index):
            return self._run(wanted, on_progress)

    def _run(self, wanted: Wanted, on_progress: OnProgress) -> Report:
        stages = Stages(self._clock)
        stages.begin("opening")
        dictionary = self._dictionary()
        analysis = self._opened(dictionary.words)
        roles = parsed_roles(self._settings.fields)
        with self._generations.lock(self._settings.lock_timeout):
            self._generations.clean()
            live = live_manifest(self._generations)
            roots = [root.resolve() for root in wanted.roots] or roots_of(self._generations)
            stages.begin("finding")
            look = self._look(roots, wanted)
            sources, problems = look.found
            stages.begin("comparing")
            is_known = self._known is not None and self._known[0] == live
            standing = self._live_standing(live, analysis)
            lost = lost_words(standing, self._settings.user_dictionary)
            problems = (*lost, *dictionary.problems, *problems)
            at = look.at if is_known else None
            sources = _settled(sources, standing, wanted.leave)
            changes = _changes(standing, sources, at, roots, wanted, self._settings)
            if live is not None and live.fields != roles:
                changes = replace(changes, read=sources, kept=())
            is_current = _is_current(standing, roots) and not wanted.full
            if wanted.dry_run or (is_current and not changes.any):
                return replace(
                    _unpublished(live, changes, problems, stages), left=self._generations.left()
                )
            base = standing if _can_build_on(standing, wanted) else None
            if base:
                # Carried over, damage would get a checksum that says it is none.
                self._generations.check(base.manifest.generation, THREADS)
            building = Building(
                self._settings, self._generations, analysis, self._readings, roots, self._now, roles
            )
            built = building.build(sources, problems, changes, base, stages, on_progress)
            self._known = (built.manifest, built.ledger)
            return replace(built.report, left=self._generations.left())

    def get_ready(self) -> None:
        """Open now what the next run would wait for. Raises ConfigError, RunFailedError."""
        with explained(self._settings.index):
            self._opened(self._dictionary().words).open_bulk_analyzer()
            self._readings("")

    def roots(self) -> list[Path]:
        """What was indexed last time. Raises IndexMissingError, IndexDamagedError."""
        return roots_of(self._generations)

    def beside(self, settings: Settings) -> Indexing:
        """Runs over another index, or with other settings, which share what is open."""
        other = Indexing(settings, now=self._now, clock=self._clock)
        other._analysis = self._analysis
        return other

    def _opened(self, words: tuple[UserWord, ...]) -> Analysis:
        self._analysis = open_analysis(words, self._analysis)
        return self._analysis

    def _dictionary(self) -> UserDictionary:
        """The words of the settings. Raises ConfigError."""
        path = self._settings.user_dictionary
        return read_user_dictionary(Path(path)) if path else UserDictionary()

    def _live_standing(self, live: Manifest | None, analysis: Analysis) -> Standing | None:
        """What the live generation leaves; its ledger is read once."""
        if live is None:
            return None
        known = self._known[1] if self._known and self._known[0] == live else None
        standing = open_standing(self._generations, live, analysis, known)
        self._known = (live, standing.ledger) if standing else None
        return standing

    def _look(self, roots: Sequence[Path], wanted: Wanted) -> Look:
        follow = [
            Path(each.strip()) for each in self._settings.follow_links.split(",") if each.strip()
        ]
        if wanted.listed is not None:
            return Look(find_listed(roots, wanted.listed, follow_links=follow))
        if self._tree.roots != roots:
            self._tree = Tree(roots, follow)
        return self._tree.look(wanted.changed)


def _settled(
    sources: tuple[Source, ...], standing: Standing | None, leave: frozenset[Path]
) -> tuple[Source, ...]:
    """The sources without those that are to be left and that nothing is known of."""
    if not leave:
        return sources
    known = standing.ledger if standing else {}
    return tuple(each for each in sources if each.path not in leave or each.name in known)


def _changes(
    standing: Standing | None,
    sources: tuple[Source, ...],
    at: frozenset[str] | None,
    roots: Sequence[Path],
    wanted: Wanted,
    settings: Settings,
) -> Changes:
    """What is to be read. Raises NothingToPublishError where too many articles would go."""
    if standing is None:
        return Changes(sources)
    changes = changes_since(
        standing.ledger,
        sources,
        verify=wanted.verify,
        retry=wanted.retry_failed,
        leave=wanted.leave,
        at=at,
    )
    changes = guard(standing, changes, roots, settings.max_deletions)
    if wanted.full or standing.again is None:
        return replace(changes, read=sources, kept=())
    return changes


def _is_current(standing: Standing | None, roots: Sequence[Path]) -> bool:
    """Whether it was built as it would be now, and from there."""
    if standing is None or not standing.is_current:
        return False
    return standing.manifest.roots == [str(root) for root in roots]


def _can_build_on(standing: Standing | None, wanted: Wanted) -> bool:
    return standing is not None and standing.again is not None and not wanted.full


def _unpublished(
    live: Manifest | None, changes: Changes, problems: Sequence[Problem], stages: Stages
) -> Report:
    return Report(
        generation=live.generation if live else "",
        published=False,
        read=len(changes.read),
        kept=len(changes.kept),
        removed=len(changes.removed) - len(changes.renamed),
        renamed=len(changes.renamed),
        articles=live.articles if live else 0,
        kinds={},
        problems=gathered((*problems, *told(changes.kept))),
        duplicates=duplicates(changes.kept),
        seconds=stages.seconds(),
    )
