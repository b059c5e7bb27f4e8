"""THE WRITE PATH: sources to articles to a new generation, which then goes live."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path

from indexer.changes import Changes, changes_since
from indexer.config import Settings
from indexer.digest import digest_of
from indexer.engines.base import Search
from indexer.engines.whoosh_engine import WhooshEngine, WhooshWriter
from indexer.errors import IndexDamagedError, IndexMissingError, NothingToPublishError
from indexer.generations import Generations, Manifest
from indexer.ledger import Entry, Ledger, read_ledger, write_ledger
from indexer.models import Problem, Source
from indexer.opening import Analysis, open_analysis
from indexer.sources import find_sources, read_sources, taken_id

OnProgress = Callable[[int, int], None]
"""Called with how many sources are done, and how many there are to read."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. `published` is False where nothing had changed, or only a plan was wanted.

    `read`, `kept` and `removed` count sources; `kinds` counts the articles of the index by kind.
    """

    generation: str
    published: bool
    read: int
    kept: int
    removed: int
    articles: int
    kinds: Mapping[str, int]
    problems: tuple[Problem, ...]


class _IdTakenError(Exception):
    """An article that was read has the id of one that stays but would come after it: which of the
    two is indexed can only be told by reading all."""


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
    the others are carried over. With `full`, read all; with `dry_run`, only say what would be done.

    Without `roots`, those of the live generation. The new generation is built beside the live one,
    which serves until the swap and stays if anything fails. Raises IndexLockedError, SourceError
    for a missing root, NothingToPublishError if no article was found or too many would be gone.
    """
    analysis = open_analysis(settings)
    generations = Generations(settings.index)
    with generations.lock(settings.lock_timeout):
        generations.clean()
        live = _live(generations)
        roots = [root.resolve() for root in roots] or _roots_of(live)
        sources, problems = find_sources(roots)
        ledger = _ledger(generations, live, analysis)
        _guard(settings, live, ledger, roots, sources)
        changes = Changes(sources, (), ())
        if not full and ledger is not None:
            changes = changes_since(ledger, sources)
        if dry_run or (live and not (changes.any or full)):
            return _unpublished(live, changes, problems)
        run = _Run(settings, generations, analysis, roots, sources, problems, now, on_progress)
        try:
            return run.build(changes, live, ledger)
        except _IdTakenError:
            return run.build(Changes(sources, (), ()), None, None)


def _live(generations: Generations) -> Manifest | None:
    try:
        return generations.manifest(generations.pointer().current)
    except (IndexMissingError, IndexDamagedError):
        return None


def _roots_of(live: Manifest | None) -> list[Path]:
    if live is None:
        raise IndexMissingError("there is no index yet: say what to index, `jianbao index PATH`")
    return [Path(root) for root in live.roots]


def _ledger(generations: Generations, live: Manifest | None, analysis: Analysis) -> Ledger | None:
    """What is known of the sources, if the live generation can be built upon."""
    if live is None or live.fingerprint != analysis.fingerprint:
        return None
    try:
        return read_ledger(generations.path(live.generation))
    except IndexDamagedError:
        return None


def _guard(
    settings: Settings,
    live: Manifest | None,
    ledger: Ledger | None,
    roots: Sequence[Path],
    sources: Sequence[Source],
) -> None:
    """Raise NothingToPublishError where too many articles would go: a share that is not mounted
    must not empty the index."""
    if live is None or ledger is None or live.roots != [str(root) for root in roots]:
        return
    there = {source.name for source in sources}
    gone = sum(len(entry.ids) for entry in ledger.values() if entry.name not in there)
    if gone * 100 > live.articles * settings.max_deletions:
        raise NothingToPublishError(
            f"the sources of {gone} of {live.articles} articles are gone, more than "
            f"{settings.max_deletions}%, so the index stays as it was: see whether the folder is "
            "mounted, or give --max-deletions 100"
        )


def _unpublished(live: Manifest | None, changes: Changes, problems: Sequence[Problem]) -> Report:
    told = (*problems, *(problem for entry in changes.kept for problem in entry.problems))
    return Report(
        live.generation if live else "",
        False,
        len(changes.read),
        len(changes.kept),
        len(changes.removed),
        live.articles if live else 0,
        {},
        told,
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run works with."""

    settings: Settings
    generations: Generations
    analysis: Analysis
    roots: Sequence[Path]
    sources: Sequence[Source]
    problems: Sequence[Problem]
    now: Callable[[], datetime]
    on_progress: OnProgress

    def build(self, changes: Changes, live: Manifest | None, ledger: Ledger | None) -> Report:
        """Write a generation of what is kept and what is read, and publish it."""
        name = self.generations.new_name()
        folder = self.generations.path(name)
        jobs = self.settings.jobs or os.cpu_count() or 1
        reading = _Reading(self.sources, changes, self.on_progress)
        with WhooshWriter(folder, self.analysis.open_bulk_analyzer, jobs) as writer:
            if live and ledger and changes.kept:
                replaced = {*changes.removed, *(source.name for source in changes.read)}
                gone = (entry.ids for entry in ledger.values() if entry.name in replaced)
                earlier = self.generations.path(live.generation)
                writer.carry_over(earlier, set(chain.from_iterable(gone)))
            reading.into(writer)
            if not reading.articles:
                raise NothingToPublishError(
                    "no article was found, so the index stays as it was: check the paths given"
                )
        kinds = _verified(folder, reading.articles)
        write_ledger(folder, (*changes.kept, *reading.entries()))
        self.generations.publish(
            Manifest(
                generation=name,
                built=self.now().isoformat(timespec="seconds"),
                articles=reading.articles,
                fingerprint=dict(self.analysis.fingerprint),
                roots=[str(root) for root in self.roots],
            )
        )
        kept_problems = (problem for entry in changes.kept for problem in entry.problems)
        return Report(
            name,
            True,
            len(changes.read),
            len(changes.kept),
            len(changes.removed),
            reading.articles,
            kinds,
            (*self.problems, *kept_problems, *reading.problems),
        )


@dataclass(slots=True)
class _Reading:
    """Reads the sources that changed, and remembers what they held."""

    sources: Sequence[Source]
    changes: Changes
    on_progress: OnProgress
    problems: list[Problem] = field(default_factory=list)
    _ids: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _pages: set[str] = field(default_factory=set)
    _done: int = 0
    _digests: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    @property
    def articles(self) -> int:
        """How many articles the new index has."""
        kept = sum(len(entry.ids) for entry in self.changes.kept)
        return kept + sum(len(ids) for ids in self._ids.values())

    def into(self, writer: WhooshWriter) -> None:
        """Add the articles of the changed sources. Raises _IdTakenError."""
        place = {source.name: number for number, source in enumerate(self.sources)}
        owners = {id_: entry.name for entry in self.changes.kept for id_ in entry.ids}
        for source in self.changes.read:
            self._digests[source.name] = _state(source)
        for item in read_sources(self.changes.read, on_done=self._count):
            if isinstance(item, Problem):
                self.problems.append(item)
                continue
            owner = owners.get(item.id)
            if owner is None:
                writer.add(item)
                self._ids[item.path].append(item.id)
            elif place[owner] < place[item.path]:
                self.problems.append(taken_id(item, owner))
            else:
                raise _IdTakenError

    def entries(self) -> tuple[Entry, ...]:
        """What is to be remembered of the sources that were read."""
        told: dict[str, list[Problem]] = defaultdict(list)
        for problem in self.problems:
            told[problem.source].append(problem)
        return tuple(
            Entry(
                source.name,
                *self._digests[source.name],
                source.name in self._pages,
                tuple(self._ids.get(source.name, ())),
                tuple(told.get(source.name, ())),
            )
            for source in self.changes.read
        )

    def _count(self, source: Source, is_page: bool) -> None:
        if is_page:
            self._pages.add(source.name)
        self._done += 1
        self.on_progress(self._done, len(self.changes.read))


def _state(source: Source) -> tuple[int, int, str]:
    """Size, time of change and digest, taken before the source is read: a change while it is read
    is then seen by the next run. Empty for a file that cannot be read."""
    try:
        status = source.path.stat()
        return status.st_size, status.st_mtime_ns, digest_of(source.path)
    except OSError:
        return -1, 0, ""


def _verified(folder: Path, articles: int) -> Mapping[str, int]:
    """Open what was written before it goes live; its articles by kind. Raises
    IndexDamagedError."""
    engine = WhooshEngine(folder)
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
