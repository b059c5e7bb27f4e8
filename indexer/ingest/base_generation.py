"""What the live generation leaves for the next one to build on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jianbao.indexer.analysis import Analysis
from jianbao.indexer.errors import IndexDamagedError, IndexMissingError, NothingToPublishError
from jianbao.indexer.fingerprint import WORDS
from jianbao.indexer.ingest.changes import Changes
from jianbao.indexer.models import Problem
from jianbao.indexer.store.generations import Generations, Manifest
from jianbao.indexer.store.ledger import Ledger, read_ledger
from jianbao.indexer.store.user_words import affected, read_words


@dataclass(frozen=True, slots=True)
class Standing:
    """The live generation: its folder, manifest, and ledger.

    Its articles can be carried over but for those that spell one of the words `again`, which are
    segmented again; none can where that is None. `is_current` says that it was built with the
    present analyzer and dictionary.
    """

    folder: Path
    manifest: Manifest
    ledger: Ledger
    is_current: bool
    again: frozenset[str] | None


def live_manifest(generations: Generations) -> Manifest | None:
    """The manifest of the live generation, if there is a sound one."""
    try:
        return generations.manifest(generations.pointer().current)
    except (IndexMissingError, IndexDamagedError):
        return None


def roots_of(generations: Generations) -> list[Path]:
    """What was indexed last time. Raises IndexMissingError, or IndexDamagedError where nobody
    knows."""
    return [Path(root) for root in generations.manifest(generations.pointer().current).roots]


def open_standing(
    generations: Generations, live: Manifest, analysis: Analysis, known: Ledger | None = None
) -> Standing | None:
    """What the live generation leaves; `known` is its ledger where that was read before. None
    where its ledger is damaged or of another form."""
    folder = generations.path(live.generation)
    try:
        ledger = read_ledger(folder) if known is None else known
    except IndexDamagedError:
        return None
    stored, now = live.fingerprint, analysis.fingerprint
    differing = {name for name in {*now, *stored} if stored.get(name) != now.get(name)}
    again = _again(folder, differing, analysis)
    return Standing(folder, live, ledger, not differing, again)


def _again(folder: Path, differing: set[str], analysis: Analysis) -> frozenset[str] | None:
    if not differing:
        return frozenset()
    if differing != {WORDS}:
        return None
    try:
        before = read_words(folder)
    except ValueError:
        return None
    return affected(before, analysis.words)


def lost_words(standing: Standing | None, user_dictionary: str) -> tuple[Problem, ...]:
    """What is to be told where the live generation has user words, and no dictionary is set: the
    run may have been started in another folder, where the settings are others."""
    if standing is None or standing.is_current or user_dictionary:
        return ()
    try:
        count = len(read_words(standing.folder))
    except ValueError:
        return ()
    reason = (
        f"none is set, so the index loses the {count} words that it had: name their file with the "
        "setting user_dictionary where that was not meant"
    )
    return (Problem("user dictionary", "doubtful", reason),) if count else ()


def guard(
    standing: Standing, changes: Changes, roots: Sequence[Path], max_deletions: int
) -> Changes:
    """Raise NothingToPublishError where more than `max_deletions` percent of the articles would
    go: a share that is not mounted must not empty the index. The changes then say how many more
    may go while they are read: a share can vanish in the middle."""
    live = standing.manifest
    if live.roots != [str(root) for root in roots]:
        return changes
    gone = set(changes.removed) - set(changes.renamed.values())
    articles = sum(standing.ledger[name].articles for name in gone)
    if articles * 100 > live.articles * max_deletions:
        raise NothingToPublishError(
            f"the sources of {articles} of {live.articles} articles are gone, more than "
            f"{max_deletions}%, so the index stays as it was: see whether the folder is "
            "mounted, or give --max-deletions 100"
        )
    at_stake = {name: entry.articles for name, entry in standing.ledger.items() if name not in gone}
    at_stake |= {new: standing.ledger[old].articles for new, old in changes.renamed.items()}
    may_go = live.articles * max_deletions // 100 - articles
    return replace(changes, at_stake=at_stake, may_go=may_go)
