"""THE WRITE PATH: sources to articles to tokens to a new generation, which then goes live."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from indexer.config import Settings
from indexer.engines.whoosh_engine import WhooshEngine, WhooshWriter
from indexer.errors import (
    IndexDamagedError,
    IndexMissingError,
    NothingToPublishError,
)
from indexer.generations import Generations, Manifest
from indexer.models import Problem, Source
from indexer.opening import Analysis, open_analysis
from indexer.sources import find_sources, read_sources

OnProgress = Callable[[int, int], None]
"""Called with how many sources are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. `published` is False where the index was up to date already."""

    generation: str
    published: bool
    sources: int
    articles: int
    kinds: dict[str, int]
    problems: tuple[Problem, ...]


def reindex(
    settings: Settings,
    roots: Sequence[Path],
    *,
    now: Callable[[], datetime],
    full: bool = False,
    on_progress: OnProgress = lambda done, total: None,
) -> Report:
    """Bring the index up to date with its sources; with `full`, build it anew in any case.

    Without `roots`, those of the live generation. The new generation is built beside the live one,
    which serves until the swap and stays if anything fails. Raises IndexLockedError, SourceError
    for a missing root, NothingToPublishError if no article was found.
    """
    analysis = open_analysis(settings)
    generations = Generations(settings.index)
    with generations.lock(settings.lock_timeout):
        generations.clean()
        live = _live(generations)
        roots = [root.resolve() for root in roots] or _roots_of(live)
        sources, problems = find_sources(roots)
        state = _state(sources, problems)
        if live and not full and _is_current(live, analysis, roots, state):
            return Report(live.generation, False, len(sources), live.articles, {}, problems)
        return _build(
            settings, generations, analysis, roots, sources, problems, state, now, on_progress
        )


def _live(generations: Generations) -> Manifest | None:
    try:
        return generations.manifest(generations.pointer().current)
    except (IndexMissingError, IndexDamagedError):
        return None


def _roots_of(live: Manifest | None) -> list[Path]:
    if live is None:
        raise IndexMissingError("there is no index yet: say what to index, `jianbao index PATH`")
    return [Path(root) for root in live.roots]


def _is_current(live: Manifest, analysis: Analysis, roots: Sequence[Path], state: str) -> bool:
    return (
        live.sources == state
        and live.roots == [str(root) for root in roots]
        and live.fingerprint == analysis.fingerprint
    )


def _state(sources: Iterable[Source], problems: Iterable[Problem]) -> str:
    """A digest that changes when a source comes, goes, or changes in size or time."""
    digest = hashlib.sha256()
    for source in sources:
        status = source.path.stat()
        digest.update(f"{source.name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    for problem in problems:
        digest.update(f"{problem.source}\0{problem.reason}\n".encode())
    return digest.hexdigest()


def _build(
    settings: Settings,
    generations: Generations,
    analysis: Analysis,
    roots: Sequence[Path],
    sources: Sequence[Source],
    problems: Sequence[Problem],
    state: str,
    now: Callable[[], datetime],
    on_progress: OnProgress,
) -> Report:
    name = generations.new_name()
    folder = generations.path(name)
    done = 0

    def count(_: Source) -> None:
        nonlocal done
        done += 1
        on_progress(done, len(sources))

    jobs = settings.jobs or os.cpu_count() or 1
    found = list(problems)
    kinds: Counter[str] = Counter()
    with WhooshWriter(folder, analysis.open_bulk_analyzer, jobs) as writer:
        for item in read_sources(sources, on_done=count):
            if isinstance(item, Problem):
                found.append(item)
                continue
            writer.add(item)
            kinds[item.kind] += 1
        if not kinds:
            raise NothingToPublishError(
                "no article was found, so the index stays as it was: check the paths given"
            )
    articles = kinds.total()
    _verify(folder, articles)
    generations.publish(
        Manifest(
            generation=name,
            built=now().isoformat(timespec="seconds"),
            articles=articles,
            fingerprint=dict(analysis.fingerprint),
            roots=[str(root) for root in roots],
            sources=state,
        )
    )
    return Report(name, True, len(sources), articles, dict(kinds), tuple(found))


def _verify(folder: Path, articles: int) -> None:
    """Open what was written before it goes live. Raises IndexDamagedError."""
    engine = WhooshEngine(folder)
    try:
        if engine.count() != articles:
            raise IndexDamagedError(
                f"{articles} articles were written but {engine.count()} can be read: "
                "nothing was published; run `jianbao index --full` again"
            )
    finally:
        engine.close()
